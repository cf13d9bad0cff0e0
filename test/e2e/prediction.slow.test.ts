/**
 * `resnet predict` with the model that comes with the tool: pictures of MNIST's test digits are read as the digits themselves.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Sharp } from 'sharp';
import { USUAL_NORMALISATION } from '../../src/dataset/normalisation.ts';
import { evaluatePrepared } from '../../src/evaluation/evaluate-checkpoint.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { boxedModelPath } from '../../src/run/folder/boxed-model.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { SURROUNDINGS } from '../image/surroundings/kinds.ts';
import { type Kind, type PictureFile, picturesOf } from '../image/surroundings/pictures.ts';
import { DIGITS, digitPicture, odd } from '../support/pictures.ts';
import { BINARY, command, resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const checkpoint = boxedModelPath();
const LEAST_AGREEMENT = 0.97;

/** Indices of every 200th digit, 50 of them. */
const INDICES = Int32Array.from({ length: 50 }, (_, index) => 200 * index);

/** Pictures of each of the surroundings, and how many of them have to be read as the digit itself is. */
const SURROUNDED = { count: 5, least: 3 } as const;

/** Pictures of each kind without a digit, how many of all have to be refused, and how many because of what they show. */
const WITHOUT = { kinds: ['letter', 'ink blot', 'scribble'], count: 6, least: 8, leastUnlike: 3 } as const;

/** The most pictures of digits that may be refused as none, of a hundred. */
const MOST_REFUSED = 3;

/** Why a picture is refused that shows no digit. */
const UNLIKE =
  /: shows no digit that the model knows \(least unlike: \d\); give a picture of one digit, with a margin around it$/;

/** The model's predictions for the digits themselves. */
let predicted: number[];

/** Sizes from 37 to 187 pixels, all different. */
const sizeOf = (index: number): [height: number, width: number] => [37 + (index % 151), 187 - ((index * 7) % 149)];

const KINDS: Readonly<Record<string, (index: number) => Promise<Sharp> | Sharp>> = {
  'as they are': (index) => digitPicture(index).png(),
  'at odd sizes': async (index) => (await odd(index, ...sizeOf(index), false)).png(),
  'inverted, at odd sizes': async (index) => (await odd(index, ...sizeOf(index), true)).png(),
  'as JPEGs in weak grey on grey paper': async (index) =>
    (await odd(index, ...sizeOf(index), true)).linear(0.4, 120).jpeg({ quality: 50 }),
};

/** Writes a picture of each digit. */
async function write(name: string, picture: (index: number) => Promise<Sharp> | Sharp): Promise<string[]> {
  mkdirSync(join(folder, name));
  const paths: string[] = [];
  for (const index of INDICES) {
    const path = join(folder, name, `${index}`);
    writeFileSync(path, await (await picture(index)).toBuffer());
    paths.push(path);
  }
  return paths;
}

/** Writes pictures of each of these kinds. */
async function draw(kinds: readonly Kind[], count: number) {
  const drawn: { kind: Kind; path: string; source: PictureFile['source'] }[] = [];
  for (const kind of kinds) {
    for await (const { name, bytes, source } of picturesOf(kind, 'reporting', count)) {
      writeFileSync(join(folder, name), bytes);
      drawn.push({ kind, path: join(folder, name), source });
    }
  }
  return drawn;
}

interface RankedClass {
  readonly guess: number;
  readonly probability: number;
}

interface Answer {
  readonly path: string;
  readonly top?: readonly RankedClass[];
  readonly problem?: string;
  readonly code?: number;
  readonly box?: object;
}

/** Reads pictures, of which some may be refused. */
async function predictJson(paths: readonly string[]): Promise<Answer[]> {
  const { code, stdout, stderr } = await resnet(['predict', '--json', '--checkpoint', checkpoint, ...paths]);
  const answers: Answer[] = JSON.parse(stdout);
  const problems = answers.flatMap(({ problem }) => problem ?? []);
  expect(code).toBe(problems.length === 0 ? 0 : 3);
  expect(stderr).toBe(['model trained on MNIST', ...problems.map((problem) => `resnet: ${problem}`), ''].join('\n'));
  return answers;
}

