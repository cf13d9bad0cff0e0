/** Imports run downward only: a room may import the rooms listed for it, and itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  '.': ['commands'],
  commands: ['report', 'training', 'net', 'dataset', 'checkpoint', 'runtime'],
  report: ['training', 'net', 'runtime'], // their types and numbers; report itself is imported by commands only
  training: ['net', 'dataset', 'checkpoint', 'runtime'],
  net: ['runtime'],
  dataset: [],
  checkpoint: [],
  runtime: [],
};

/** Packages that belong to certain rooms; every other package may be imported anywhere. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs': ['runtime'],
  '@tensorflow/tfjs-node-gpu': ['runtime'],
  '@tensorflow/tfjs-backend-wasm': ['runtime'],
  yargs: ['.', 'commands'],
  'yargs-parser': ['.', 'commands'],
  ora: ['commands'],
  'cli-table3': ['report'],
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

test.each(files)('src/%s imports only what its room may', (file) => {
  const room = roomOf(join(source, file));
  for (const name of importsOf(file)) {
    if (name.startsWith('.')) {
      const target = roomOf(resolve(source, dirname(file), name));
      if (target !== '.' && target !== room)
        expect(`${room} -> ${(ARROWS[room] ?? []).find((to) => to === target)}`).toBe(`${room} -> ${target}`);
    } else if (name in OWNERS) {
      expect(OWNERS[name]).toContain(room);
    }
  }
});

test('the rooms are those that the arrows name', () => {
  expect([...new Set(files.map((file) => roomOf(join(source, file))))].sort()).toEqual(Object.keys(ARROWS).sort());
});
