/** Imports run downward only, and never in a circle: a room may import itself and the rooms listed for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

/**
 * The rooms of src/, and the rooms that each may import. A subfolder of a room is a room of its own if it is listed; a
 * room that may import another may also import the rooms inside it.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  '.': [
    ...['commands', 'flags', 'api'],
    ...['checkpoint', 'dataset', 'evaluation', 'export', 'image', 'net', 'run', 'runtime', 'training'], // types of the library
  ],
  commands: [
    ...['commands/data', 'api', 'flags', 'report', 'export', 'run', 'training', 'evaluation', 'bench', 'memory'],
    ...['setup', 'net', 'dataset', 'checkpoint', 'cluster', 'image', 'runtime'],
  ],
  'commands/data': [
    'commands',
    'flags',
    'report',
    'run',
    'evaluation',
    'memory',
    'dataset',
    'checkpoint',
    'image',
    'runtime',
  ],
  api: [
    ...['flags', 'export', 'run', 'training', 'evaluation', 'memory', 'model', 'net'],
    ...['dataset', 'checkpoint', 'cluster', 'image', 'runtime'],
  ],
  flags: ['report', 'export', 'run', 'training', 'net', 'dataset', 'runtime'], // the names that flags choose from
  report: ['setup', 'export', 'run', 'training', 'evaluation', 'bench', 'net', 'dataset', 'runtime'], // only commands import report
  'report/data': ['report', 'report/page', 'evaluation', 'dataset', 'image', 'runtime'],
  'report/page': ['report', 'run', 'training', 'evaluation', 'net'],
  'report/seen': ['report', 'report/page'],
  setup: ['runtime'],
  export: ['model', 'net', 'dataset', 'checkpoint', 'runtime'],
  run: [
    ...['run/folder', 'training', 'evaluation', 'memory', 'engine', 'model', 'net'],
    ...['dataset', 'image', 'checkpoint', 'cluster', 'runtime'],
  ],
  'run/folder': ['checkpoint'],
  'run/resume': ['run', 'training', 'evaluation', 'memory', 'engine', 'model', 'dataset', 'checkpoint'],
  training: ['evaluation', 'engine', 'dataset', 'checkpoint'],
  memory: ['net', 'runtime'],
  evaluation: ['memory', 'engine', 'model', 'net', 'image', 'dataset', 'checkpoint', 'runtime'],
  bench: ['memory', 'engine', 'net', 'dataset', 'runtime'],
  engine: ['model', 'net', 'dataset', 'runtime'],
  model: ['net', 'dataset', 'checkpoint', 'runtime'],
  net: ['runtime'],
  dataset: ['image'],
  image: [],
  checkpoint: [],
  cluster: ['checkpoint'],
  runtime: ['runtime/graph', 'runtime/native'],
  'runtime/convolution': ['runtime'],
  'runtime/graph': ['runtime', 'runtime/native'], // the one arrow that runs back up: `open.ts` chooses the backend
  'runtime/native': [],
};

/** Modules beside the rooms that every room may use. */
const COMMON = [
  ...[
    'cache-folder.ts',
    'called-as.ts',
    'errors.ts',
    'make-folder.ts',
    'numbers.ts',
    'package-folder.ts',
    'printable.ts',
    'processes.ts',
    'random.ts',
  ],
  ...['value-kinds.ts', 'version.ts', 'zip-reader.ts'],
];

/** Packages that belong to certain rooms; every other package may be imported anywhere. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs': ['runtime'],
  '@tensorflow/tfjs-node-gpu': ['runtime'],
  '@tensorflow/tfjs-backend-wasm': ['runtime'],
  yargs: ['.', 'flags'],
  'yargs-parser': ['.', 'flags'],
  ora: ['commands'],
  'cli-table3': ['report'],
  sharp: ['image'],
  '@napi-rs/image': ['image'],
  echarts: ['report/page'],
  fflate: ['checkpoint'],
  'onnxruntime-web': ['export'],
};

/** Most TypeScript files in one folder; a folder with more has more than one subject. */
const MOST_FILES_IN_A_FOLDER = 21;

const source = resolve('src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** The innermost room that a file of `src` is in. */
function roomOf(file: string): string {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (Object.hasOwn(ARROWS, folder) || dirname(folder) === '.') return folder;
  }
  return '.';
}

/** The module names that a file imports by `from '…'`, `import('…')` and `require('…')`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/\b(?:from|import\(|require\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** The files of `src` that a file imports. */
function importedFiles(file: string): string[] {
  const names = importsOf(file).filter((name) => name.startsWith('.'));
  return names.map((name) => relative(source, resolve(source, dirname(file), name)));
}

function isAllowed(room: string, target: string): boolean {
  const arrows = ARROWS[room] ?? [];
  return arrows.includes(target) || arrows.includes(dirname(target));
}

/** The package of a module name, for example `ora` for `ora/x`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

test.each(files)('src/%s imports only what its room may', (file) => {
  const room = roomOf(file);
  for (const target of importedFiles(file)) {
    const targetRoom = roomOf(target);
    if (targetRoom === room) continue;
    if (targetRoom === '.' && room !== '.') expect(COMMON).toContain(target);
    else if (targetRoom !== '.')
      expect({ target, allowed: isAllowed(room, targetRoom) }).toEqual({ target, allowed: true });
  }
  for (const name of importsOf(file).filter((each) => !each.startsWith('.'))) {
    expect(OWNERS[packageOf(name)] ?? [room]).toContain(room);
  }
});

test('the rooms are those that the arrows name', () => {
  const rooms = Object.keys(ARROWS).toSorted();
  expect([...new Set(files.map(roomOf))].toSorted()).toEqual(rooms);
});

test('no file imports itself by way of others', () => {
  const finished = new Set<string>();
  const circleFrom = (file: string, road: readonly string[]): readonly string[] | undefined => {
    if (road.includes(file)) return [...road.slice(road.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of importedFiles(file)) {
      const circle = circleFrom(next, [...road, file]);
      if (circle) return circle;
    }
    finished.add(file);
    return undefined;
  };
  expect(files.map((file) => circleFrom(file, [])).filter((circle) => circle !== undefined)).toEqual([]);
});

test(`no folder has more than ${MOST_FILES_IN_A_FOLDER} files`, () => {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const sizes = folders.map((folder) => ({ folder, size: files.filter((file) => dirname(file) === folder).length }));
  expect(sizes.filter(({ size }) => size > MOST_FILES_IN_A_FOLDER)).toEqual([]);
});
