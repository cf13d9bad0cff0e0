import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import { type ResumePoint, standingBest } from '../../src/training/resume-point.ts';
import { METADATA, PROGRESS } from '../checkpoint/example.ts';
import { ARCHITECTURE, ASIDE, damaged, now, runFolder } from '../support/run-folders.ts';

describe('what the next epochs must beat is', () => {
  const metadata: CheckpointMetadata = { ...METADATA, architecture: ARCHITECTURE };
  const point = { metadata, progress: PROGRESS } as ResumePoint;

  async function standing(folder: string, otherImages = false) {
    const notices: string[] = [];
    const best = await standingBest(folder, point, otherImages, now, (message) => notices.push(message));
    return { best, notices };
  }

  test('what the best checkpoint holds, whatever the last one says of it', async () => {
    const folder = await runFolder({ 'best.safetensors': { epoch: 7, step: 3010, validationLoss: 0.03125 } });
    expect(await standing(folder)).toEqual({
      best: { epoch: 7, step: 3010, loss: 0.03125, accuracy: 0.985 },
      notices: [],
    });
    expect(readdirSync(folder)).toEqual(['best.safetensors']);
  });

  test('nothing, where it is gone', async () => {
    const folder = await runFolder({});
    expect(await standing(folder)).toEqual({
      best: null,
      notices: [`${join(folder, 'best.safetensors')} is gone: the next epoch is kept as the best`],
    });
  });

  test('nothing yet, where no epoch was finished', async () => {
    const young = { ...point, progress: { ...PROGRESS, best: null } };
    const notices: string[] = [];
    expect(await standingBest(await runFolder({}), young, false, now, (message) => notices.push(message))).toBeNull();
    expect(notices).toEqual([]);
  });

  test('nothing, where it is damaged: it is moved aside', async () => {
    const folder = await runFolder({ 'best.safetensors': damaged });
    const { best, notices } = await standing(folder);
    expect(best).toBeNull();
    expect(notices).toEqual([
      expect.stringContaining(`; it was moved to ${join(folder, ASIDE)}, and the next epoch is kept as the best`),
    ]);
    expect(readFileSync(join(folder, ASIDE, 'best.safetensors')).equals(damaged)).toBe(true);
    expect(readdirSync(folder)).toEqual(['earlier']);
  });

  test.each<[string, Partial<CheckpointMetadata>]>([
    ['seed', { seed: 1 }],
    ['size', { validationSize: 10 }],
    ['data', { dataHash: '0badcafe' }],
    ['limit', { settings: { limitValidation: 5 } }],
  ])('nothing, where its validation images are others by their %s: it is moved aside', async (_, changes) => {
    const folder = await runFolder({ 'best.safetensors': changes });
    const path = join(folder, 'best.safetensors');
    expect(await standing(folder)).toEqual({
      best: null,
      notices: [
        `${path}: was validated on other images; it was moved to ${join(folder, ASIDE)}, and the next epoch is kept as ` +
          'the best',
      ],
    });
    expect(readdirSync(join(folder, ASIDE))).toEqual(['best.safetensors']);
  });

  test('nothing, where the run goes on with other images: it is moved aside', async () => {
    const folder = await runFolder({ 'best.safetensors': {} });
    expect((await standing(folder, true)).best).toBeNull();
    expect(readdirSync(join(folder, ASIDE))).toEqual(['best.safetensors']);
  });
});
