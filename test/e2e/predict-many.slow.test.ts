/** `resnet predict` on many pictures, by the real binary: folders, names, forms of output, files, memory, Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import Papa from 'papaparse';
import sharp from 'sharp';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { METADATA } from '../checkpoint/example.ts';
import { peakMemory } from '../faults/peak-memory.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { BINARY, command, jsonLines } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

unblockDecoders();

const folder = temporaryFolder();
const NAMES = ['ant', 'bee, wild', 'cat'];
const WORDS = [process.execPath, BINARY, 'predict', '--checkpoint', 'pets.safetensors', '--no-compile'];
const MODEL_LINE = 'model trained on other data than MNIST; prepared as in training: 12×16 pixels in colour, padded\n';

/** `resnet predict …words` in the folder, with a model of coloured pictures of three classes. */
const predict = (...words: string[]) => command([...WORDS, ...words], {}, folder);

/** The checkpoint of a network that has learned nothing, of coloured pictures 16 pixels wide. */
async function writeCheckpoint(): Promise<void> {
  const architecture = { ...LESSON, width: 1, channels: 3, classes: 3 };
  const parameters = parametersOf(traceShapes(resNet(architecture), [3, 12, 16]));
  const { settings: _ofMnist, background: _light, ...metadata } = METADATA;
  await saveCheckpoint(join(folder, 'pets.safetensors'), tensorsOf(parameters, initialState(parameters)), {
    ...{ ...metadata, architecture, input: [3, 12, 16], classNames: NAMES, normalisation: { mean: 0.5, std: 0.01 } },
    preparation: { as: 'picture', fit: 'pad', fill: [10, 20, 30] },
  });
}

async function writePictures(): Promise<void> {
  mkdirSync(join(folder, 'photos', 'more'), { recursive: true });
  for (const [index, name] of ['b.png', 'a.jpg', 'more/c.webp'].entries()) {
    const background = { r: 250 - 100 * index, g: 100 * index, b: 30 };
    const picture = sharp({ create: { height: 40, width: 90, channels: 3, background } });
    await picture.toFile(join(folder, 'photos', name));
  }
  writeFileSync(join(folder, 'photos', 'broken.png'), 'no picture');
  writeFileSync(join(folder, 'photos', 'notes.txt'), 'no picture');
}

