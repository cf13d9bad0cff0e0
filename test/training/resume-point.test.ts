import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { leaveDamaged, locateRun, openResumePoint, type ResumePoint } from '../../src/training/resume-point.ts';
import { PROGRESS } from '../checkpoint/example.ts';
import { ASIDE, damaged, now, PARAMETERS, runFolder, TRAINED } from '../support/run-folders.ts';
import { valuesOf } from '../support/states.ts';

/** What is opened, or why nothing is, and what is told of it. */
async function opened(folder: string, checkpoint?: string) {
  const notices: string[] = [];
  try {
    const point = await openResumePoint(checkpoint === undefined ? { folder } : { folder, checkpoint });
    await leaveDamaged(folder, point, now, (message) => notices.push(message));
    return { point, notices };
  } catch (error) {
    return { point: error, notices };
  }
}

describe('a run is found', () => {
  test('by its folder, or a checkpoint in it', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged });
    const checkpoint = join(folder, 'last.safetensors');
    expect(await locateRun(folder, undefined, 'elsewhere')).toEqual({ folder });
    expect(await locateRun(checkpoint, undefined, 'elsewhere')).toEqual({ folder, checkpoint });
  });

  test('in --checkpoint-dir, else in the folder where runs are by default', async () => {
    const folder = await runFolder({});
    expect(await locateRun(undefined, folder, 'elsewhere')).toEqual({ folder });
    expect(await locateRun(undefined, undefined, folder)).toEqual({ folder });
  });

  test('where --checkpoint-dir is its own folder, however that is spelled', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged });
    const checkpoint = join(folder, 'last.safetensors');
    expect(await locateRun(checkpoint, `${folder}/./`, 'elsewhere')).toEqual({ folder, checkpoint });
  });

  test('but does not go on in another: exit code 2', async () => {
    const [folder, other] = [await runFolder({ 'last.safetensors': damaged }), await runFolder({})];
    for (const named of [folder, join(folder, 'last.safetensors')]) {
      await expect(locateRun(named, other, 'elsewhere')).rejects.toMatchObject({
        code: 2,
        message: `--resume ${named} goes on in its own folder, ${folder}, but --checkpoint-dir is ${other}; leave one out`,
      });
    }
  });

  test('only where there is something: else exit code 4', async () => {
    const nowhere = join(await runFolder({}), 'nowhere');
    const words: [wanted?: string, folder?: string][] = [[nowhere], [undefined, nowhere], []];
    for (const [wanted, folder] of words) {
      await expect(locateRun(wanted, folder, nowhere)).rejects.toMatchObject({
        code: 4,
        message: `${nowhere}: nothing to resume from there; begin a run without --resume`,
      });
    }
  });
});

describe('a run goes on from', () => {
  test('its last checkpoint, with weights, moments and place', async () => {
    const folder = await runFolder({ 'last.safetensors': 'resumable', 'last.previous.safetensors': damaged });
    const { point, notices } = await opened(folder);
    expect(point).toMatchObject({ path: join(folder, 'last.safetensors'), progress: PROGRESS });
    const { optimizer } = (point as ResumePoint).file.state;
    expect(optimizer?.step).toBe(PROGRESS.step);
    const moments = PARAMETERS.filter(({ trainable }) => trainable).map(({ name }) => name);
    for (const which of ['first', 'second'] as const) {
      expect([...valuesOf(PARAMETERS, optimizer![which]).keys()]).toEqual(moments);
      for (const name of moments) expect(optimizer![which].get(name)).toEqual(TRAINED.optimizer![which].get(name));
    }
    expect(notices).toEqual([]);
  });

  test('the one before, where the last is damaged, which is moved aside and never takes the place of a good one', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const { point, notices } = await opened(folder);
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    expect(point).toMatchObject({ path: previous, progress: PROGRESS });
    expect(notices).toEqual([
      expect.stringMatching(
        new RegExp(`^${last}: header length: .*; going on from ${previous}, step 860; the damaged file was moved to `),
      ),
    ]);
    expect(readFileSync(join(folder, ASIDE, 'last.safetensors')).equals(damaged)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['earlier', 'last.previous.safetensors']);
  });

  test('the one before, where the last is missing', async () => {
    const folder = await runFolder({ 'last.previous.safetensors': 'resumable' });
    const { point, notices } = await opened(folder);
    const previous = join(folder, 'last.previous.safetensors');
    expect(point).toMatchObject({ path: previous });
    expect(notices).toEqual([expect.stringMatching(/no such checkpoint.*; going on from .*, step 860$/)]);
    expect(readdirSync(folder)).toEqual(['last.previous.safetensors']);
  });

  test('neither, where both are damaged: exit code 4 for the last, and both stay', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': damaged });
    const { point, notices } = await opened(folder);
    expect(point).toMatchObject({ code: 4, message: expect.stringContaining(`${join(folder, 'last.safetensors')}: `) });
    expect(notices).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['last.previous.safetensors', 'last.safetensors']);
  });

  test('none but the last, where a later version of this tool wrote that: nothing is wrong with it', async () => {
    const folder = await runFolder({ 'last.safetensors': 'later', 'last.previous.safetensors': 'resumable' });
    const { point } = await opened(folder);
    expect(point).toMatchObject({ code: 4, message: expect.stringMatching(/format_version: 3 is newer than the 2/) });
    expect(readdirSync(folder).sort()).toEqual(['last.previous.safetensors', 'last.safetensors']);
  });

  test('the one that is named, and no other in its place', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    expect((await opened(folder, previous)).point).toMatchObject({ path: previous });
    const { point, notices } = await opened(folder, last);
    expect(point).toMatchObject({ code: 4, message: expect.stringContaining(`${last}: header length`) });
    expect(notices).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['last.previous.safetensors', 'last.safetensors']);
  });

  test('no checkpoint of weights alone: exit code 4', async () => {
    const folder = await runFolder({ 'best.safetensors': {} });
    const best = join(folder, 'best.safetensors');
    expect((await opened(folder, best)).point).toMatchObject({
      code: 4,
      message:
        `${best}: holds weights only, not the optimizer's state: resume from a last.safetensors, or begin a new run ` +
        'with --init',
    });
  });
});
