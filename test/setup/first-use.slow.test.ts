/** The first use of TensorFlow, `resnet setup` and `resnet cache`, with a cache that holds what set-up would fetch. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { BINARY, command, type Finished, resnet } from '../support/resnet.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inTerminal, type TerminalStep } from '../support/terminal.ts';
import { cacheWith } from './project.ts';

const folder = temporaryFolder();
const TRAIN = ['train', '--dry-run', '--width', '4', '--no-compile', '--batch-size', '8'];
const QUESTION = 'Set it up now? [Y/n] ';
const CHECKING = 'checking TensorFlow 2.21.0';

/** A cache with all that set-up fetches and compiles, in which it never ran. */
let caches = 0;
const newCache = () => cacheWith(join(folder, `cache-${caches++}`), ['wheels', 'binaries']);

/** The environment of a user who has that cache, and whose pip reaches no network. */
const user = (cache: string) => ({
  RESNET_CACHE: cache,
  RESNET_RUNTIME: '',
  PIP_NO_INDEX: '1',
  PIP_CONFIG_FILE: '/dev/null',
});

testWithTensorFlow('asks on a terminal with what it costs, and sets up once someone agrees', async () => {
  const cache = newCache();
  const cost = 'The first use needs TensorFlow 2.21.0: 274 MB to fetch, 854 MB on disk, in ';
  const steps: TerminalStep[] = [
    ['wait', `${cost}${cache}`],
    ['wait', QUESTION],
    ['type', '\r'],
    ['wait', 'dry run: '],
  ];
  const { code, notes } = await inTerminal([process.execPath, BINARY, ...TRAIN], [...steps, ['output']], {
    environment: user(cache),
  });
  expect(code).toBe(0);
  expect(notes[0]).toContain('backend tensorflow: TensorFlow 2.21.0, device cpu');
  const second = await resnet(TRAIN, user(cache));
  expect(second).toMatchObject({ code: 0, stderr: '' });
});

testWithTensorFlow(
  'computes on WebAssembly this time where the answer is no, and asks again the next time',
  async () => {
    const cache = newCache();
    const answers: TerminalStep[] = [
      ['type', 'perhaps\r'],
      ['wait', QUESTION],
      ['type', 'n\r'],
    ];
    const steps: TerminalStep[] = [['wait', QUESTION], ...answers, ['wait', 'dry run: '], ['output']];
    for (let time = 0; time < 2; time++) {
      const { code, notes } = await inTerminal([process.execPath, BINARY, ...TRAIN], steps, {
        environment: user(cache),
      });
      expect(code).toBe(0);
      expect(notes[0]).toContain('resnet: TensorFlow is not installed: run npm run setup; running on the portable');
      expect(notes[0]).toContain('backend wasm');
    }
  },
);

testWithTensorFlow('ends with 130 on Ctrl-C at the question, and leaves nothing behind', async () => {
  const cache = newCache();
  const steps: TerminalStep[] = [['wait', QUESTION], ['type', '\u0003'], ['wait', 'stopped by SIGINT; '], ['output']];
  const { code, notes } = await inTerminal([process.execPath, BINARY, ...TRAIN], steps, { environment: user(cache) });
  expect(code).toBe(130);
  expect(String(notes[0]).match(/SIGINT: stopping/g)).toHaveLength(1);
  expect(readdirSync(cache).toSorted()).toEqual(['binaries', 'wheels']);
});

testWithTensorFlow('asks nobody with --yes, in CI, or where there is no terminal', async () => {
  const cases: [string[], NodeJS.ProcessEnv][] = [
    [['--yes'], {}],
    [[], { CI: '1' }],
  ];
  for (const [flags, environment] of cases) {
    const steps: TerminalStep[] = [['wait', 'dry run: '], ['output']];
    const { code, notes } = await inTerminal([process.execPath, BINARY, ...TRAIN, ...flags], steps, {
      environment: { ...user(newCache()), ...environment },
    });
    expect(code).toBe(0);
    expect(notes[0]).not.toContain(QUESTION);
    expect(notes[0]).toContain('backend tensorflow');
  }
  expect(await resnet(TRAIN, user(newCache()))).toMatchObject({ code: 0, stderr: `${CHECKING}\n` });
});

testWithTensorFlow('resnet setup prints which runtime there is, and resnet cache what it takes', async () => {
  const cache = newCache();
  mkdirSync(join(cache, 'data'));
  // Of the user, who named this folder in RESNET_CACHE.
  for (const own of ['notes.txt', 'data/mine.csv']) writeFileSync(join(cache, own), '');
  const prepared = join(cache, 'data', `${'0'.repeat(64)}.images`);
  writeFileSync(prepared, 'decoded');
  const run = (...words: string[]): Promise<Finished> => resnet(words, user(cache));
  const path = join(cache, 'runtimes');
  expect(await run('setup')).toEqual({
    code: 0,
    stdout: `TensorFlow 2.21.0 (cpu) is in ${path}\n`,
    stderr: `${CHECKING}\n`,
  });
  const again = await run('setup', '--json');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(again.stdout)).toMatchObject({ runtime: 'cpu', tensorflow: '2.21.0', path });

  const shown = await run('cache', '--json');
  const { parts } = JSON.parse(shown.stdout);
  expect(parts).toContainEqual({ name: 'data', holds: 'decoded pictures', files: 1, bytes: 7 });
  expect(parts).toContainEqual({ name: 'runtimes', holds: expect.any(String), files: 5, bytes: expect.any(Number) });
  expect((await run('cache')).stdout).toMatch(RegExp(`^${cache}\nPart +Size +Files +Holds\n`));

  expect((await run('cache', '--clear')).stdout).toMatch(RegExp(`^${cache}: [\\d.]+ MB were removed\n$`));
  expect([readdirSync(cache), readdirSync(join(cache, 'data'))]).toEqual([['data', 'notes.txt'], ['mine.csv']]);
  expect((await run('cache')).stdout).toBe(`${cache}: empty\n`);
});

