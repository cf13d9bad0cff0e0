/** `resnet predict`: recognises the digits in pictures. */
import { ExitCode, type FaultyFile, type Notice, UserError } from '../errors.ts';
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
import { modelDataLine, NO_REFUSAL_LINE, predictionText, refusalText } from '../report/predictions.ts';
import { seenLines } from '../report/seen/lines.ts';
import type { Seen } from '../report/seen/seen.ts';
import { modelAt } from '../run/folder/find-run.ts';
import { readSoundModel } from '../run/read-model.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { type AnsweredPicture, pictureFacts, seenOf } from './answered-picture.ts';
import type { ReportError } from './flags/flag.ts';
import { LiveLine } from './live-line.ts';
import { namedRun, type RunFlags } from './named-run.ts';
import { openWithNotice } from './open-runtime.ts';
import { prepareShown, writeAllShown } from './shown-pictures.ts';
import { interruptible } from './signals.ts';
import { screen } from './terminal.ts';

interface PredictFlags extends RuntimeChoice, RunFlags {
  readonly files: readonly string[];
  readonly normalize?: readonly number[];
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
  readonly show?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/**
 * Prints the most probable digits of each picture, in their order. A picture that cannot be used is reported at its
 * place among them, and does not stop the others.
 */
export async function predict(flags: PredictFlags, report: ReportError): Promise<void> {
  const { files, normalize, show, json } = flags;
  if (files.filter((file) => file === '-').length > 1) {
    throw new UserError('- may be given once: standard input is one picture', ExitCode.usage);
  }
  const checkpoint = modelAt(await namedRun(flags));
  const live = await LiveLine.start('reading the checkpoint');
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  const faults: UserError[] = []; // not yet reported: a picture's comes at its place among the answers, others after
  const keepFault = (error: UserError) => faults.push(error);
  try {
    const file = await readSoundModel(checkpoint);
    const model = pictureModelOf({ checkpoint, file, normalize, notice });
    checkMemory(model, flags, notice);
    const shownFiles = show === undefined ? undefined : await prepareShown(show, files, flags.overwrite === true);
    const pictures = await readPictures(files, model, {
      keep: shownFiles !== undefined,
      onFault: keepFault,
      onProgress: (done) => live.update(`reading pictures ${done}/${files.length}`),
    });
    const read = pictures.filter((picture) => 'pixels' in picture);
    const predictions = (read.length === 0 ? [] : await answer(model, read, flags, live)).values();
    const answered = pictures.map((each): AnsweredPicture => {
      return { read: each, answer: 'pixels' in each ? predictions.next().value! : each };
    });
    const seen = answered.map((each) => seenOf(each, model.size));
    const shown = shownFiles && (await writeAllShown(shownFiles, seen, live, keepFault));
    for (const [index, { read, answer }] of answered.entries()) {
      const fault = 'problem' in read ? faults.shift() : undefined;
      live.clear();
      if ('problem' in answer) report(fault ?? new UserError(answer.problem, answer.code));
      if (!json) live.print(textOf(answer, seen[index]));
    }
    if (json) live.print(jsonLine(answered.map((each, index) => pictureFacts(each, shown?.[index]))));
  } finally {
    live.stop();
    for (const fault of faults) report(fault);
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
): Promise<(PredictedPicture | FaultyFile)[]> {
  live.note(modelDataLine(model.trainedOn));
  if (!model.strangeness) live.note(NO_REFUSAL_LINE);
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

/** What is printed about a picture: its line, and on a terminal that can, what the network saw. */
function textOf(answer: AnsweredPicture['answer'], seen: Seen | undefined): string {
  const { width, colours, unicode } = screen();
  const drawn = seen && colours && unicode ? seenLines(seen, width) : '';
  if ('top' in answer) return predictionText(answer) + drawn;
  return drawn === '' ? '' : refusalText(answer) + drawn; // its problem is on standard error
}
