/** `resnet eval`: evaluates a checkpoint and prints the result. */
import { evaluateAt, factsOf } from '../api/evaluate.ts';
import type { EvaluationFlags } from '../api/evaluation.ts';
import { imageOf } from '../dataset/pixels.ts';
import type { GivenFlags } from '../flags/flag.ts';
import { withChannels } from '../image/prepare/colours.ts';
import { printableJson } from '../printable.ts';
import { evaluationDataLines, evaluationText } from '../report/evaluation.ts';
import { runtimeLine } from '../report/runtime-line.ts';
import { LiveLine } from './live-line.ts';
import { namedModel, type RunFlags } from './named-run.ts';
import { interruptible } from './signals.ts';
import { screen } from './terminal.ts';
import { hooksOn, nothingChanged } from './watch.ts';

interface EvalFlags extends EvaluationFlags, RunFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** Prints how well a checkpoint's model classifies images, and where it goes wrong. */
export async function evaluate(flags: EvalFlags, given: GivenFlags): Promise<void> {
  const { json } = flags;
  const place = await namedModel(flags, given);
  const live = await LiveLine.start('reading the checkpoint');
  try {
    const evaluated = await interruptible(nothingChanged, (signal) =>
      evaluateAt(place, flags, {
        ...hooksOn(live, signal, flags.yes),
        onOpened: (runtime, { data, indices }) => {
          if (!json) live.print(`${runtimeLine(runtime)}\n${evaluationDataLines(data, indices.length)}`);
        },
      }),
    );
    if (json) return live.print(`${printableJson(factsOf(evaluated))}\n`);
    const { evaluation, prepared } = evaluated;
    const pictured = await Promise.all(
      evaluation.worst.map(async (mistake) => {
        return { ...mistake, picture: withChannels(await imageOf(prepared.dataset, mistake.image), 1) };
      }),
    );
    live.print(evaluationText(evaluation, pictured, screen()));
  } finally {
    live.stop();
  }
}