describeWithTensorFlow('resnet predict', () => {
  beforeAll(async () => {
    await writeCheckpoint();
    await writePictures();
  });

  const paths = ['photos/a.jpg', 'photos/b.png', 'photos/broken.png', 'photos/more/c.webp'];
  const fault = 'photos/broken.png: is text, not a picture; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM';

  test('reads a folder in the order of code points, names classes, and counts what is left out', async () => {
    const { code, stdout, stderr } = await predict('photos', '--json', '--top', '5');
    expect(code).toBe(3);
    expect(stderr).toBe(`left out: files ending in .txt: 1\n${MODEL_LINE}resnet: ${fault}\n`);
    const answers = JSON.parse(stdout);
    expect(answers.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(answers[2]).toEqual({ path: paths[2], problem: fault, code: 3 });
    for (const { guess, guessName, probability, top, ...rest } of [answers[0], answers[1], answers[3]]) {
      expect(rest).toEqual({ path: expect.any(String) });
      expect([guess, guessName, probability]).toEqual([top[0].guess, top[0].guessName, top[0].probability]);
      expect(top.map((each: { guess: number }) => each.guess).toSorted()).toEqual([0, 1, 2]);
      for (const each of top) expect(each.guessName).toBe(NAMES[each.guess]);
    }
  });

  test('gives the same answers as a table, as CSV and as lines of JSON', async () => {
    const words = ['photos/*.png', 'photos/more'];
    const lines = jsonLines((await predict(...words, '--format', 'ndjson')).stdout);
    expect(lines.map(({ path }) => path)).toEqual(paths.slice(1));
    const rows = Papa.parse((await predict(...words, '--format', 'csv')).stdout.trimEnd(), { header: true }).data;
    expect(rows).toEqual(
      lines.map(({ path, guess = '', guessName = '', probability = '', problem = '' }) => {
        return { path, guess: String(guess), guess_name: guessName, probability: String(probability), problem };
      }),
    );
    const { stdout } = await predict(...words, '--top', '1');
    const answered = lines.filter(({ problem }) => problem === undefined);
    expect(stdout.split('\n')).toEqual([
      ...answered.map(({ path, guessName, probability }) => {
        return `${path}: ${guessName} (${(100 * Number(probability)).toFixed(2)} %)`;
      }),
      '',
    ]);
  });

  test('calls a picture unknown if no class is probable enough (exit 0)', async () => {
    const { code, stdout } = await predict('photos/b.png', '--min-probability', '1', '--format', 'ndjson');
    expect(code).toBe(0);
    const [answer] = jsonLines(stdout);
    expect(answer).toMatchObject({ guess: null, guessName: 'unknown', probability: expect.any(Number) });
    const table = await predict('photos/b.png', '--min-probability', '1');
    expect(table.stdout).toMatch(/^photos\/b\.png: unknown: .+ \(\d+\.\d\d %\)/);
  });

  test('writes a file, replaces answers of an earlier call, and nothing else unasked (exit 5)', async () => {
    const first = await predict('photos', '--out', 'answers.csv', '--format', 'csv');
    expect([first.code, first.stdout]).toEqual([3, '4 pictures in answers.csv, 1 without an answer\n']);
    expect(Papa.parse(readFileSync(join(folder, 'answers.csv'), 'utf8').trimEnd()).data).toHaveLength(5);
    const again = await predict('photos/b.png', '--out', 'answers.csv');
    expect([again.code, again.stdout]).toEqual([0, '1 picture in answers.csv\n']);
    expect(readFileSync(join(folder, 'answers.csv'), 'utf8')).toMatch(/^photos\/b\.png: .+\n$/);
    copyFileSync(join(folder, 'photos', 'notes.txt'), join(folder, 'notes.txt'));
    const refused = await predict('photos/b.png', '--out', 'notes.txt');
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([
      5,
      '',
      'resnet: notes.txt: exists and holds no answers of resnet predict; give --overwrite to replace it, or another ' +
        'file with --out\n',
    ]);
    expect((await predict('photos/b.png', '--out', 'notes.txt', '--overwrite')).code).toBe(0);
    for (const [out, problem] of [
      ['photos', 'photos: is a folder; give a file with --out'],
      ['/dev/null', '/dev/null: is no regular file; give a file with --out'],
      ['none/a.csv', 'none/a.csv: could not be written: ENOENT; check the folder and its disk'],
    ] as const) {
      expect(await predict('photos/b.png', '--out', out)).toMatchObject({ code: 5, stderr: `resnet: ${problem}\n` });
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('shows whole pictures in their colours', async () => {
    const { stderr } = await predict('photos/b.png', '--show', 'seen');
    expect(stderr).toBe(`${MODEL_LINE}what the network saw: seen/b-seen.png\n`);
    const { data, info } = await sharp(join(folder, 'seen', 'b-seen.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const seen = new Set<string>();
    for (let at = 0; at < data.length; at += info.channels) seen.add(data.subarray(at, at + 3).join());
    expect([...seen]).toEqual(expect.arrayContaining(['250,0,30', '10,20,30'])); // the picture, and the padding
  });

  test.each([
    [['--json', '--format', 'csv'], '--json asks for json, but --format for csv: give one of them'],
    [['--as', 'digit'], '--as digit: the network of pets.safetensors reads 3 channels, but digits are read as grey'],
    [['--min-probability', '1.5'], '--min-probability must be a number from 0 to 1'],
  ])('refuses %j (exit 2)', async (words, problem) => {
    const { code, stdout, stderr } = await predict('photos/b.png', ...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(problem);
  });

  /** A folder of this many pictures. */
  async function manyPictures(count: number): Promise<string> {
    const name = `many-${count}`;
    mkdirSync(join(folder, name));
    const picture = join(folder, 'photos', 'b.png');
    for (let index = 0; index < count; index++) copyFileSync(picture, join(folder, name, `${index}.png`));
    return name;
  }

  test('thousands of pictures take no more memory than hundreds', async () => {
    const peaks: number[] = [];
    for (const count of [300, 3000]) {
      const memory = peakMemory(folder);
      const words = [...WORDS, await manyPictures(count), '--format', 'ndjson'];
      const { code, stdout } = await command(words, memory.environment, folder);
      expect([code, stdout.split('\n').length]).toEqual([0, count + 1]);
      peaks.push(memory.peakMiB());
    }
    const [hundreds = 0, thousands = 0] = peaks;
    expect(thousands - hundreds).toBeLessThan(30);
  }, 120_000);

  /** Resolves when a process has written something to standard output. */
  const firstOutput = (child: ChildProcess) => new Promise<string>((resolve) => child.stdout?.once('data', resolve));
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('close', resolve));

  test('ends when its reader has gone: a broken picture at the end is never reached (exit 0)', async () => {
    const several = Array.from({ length: 1000 }, () => paths[0]!);
    const line = [...WORDS, ...several, 'photos/broken.png', '--format', 'ndjson'].map((word) => `'${word}'`).join(' ');
    const { stdout, stderr } = await command(['bash', '-c', `${line} | head -1; echo "\${PIPESTATUS[0]}"`], {}, folder);
    expect(stdout).toMatch(/^\{"path":"photos\/a.jpg".*\}\n0\n$/);
    expect(stderr).toBe(MODEL_LINE);
  });

  test('lines come while pictures are still read, and Ctrl-C keeps them whole (exit 130)', async () => {
    rmSync(join(folder, 'many-2000'), { recursive: true, force: true });
    const words = [...WORDS.slice(1), await manyPictures(2000), '--format', 'ndjson'];
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const child = spawn(WORDS[0]!, words, { cwd: folder, env });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    const end = ended(child);
    await firstOutput(child);
    child.kill('SIGINT');
    expect(await end).toBe(130);
    const lines = jsonLines(text);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(2000);
  }, 60_000);

  test('Ctrl-C leaves no half file of --out', async () => {
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const words = [...WORDS.slice(1), 'many-2000', '--out', 'stopped.csv', '--format', 'csv'];
    const child = spawn(WORDS[0]!, words, { cwd: folder, env });
    let errors = '';
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk) => {
        errors += chunk;
        if (errors.includes('model trained on')) resolve();
      });
    });
    child.kill('SIGINT');
    expect(await end).toBe(130);
    expect(errors).toMatch(/resnet: stopped by SIGINT; stopped\.csv was not written\n$/);
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  }, 60_000);

  test('Ctrl-C ends a wait for standard input', async () => {
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const words = [...WORDS.slice(1), 'photos/b.png', '-', '--out', 'waiting.txt'];
    const child = spawn(WORDS[0]!, words, { cwd: folder, env });
    const end = ended(child);
    const begun = () => readdirSync(folder).filter((name) => name.startsWith('waiting')); // before the first picture
    while (begun().length === 0) await setTimeout(50);
    child.kill('SIGINT');
    expect([await end, begun()]).toEqual([130, []]);
  }, 60_000);
});
