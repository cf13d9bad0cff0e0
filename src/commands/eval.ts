import { imageOf } from '../dataset/source.ts';
import { evaluationText } from '../report/evaluation.ts';
import { runtimeLine } from '../report/runtime.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { evaluatePrepared, prepareEvaluation, type Split } from '../training/evaluate-file.ts';
import { evaluationResult } from '../training/evaluation-result.ts';
import { LiveLine } from './live-line.ts';
import { openWithNotice } from './runtime.ts';
import { screen } from './screen.ts';
import { interruptible } from './signals.ts';

interface EvalFlags extends RuntimeChoice {
  readonly checkpoint: string;
  readonly split: Split;
  readonly 'data-dir'?: string;
  readonly 'limit-test'?: number;
  readonly worst: number;
  readonly 'no-compile'?: boolean;
  readonly json: boolean;
}

/** `resnet eval`: how well a checkpoint's model classifies images, and where it goes wrong. */
export async function evaluate(flags: EvalFlags): Promise<void> {
  const { checkpoint, split, json } = flags;
  const prepared = await prepareEvaluation({
    checkpoint,
    split,
    dataDir: flags['data-dir'],
    limit: flags['limit-test'],
  });
  const { dataset, file, indices } = prepared;
  const live = await LiveLine.start('loading the backend');
  try {
    const runtime = await openWithNotice(flags, live);
    const { backend, device, version } = runtime;
    if (!json) live.print(`${runtimeLine(runtime)}\n`);
    const began = performance.now();
    const predictions = await interruptible(
      () => 'nothing was changed',
      (signal) => {
        const onProgress = (done: number) => live.update(`evaluating ${done}/${indices.length}`);
        return evaluatePrepared(prepared, runtime, !flags['no-compile'], { onProgress, signal });
      },
    );
    const seconds = (performance.now() - began) / 1000;
    const result = {
      split,
      ...evaluationResult(predictions, file.architecture.classes, flags.worst),
      seconds,
      imagesPerSecond: predictions.length / seconds,
    };
    const facts = { checkpoint, backend, device, version };
    const pictured = result.worst.map((mistake) => ({ ...mistake, picture: imageOf(dataset, mistake.image) }));
    live.print(json ? `${JSON.stringify({ ...result, ...facts })}\n` : evaluationText(result, pictured, screen()));
  } finally {
    live.stop();
  }
}