describeWithTensorFlow('resnet predict', () => {
  /** The pictures of each kind, and what the tool reads in them. */
  const paths = new Map<string, string[]>();
  const answers = new Map<string, Answer>();
  /** Of each of the surroundings, how many pictures are read as the digit itself. */
  const agreeing = new Map<string, number>();
  /** The answers to pictures without a digit. */
  let without: readonly Answer[];
  beforeAll(async () => {
    const file = await readModelFile(checkpoint);
    const drawn = await draw(Object.keys(SURROUNDINGS) as Kind[], SURROUNDED.count);
    const indices = Int32Array.from([...INDICES, ...drawn.map(({ source }) => source.index)]);
    const prepared = { dataset: DIGITS, indices, file, normalisation: USUAL_NORMALISATION };
    const predictions = await evaluatePrepared(prepared, await openRuntime(), true, {});
    predicted = predictions.map((each) => each.predicted);
    const others = await draw(WITHOUT.kinds, WITHOUT.count);
    const surrounded = await predictJson([...drawn, ...others].map(({ path }) => path));
    without = surrounded.slice(drawn.length);
    for (const [index, { kind }] of drawn.entries()) {
      const agrees = surrounded[index]!.top?.[0]?.guess === predicted[INDICES.length + index];
      agreeing.set(kind, (agreeing.get(kind) ?? 0) + Number(agrees));
    }
    for (const [kind, picture] of Object.entries(KINDS)) paths.set(kind, await write(kind, picture));
    const all = [...paths.values()].flat();
    const read = await predictJson(all);
    expect(read.map(({ path }) => path)).toEqual(all);
    for (const answer of read) answers.set(answer.path, answer);
    expect(predictions.filter((each) => each.predicted === each.label).length).toBeGreaterThan(0.98 * INDICES.length);
  }, 300_000); // it reads all pictures for all tests

  test.each(Object.keys(SURROUNDINGS))('reads digits in surroundings: %s', (kind) => {
    expect(agreeing.get(kind)).toBeGreaterThanOrEqual(SURROUNDED.least);
  });

  test('reads 85 % of the digits in all surroundings together', () => {
    const right = [...agreeing.values()].reduce((sum, count) => sum + count, 0);
    expect(right / (SURROUNDED.count * agreeing.size)).toBeGreaterThan(0.85);
  });

  test.each(Object.keys(KINDS))('reads pictures of digits %s as `eval` reads the digits themselves', (kind) => {
    const read = paths.get(kind)?.map((path) => answers.get(path)) ?? [];
    expect(read).toHaveLength(INDICES.length);
    const agreeing = read.filter((answer, index) => answer?.top?.[0]?.guess === predicted[index]);
    expect(agreeing.length / read.length).toBeGreaterThanOrEqual(LEAST_AGREEMENT);
  });

  test('refuses most letters, blots and scribbles (exit 3), and says which digit each is least unlike', () => {
    const refused = without.filter(({ problem }) => problem !== undefined);
    expect(refused.length).toBeGreaterThanOrEqual(WITHOUT.least);
    const unlike = refused.filter(({ problem = '' }) => UNLIKE.test(problem));
    expect(unlike.length).toBeGreaterThanOrEqual(WITHOUT.leastUnlike);
    for (const answer of unlike) {
      const { path, box } = answer;
      expect(answer).toEqual({ path, problem: expect.stringMatching(`^${path}: `), code: 3, box });
    }
  });

  test('refuses few pictures of digits as showing none', () => {
    const refused = [...answers.values()].filter(({ problem = '' }) => UNLIKE.test(problem));
    expect((100 * refused.length) / answers.size).toBeLessThanOrEqual(MOST_REFUSED);
  });

  test('prints a line per picture with three answers, the most probable first, and the same in JSON', async () => {
    const three = [7, 2, 5].map((index) => paths.get('as they are')?.[index] ?? '');
    const { code, stdout, stderr } = await resnet(['predict', '--checkpoint', checkpoint, ...three]);
    expect([code, stderr]).toEqual([0, 'model trained on MNIST\n']);
    const read = three.map((path) => answers.get(path)!);
    const lines = read.map(({ path, top }) => {
      return `${path}: ${top!.map(({ guess, probability }) => `${guess} (${(100 * probability).toFixed(2)} %)`).join(', ')}\n`;
    });
    expect(stdout).toBe(lines.join(''));
    for (const { top } of read) {
      const probabilities = top!.map(({ probability }) => probability);
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
      expect(new Set(top!.map(({ guess }) => guess)).size).toBe(3);
    }
  });

  const [whole, cut, text] = [join(folder, 'whole.png'), join(folder, 'cut.png'), join(folder, 'text.png')];
  beforeAll(async () => {
    const picture = await digitPicture(0).png().toBuffer();
    writeFileSync(whole, picture);
    writeFileSync(cut, picture.subarray(0, -30));
    writeFileSync(text, 'no picture');
  });

  test('names each broken picture (exit 3) and reads the others', async () => {
    const words = ['predict', '--json', '--checkpoint', checkpoint, cut, whole, text, whole];
    const { code, stdout, stderr } = await resnet(words);
    expect(code).toBe(3);
    const [notice, first, second, ...rest] = stderr.split('\n');
    expect([notice, ...rest]).toEqual(['model trained on MNIST', '']);
    expect([first, second]).toEqual([
      expect.stringContaining(`resnet: ${cut}: `),
      expect.stringContaining(`${text}: `),
    ]);
    const answers = JSON.parse(stdout);
    expect(answers.map(({ path }: Answer) => path)).toEqual([cut, whole, text, whole]);
    expect(answers[0]).toEqual({ path: cut, problem: first?.replace('resnet: ', ''), code: 3 });
    expect(answers[1].top.map(({ guess }: RankedClass) => guess)).toEqual(
      answers[3].top.map(({ guess }: RankedClass) => guess),
    );
  });

  test('prints answers and problems in the order of the pictures', async () => {
    const words = [process.execPath, BINARY, 'predict', '--checkpoint', checkpoint, text, whole, cut, whole];
    const { stdout } = await command(['sh', '-c', 'exec "$0" "$@" 2>&1', ...words]);
    const begins = [
      'model trained on MNIST',
      `resnet: ${text}: is text`,
      `${whole}: `,
      `resnet: ${cut}: is`,
      `${whole}: `,
    ];
    expect(stdout.trimEnd().split('\n')).toEqual(begins.map((begin) => expect.stringMatching(`^${begin}`)));
  });

  test('reads a picture from standard input, named -', async () => {
    const input = await digitPicture(3).png().toBuffer();
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const words = [BINARY, 'predict', '--checkpoint', checkpoint, '-'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { input, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, 'model trained on MNIST\n']);
    expect(stdout).toMatch(/^-: \d \(\d+\.\d\d %\), \d .*\n$/);
  });
});
