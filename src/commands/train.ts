import { join } from 'node:path';
import { RUN_FILES, setAsideEarlierRun } from '../checkpoint/run-folder.ts';
import { lockRunFolder, type RunLock } from '../checkpoint/run-lock.ts';
import type { Architecture } from '../net/resnet.ts';
import { printable } from '../printable.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { prepareRun, startRun } from '../training/run.ts';
import { LiveLine } from './live-line.ts';
import { openWithNotice } from './runtime.ts';
import { interruptible } from './signals.ts';
import { TrainOutput } from './train-output.ts';

interface TrainFlags extends RuntimeChoice, Omit<Architecture, 'channels'> {
  readonly epochs: number;
  readonly lr: number;
  readonly 'batch-size': number;
  readonly seed: number;
  readonly 'checkpoint-dir': string;
  readonly init?: string;
  readonly 'data-dir'?: string;
  readonly 'val-size': number;
  readonly 'limit-train'?: number;
  readonly 'limit-val'?: number;
  readonly 'log-interval': number;
  readonly 'dry-run'?: boolean;
  readonly 'no-compile'?: boolean;
  readonly json?: boolean;
}

/** `resnet train`: Adam over the training images, the best validation checkpoint kept. */
export async function train(flags: TrainFlags): Promise<void> {
  const folder = flags['checkpoint-dir'];
  const dryRun = flags['dry-run'] ?? false;
  const run = await prepareRun({
    dataDir: flags['data-dir'],
    depth: flags.depth,
    width: flags.width,
    variant: flags.variant,
    stem: flags.stem,
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
    dryRun,
    logInterval: flags['log-interval'],
    compile: !flags['no-compile'],
  });
  const live = await LiveLine.start('loading the backend');
  let lock: RunLock | undefined;
  try {
    const runtime = await openWithNotice(flags, live);
    if (!dryRun) {
      const now = new Date();
      lock = await lockRunFolder(folder, now);
      if (lock.recoveredFrom !== undefined)
        live.note(`a lock left behind by process ${lock.recoveredFrom} was removed\n`);
      const aside = await setAsideEarlierRun(folder, now);
      if (aside !== undefined) live.note(`an earlier run's files were moved to ${printable(aside)}\n`);
    }
    const output = new TrainOutput(live, {
      json: flags.json ?? false,
      epochs: run.plan.epochs,
      logInterval: flags['log-interval'],
    });
    output.start(runtime, run);
    const best = await interruptible(
      () => output.kept(dryRun ? undefined : folder),
      (signal) => startRun(run, runtime, { onEvent: (event) => output.event(event), watched: live.visible, signal }),
    );
    output.end(best, dryRun ? undefined : { path: join(folder, RUN_FILES.best), dataDir: flags['data-dir'] });
  } finally {
    live.stop();
    await lock?.release();
  }
}
