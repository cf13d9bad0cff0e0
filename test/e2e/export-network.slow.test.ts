/** `resnet export` of networks: real files, run by the real runtimes, from the command line. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { type Attempt, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { writeCheckpoint, writeSafetensors } from '../support/safetensors.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);

const to = (format: string, ...words: string[]) => ['export', 'run', '--format', format, ...words];

/** The command lines, by what they show, in this order. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  onnx: to('onnx'),
  tfjs: to('tfjs'),
  'saved-model': to('saved-model'),
  onnxAgain: to('onnx'),
  tfjsAgain: [
    'export',
    'sure.safetensors',
    '--format',
    'tfjs',
    '--out',
    'run/best-tfjs',
    '--overwrite',
    '--half',
    '--json',
  ],
  tied: ['export', 'tied.safetensors', '--format', 'onnx', '--out', 'run/best.onnx', '--overwrite', '--half'],
  onnxTwin: to('onnx', '--out', 'made/best.onnx'),
  tfjsTwin: to('tfjs', '--out', 'made/again/'),
  'saved-modelTwin': to('saved-model', '--out', 'made/model'),
  raw: to('onnx', '--raw', '--keep-batch-norm', '--probabilities', '--out', 'raw.onnx', '--json'),
  foreign: ['export', 'foreign.safetensors', '--format', 'onnx'],
  foreignSized: ['export', 'foreign.safetensors', '--format', 'onnx', '--image-size', '24'],
  otherSize: to('onnx', '--image-size', '32', '--out', 'x.onnx'),
  weights: to('pth', '--keep-batch-norm'),
  ownFolder: to('tfjs', '--out', 'run', '--overwrite'),
  overFile: to('tfjs', '--out', 'file', '--overwrite'),
  config: to('onnx', '--out', 'run/config', '--overwrite'),
  moved: ['export', 'moved', '--format', 'onnx'],
};

let attempts: Readonly<Record<string, Attempt>> = {};

const NETWORK = 'ResNet-18 (lesson, stem imagenet, width 4), from run/best.safetensors';
const DIFFERENCE = String.raw`\d\.\de-\d`;

/** Tensors of a network whose first two classes have the same weights, and these biases, as all others have the third. */
function headed(tensors: ReadonlyMap<string, Tensor>, [first, second, others]: readonly [number, number, number]) {
  const floats = (name: string) => tensors.get(name) as Extract<Tensor, { dtype: 'F32' }>;
  const [weight, bias] = [floats('FC.weight'), floats('FC.bias')];
  const data = weight.data.slice();
  data.copyWithin(data.length / bias.data.length, 0, data.length / bias.data.length);
  const biases = bias.data.map((_, at) => [first, second][at] ?? others);
  return new Map([...tensors, ['FC.weight', { ...weight, data }], ['FC.bias', { ...bias, data: biases }]]);
}

/** The description beside an export. */
const described = (path: string) => JSON.parse(readFileSync(at(`${path}.json`), 'utf8'));

