/** Tests of writing and truncating TensorBoard's event files. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { truncateEventFiles } from '../../src/runtime/tensorboard-files.ts';
import { TensorBoardWriter } from '../../src/runtime/tensorboard-writer.ts';
import { summariesIn } from '../support/event-files.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

describeWithTensorFlow('event files', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  /** Makes a folder with one event file, which has a record of `loss` for each step. */
  function folderWith(...steps: number[]): string {
    const folder = mkdtempSync(join(root, 'events-'));
    writeSteps(folder, steps);
    return folder;
  }

  function writeSteps(folder: string, steps: readonly number[]): void {
    const writer = new TensorBoardWriter(runtime, folder);
    for (const step of steps) writer.scalar('loss', step, 1 / step);
    writer.flush();
    writer.close();
  }

  const fileIn = (folder: string) => join(folder, readdirSync(folder)[0] ?? '');
  const stepsIn = (folder: string) => summariesIn(folder).map(({ step }) => step);
  const upTo = (last: number) => (record: { step: number }) => record.step <= last;

  test('contain scalars in single precision and histograms, with their tags and steps', () => {
    const folder = mkdtempSync(join(root, 'events-'));
    const before = runtime.tf.memory().numTensors;
    const writer = new TensorBoardWriter(runtime, folder);
    writer.scalar('loss', 3, 0.1);
    writer.histogram('weights', 4, Float32Array.of(1, 2, 3));
    writer.histogram('all the same', 5, new Float32Array(7));
    writer.flush();
    writer.close();
    expect(runtime.tf.memory().numTensors).toBe(before);
    const histogram = [expect.any(String)];
    expect(summariesIn(folder)).toEqual([
      { tag: 'loss', step: 3, value: Math.fround(0.1), histogram: [] },
      { tag: 'weights', step: 4, value: 0, histogram },
      { tag: 'all the same', step: 5, value: 0, histogram },
    ]);
  });

  test('a histogram with NaN and a folder that is a file are refused (exit 5)', () => {
    const folder = mkdtempSync(join(root, 'events-'));
    const writer = new TensorBoardWriter(runtime, folder);
    const failure = {
      code: 5,
      message: expect.stringContaining(`${folder}: event files for TensorBoard could not be`),
    };
    const refusalOf = (work: () => void) => {
      try {
        work();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refusalOf(() => writer.histogram('weights', 1, Float32Array.of(Number.NaN)))).toMatchObject(failure);
    writer.close();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'not a folder');
    expect(refusalOf(() => new TensorBoardWriter(runtime, folder))).toMatchObject(failure);
  });

  describe('truncateEventFiles', () => {
    test('truncates each file before its first record that is not to be kept', async () => {
      const folder = folderWith(1, 2, 3, 4);
      writeSteps(folder, [5, 6]);
      await truncateEventFiles(folder, upTo(2));
      expect(stepsIn(folder)).toEqual([1, 2]);
      writeSteps(folder, [3]);
      expect(stepsIn(folder)).toEqual([1, 2, 3]);
    });

    test('does not change a file whose records are all to be kept', async () => {
      const folder = folderWith(1, 2);
      const before = readFileSync(fileIn(folder));
      await truncateEventFiles(folder, upTo(2));
      expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
    });

    test('passes step and tag of each record to the callback', async () => {
      const seen: unknown[] = [];
      await truncateEventFiles(folderWith(1, 2), (record) => seen.push(record) > 0);
      const tag = 'loss';
      expect(seen).toEqual([
        { step: 0, tag: undefined },
        { step: 1, tag },
        { step: 2, tag },
      ]);
    });

    test.each([1, 10, 20])('removes a last record of which %i bytes are missing', async (bytes) => {
      const folder = folderWith(1, 2, 3);
      truncateSync(fileIn(folder), readFileSync(fileIn(folder)).length - bytes);
      await truncateEventFiles(folder, upTo(9));
      expect(stepsIn(folder)).toEqual([1, 2]);
    });

    test('removes zeros that a power failure has left at the end', async () => {
      const folder = folderWith(1, 2);
      appendFileSync(fileIn(folder), Buffer.alloc(5000));
      await truncateEventFiles(folder, upTo(9));
      expect(stepsIn(folder)).toEqual([1, 2]);
    });

    test('does not change files of other programs', async () => {
      const folder = folderWith(1, 2, 3);
      const other = join(folder, 'events.out.tfevents.1.host.1.0.v2');
      renameSync(fileIn(folder), other);
      writeFileSync(join(folder, 'notes.txt'), 'mine');
      await truncateEventFiles(folder, () => false);
      expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
      rmSync(join(folder, 'notes.txt'));
      expect(stepsIn(folder)).toEqual([1, 2, 3]);
    });

    test('refuses a link, a folder and a damaged file (exit 5)', async () => {
      const folder = folderWith();
      const path = join(folder, 'a.resnet');
      const refusal = (reason: string) => ({
        code: 5,
        message: `${path}: cannot be truncated (${reason}); move it away`,
      });
      symlinkSync(fileIn(folderWith(1)), path);
      await expect(truncateEventFiles(folder, upTo(9))).rejects.toMatchObject(refusal('ELOOP'));
      rmSync(path);
      mkdirSync(path);
      await expect(truncateEventFiles(folder, upTo(9))).rejects.toMatchObject(refusal('EISDIR'));
      rmSync(path, { recursive: true });
      writeFileSync(path, Buffer.alloc(100, 3).fill(0, 1, 8));
      await expect(truncateEventFiles(folder, upTo(9))).rejects.toMatchObject(refusal('damaged'));
    });
  });
});
