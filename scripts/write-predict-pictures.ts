/**
 * `npm run docs:predict -- [--checkpoint RUN]`: writes the pictures of docs/predict.md with the model of a run (default:
 * the run in `checkpoints`): what its network saw of six pictures, and a terminal. The same model gives the same files.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Kind, pictureOf } from '../test/image/surroundings/pictures.ts';
import { terminalToPng } from './terminal-picture.ts';

/** The kinds that are shown, the last of them also in the terminal. */
const KINDS: readonly Kind[] = ['ruled', 'squared', 'frame inside', 'thumb', 'shadow edge', 'desk around'];

/** The digit of the first kind's picture; the next kinds have the next digits. No picture was chosen for its answer. */
const FIRST_DIGIT = 2;

const root = fileURLToPath(new URL('../../', import.meta.url)); // from dist/scripts
const docs = join(root, 'docs');
const { values } = parseArgs({ options: { checkpoint: { type: 'string', default: 'checkpoints' } } });
const predict = [join(root, 'bin', 'resnet.js'), 'predict', '--checkpoint', resolve(values.checkpoint)];

const folder = mkdtempSync(join(tmpdir(), 'resnet-docs-'));
try {
  await writePictures();
  const paths = readdirSync(folder).map((file) => join(folder, file));
  const { status } = spawnSync(process.execPath, [...predict, '--show', docs, ...paths], { stdio: 'inherit' });
  if (status !== 0 && status !== 3) throw new Error(`resnet predict ended with exit code ${status}`);
  writeFileSync(join(docs, 'predict-terminal.png'), await terminalToPng(await terminalText()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Draws the pictures into the folder: `predict-ruled.jpeg` and so on. */
async function writePictures(): Promise<void> {
  for (const [place, kind] of KINDS.entries()) {
    const { name, bytes } = await pictureOf(kind, 'reporting', FIRST_DIGIT + place);
    writeFileSync(join(folder, `predict-${kind.replaceAll(' ', '-')}${parse(name).ext}`), bytes);
  }
}

/** What a terminal of 256 colours shows when a user has the last picture read, without the live line. */
async function terminalText(): Promise<string> {
  const { bytes } = await pictureOf(KINDS.at(-1)!, 'reporting', FIRST_DIGIT + KINDS.length - 1);
  const place = join(folder, 'user');
  mkdirSync(place);
  writeFileSync(join(place, 'photo.jpg'), bytes);
  const words = ['photo.jpg', '--show', 'seen'];
  const call = ['bash', '-c', 'cd "$0" && "$@" 2>errors', place, process.execPath, ...predict, ...words];
  const steps = '[["pause", 60], ["output"]]'; // the pause ends with the command
  const python = ['python3', join(root, 'test', 'support', 'terminal.py'), steps, ...call] as const;
  const env = { ...process.env, TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined };
  const [program, ...rest] = python;
  const { notes } = JSON.parse(execFileSync(program, rest, { env, encoding: 'utf8' })) as { notes: string[] };
  const errors = readFileSync(join(place, 'errors'), 'utf8');
  return `$ npx resnet predict ${words.join(' ')}\n${errors}${notes.join('').replaceAll('\r', '')}`;
}
