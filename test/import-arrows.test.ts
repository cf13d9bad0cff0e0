/** Imports run downward only: a room may import the rooms listed for it, and itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  '.': ['commands'],
  commands: ['report', 'run', 'training', 'evaluation', 'bench', 'net', 'dataset', 'checkpoint', 'image', 'runtime'],
  report: ['run', 'training', 'evaluation', 'bench', 'net', 'runtime'], // their types and numbers; report itself is imported by commands only
  run: ['training', 'evaluation', 'engine', 'model', 'net', 'dataset', 'checkpoint', 'runtime'],
  bench: ['evaluation', 'engine', 'net', 'dataset', 'runtime'],
  training: ['run', 'evaluation', 'engine', 'net', 'dataset', 'checkpoint', 'runtime'],
  evaluation: ['run', 'engine', 'model', 'image', 'dataset', 'runtime'],
  engine: ['model', 'net', 'dataset', 'runtime'],
  model: ['net', 'dataset', 'checkpoint', 'runtime'],
  net: ['runtime'],
  dataset: [],
  image: ['dataset'], // what an image is
  checkpoint: [],
  runtime: [],
};

/** Modules beside the rooms that every room may use. */
const COMMON = ['errors.ts', 'make-folder.ts', 'printable.ts', 'processes.ts', 'random.ts', 'version.ts'];

/** Packages that belong to certain rooms; every other package may be imported anywhere. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs': ['runtime'],
  '@tensorflow/tfjs-node-gpu': ['runtime'],
  '@tensorflow/tfjs-backend-wasm': ['runtime'],
  yargs: ['.', 'commands'],
  'yargs-parser': ['.', 'commands'],
  ora: ['commands'],
  'cli-table3': ['report'],
  sharp: ['image'],
  echarts: ['report'],
};

const source = resolve('src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function roomOf(path: string): string {
  const folder = dirname(relative(source, path));
  return folder.split('/')[0] || '.';
}

/** What a file imports: `from '…'`, `import('…')`, `require('…')`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/\b(?:from|import\(|require\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** The package that a module name belongs to: `ora/x` is of `ora`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

test.each(files)('src/%s imports only what its room may', (file) => {
  const room = roomOf(join(source, file));
  for (const name of importsOf(file)) {
    const target = resolve(source, dirname(file), name);
    const targetRoom = roomOf(target);
    if (!name.startsWith('.')) {
      expect(OWNERS[packageOf(name)] ?? [room]).toContain(room);
    } else if (targetRoom === '.') {
      if (room !== '.') expect(COMMON).toContain(relative(source, target));
    } else if (targetRoom !== room) {
      expect(ARROWS[room]).toContain(targetRoom);
    }
  }
});

test('the rooms are those that the arrows name', () => {
  expect([...new Set(files.map((file) => roomOf(join(source, file))))].sort()).toEqual(Object.keys(ARROWS).sort());
});
