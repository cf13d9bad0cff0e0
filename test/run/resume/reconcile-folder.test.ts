/** The best and the last checkpoint in the folder of a resumed run: which count, and which are moved aside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CheckpointMetadata } from '../../../src/checkpoint/metadata.ts';
import type { Progress } from '../../../src/checkpoint/progress.ts';
import { reconciliationOf } from '../../../src/run/resume/reconcile-folder.ts';
import type { ResumePoint } from '../../../src/run/resume/resume-point.ts';
import type { BestMeasure } from '../../../src/training/best-measure.ts';
import { METADATA, PROGRESS } from '../../checkpoint/example.ts';
import { ARCHITECTURE, ASIDE, damaged, now, runFolder } from '../../support/run-folders.ts';

describe('a resumed run', () => {
  const metadata: CheckpointMetadata = { ...METADATA, architecture: ARCHITECTURE };

  async function standing(
    folder: string,
    otherImages = false,
    progress: Progress = PROGRESS,
    run = metadata,
    bestBy: BestMeasure = 'loss',
  ) {
    const point = { path: join(folder, 'last.safetensors'), metadata: run, progress } as ResumePoint;
    const notices: string[] = [];
    const { best, apply } = await reconciliationOf(folder, point, { otherImages, bestBy }, now, (message) =>
      notices.push(message),
    );
    await apply();
    return { best, notices };
  }

  test('has to beat the loss in its best checkpoint, whatever the last one says of it', async () => {
    const folder = await runFolder({ 'best.safetensors': { epoch: 7, step: 3010, validationLoss: 0.03125 } });
    expect(await standing(folder)).toEqual({
      best: { epoch: 7, step: 3010, loss: 0.03125, accuracy: 0.985 },
      notices: [],
    });
    expect(readdirSync(folder)).toEqual(['best.safetensors']);
  });

  test('has to beat all figures of its best checkpoint, whichever measure chose it', async () => {
    const figures = { validationBalancedAccuracy: 0.75, validationMacroF1: 0.5 };
    const folder = await runFolder({ 'best.safetensors': figures });
    const { best } = await standing(folder, false, PROGRESS, metadata, 'macro-f1');
    expect(best).toMatchObject({ loss: 0.046875, accuracy: 0.985, balancedAccuracy: 0.75, macroF1: 0.5 });
  });

  test('keeps a best checkpoint of an older version, which lacks the figure that counts now, until there is another', async () => {
    const folder = await runFolder({ 'best.safetensors': {} });
    const path = join(folder, 'best.safetensors');
    expect((await standing(folder, false, PROGRESS, metadata, 'accuracy')).best).toMatchObject({ accuracy: 0.985 });
    expect(await standing(folder, false, PROGRESS, metadata, 'macro-f1')).toEqual({
      best: null,
      notices: [
        `${path}: its macro F1 is not known; it is kept in ${join(folder, ASIDE)}, and the next epoch replaces it`,
      ],
    });
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
  });

  test('has no loss to beat where the best checkpoint is missing', async () => {
    const folder = await runFolder({});
    expect(await standing(folder)).toEqual({
      best: null,
      notices: [`${join(folder, 'best.safetensors')} is missing; the next epoch becomes the best`],
    });
  });

  test('has no loss to beat, and reports nothing, where no epoch was finished', async () => {
    const folder = await runFolder({});
    expect(await standing(folder, false, { ...PROGRESS, best: null })).toEqual({ best: null, notices: [] });
  });

  test('moves a damaged best checkpoint aside and has no loss to beat', async () => {
    const folder = await runFolder({ 'best.safetensors': damaged });
    const { best, notices } = await standing(folder);
    expect(best).toBeNull();
    expect(notices).toEqual([
      expect.stringContaining(`; it was moved to ${join(folder, ASIDE)}; the next epoch becomes the best`),
    ]);
    expect(readFileSync(join(folder, ASIDE, 'best.safetensors')).equals(damaged)).toBe(true);
    expect(readdirSync(folder)).toEqual(['earlier']);
  });

  test('replaces a damaged best checkpoint with the previous one', async () => {
    const previous = { epoch: 3, step: 1290, validationLoss: 0.25 };
    const folder = await runFolder({ 'best.safetensors': damaged, 'best.previous.safetensors': previous });
    const { best, notices } = await standing(folder);
    expect(best).toEqual({ epoch: 3, step: 1290, loss: 0.25, accuracy: 0.985 });
    expect(notices).toEqual([expect.stringMatching(/; the previous best, of epoch 3, replaces it$/)]);
    expect(readFileSync(join(folder, ASIDE, 'best.safetensors')).equals(damaged)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
  });

  test('refuses a best checkpoint of a newer format (exit 4) and leaves it in place', async () => {
    const folder = await runFolder({ 'best.safetensors': 'later' });
    await expect(standing(folder)).rejects.toMatchObject({ code: 4 });
    expect(readdirSync(folder)).toEqual(['best.safetensors']);
  });

  test.each<[string, Partial<CheckpointMetadata>]>([
    ['seed', { seed: 1 }],
    ['size', { validationSize: 10 }],
    ['data', { dataHash: '0badcafe'.repeat(8) }],
    ['limit', { settings: { limitValidation: 5 } }],
  ])(
    'keeps a best checkpoint of other images in place, and in earlier/, until there is another, by their %s',
    async (_, changes) => {
      const folder = await runFolder({ 'best.safetensors': changes });
      const path = join(folder, 'best.safetensors');
      expect(await standing(folder)).toEqual({
        best: null,
        notices: [
          `${path}: was validated on other images; it is kept in ${join(folder, ASIDE)}, and the next epoch replaces it`,
        ],
      });
      expect(readdirSync(join(folder, ASIDE))).toEqual(['best.safetensors']);
      expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
    },
  );

  test.each<[string, Partial<CheckpointMetadata>]>([
    ['its step', { epoch: 2, step: 861 }],
    ['its epoch', { epoch: 3, step: 859 }],
  ])('keeps a best checkpoint that another run saved, as %s shows, in place and in earlier/', async (_, place) => {
    const folder = await runFolder({ 'best.safetensors': place });
    const { best, notices } = await standing(folder);
    expect(best).toBeNull();
    expect(notices).toEqual([expect.stringMatching(/best\.safetensors: belongs to another run; it is kept in /)]);
    expect(readdirSync(join(folder, ASIDE))).toEqual(['best.safetensors']);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
  });

  test('has no loss to beat where the best checkpoint is of another network', async () => {
    const folder = await runFolder({ 'best.safetensors': {} });
    const wider = { ...metadata, architecture: { ...ARCHITECTURE, width: 2 * ARCHITECTURE.width } };
    const { best, notices } = await standing(folder, false, PROGRESS, wider);
    expect(best).toBeNull();
    expect(notices).toEqual([expect.stringMatching(/best\.safetensors: belongs to another run; it is kept in /)]);
  });

  test('on other validation images, moves the previous best aside, and keeps the best until there is another', async () => {
    const folder = await runFolder({ 'best.safetensors': {}, 'best.previous.safetensors': {} });
    expect((await standing(folder, true)).best).toBeNull();
    expect(readdirSync(join(folder, ASIDE)).sort()).toEqual(['best.previous.safetensors', 'best.safetensors']);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
    // Resumed once more before there is another: nothing is kept twice.
    const { best, notices } = await standing(folder, false, { ...PROGRESS, best: null });
    expect(best).toBeNull();
    expect(notices).toEqual([
      `${join(folder, 'best.safetensors')} is still the earlier run's in ${join(folder, ASIDE)}; the next epoch replaces it`,
    ]);
    expect(readdirSync(join(folder, 'earlier'))).toHaveLength(1);
  });
});

describe('a last checkpoint that is not resumed', () => {
  const files = { 'last.safetensors': damaged, 'last.previous.safetensors': 'resumable' } as const;

  test.each<[string, damage: string | undefined]>([
    [
      'is moved aside where it is damaged, so that the next save keeps the good previous one',
      'last.safetensors: is damaged',
    ],
    ['is moved aside where the user named another checkpoint', undefined],
  ])('%s', async (_, damage) => {
    const folder = await runFolder(files);
    const path = join(folder, 'last.previous.safetensors');
    const point = { path, metadata: METADATA, progress: { ...PROGRESS, best: null }, damage } as ResumePoint;
    const notices: string[] = [];
    const { apply } = await reconciliationOf(folder, point, { otherImages: false, bestBy: 'loss' }, now, (message) =>
      notices.push(message),
    );
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
    await apply();
    const beginning = damage === undefined ? '' : `${damage}; `;
    const moved = `last.safetensors was moved to ${join(folder, ASIDE)}`;
    expect(notices).toEqual([`${beginning}resuming from ${path}, step 860; ${moved}`]);
    expect(readFileSync(join(folder, ASIDE, 'last.safetensors')).equals(damaged)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['earlier', 'last.previous.safetensors']);
  });
});
