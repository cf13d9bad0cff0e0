/** `train` as a generator of events: left early, aborted, resumed, refused. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { TrainSettings } from '../../src/api/setting-types.ts';
import { train } from '../../src/api/train.ts';
import type { TrainEvent } from '../../src/api/train-events.ts';
import { ExitCode } from '../../src/errors.ts';
import { LOCK_FILE } from '../../src/run/folder/run-files.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { writeTrainingData } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
writeTrainingData(dataDir, 50);

/** Two epochs of five steps. */
const SETTINGS: TrainSettings = {
  ...{ recipe: 'lesson', width: 2, epochs: 2, batchSize: 8, valSize: 10, noCompile: true, logInterval: 1 },
  ...{ dataDir, checkpointDir: folder, normalize: [0.5, 0.5] },
};

/** The events of a training up to the first that is wanted; default: all. */
async function eventsUntil(
  settings: Parameters<typeof train>[0],
  isLast: (event: TrainEvent) => boolean = () => false,
): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of train({ ...SETTINGS, ...settings })) {
    events.push(event);
    if (isLast(event)) break;
  }
  return events;
}

const isStep = (step: number) => (event: TrainEvent) => event.type === 'step' && event.step === step;
const weights = (name: string) => readFileSync(join(folder, name, 'last.safetensors'));
const startsAt = (events: readonly TrainEvent[]) => events.find(({ type }) => type === 'start');

test('a run that a loop leaves twice and resumes ends with the very bytes of one that never stopped', async () => {
  const whole = await eventsUntil({ name: 'whole' });
  const types = whole.map(({ type }) => type);
  const ofLoop = types.filter((type) => !['loading', 'validation', 'saved'].includes(type)); // a save comes when it is done
  const epoch = [...Array(5).fill('step'), 'epoch'];
  expect(ofLoop).toEqual(['prepared', 'start', ...epoch, ...epoch, 'end']);
  expect(types.filter((type) => type === 'saved')).toHaveLength(2);
  const { tf } = await openRuntime();
  const tensors = tf.memory().numTensors;
  await eventsUntil({ name: 'left' }, isStep(3));
  expect(tf.memory().numTensors).toBe(tensors);
  expect(existsSync(join(folder, 'left', LOCK_FILE))).toBe(false);
  const resumed = await eventsUntil({ name: 'left', resume: true }, ({ type }) => type === 'epoch');
  expect(startsAt(resumed)).toMatchObject({ step: 3 });
  const rest = await eventsUntil({ name: 'left', resume: true });
  expect(startsAt(rest)).toMatchObject({ step: 5, resumed: { epoch: 2, batch: 0 } });
  expect(weights('left').equals(weights('whole'))).toBe(true);
  const finished = await eventsUntil({ name: 'left', resume: true });
  expect(finished.map(({ type }) => type)).toEqual(['prepared', 'finished']);
  expect(finished.at(-1)).toMatchObject({ step: 10, epochs: 2, best: { epoch: expect.any(Number) } });
});

test('an aborted signal stops after the step, saves it, and throws its reason after the event that says so', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const events: TrainEvent[] = [];
  const loop = async () => {
    for await (const event of train({ ...SETTINGS, name: 'aborted', signal: controller.signal })) {
      events.push(event);
      if (isStep(2)(event)) controller.abort(reason);
    }
  };
  await expect(loop()).rejects.toBe(reason);
  expect(events.at(-1)).toMatchObject({
    type: 'saved',
    step: 2,
    checkpoint: join(folder, 'aborted', 'last.safetensors'),
  });
  expect(existsSync(join(folder, 'aborted', LOCK_FILE))).toBe(false);
});

test('a signal that is aborted when nothing is left to stop throws nothing', async () => {
  const controller = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of train({ ...SETTINGS, name: 'late', epochs: 1, signal: controller.signal })) {
    events.push(event);
    if (event.type === 'epoch') controller.abort(new Error('late'));
  }
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['saved', 'end']);
});

test('a signal that is aborted before throws at once, and makes no folder', async () => {
  const signal = AbortSignal.abort(new Error('never'));
  await expect(eventsUntil({ name: 'never', signal })).rejects.toThrow('never');
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test('says every setting of the run before it starts, under the names that it takes', async () => {
  const events = await eventsUntil({ name: 'told', lr: 0.002, dryRun: true });
  const prepared = events.find(({ type }) => type === 'prepared');
  expect(prepared).toMatchObject({ epochs: 1, best: null, settings: { lr: 0.002, batchSize: 8, valSize: 10 } });
  expect(prepared).not.toHaveProperty('folder');
});

test.each([
  ['a setting that does not exist', { batchsize: 3 }, ExitCode.usage, /did you mean batchSize/],
  ['data that do not exist', { dataDir: join(folder, 'nowhere') }, ExitCode.data, /nowhere/],
  ['a run to resume that does not exist', { resume: 'nothing' }, ExitCode.checkpoint, /nothing/],
  [
    'weights of too few classes',
    { classWeights: [1, 2] },
    ExitCode.usage,
    /2 weights of classes, but the data have 10/,
  ],
])('refuses %s', async (_, settings, code, message) => {
  const refused = eventsUntil({ name: 'refused', ...settings } as Parameters<typeof train>[0]);
  await expect(refused).rejects.toMatchObject({ name: 'UserError', code, message: expect.stringMatching(message) });
});
