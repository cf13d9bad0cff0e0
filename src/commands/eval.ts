/** `resnet eval`: evaluates a checkpoint and prints the result. */
import { dirname } from 'node:path';
import { imageOf } from '../dataset/pixels.ts';
import { jsonLine } from '../evaluation/json.ts';
import { withChannels } from '../image/prepare/colours.ts';
import { printable } from '../printable.ts';
import { evaluationText } from '../report/evaluation.ts';
import { dataDirOf, readRunConfig } from '../run/config.ts';
import { modelAt } from '../run/folder/find-run.ts';
import { readSoundModel } from '../run/read-model.ts';
import type { GivenFlags } from './flags/flag.ts';
import { LiveLine } from './live-line.ts';
import { namedModel, type RunFlags } from './named-run.ts';
import { screen } from './terminal.ts';
import { type EvaluationFlags, prepareImages, watchedEvaluation } from './watched-evaluation.ts';

interface EvalFlags extends EvaluationFlags, RunFlags {}

/** Prints how well a checkpoint's model classifies images, and where it goes wrong. */
export async function evaluate(flags: EvalFlags, given: GivenFlags): Promise<void> {
  const { json } = flags;
  const checkpoint = modelAt(await namedModel(flags, given));
  const live = await LiveLine.start('reading the checkpoint');
  try {
    const prepared = await prepareImages(
      {
        checkpoint,
        file: await readSoundModel(checkpoint, {
          from: flags.from,
          notice: (message) => live.note(`${printable(message)}\n`),
        }),
        runDataDir: dataDirOf((await readRunConfig(dirname(checkpoint), () => {})) ?? {}),
      },
      flags,
      live,
    );
    const { evaluation, runtime } = await watchedEvaluation(prepared, flags, live);
    const pictured = await Promise.all(
      evaluation.worst.map(async (mistake) => {
        return { ...mistake, picture: withChannels(await imageOf(prepared.dataset, mistake.image), 1) };
      }),
    );
    const facts = { ...evaluation, data: prepared.data, checkpoint, ...runtime };
    live.print(json ? jsonLine(facts) : evaluationText(evaluation, pictured, screen()));
  } finally {
    live.stop();
  }
}
