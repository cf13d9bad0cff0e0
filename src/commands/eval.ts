import { evaluationText } from '../report/evaluation.ts';
import { runtimeLine } from '../report/runtime.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { evaluatePrepared, prepareEvaluation, type Split } from '../training/evaluate-file.ts';
import { wilsonInterval } from '../training/metrics.ts';
import { LiveLine } from './live-line.ts';
import { openWithNotice } from './runtime.ts';
import { interruptible } from './signals.ts';

interface EvalFlags extends RuntimeChoice {
  readonly checkpoint: string;
  readonly split: Split;
  readonly 'data-dir'?: string;
  readonly 'limit-test'?: number;
  readonly 'no-compile'?: boolean;
  readonly json: boolean;
}

/** `resnet eval`: loss and accuracy of a checkpoint. */
export async function evaluate(flags: EvalFlags): Promise<void> {
  const { checkpoint, split, json } = flags;
  const prepared = await prepareEvaluation({
    checkpoint,
    split,
    dataDir: flags['data-dir'],
    limit: flags['limit-test'],
  });
  const live = await LiveLine.start('loading the backend');
  try {
    const runtime = await openWithNotice(flags, live);
    const { backend, device, version } = runtime;
    if (!json) live.print(`${runtimeLine(runtime)}\n`);
    const began = performance.now();
    const { images, loss, accuracy } = await interruptible(
      () => 'nothing was changed',
      (signal) => {
        const onProgress = (done: number) => live.update(`evaluating ${done}/${prepared.indices.length}`);
        return evaluatePrepared(prepared, runtime, !flags['no-compile'], { onProgress, signal });
      },
    );
    const seconds = (performance.now() - began) / 1000;
    const interval = wilsonInterval(accuracy, images);
    const result = { split, images, loss, accuracy, interval, seconds, imagesPerSecond: images / seconds };
    const facts = { checkpoint, backend, device, version };
    live.print(json ? `${JSON.stringify({ ...result, ...facts })}\n` : evaluationText(result));
  } finally {
    live.stop();
  }
}