test('resnet setup --runtime none leaves the tool on WebAssembly', async () => {
  const cache = join(folder, 'none');
  const environment = { RESNET_CACHE: cache, RESNET_RUNTIME: '' };
  const { code, stdout } = await resnet(['setup', '--runtime', 'none'], environment);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'no TensorFlow: the tool computes on WebAssembly\n' });
  const trained = await resnet(TRAIN, environment);
  expect(trained).toMatchObject({ code: 0, stdout: expect.stringContaining('backend wasm') });
  expect(trained.stderr).toContain('set up without it; npm run setup installs it');
});

test('resnet setup fails where nothing can be fetched (exit 8), and the tool then says why at each start', async () => {
  const environment = user(join(folder, 'empty'));
  const failed = await resnet(['setup'], environment);
  expect(failed.code).toBe(8);
  expect(failed.stderr).toMatch(/^resnet: pip could not fetch tensorflow\S* 2\.21\.0 \(.*\): check the network.*$/m);
  const trained = await resnet(TRAIN, environment);
  expect(trained.code).toBe(0);
  expect(trained.stderr).toMatch(
    /^resnet: TensorFlow is not installed \(pip could not fetch .*; running on the portable/,
  );
});

test('a file in place of the cache is refused by resnet cache and resnet setup (exit 5), and stays', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(await resnet(['cache', '--clear'], { RESNET_CACHE: file })).toEqual({
    code: 5,
    stdout: '',
    stderr: `resnet: ${file}: the cache is no folder (ENOTDIR); name a folder in RESNET_CACHE\n`,
  });
  expect(await resnet(['setup'], { RESNET_CACHE: file, RESNET_RUNTIME: '' })).toEqual({
    code: 5,
    stdout: '',
    stderr: `resnet: the cache ${file} is no folder (EEXIST): name another folder in RESNET_CACHE.\n`,
  });
  expect(existsSync(file)).toBe(true);
});

test('resnet cache --clear waits for no set-up that is running, but refuses (exit 7)', async () => {
  const cache = join(folder, 'busy');
  const temporary = join(cache, 'tmp', `${hostname()}.${process.pid}.abcdefgh`);
  mkdirSync(temporary, { recursive: true });
  const { code, stderr } = await resnet(['cache', '--clear'], { RESNET_CACHE: cache });
  expect({ code, stderr }).toEqual({
    code: 7,
    stderr: `resnet: a set-up is running (process ${process.pid}): wait for its end, or stop it\n`,
  });
  expect(existsSync(temporary)).toBe(true);
});

test('RESNET_RUNTIME is obeyed by the first use that finds another runtime, or none, in the cache', async () => {
  const environment = user(join(folder, 'none'));
  const unknown = await resnet(TRAIN, { ...environment, RESNET_RUNTIME: 'tpu' });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('RESNET_RUNTIME="tpu" is not a runtime') });
  const { code, stderr } = await resnet(TRAIN, { ...environment, RESNET_RUNTIME: 'cpu' });
  expect({ code, stderr }).toMatchObject({ code: 8, stderr: expect.stringMatching(/^resnet: pip could not fetch/m) });
});

test('set-up runs no file of the current folder, such as pip.py', async () => {
  const work = join(folder, 'work');
  mkdirSync(work);
  writeFileSync(join(work, 'pip.py'), 'open("run", "w")\n');
  const { code } = await command([process.execPath, BINARY, 'setup', '--yes'], user(join(folder, 'fresh')), work);
  expect(code).toBe(8);
  expect(readdirSync(work)).toEqual(['pip.py']);
});

testWithTensorFlow('sets up anew where the status in the cache, or the runtime that it names, is gone', async () => {
  const cache = newCache();
  const runtimes = join(cache, 'runtimes');
  expect(await resnet(['setup'], user(cache))).toMatchObject({ code: 0 });
  const [runtime = '', status = ''] = readdirSync(runtimes).toSorted((one) => (one.endsWith('.json') ? 1 : -1));
  const damages = [
    () => rmSync(join(runtimes, runtime), { recursive: true }),
    () => writeFileSync(join(runtimes, status), 'null'),
  ];
  for (const damage of damages) {
    damage();
    expect(await resnet(TRAIN, user(cache))).toMatchObject({ code: 0, stderr: `${CHECKING}\n` });
  }
});
