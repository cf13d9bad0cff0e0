/** An open checkpoint: its facts, its answers, its evaluation, its end; and the functions that give the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { evaluate } from '../../src/api/evaluate.ts';
import { type OpenCheckpoint, openCheckpoint } from '../../src/api/open-checkpoint.ts';
import type { PictureAnswer } from '../../src/api/picture-answer.ts';
import { predict } from '../../src/api/predict.ts';
import { train } from '../../src/api/train.ts';
import { ExitCode } from '../../src/errors.ts';
import { digitPicture } from '../support/pictures.ts';
import { resnetMany } from '../support/resnet.ts';
import { copySharedRun, SAVING_SETTINGS } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const run = join(folder, 'run');
const pictures = Array.from({ length: 3 }, (_, index) => join(folder, `${index}.png`));
let model: OpenCheckpoint;

async function all(answers: AsyncIterable<PictureAnswer>): Promise<PictureAnswer[]> {
  const list: PictureAnswer[] = [];
  for await (const answer of answers) list.push(answer);
  return list;
}

/** Facts without what another process, or a batch of another size, computes otherwise: the last bits. */
const rounded = (answers: unknown) =>
  JSON.parse(JSON.stringify(answers), (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value));

beforeAll(async () => {
  await copySharedRun(run);
  for (const [index, path] of pictures.entries()) await digitPicture(index).png().toFile(path);
  model = await openCheckpoint(run, { noCompile: true });
});
afterAll(() => model.close());

test('tells what its model is, and the settings of its run', () => {
  expect(model).toMatchObject({
    ...{ path: join(run, 'best.safetensors'), input: [1, 28, 28], normalisation: [0.5, 0.5], epoch: 2 },
    architecture: { depth: 18, width: 4, classes: 10 },
    settings: { recipe: 'lesson', batchSize: 16, noCompile: true },
  });
  expect(model).not.toHaveProperty('classNames');
});

test('answers files, bytes and faults in their order, as the function and the command do', async () => {
  const [one, two, three] = pictures as [string, string, string];
  const given = [one, join(folder, 'missing.png'), two, three];
  const words = ['predict', ...given, '--checkpoint', run, '--no-compile', '--json'];
  const [printed, evaluated] = await resnetMany([words, ['eval', run, '--limit-test', '20', '--no-compile', '--json']]);
  const expected = JSON.parse(printed.stdout);
  expect(rounded(await all(model.predict(given)))).toEqual(rounded(expected));
  expect(rounded(await all(predict(given, { checkpoint: run, noCompile: true })))).toEqual(rounded(expected));
  expect(expected[1]).toMatchObject({ problem: expect.stringContaining('no such file'), code: ExitCode.data });
  const ofBytes = await all(model.predict([readFileSync(one), new Uint8Array()], { top: 1 }));
  expect(ofBytes).toMatchObject([
    { path: 'picture 1', guess: expected[0].guess },
    { path: 'picture 2', problem: 'picture 2: is empty; give another picture', code: ExitCode.data },
  ]);
  expect(ofBytes[0]).toHaveProperty('top.length', 1);

  const times = { seconds: 0, imagesPerSecond: 0 };
  const facts = await evaluate({ checkpoint: run, limitTest: 20, noCompile: true });
  const expectedFacts = rounded({ ...JSON.parse(evaluated.stdout), ...times });
  expect(rounded({ ...facts, ...times })).toEqual(expectedFacts);
  expect(rounded({ ...(await model.evaluate({ limitTest: 20 })), ...times })).toEqual(expectedFacts);
});

test('calls that overlap get the answers of their own pictures', async () => {
  const alone: PictureAnswer[] = [];
  for (const path of pictures) alone.push(...(await all(model.predict(path))));
  const together = await Promise.all(pictures.map((path) => all(model.predict(path))));
  expect(together.flat()).toEqual(alone);
});

