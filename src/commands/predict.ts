/** `resnet predict`: recognises the digits in pictures. */
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { jsonLine } from '../evaluation/json.ts';
import { evaluationNeed } from '../evaluation/memory-need.ts';
import {
  type PictureModel,
  type PredictedPicture,
  pictureModelOf,
  predictPictures,
  type ReadPicture,
  readPictures,
} from '../evaluation/predict-pictures.ts';
import { memoryCheck } from '../memory/check.ts';
import { printable } from '../printable.ts';
import { modelDataLine, predictionText } from '../report/predictions.ts';
import { modelAt } from '../run/folder/find-run.ts';
import { readSoundModel } from '../run/read-model.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import type { ReportError } from './flags/flag.ts';
import { LiveLine } from './live-line.ts';
import { namedRun, type RunFlags } from './named-run.ts';
import { openWithNotice } from './open-runtime.ts';
import { interruptible } from './signals.ts';

interface PredictFlags extends RuntimeChoice, RunFlags {
  readonly files: readonly string[];
  readonly normalize?: readonly number[];
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
  readonly json?: boolean;
}

/**
 * Prints the most probable digits of each picture. A picture that cannot be used is reported, and does not stop the
 * others.
 */
export async function predict(flags: PredictFlags, report: ReportError): Promise<void> {
  const { files, normalize, json } = flags;
  if (files.filter((file) => file === '-').length > 1) {
    throw new UserError('- may be given once: standard input is one picture', ExitCode.usage);
  }
  const checkpoint = modelAt(await namedRun(flags));
  const live = await LiveLine.start('reading the checkpoint');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  try {
    const file = await readSoundModel(checkpoint);
    const model = pictureModelOf({ checkpoint, file, normalize, notice });
    checkMemory(model, flags, notice);
    const pictures = await readPictures(files, model, {
      onFault: (error) => {
        live.clear();
        report(error);
      },
      onProgress: (done) => live.update(`reading pictures ${done}/${files.length}`),
    });
    const read = pictures.filter((picture) => 'pixels' in picture);
    const answered = read.length === 0 ? [] : await answer(model, read, flags, live);
    if (json) {
      const rest = answered.values();
      const all = pictures.map((picture) => ('pixels' in picture ? rest.next().value : picture));
      live.print(jsonLine(all));
    } else {
      live.print(answered.map(predictionText).join(''));
    }
  } finally {
    live.stop();
  }
}

/** Checks the memory for all pictures before one of them is scaled to the size of the model's images. */
function checkMemory({ file, size }: PictureModel, flags: PredictFlags, notice: Notice): void {
  const count = flags.files.length;
  const need = evaluationNeed(file, { ...size, count, evaluated: count }, flags, !flags['no-compile'], (batch) => {
    return `give ${batch} ${batch === 1 ? 'picture' : 'pictures'} at a time`;
  });
  memoryCheck(flags['no-memory-check'], notice)(need);
}

async function answer(
  model: PictureModel,
  pictures: readonly ReadPicture[],
  flags: PredictFlags,
  live: LiveLine,
): Promise<PredictedPicture[]> {
  live.note(modelDataLine(model.trainedOn));
  live.update('loading the backend');
  const runtime = await openWithNotice(flags, live);
  return interruptible(
    () => 'nothing was changed',
    (signal) => {
      const onProgress = (done: number) => live.update(`classifying ${done}/${pictures.length}`);
      return predictPictures(model, pictures, runtime, !flags['no-compile'], { onProgress, signal });
    },
  );
}
