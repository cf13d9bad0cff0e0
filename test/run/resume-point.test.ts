import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateRun, openResumePoint, type ResumePoint } from '../../src/run/resume-point.ts';
import { PROGRESS } from '../checkpoint/example.ts';
import { damaged, PARAMETERS, runFolder, TRAINED } from '../support/run-folders.ts';
import { valuesOf } from '../support/states.ts';

/** What is opened, or why nothing is; no file is moved for it. */
async function opened(folder: string, checkpoint?: string): Promise<unknown> {
  const before = readdirSync(folder);
  const point = await openResumePoint(checkpoint === undefined ? { folder } : { folder, checkpoint }).catch(
    (error: unknown) => error,
  );
  expect(readdirSync(folder)).toEqual(before);
  return point;
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
        message: `--resume ${named} resumes in its own folder, ${folder}, but --checkpoint-dir and --name give ${other}; leave one out`,
      });
    }
  });

  test('only where there is something: else exit code 4', async () => {
    const nowhere = join(await runFolder({}), 'nowhere');
    const words: [wanted?: string, folder?: string][] = [[nowhere], [undefined, nowhere], []];
    for (const [wanted, folder] of words) {
      await expect(locateRun(wanted, folder, nowhere)).rejects.toMatchObject({
        code: 4,
        message: `${nowhere}: no such file or folder to resume from; begin a run without --resume`,
      });
    }
  });
});

describe('a run goes on from', () => {
  test('its last checkpoint, with weights, moments and place', async () => {
    const folder = await runFolder({ 'last.safetensors': 'resumable', 'last.previous.safetensors': damaged });
    const point = await opened(folder);
    expect(point).toMatchObject({ path: join(folder, 'last.safetensors'), progress: PROGRESS });
    const { optimizer } = (point as ResumePoint).file.state;
    expect(optimizer?.step).toBe(PROGRESS.step);
    const moments = PARAMETERS.filter(({ trainable }) => trainable).map(({ name }) => name);
    for (const which of ['first', 'second'] as const) {
      expect([...valuesOf(PARAMETERS, optimizer![which]).keys()]).toEqual(moments);
      for (const name of moments) expect(optimizer![which].get(name)).toEqual(TRAINED.optimizer![which].get(name));
    }
  });

  test('the one before, where the last is damaged, and says what is wrong with that', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    const damage = expect.stringContaining(`${last}: header length: `);
    expect(await opened(folder)).toMatchObject({ path: previous, progress: PROGRESS, damage });
  });

  test('the one before, where the last is missing', async () => {
    const folder = await runFolder({ 'last.previous.safetensors': 'resumable' });
    const damage = `${join(folder, 'last.safetensors')} is missing`;
    expect(await opened(folder)).toMatchObject({ path: join(folder, 'last.previous.safetensors'), damage });
  });

  test('neither, where both are damaged: exit code 4 for the last', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': damaged });
    const message = expect.stringContaining(`${join(folder, 'last.safetensors')}: `);
    expect(await opened(folder)).toMatchObject({ code: 4, message });
  });

  test('none but the last, where a later version of this tool wrote that: nothing is wrong with it', async () => {
    const folder = await runFolder({ 'last.safetensors': 'later', 'last.previous.safetensors': 'resumable' });
    const message = expect.stringMatching(/format_version: 3 is newer than the 2/);
    expect(await opened(folder)).toMatchObject({ code: 4, message });
  });

  test('the one that is named, and no other in its place', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    expect(await opened(folder, previous)).toMatchObject({ path: previous });
    const message = expect.stringContaining(`${last}: header length`);
    expect(await opened(folder, last)).toMatchObject({ code: 4, message });
  });

  test('no checkpoint of weights alone: exit code 4', async () => {
    const folder = await runFolder({ 'best.safetensors': {} });
    const best = join(folder, 'best.safetensors');
    expect(await opened(folder, best)).toMatchObject({
      code: 4,
      message:
        `${best}: holds weights only, not the optimizer's state: resume from a last.safetensors, or begin a new run ` +
        'with --init',
    });
  });
});
