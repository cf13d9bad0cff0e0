import { join } from 'node:path';
import { RUN_FILES, setAsideEarlierRun } from '../checkpoint/run-folder.ts';
import { runtimeLine } from '../report/runtime.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { prepareRun, startRun } from '../training/run.ts';
import { openWithNotice } from './runtime.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';

interface TrainFlags extends RuntimeChoice {
  readonly epochs: number;
  readonly lr: number;
  readonly 'batch-size': number;
  readonly seed: number;
  readonly 'checkpoint-dir': string;
  readonly init?: string;
  readonly 'data-dir'?: string;
  readonly classes: number;
  readonly 'val-size': number;
  readonly 'limit-train'?: number;
  readonly 'limit-val'?: number;
  readonly 'log-interval': number;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

/** `resnet train`: Adam over the training images, the best validation checkpoint kept. */
export async function train(flags: TrainFlags): Promise<void> {
  const folder = flags['checkpoint-dir'];
  const run = await prepareRun({
    dataDir: flags['data-dir'],
    classes: flags.classes,
    validationSize: flags['val-size'],
    limitTrain: flags['limit-train'],
    limitValidation: flags['limit-val'],
    seed: flags.seed,
    epochs: flags.epochs,
    learningRate: flags.lr,
    batchSize: flags['batch-size'],
    init: flags.init,
    folder,
    dryRun: flags['dry-run'],
  });
  const runtime = await openWithNotice(flags);
  const { backend, device, version } = runtime;
  const { epochs, learningRate, batchSize, seed } = run.plan;
  if (!flags['dry-run']) {
    const aside = await setAsideEarlierRun(folder, new Date());
    if (aside !== undefined) process.stderr.write(`an earlier run's files were moved to ${aside}\n`);
  }
  const output = await TrainOutput.open({ json: flags.json, epochs, logInterval: flags['log-interval'] });
  try {
    output.start(runtimeLine(runtime), {
      ...{ backend, device, version, epochs, batchSize, learningRate, seed },
      trainImages: run.plan.train.length,
      validationImages: run.plan.validation.length,
    });
    const best = await interruptible(`the epochs that were finished are in ${folder}`, (signal) =>
      startRun(run, runtime, { onEvent: (event) => output.event(event), signal }),
    );
    output.end(best, flags['dry-run'] ? undefined : join(folder, RUN_FILES.best));
  } finally {
    output.close();
  }
}
