/** The checkpoint that a run resumes from. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateRun, openResumePoint, type ResumePoint } from '../../../src/run/resume/resume-point.ts';
import { PROGRESS } from '../../checkpoint/example.ts';
import { damaged, PARAMETERS, runFolder, TRAINED } from '../../support/run-folders.ts';
import { valuesOf } from '../../support/states.ts';

/** The checkpoint that is opened, or the reason why none is. Checks that no file is moved. */
async function opened(folder: string, checkpoint?: string): Promise<unknown> {
  const before = readdirSync(folder);
  const point = await openResumePoint(checkpoint === undefined ? { folder } : { folder, checkpoint }).catch(
    (error: unknown) => error,
  );
  expect(readdirSync(folder)).toEqual(before);
  return point;
}

describe('--resume', () => {
  const located = (run: string | undefined, parent: string, name?: string, isParentGiven = true) =>
    locateRun({ run, name, parent, isParentGiven }, () => {});

  test('finds a run by its folder, or by a checkpoint in it', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged });
    const checkpoint = join(folder, 'last.safetensors');
    expect(await located(folder, 'elsewhere', undefined, false)).toEqual({ folder });
    expect(await located(checkpoint, 'elsewhere', undefined, false)).toEqual({ folder, checkpoint });
  });

  test('finds a run in --checkpoint-dir, and there by its name', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged });
    expect(await located(undefined, folder)).toEqual({ folder });
    expect(await located(undefined, dirname(folder), basename(folder))).toEqual({ folder });
    expect(await located(basename(folder), dirname(folder))).toEqual({ folder });
    expect(await located(basename(folder), dirname(folder), basename(folder))).toEqual({ folder });
  });

  test('accepts the run’s own folder as --checkpoint-dir, however it is spelled', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged });
    const checkpoint = join(folder, 'last.safetensors');
    expect(await located(checkpoint, `${folder}/./`)).toEqual({ folder, checkpoint });
  });

  test('refuses another folder than the run’s own as --checkpoint-dir (exit 2)', async () => {
    const [folder, other] = [await runFolder({ 'last.safetensors': damaged }), await runFolder({})];
    for (const named of [folder, join(folder, 'last.safetensors')]) {
      await expect(located(named, other)).rejects.toMatchObject({
        code: 2,
        message: `--resume ${named} resumes in its own folder, ${folder}, but --checkpoint-dir and --name give ${other}; leave one out`,
      });
    }
  });

  test('refuses a path without a run (exit 4)', async () => {
    const nowhere = join(await runFolder({}), 'nowhere');
    const tries = [
      located(nowhere, 'elsewhere'),
      located(undefined, nowhere),
      located(undefined, dirname(nowhere), 'nowhere'),
    ];
    for (const located of tries) {
      const message = `${nowhere}: no such run or checkpoint; make one with \`resnet train\``;
      await expect(located).rejects.toMatchObject({ code: 4, message });
    }
  });
});

describe('a resumed run', () => {
  test('reads weights, moments and progress from its last checkpoint', async () => {
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

  test('reads the previous checkpoint where the last is damaged, and says what is wrong with the last', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    const damage = expect.stringContaining(`${last}: header length: `);
    expect(await opened(folder)).toMatchObject({ path: previous, progress: PROGRESS, damage });
  });

  test('reads the previous checkpoint where the last is missing', async () => {
    const folder = await runFolder({ 'last.previous.safetensors': 'resumable' });
    const damage = `${join(folder, 'last.safetensors')} is missing`;
    expect(await opened(folder)).toMatchObject({ path: join(folder, 'last.previous.safetensors'), damage });
  });

  test('is refused where both checkpoints are damaged (exit 4), naming the last', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': damaged });
    const message = expect.stringContaining(`${join(folder, 'last.safetensors')}: `);
    expect(await opened(folder)).toMatchObject({ code: 4, message });
  });

  test('is refused where the last checkpoint has a newer format (exit 4), though the previous one is good', async () => {
    const folder = await runFolder({ 'last.safetensors': 'later', 'last.previous.safetensors': 'resumable' });
    const message = expect.stringMatching(/format_version: 5 is newer than the 4/);
    expect(await opened(folder)).toMatchObject({ code: 4, message });
  });

  test('reads the checkpoint that the user named, and no other in its place', async () => {
    const folder = await runFolder({ 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' });
    const [last, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
    expect(await opened(folder, previous)).toMatchObject({ path: previous });
    const message = expect.stringContaining(`${last}: header length`);
    expect(await opened(folder, last)).toMatchObject({ code: 4, message });
  });

  test('is refused from a checkpoint of weights alone (exit 4)', async () => {
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
