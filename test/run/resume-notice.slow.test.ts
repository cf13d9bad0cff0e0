/** What a resumed run says about the machine that computed its checkpoint. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { CheckpointMetadata } from '../../src/checkpoint/metadata.ts';
import { processorFacts } from '../../src/run/processor.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { begin, resumeIn, SETTINGS, seeRun, writeTrainingData } from '../support/runs.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const folder = join(root, 'run');
const { threads, processor } = processorFacts();

test('the processor is described by its instruction sets in a fixed order, or by its model', () => {
  expect(processor).toMatch(process.platform === 'linux' ? /^[a-z0-9_]+( [a-z0-9_]+)*$/ : /./);
  expect(processorFacts()).toEqual({ threads, processor });
});

test('the threads are those that the environment gives TensorFlow, else one for each core', () => {
  const before = process.env.TF_NUM_INTRAOP_THREADS;
  try {
    for (const [given, wanted] of [
      ['3', 3],
      ['0', availableParallelism()],
      ['many', availableParallelism()],
    ] as const) {
      process.env.TF_NUM_INTRAOP_THREADS = given;
      expect(processorFacts().threads).toBe(wanted);
    }
  } finally {
    if (before === undefined) delete process.env.TF_NUM_INTRAOP_THREADS;
    else process.env.TF_NUM_INTRAOP_THREADS = before;
  }
});

describeWithTensorFlow('a resumed run', () => {
  let runtime: Runtime;
  let epochs = 1;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow', device: 'cpu' });
    const dataDir = join(root, 'data');
    writeTrainingData(dataDir, 30);
    await seeRun(await begin(folder, { ...SETTINGS, dataDir, epochs, opByOp: true, device: 'cpu' }), runtime);
  });

  /** The notices of the run when it resumes, if its checkpoint said this. */
  async function noticesAfter(
    said: Partial<NonNullable<CheckpointMetadata['computedOn']>>,
  ): Promise<readonly string[]> {
    epochs += 1;
    const run = await resumeIn(folder, { epochs });
    const { resumed } = run;
    expect(resumed?.computedOn).toMatchObject({ threads, processor });
    if (!resumed?.computedOn) throw new Error('the checkpoint does not say what computed it');
    const { notices } = await seeRun(
      { ...run, resumed: { ...resumed, computedOn: { ...resumed.computedOn, ...said } } },
      runtime,
    );
    return notices;
  }

  test('says nothing on the machine of its checkpoint, or if that does not say its processor', async () => {
    expect(await noticesAfter({})).toEqual([]);
    expect(await noticesAfter({ threads: undefined, processor: undefined })).toEqual([]);
  });

  test.each([
    ['another number of cores', { threads: 99 }, `99 threads with ${processor}`],
    ['another processor', { processor: 'avx9' }, `${threads} thread`],
    ['another number, on a processor that is not known', { threads: 99, processor: undefined }, `with ${processor},`],
  ])('says once that results may differ in the last bit after %s', async (_, said, description) => {
    const notices = await noticesAfter(said);
    expect(notices).toEqual([
      expect.stringMatching(/^the checkpoint was computed on .*: results may differ in the last bit/),
    ]);
    expect(notices[0]).toContain(description);
  });

  test('says only that results will not be bit-identical after another backend', async () => {
    const notices = await noticesAfter({ version: '1.0', threads: 99 });
    expect(notices).toEqual([expect.stringContaining('results will not be bit-identical')]);
  });
});