test('a loop may be left after the first answer, and the next call answers', async () => {
  for await (const answer of model.predict(pictures)) {
    expect(answer.path).toBe(pictures[0]);
    break;
  }
  expect(await all(model.predict(pictures[1]!))).toHaveLength(1);
});

test('an aborted signal is thrown as its reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(all(model.predict(pictures, { signal }))).rejects.toThrow('enough');
  await expect(model.evaluate({ limitTest: 5, signal })).rejects.toThrow('enough');
});

test.each([
  [5, 'a picture is a path or a Uint8Array of a picture’s file, got 5'],
  [
    new Uint16Array(4),
    'a picture is a path or a Uint8Array of a picture’s file, got an object of the class Uint16Array',
  ],
  [new Map(), 'a picture is a path or a Uint8Array of a picture’s file, got an object of the class Map'],
  [[Symbol('x')], 'a picture is a path or a Uint8Array of a picture’s file, got Symbol(x)'],
  ['a\0.png', 'a picture is a path or a Uint8Array of a picture’s file, got "a\\u0000.png"'],
  [[''], 'a picture is a path or a Uint8Array of a picture’s file, got ""'],
  ['-', '- is standard input for the command alone: give the bytes that you read'],
])('refuses %p as pictures (exit 2)', async (given, message) => {
  await expect(all(model.predict(given as string))).rejects.toMatchObject({
    ...{ name: 'UserError', code: ExitCode.usage, message: message.replace('’', "'") },
  });
});

test('refuses to answer once it is closed (exit 2), and may be closed twice', async () => {
  const closed = await openCheckpoint(run, { noCompile: true });
  await closed.close();
  await closed.close();
  await expect(all(closed.predict(pictures))).rejects.toMatchObject({ code: ExitCode.usage });
  await expect(closed.evaluate()).rejects.toThrow(/was closed; open it again$/);
});

test.each([
  [5n, '5n'],
  [Symbol('x'), 'Symbol(x)'],
  ['', '""'],
  ['a\0b', '"a\\u0000b"'],
])('refuses %p as a checkpoint (exit 2)', async (path, shown) => {
  await expect(openCheckpoint(path as string)).rejects.toMatchObject({
    ...{ name: 'UserError', code: ExitCode.usage },
    message: `a checkpoint is named by a path or a run's name, got ${shown}`,
  });
});

test('takes no callback that it does not call', async () => {
  const settings = { onProgress: () => {} } as object;
  await expect(openCheckpoint(run, settings)).rejects.toThrow(/^there is no setting "onProgress"; /);
});

test('takes pictures and settings at the call', async () => {
  const given = [pictures[0]!];
  const settings = { top: 1 };
  const [answers, refused] = [model.predict(given, settings), model.predict(given, { top: 0 })];
  given.length = 0;
  settings.top = 5;
  expect(await all(answers)).toMatchObject([{ top: [expect.anything()] }]);
  await expect(all(refused)).rejects.toThrow(/^top must be /);
});

test('stops while folders are listed', async () => {
  const controller = new AbortController();
  const answers = all(predict('/', { checkpoint: run, signal: controller.signal }));
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await expect(answers).rejects.toThrow('enough');
});

test('says that there is no such run (exit 4)', async () => {
  await expect(openCheckpoint(join(folder, 'none'))).rejects.toMatchObject({ code: ExitCode.checkpoint });
});

test('answers the same after another backend was used, and beside a training', async () => {
  const [picture] = pictures as [string];
  const expected = await all(model.predict(picture));
  const wasm = await all(predict(picture, { checkpoint: run, backend: 'wasm' }));
  expect(await all(model.predict(picture))).toEqual(expected);
  expect(wasm).toMatchObject([{ guess: (expected[0] as { guess: number }).guess }]);
  for await (const { type } of train({ ...SAVING_SETTINGS, epochs: 1, checkpointDir: join(folder, 'beside') })) {
    if (type === 'step') expect(await all(model.predict(picture))).toEqual(expected);
  }
});
