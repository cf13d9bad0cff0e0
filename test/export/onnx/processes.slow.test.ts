/** What a process sees of onnxruntime-web, which is optional. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { ONNX } from '../../../src/export/onnx/onnx.ts';
import { bundle } from '../../support/bundle.ts';
import { randomNetwork } from '../../support/random-network.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder above which there is no package. */
const folder = temporaryFolder();
const path = join(folder, 'network.onnx');
const source = randomNetwork();
const graph = inferenceGraph(source, {});
let opener: string;

beforeAll(() => {
  opener = bundle('src/export/onnx/open-onnx.ts', folder, ['onnxruntime-web']);
  writeFileSync(path, Buffer.concat(ONNX.write(graph, {}).flatMap(({ pieces }) => pieces)));
});

/** Has a process open the file and, if it can, run it on a black image. */
function run() {
  const { input, output, classes } = graph;
  const program = `
    const { openOnnx } = await import(${JSON.stringify(opener)});
    const opened = await openOnnx(${JSON.stringify(path)}, ${JSON.stringify({ input, output, classes })});
    const answers = await opened.run?.(new Uint8Array(28 * 28), 1);
    console.log(JSON.stringify(opened.missing ?? answers.length));`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', timeout: 60_000 });
}

test('without onnxruntime-web, opening a file says how to install it', () => {
  expect(run()).toMatchObject({ status: 0, stdout: '"npm i onnxruntime-web"\n', stderr: '' });
});

test('with onnxruntime-web, nothing else is printed, and the process ends by itself', () => {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['onnxruntime-web', 'onnxruntime-common']) {
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
  expect(run()).toMatchObject({ status: 0, stdout: '5\n', stderr: '' });
});
