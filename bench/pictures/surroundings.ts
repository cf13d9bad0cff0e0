/**
 * Measures how `resnet predict` reads digits as people photograph and draw them.
 *
 * Usage: npm run bench:pictures -- [--half reporting] [--count 100] [--kinds ruled,thumb] [--checkpoint RUN]
 *   [--resnet bin/resnet.js] [--keep DIR]
 *
 * Constants are chosen with `--half choosing`; what is reported comes from the other half, of which no digit was used
 * to choose. `--resnet` names the command of another build, to compare two builds on the same pictures. `--keep` leaves
 * the pictures in a folder, with `answers.csv`. Progress goes to standard error, the table to standard output.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Half, KINDS, type Kind, picturesOf, wordOf } from '../../test/image/surroundings/pictures.ts';
import { answersTable, type PictureAnswer, readAnswers } from './answers.ts';

const HALVES: readonly Half[] = ['choosing', 'reporting'];

const values = options();
const half =
  HALVES.find((each) => each === values.half) ?? refuse(`--half must be choosing or reporting, got ${values.half}`);
const count = wholeNumber(values.count);
const kinds = values.kinds === undefined ? KINDS : values.kinds.split(',').map(kindNamed);
// This file runs from dist/bench/pictures.
const binary = values.resnet ?? fileURLToPath(new URL('../../../bin/resnet.js', import.meta.url));
const words = values.checkpoint === undefined ? [] : ['--checkpoint', values.checkpoint];
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'resnet-pictures-'));

const answers: PictureAnswer[] = [];
try {
  let reading: Promise<PictureAnswer[]> = Promise.resolve([]);
  for (const kind of kinds) {
    const pictures = await draw(kind);
    answers.push(...(await reading)); // one kind is read while the next one is drawn
    process.stderr.write(`${kind}: ${pictures.length} pictures\n`);
    reading = readAnswers(binary, words, kind, pictures);
  }
  answers.push(...(await reading));
  if (values.keep !== undefined) writeCsv(join(folder, 'answers.csv'));
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(answersTable(kinds, answers));

/** Draws the pictures of a kind into a folder of their own. */
async function draw(kind: Kind): Promise<{ path: string; label: number | undefined }[]> {
  const own = join(folder, wordOf(kind));
  mkdirSync(own, { recursive: true });
  const pictures: { path: string; label: number | undefined }[] = [];
  for await (const { name, bytes, label } of picturesOf(kind, half, count)) {
    const path = join(own, name);
    writeFileSync(path, bytes);
    pictures.push({ path, label });
  }
  return pictures;
}

function writeCsv(path: string): void {
  const rows = answers.map(({ path: picture, kind, label = '', guess = '', probability = '', problem = '' }) =>
    [picture, kind, label, guess, probability, problem]
      .map((cell) => `"${String(cell).replaceAll('"', '""')}"`)
      .join(','),
  );
  writeFileSync(path, `${['picture,kind,label,guess,probability,problem', ...rows].join('\n')}\n`);
}

function options() {
  try {
    return parseArgs({
      options: {
        half: { type: 'string', default: 'reporting' },
        count: { type: 'string', default: '100' },
        kinds: { type: 'string' },
        checkpoint: { type: 'string' },
        resnet: { type: 'string' },
        keep: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function kindNamed(word: string): Kind {
  const name = KINDS.find((kind) => kind === word || wordOf(kind) === word);
  return (
    name ??
    refuse(`--kinds must be of ${KINDS.map(wordOf).join(', ')}, with commas between, got ${JSON.stringify(word)}`)
  );
}

function wholeNumber(word: string): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  return refuse(`--count must be a whole number of at least 1, got ${JSON.stringify(word)}`);
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
