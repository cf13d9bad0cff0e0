/** `resnet predict`: tells what is in pictures. */
import { leftOutText } from '../dataset/left-out-text.ts';
import type { Notice } from '../errors.ts';
import { evaluationNeed } from '../evaluation/memory-need.ts';
import { answerPictures } from '../evaluation/predict/answer-pictures.ts';
import { findPictures } from '../evaluation/predict/picture-inputs.ts';
import { type PictureModel, pictureModelOf } from '../evaluation/predict/picture-model.ts';
import type { AnsweredPicture } from '../evaluation/predict/pictures.ts';
import { PicturePredictor, pictureBatchSize } from '../evaluation/predict/predictor.ts';
import type { PictureInput } from '../evaluation/predict/read-pictures.ts';
import type { ReportError } from '../flags/flag.ts';
import { memoryCheck } from '../memory/check.ts';
import { printable } from '../printable.ts';
import { modelLine, NO_REFUSAL_LINE } from '../report/predict/predictions.ts';
import { modelAt } from '../run/folder/find-run.ts';
import { readSoundModel } from '../run/read-model.ts';
import { sizeOfText } from '../value-kinds.ts';
import { LiveLine } from './live-line.ts';
import { namedRun } from './named-run.ts';
import { openWithNotice } from './open-runtime.ts';
import { AnswerPrinter } from './predict/answer-printer.ts';
import { checkPredictFlags, type PredictFlags } from './predict/predict-flags.ts';
import { toFile, toStandardOutput } from './predict/prediction-output.ts';
import { ShownPictures } from './predict/shown-pictures.ts';
import { interruptible } from './signals.ts';

/**
 * Prints the most probable classes of each picture, in their order, batch by batch. A picture that cannot be used is
 * reported at its place among them, and does not stop the others.
 */
export async function predict(flags: PredictFlags, report: ReportError): Promise<void> {
  const format = checkPredictFlags(flags);
  const { show, out, normalize, as, overwrite = false } = flags;
  const checkpoint = modelAt(await namedRun(flags));
  const live = await LiveLine.start('reading the checkpoint');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  try {
    const file = await readSoundModel(checkpoint, { from: flags.from, notice });
    const size = flags['image-size'];
    const imageSize = size === undefined ? undefined : sizeOfText(size);
    const model = pictureModelOf({ checkpoint, file, normalize, as, imageSize, notice });
    const { inputs, leftOut } = await findPictures(flags.files);
    if (leftOut.length > 0) notice(`left out: ${leftOutText(leftOut)}`);
    const batchSize = pictureBatchSize(model, inputs.length);
    checkMemory(model, batchSize, flags, notice);
    const shown = show === undefined ? undefined : await ShownPictures.prepare(show, inputs.map(pathOf), overwrite);
    const output = out === undefined ? toStandardOutput(live) : await toFile(out, overwrite, live);
    const printer = new AnswerPrinter({ format, output, live, report, drawn: out === undefined, image: model });
    try {
      const predictor = predictorOf(model, batchSize, flags, live);
      const answering = { model, predictor, batchSize, keep: shown !== undefined };
      const kept = () => (out === undefined ? 'nothing was changed' : `${out} was not written`);
      await interruptible(kept, async (signal) => {
        try {
          for await (const answered of answersOf(inputs, answering, { live, report, signal })) {
            await printer.print(answered, shown);
            if (!output.isRead() && shown === undefined) break;
          }
        } finally {
          predictor.dispose();
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

const pathOf = (input: PictureInput): string => (typeof input === 'string' ? input : input.path);

/** Checks the memory for a batch before a picture is scaled to the size of the model's images. */
function checkMemory({ file, size }: PictureModel, batchSize: number, flags: PredictFlags, notice: Notice): void {
  const images = { ...size, count: batchSize, evaluated: batchSize };
  const need = evaluationNeed(file, images, flags, !flags['no-compile'], (batch) => {
    return `give ${batch} ${batch === 1 ? 'picture' : 'pictures'} at a time`;
  });
  memoryCheck(flags['no-memory-check'], notice)(need);
}

/** The predictor, which loads the backend and says what the model is when the first picture has been read. */
function predictorOf(model: PictureModel, batchSize: number, flags: PredictFlags, live: LiveLine): PicturePredictor {
  const temperature = flags['no-temperature'] ? undefined : model.file.metadata?.temperature;
  const choice = { top: flags.top, leastProbability: flags['min-probability'], temperature };
  const open = () => {
    live.note(modelLine(model));
    if (!model.whole && !model.strangeness) live.note(NO_REFUSAL_LINE);
    live.update('loading the backend');
    return openWithNotice(flags, live);
  };
  return new PicturePredictor(model, batchSize, choice, { open, compile: !flags['no-compile'] });
}

/** The answers to pictures, with their progress on the live line. */
function answersOf(
  inputs: readonly PictureInput[],
  answering: Parameters<typeof answerPictures>[1],
  { live, report, signal }: { live: LiveLine; report: ReportError; signal: AbortSignal },
): AsyncGenerator<AnsweredPicture[]> {
  // A read from standard input would wait for its writer, and keep the process from ending.
  if (inputs.includes('-')) signal.addEventListener('abort', () => process.stdin.destroy());
  return answerPictures(inputs, answering, {
    signal,
    onRead: (done) => live.update(`reading pictures ${done}/${inputs.length}`),
    onClassify: (done) => live.update(`classifying ${done}/${inputs.length}`),
    onLost: (faults) => {
      for (const { error } of faults) report(error);
    },
  });
}
