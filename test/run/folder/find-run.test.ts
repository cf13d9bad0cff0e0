/** What RUN names: a checkpoint, a run's folder, or a run's name in the folder of runs. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findNamedRun, findRun, modelAt } from '../../../src/run/folder/find-run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const home = process.cwd();
beforeEach(() => process.chdir(mkdtempSync(join(root, 'work-'))));
afterEach(() => process.chdir(home));

/** Makes empty files, with their folders. */
function make(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  }
}

/** The place that is found, and the notices. */
async function found(run: string | undefined, parent = 'checkpoints') {
  const notices: string[] = [];
  const place = await findRun(run, parent, (message) => notices.push(message));
  return { ...place, notices };
}

const refused = (run: string | undefined, message: string, parent = 'checkpoints') =>
  expect(found(run, parent)).rejects.toMatchObject({ code: 4, message });

describe('RUN is', () => {
  test('a checkpoint, by its path', async () => {
    make('other.safetensors', 'runs/a/best.safetensors');
    expect(await found('other.safetensors')).toEqual({ folder: '.', checkpoint: 'other.safetensors', notices: [] });
    const checkpoint = 'runs/a/best.safetensors';
    expect(await found(checkpoint)).toEqual({ folder: 'runs/a', checkpoint, notices: [] });
  });

  test('a run, by the path of its folder, also of one in earlier/ and over a link', async () => {
    make('runs/a/config.json', 'runs/a/earlier/2026-11-24T08-00-00/best.safetensors');
    symlinkSync('runs/a', 'link');
    for (const path of ['runs/a', './runs/a', join(process.cwd(), 'runs', 'a'), 'link'])
      expect(await found(path)).toEqual({ folder: path, notices: [] });
    const earlier = 'runs/a/earlier/2026-11-24T08-00-00';
    expect(await found(earlier)).toEqual({ folder: earlier, notices: [] });
  });

  test('a run, by its name in the folder of runs, or a checkpoint in it', async () => {
    make('checkpoints/first/best.safetensors', 'runs/second/last.safetensors');
    expect(await found('first')).toEqual({ folder: 'checkpoints/first', notices: [] });
    expect(await found('second', 'runs')).toEqual({ folder: 'runs/second', notices: [] });
    const checkpoint = 'checkpoints/first/best.safetensors';
    expect(await found('first/best.safetensors')).toEqual({ folder: 'checkpoints/first', checkpoint, notices: [] });
  });

  test('left out for the run in the folder of runs itself, though it holds others', async () => {
    make('checkpoints/best.safetensors', 'checkpoints/first/best.safetensors');
    expect(await found(undefined)).toEqual({ folder: 'checkpoints', notices: [] });
  });

  test('the path where a run has the same name, and says so', async () => {
    make('first/best.safetensors', 'checkpoints/first/best.safetensors');
    const notice =
      "first is taken for the path of that name, not for the run checkpoints/first: give the run's path to choose it";
    expect(await found('first')).toEqual({ folder: 'first', notices: [notice] });
    expect(await found('./first')).toEqual({ folder: './first', notices: [] });
    process.chdir('checkpoints');
    expect(await found('first', '.')).toEqual({ folder: 'first', notices: [] }); // both are one
  });
});

test('RUN is the name of a run where the path of that name is a folder without any', async () => {
  make('test/unit.ts', 'checkpoints/test/best.safetensors');
  expect(await found('test')).toEqual({ folder: 'checkpoints/test', notices: [] });
  make('test/other/best.safetensors');
  await refused('test', 'test: holds no run itself, but the run other: name one of them, like test/other');
});

test('--name is the name of a run, never a path', async () => {
  make('first/best.safetensors', 'checkpoints/first/best.safetensors');
  expect(await findNamedRun('first', 'checkpoints')).toEqual({ folder: 'checkpoints/first' });
});

test('the model of a run is its best checkpoint, unless one is named', () => {
  expect(modelAt({ folder: 'a' })).toBe('a/best.safetensors');
  expect(modelAt({ folder: 'a', checkpoint: 'a/last.safetensors' })).toBe('a/last.safetensors');
});

describe('is refused (exit 4)', () => {
  test('RUN that is nothing, with both places and the runs that there are', async () => {
    make('checkpoints/second/config.json', 'checkpoints/first/best.safetensors', 'checkpoints/notes/todo.txt');
    await refused(
      'frist',
      'frist: no such run or checkpoint, nor is there checkpoints/frist; checkpoints holds the runs first and second',
    );
    await refused('./frist', './frist: no such run or checkpoint; checkpoints holds the runs first and second');
  });

  test('RUN that is a link to itself, or too long for a name, as one that is nothing', async () => {
    symlinkSync('self', 'self');
    await expect(found('./self')).rejects.toMatchObject({ code: 4 });
    await expect(found('x'.repeat(300))).rejects.toMatchObject({ code: 4 });
  });

  test('RUN that is nothing where there is no run, with how to make one', async () => {
    const advice = 'make one with `resnet train`';
    await refused('first', `first: no such run or checkpoint, nor is there checkpoints/first; ${advice}`);
    await refused(undefined, `checkpoints: no such run or checkpoint; ${advice}`);
  });

  test('a checkpoint that does not exist', async () => {
    make('checkpoints/first/config.json');
    const advice = 'make one with `resnet train`';
    const path = 'checkpoints/first/best.safetensors';
    await refused(path, `${path}: no such checkpoint, nor is there checkpoints/${path}; ${advice}`);
    await refused(`./${path}`, `./${path}: no such checkpoint; ${advice}`);
  });

  test('a folder of several runs, or of one, with their names, also of those in earlier/', async () => {
    make('runs/b/best.safetensors', 'runs/a/last.safetensors', 'runs/earlier/2026-11-24T08-00-00/best.safetensors');
    const runs = 'the runs a, b and earlier/2026-11-24T08-00-00';
    await refused('runs', `runs: holds no run itself, but ${runs}: name one of them, like runs/a`);
    await refused(undefined, `runs: holds no run itself, but ${runs}: name one of them, like runs/a`, 'runs');
    make('single/only/config.json');
    await refused('single', 'single: holds no run itself, but the run only: name one of them, like single/only');
  });

  test('a folder of many runs, with the first ten names', async () => {
    make(...Array.from({ length: 12 }, (_, index) => `runs/run-${10 + index}/config.json`));
    const names = Array.from({ length: 10 }, (_, index) => `run-${10 + index}`).join(', ');
    await refused(
      'runs',
      `runs: holds no run itself, but the runs ${names} and 2 more: name one of them, like runs/run-10`,
    );
  });

  test('a folder without a run, also one with a report alone', async () => {
    make('empty/report.html');
    await refused('empty', 'empty: holds no run; make one with `resnet train`');
  });
});
