import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BINARY, command, resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('resnet summary', () => {
  test('prints the original’s eleven lines', async () => {
    const { code, stdout, stderr } = await resnet(['summary', '--format', 'lines']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(12);
    expect(stdout).toMatch(/^Conv2d output shape:\t torch\.Size\(\[1, 64, 112, 112\]\)\n/);
    expect(stdout).toMatch(/\nLinear output shape:\t torch\.Size\(\[1, 10\]\)\n$/);
  });

  test('takes another input, batch and number of classes', async () => {
    const words = ['summary', '--input', '3x32x40', '--batch', '7', '--classes', '5', '--json'];
    const { stdout } = await resnet(words);
    const { inputShape, layers, parameters } = JSON.parse(stdout);
    expect(inputShape).toEqual([7, 3, 32, 40]);
    expect(layers.at(-1)).toEqual({ name: 'FC', type: 'Linear', outputShape: [7, 5], parameters: 512 * 5 + 5 });
    expect(parameters).toBe(11_178_378 + 2 * 49 * 64 - 5 * 513);
  });

  test('never loads TensorFlow', async () => {
    const hook = join(folder, 'loaded.cjs');
    writeFileSync(
      hook,
      `const Module = require('node:module'); const load = Module._load;
       Module._load = function (name) { process.stderr.write(name + '\\n'); return load.apply(this, arguments); };`,
    );
    const loaded = async (words: string[]) =>
      (await command([process.execPath, '--require', hook, BINARY, ...words])).stderr.includes('@tensorflow');
    expect(await loaded(['summary'])).toBe(false);
    expect(await loaded(['train', '--dry-run', '--backend', 'wasm', '--batch-size', '2', '--limit-val', '2'])).toBe(
      true,
    );
  });

  test('into a reader that goes away is no error', async () => {
    const pipe = 'set -o pipefail; "$NODE" "$RESNET" summary --format lines | head -1';
    const { code, stdout, stderr } = await command(['bash', '-c', pipe], { NODE: process.execPath, RESNET: BINARY });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('Conv2d output shape:\t torch.Size([1, 64, 112, 112])\n');
  });
});
