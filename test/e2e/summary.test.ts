/** `resnet summary` from the command line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BINARY, command, PRESS_CTRL_C, resnet, resnetMany } from '../support/resnet.ts';
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

  test('takes another input, batch size and number of classes', async () => {
    const words = ['summary', '--input', '3x32x40', '--batch', '7', '--classes', '5', '--json'];
    const { stdout } = await resnet(words);
    const { inputShape, layers, parameters } = JSON.parse(stdout);
    const inDense = 512 * 5 + 5;
    expect(inputShape).toEqual([7, 3, 32, 40]);
    expect(layers.at(-1)).toMatchObject({ name: 'FC', type: 'Linear', outputShape: [7, 5], parameters: inDense });
    expect(layers.at(-1)).toMatchObject({ liveParameters: inDense, multAdds: 7 * inDense, layers: [] });
    expect(parameters).toBe(11_178_378 + 2 * 49 * 64 - 5 * 513);
  });

  test('shows a torchvision network of 50 layers, and one with another stem and width', async () => {
    const words = ['summary', '--depth', '50', '--variant', 'torchvision', '--input', '3x224x224', '--classes', '1000'];
    const { stdout } = await resnet([...words, '--json']);
    expect(JSON.parse(stdout).parameters).toBe(25_557_032);
    const lines = await resnet([...words, '--stem', 'cifar', '--width', '8', '--format', 'lines']);
    expect(lines.stdout).toMatch(/^Conv2d output shape:\t torch\.Size\(\[1, 8, 224, 224\]\)\n/);
  });

  test('prints the same JSON by --json and by --format json', async () => {
    const [alias, format] = await Promise.all([resnet(['summary', '--json']), resnet(['summary', '--format', 'json'])]);
    expect(alias.stdout).toBe(format.stdout);
    expect(JSON.parse(alias.stdout).memory.total).toBeGreaterThan(0);
  });

  test('folds its table to 80 columns in a pipe too, and keeps the order of chosen columns', async () => {
    const { stdout } = await resnet([
      'summary',
      '--columns',
      'memory,name,activations,gradients,weights,adam,live,type',
    ]);
    const heads = stdout.split('\n').filter((line) => line.startsWith('Train MiB'));
    expect(heads).toEqual([
      'Train MiB  Layer          Activations MiB  Gradients MiB  Weights MiB  Adam MiB',
      'Train MiB        Live  Type',
    ]);
  });

  test('folds its table to a terminal of 80 columns', async () => {
    // Ctrl-C is never pressed: the text does not come
    const { code, stdout } = await command([
      'python3',
      PRESS_CTRL_C,
      'no such text',
      process.execPath,
      BINARY,
      'summary',
    ]);
    const lines = stdout.split(/\r?\n/);
    expect(code).toBe(0);
    expect(lines.filter((line) => line.startsWith('Layer '))).toHaveLength(2);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('shows which parts are frozen, as text and as JSON', async () => {
    const words = ['summary', '--freeze', 'stem,stage1,stage2,stage3,stage4', '--columns', 'name,trained'];
    const [text, json] = await resnetMany([words, ['summary', '--freeze', 'body', '--json']]);
    expect(text?.stdout).toMatch(/^resnet_block4 \(frozen\) +0$/m);
    expect(text?.stdout).toMatch(/^FC +5,130$/m);
    const { frozen, trainedParameters, layers } = JSON.parse(json?.stdout ?? '');
    expect([frozen.join(), trainedParameters]).toEqual([words[2], 5130]);
    expect(layers[0]).toMatchObject({ name: 'conv', frozen: true, trainedParameters: 0 });
  });

  const REFUSED: [words: string[], begin: string, end: string][] = [
    [['--columns', 'name,parametres'], '--columns must be one of name, type,', '; did you mean parameters?'],
    [['--columns', ''], '--columns must be one of name, type,', 'got ""'],
    [['--depth-limit', '0'], '--depth-limit must be a whole number from 1', 'got "0"'],
    [['--format', 'markdwn'], '--format must be one of table, lines, markdown, json', '; did you mean markdown?'],
    [['--json', '--columns', 'name'], '--columns is for a table', 'got --format json'],
    [['--format', 'lines', '--depth-limit', '3'], '--depth-limit is for a table', 'got --format lines'],
    [['--format', 'lines', '--freeze', 'body'], '--format lines prints shapes', 'leave one of them out'],
    [['--freeze', 'stem,stage5'], '--freeze must be one or more of stem, stage1', 'got "stem,stage5"'],
  ];
  test(`refuses each in one line: ${REFUSED.map(([words]) => words.join(' ')).join('; ')}`, async () => {
    const attempts = await resnetMany(REFUSED.map(([words]) => ['summary', ...words]));
    for (const [index, [, begin, end]] of REFUSED.entries()) {
      expect(attempts[index]).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^resnet: [^\n]*\n$/),
      });
      expect(attempts[index]?.stderr).toContain(begin);
      expect(attempts[index]?.stderr).toContain(end);
    }
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
    const small = ['--width', '2', '--batch-size', '2', '--limit-val', '2'];
    expect(await loaded(['train', '--dry-run', '--backend', 'wasm', ...small])).toBe(true);
  });

  test('does not fail when its reader goes away', async () => {
    const pipe = 'set -o pipefail; "$NODE" "$RESNET" summary --format lines | head -1';
    const { code, stdout, stderr } = await command(['bash', '-c', pipe], { NODE: process.execPath, RESNET: BINARY });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('Conv2d output shape:\t torch.Size([1, 64, 112, 112])\n');
  });
});