describeWithTensorFlow('resnet export of a network', () => {
  beforeAll(async () => {
    mkdirSync(at('run'));
    await copySharedRun(at('run'));
    cpSync(at('run'), at('moved'), { recursive: true });
    const { tensors, metadata } = await loadCheckpoint(at('run', 'best.safetensors'));
    writeSafetensors(at('foreign.safetensors'), tensors);
    writeCheckpoint(at('sure.safetensors'), headed(tensors, [0, 5, 0]), metadata!);
    writeCheckpoint(at('tied.safetensors'), headed(tensors, [50, 50.004, 0]), metadata!); // float16 has 50 and 50.03
    writeCheckpoint(at('moved', 'best.safetensors'), tensors, { ...metadata, dataHash: '0'.repeat(64) });
    writeFileSync(at('file'), 'of the user');
    const done = await resnetMany(Object.values(LINES), folder);
    attempts = Object.fromEntries(Object.keys(LINES).map((name, index) => [name, done[index] as Attempt]));
  });

  test.each([
    ['onnx', 'run/best.onnx', 'onnxruntime-web 1\\.30\\.\\d', ''],
    ['tfjs', 'run/best-tfjs', 'TensorFlow\\.js 4\\.22\\.0 \\(wasm\\)', ', 2 files'],
    ['saved-model', 'run/best-saved-model', 'TensorFlow 2\\.21\\.0', ''],
  ])('%s: says where it is, what it takes, and that it answers as the run does', (format, path, runtime, files) => {
    expect(attempts[format]).toMatchObject({ code: 0, stderr: '' });
    const lines = attempts[format]?.stdout.split('\n') ?? [];
    expect(lines[0]).toMatch(new RegExp(`^${path}: ${format}, float32, 1\\d\\d,\\d{3} bytes${files}$`));
    expect(lines.slice(1, 3)).toEqual([
      `  ${NETWORK}`,
      '  takes any number of images of 1×28×28 and no other size, numbers from 0 to 255; returns logits',
    ]);
    const proof = `the same answer on 100 of 100 images of its validation part, largest difference ${DIFFERENCE}`;
    expect(lines[3]).toMatch(new RegExp(`^ {2}${proof} \\(${runtime}\\)$`));
    expect(lines[4]).toBe(`  ${path}.json describes it, with images and their outputs to test with`);
  });

  test.each([
    ['onnx', 'run/best.onnx', 'made/best.onnx'],
    ['tfjs', 'run/best-tfjs', 'made/again'],
    ['saved-model', 'run/best-saved-model', 'made/model'],
  ])('%s: the same checkpoint gives the same bytes', (format, path, twin) => {
    expect(attempts[`${format}Twin`]).toMatchObject({ code: 0, stderr: '' });
    const hashes = (of: string) => described(of).files.map(({ sha256 }: { sha256: string }) => sha256);
    if (format !== 'tfjs') expect(hashes(twin)).toEqual(hashes(path)); // that of run was replaced by one of float16
    expect(described(twin)).toMatchObject({ format, weights: 'float32', batchNorm: 'folded', temperature: null });
  });

  test('what is there is replaced only with --overwrite, and then as a whole', () => {
    expect(attempts.onnxAgain).toMatchObject({
      code: 5,
      stderr: 'resnet: run/best.onnx exists: give --overwrite to replace it, or another file with --out\n',
    });
    const { files, proof, ...rest } = JSON.parse(attempts.tfjsAgain?.stdout ?? '');
    expect(rest).toMatchObject({ path: 'run/best-tfjs', type: 'float16', output: 'logits' });
    expect(readdirSync(at('run/best-tfjs')).sort()).toEqual(files.map(({ name }: { name: string }) => name).sort());
    expect(proof).toMatchObject({ images: 100, same: 100 });
    expect(proof.largestDifference).toBeGreaterThan(1e-6);
  });

  test('weights that answer otherwise in float16 are not exported, and what was there stays', () => {
    expect(attempts.tied).toMatchObject({ code: 4, stdout: '' });
    expect(attempts.tied?.stderr).toMatch(
      /^resnet: not exported, because its proof failed: onnxruntime-web .* answers image 0 with class 0, the network with 1; nothing is written; leave out --half$/m,
    );
    const { files } = described('run/best.onnx');
    expect(
      createHash('sha256')
        .update(readFileSync(at('run/best.onnx')))
        .digest('hex'),
    ).toBe(files[0].sha256);
  });

  test('normalised images in, probabilities out, batch norms kept', () => {
    expect(JSON.parse(attempts.raw?.stdout ?? '')).toMatchObject({
      input: { shape: [1, 28, 28], numbers: 'normalised' },
      output: 'probabilities',
    });
    expect(described('raw.onnx')).toMatchObject({
      batchNorm: 'kept',
      input: { type: 'float32' },
      normalisation: { isInside: false },
    });
    for (const { output } of described('raw.onnx').examples) {
      expect(output.reduce((sum: number, each: number) => sum + each, 0)).toBeCloseTo(1, 4);
    }
  });

  test('the description has what a program needs to test itself', () => {
    const { input, output, examples, source, pictures } = described('run/best.onnx');
    expect({ input, output, pictures }).toEqual({
      input: { name: 'image', type: 'uint8', layout: 'NCHW', shape: ['batch', 1, 28, 28], numbers: '0 to 255' },
      output: { name: 'logits', type: 'float32', shape: ['batch', 10] },
      pictures: null,
    });
    expect(source.name).toBe('best.safetensors');
    expect(examples).toHaveLength(5);
    for (const example of examples) {
      expect(Buffer.from(example.pixels, 'base64')).toHaveLength(28 * 28);
      expect(example.output.indexOf(Math.max(...example.output))).toBe(example.class);
    }
  });

  test('images of random numbers prove it where the data are not at hand, and that is said', () => {
    expect(attempts.moved).toMatchObject({ code: 0 });
    expect(attempts.moved?.stdout).toMatch(
      /^ {2}the same answer on 100 of 100 images of random numbers \(its data are not at hand\), largest difference /m,
    );
  });

  test("another tool's file needs the size of its images", () => {
    expect(attempts.foreign).toMatchObject({ code: 2, stdout: '' });
    expect(attempts.foreign?.stderr).toMatch(
      /foreign\.safetensors does not say how large its images are.*give --image-size/,
    );
    expect(attempts.foreignSized).toMatchObject({ code: 0 });
    expect(attempts.foreignSized?.stdout).toContain('images of 1×24×24');
  });

  describe('refuses', () => {
    test.each([
      [
        'another size than that of training',
        'otherSize',
        2,
        '--image-size is 32x32, but the images of run/best.safetensors are 28x28; leave it out',
      ],
      [
        'flags of a network for weights',
        'weights',
        2,
        '--keep-batch-norm has no meaning with --format pth, which holds the weights alone: leave it out, or give --format onnx, tfjs or saved-model',
      ],
      ['a folder with other files', 'ownFolder', 5, 'and is no earlier export; name another with --out'],
      ['a file where a folder is written', 'overFile', 5, 'file: is a file; name a folder with --out'],
      [
        'a description that is a file of the run',
        'config',
        2,
        'run/config.json is a file of the run: name another file with --out',
      ],
    ])('%s', (_, name, code, message) => {
      expect(attempts[name]).toMatchObject({ code, stdout: '' });
      expect(attempts[name]?.stderr).toContain(message);
    });

    test('and leaves nothing behind', () => {
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect(existsSync(at('x.onnx'))).toBe(false);
    });
  });
});
