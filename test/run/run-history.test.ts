/** The history of a run, read from its log. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderOfRecords, readRunHistory } from '../../src/run/run-history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

const step = { event: 'step', epoch: 1, step: 1, batch: 0, batches: 2, loss: 2.3, learningRate: 0.001 };

function epoch(number: number, loss: number) {
  const metrics = { images: 1, loss, accuracy: 0.5 };
  return { event: 'epoch', epoch: number, train: metrics, validation: metrics, imagesPerSecond: 1, seconds: 1 };
}

/** A run's folder with a log of these lines: events, or any text. */
function folderOf(lines: readonly (object | string)[]): string {
  const folder = mkdtempSync(join(root, 'run-'));
  const texts = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'events.ndjson'), texts.join(''));
  return folder;
}

async function read(lines: readonly (object | string)[]) {
  const notices: string[] = [];
  return { ...(await readRunHistory(folderOf(lines), 2, (message) => notices.push(message))), notices };
}

test('the log of a checkpoint that a new run has not replaced yet is that of its own run, in earlier/', async () => {
  const folder = folderOf([step, epoch(1, 0.75)]); // an epoch whose best is still to be saved
  const earlier = join(folder, 'earlier', '2024-05-06T07-08-09');
  expect(await folderOfRecords(folder, { epoch: 1, validationLoss: 0.5 })).toBe(folder);
  mkdirSync(earlier, { recursive: true });
  writeFileSync(join(earlier, 'events.ndjson'), `${JSON.stringify(epoch(1, 0.5))}\n`);
  expect(await folderOfRecords(folder, { epoch: 1, validationLoss: 0.5 })).toBe(earlier);
  expect(await folderOfRecords(folder, { epoch: 1, validationLoss: 0.75 })).toBe(folder);
  expect(await folderOfRecords(folder, { epoch: 1, validationLoss: undefined })).toBe(folder); // saved inside an epoch
});

describe('the history of a run', () => {
  test('has the logged steps and epochs, and the best epoch of the checkpoint, whatever the log says', async () => {
    const events = [
      { event: 'start', schema: 1 },
      step,
      epoch(1, 0.5),
      { event: 'saved' },
      epoch(2, 0.3),
      epoch(3, 0.2),
    ];
    const { steps, epochs, best, notices } = await read(events);
    expect(steps).toEqual([{ epoch: 1, batch: 0, batches: 2, loss: 2.3, learningRate: 0.001 }]);
    expect(epochs.map((each) => each.epoch)).toEqual([1, 2, 3]);
    expect([best?.epoch, notices]).toEqual([2, []]);
    expect((await read([epoch(1, 0.1)])).best).toBeUndefined();
  });

  test('has the starts with their schedules, and without one where the log does not say it', async () => {
    const rates = { epochs: 3, learningRate: 0.01, schedule: 'one-cycle', warmup: 0.9 };
    const resumed = { epoch: 2, batch: 1, batches: 4, changes: [] };
    const first = { event: 'start', schema: 1, ...rates };
    const second = { ...first, warmup: undefined, resumed };
    const { starts } = await read([first, step, second, { ...first, schedule: 'x' }, epoch(1, 1)]);
    const schedule = { name: 'one-cycle', peak: 0.01, warmup: 0.9, epochs: 3 };
    expect(starts).toEqual([
      { at: 0, firstStep: 0, schedule, stepsPerEpoch: undefined },
      { at: 1.25, firstStep: 1, schedule: { ...schedule, warmup: undefined }, stepsPerEpoch: 4 },
      { at: 0.5, firstStep: 1, schedule: undefined },
    ]);
  });

  test.each([
    ['no JSON', '{"event":'],
    ['no object', '[1]'],
    ['a step without a loss, as JSON has no NaN', { ...step, loss: null }],
    ['an epoch before the first', epoch(0, 1)],
    ['an accuracy above 1', { ...epoch(2, 1), train: { loss: 1, accuracy: 1.5 } }],
  ])('leaves out a line with %s, and names it', async (_, line) => {
    const { steps, epochs, notices } = await read([line, epoch(1, 1)]);
    expect([steps.length, epochs.length]).toEqual([0, 1]);
    expect(notices).toEqual([expect.stringMatching(/events\.ndjson: skipped what is not a valid event: line 1$/)]);
  });

  test('counts the damaged lines where there are many', async () => {
    const { notices } = await read([epoch(1, 1), ...['a', 'b', 'c', 'd', 'e']]);
    expect(notices[0]).toMatch(/: lines 2, 3, 4 and 2 more$/);
  });

  test('ignores a last line that was cut by a kill, without a notice', async () => {
    const folder = folderOf([epoch(1, 1)]);
    writeFileSync(join(folder, 'events.ndjson'), '{"event":"step', { flag: 'a' });
    await readRunHistory(folder, 1, (message) => {
      throw new Error(message);
    });
  });

  test.each([
    ['no finished epoch', [step], /events\.ndjson: no epoch of this run is finished; resume it first$/],
    ['a later schema', [{ event: 'start', schema: 2 }], /events of schema 2 are newer than the 1 known here; upgrade/],
  ])('is refused of %s: exit code 4', async (_, lines, message) => {
    await expect(read(lines)).rejects.toMatchObject({ code: 4, message: expect.stringMatching(message) });
  });

  test('is refused for a folder without a log (exit 4) and for a log that is no file (exit 5)', async () => {
    const none = mkdtempSync(join(root, 'run-'));
    const missing = { code: 4, message: expect.stringMatching(/no such file; name the folder of a run/) };
    await expect(readRunHistory(none, 1, () => {})).rejects.toMatchObject(missing);
    mkdirSync(join(none, 'events.ndjson'));
    await expect(readRunHistory(none, 1, () => {})).rejects.toMatchObject({ code: 5 });
  });
});
