/** `resnet predict`: tells what is in pictures. */
import { readModelAt } from '../api/named-model.ts';
import { PictureAnswers } from '../api/picture-answers.ts';
import { foundPictures, pictureModelFor } from '../api/pictures.ts';
import type { PictureModel } from '../evaluation/predict/picture-model.ts';
import { pictureBatchSize } from '../evaluation/predict/predictor.ts';
import { type PictureInput, pathOfInput } from '../evaluation/predict/read-pictures.ts';
import type { GivenFlags, ReportError } from '../flags/flag.ts';
import { printable } from '../printable.ts';
import { modelLine, NO_REFUSAL_LINE } from '../report/predict/predictions.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { LiveLine } from './live-line.ts';
import { namedModel } from './named-run.ts';
import { AnswerPrinter } from './predict/answer-printer.ts';
import { checkPredictFlags, type PredictFlags } from './predict/predict-flags.ts';
import { toFile, toStandardOutput } from './predict/prediction-output.ts';
import { ShownPictures } from './predict/shown-pictures.ts';
import { interruptible } from './signals.ts';
import { openerOn } from './watch.ts';

/**
 * Prints the most probable classes of each picture, in their order, batch by batch. A picture that cannot be used is
 * reported at its place among them, and does not stop the others.
 */
export async function predict(flags: PredictFlags, given: GivenFlags, report: ReportError): Promise<void> {
  const format = checkPredictFlags(flags);
  const { show, out, overwrite = false } = flags;
  const place = await namedModel(flags, given);
  const live = await LiveLine.start('reading the checkpoint');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  try {
    const model = pictureModelFor(await readModelAt(place, flags, notice), flags, notice);
    const inputs = await foundPictures(flags.files, { notice });
    const open = openerFor(model, live, flags.yes);
    const batchSize = pictureBatchSize(model, inputs.length);
    const answers = new PictureAnswers({ model, batchSize, flags, open, notice });
    const paths = inputs.map(pathOfInput);
    const shown = show === undefined ? undefined : await ShownPictures.prepare(show, paths, overwrite);
    const output = out === undefined ? toStandardOutput(live) : await toFile(out, overwrite, live);
    const printer = new AnswerPrinter({ format, output, live, report, drawn: out === undefined, image: model });
    try {
      const kept = () => (out === undefined ? 'nothing was changed' : `${out} was not written`);
      await interruptible(kept, async (signal) => {
        try {
          const watch = { ...watchOf(inputs, { live, report, signal }), keep: shown !== undefined };
          for await (const answered of answers.batches(inputs, flags, watch)) {
            await printer.print(answered, shown);
            if (!output.isRead() && shown === undefined) break;
          }
        } finally {
          await answers.close();
        }
      });
      await printer.finish();
      shown?.finish(live);
    } finally {
      await output.discard();
    }
  } finally {
    live.stop();
  }
}

/** Opens the backend when the first picture has been read, and says what the model is. */
function openerFor(model: PictureModel, live: LiveLine, yes?: boolean): ReturnType<typeof openerOn> {
  const open = openerOn(live, yes);
  return (choice: RuntimeChoice) => {
    live.note(modelLine(model));
    if (!model.whole && !model.strangeness) live.note(NO_REFUSAL_LINE);
    return open(choice);
  };
}

/** Shows the progress on the live line, and stops the reading of standard input. */
function watchOf(
  inputs: readonly PictureInput[],
  { live, report, signal }: { live: LiveLine; report: ReportError; signal: AbortSignal },
): Omit<Parameters<PictureAnswers['batches']>[2], 'keep'> {
  // A read from standard input would wait for its writer, and keep the process from ending.
  if (inputs.includes('-')) signal.addEventListener('abort', () => process.stdin.destroy());
  return {
    signal,
    onRead: (done) => live.update(`reading pictures ${done}/${inputs.length}`),
    onClassify: (done) => live.update(`classifying ${done}/${inputs.length}`),
    onLost: (faults) => {
      for (const { error } of faults) report(error);
    },
  };
}
