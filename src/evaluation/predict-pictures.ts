/** Predicts the digits in pictures with a checkpoint's model. */
import type { Strangeness } from '../checkpoint/strangeness.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Normalisation } from '../dataset/normalisation.ts';
import { withModelEngine } from '../engine/open-engine.ts';
import { ExitCode, type FaultyFile, type Notice, UserError } from '../errors.ts';
import type { Picture } from '../image/decode.ts';
import { type OriginalBox, originalBox } from '../image/original-box.ts';
import { PictureError } from '../image/picture-error.ts';
import { nameOf } from '../image/read-bytes.ts';
import { readDigits } from '../image/read-digits.ts';
import type { ImageSize } from '../image/size.ts';
import type { ModelFile } from '../model/model-file.ts';
import { expectedNormalisation } from '../model/model-normalisation.ts';
import type { Runtime } from '../runtime/open.ts';
import { type EvaluationWatch, logitsOf } from './evaluate.ts';
import { type ModelData, modelDataOf } from './model-data.ts';
import { type RankedClass, rowsOf, topK } from './predictions.ts';
import { areStrange } from './strangeness.ts';

/** A picture, converted to an image as the model was trained on. */
export interface ReadPicture {
  readonly path: string;
  /** [height, width], 0 to 255 */
  readonly pixels: Uint8Array;
  /** Where the digit is. */
  readonly box: OriginalBox;
  /** The picture as it was looked at, 100 KiB at most; only if it was to be kept. */
  readonly picture?: Picture;
}

/** A picture that cannot be used. */
export interface FaultyPicture extends FaultyFile {
  /** See `ReadPicture`; absent too if the picture could not be decoded. */
  readonly picture?: Picture;
}

/** A picture with its prediction. */
export interface PredictedPicture {
  readonly path: string;
  /** The `PREDICTED_CLASSES` most probable classes, the most probable first. */
  readonly top: readonly RankedClass[];
}

/** A checkpoint whose model reads pictures. */
export interface PictureModel {
  readonly file: ModelFile;
  /** The normalisation of images that the model expects. */
  readonly normalisation: Normalisation;
  /** Size of the images that the model was trained on. */
  readonly size: ImageSize;
  /** The data that the model was trained on; undefined if the checkpoint does not say. */
  readonly trainedOn: ModelData | undefined;
  /** What tells that a picture is of no class; undefined if the checkpoint does not have it: no picture is refused. */
  readonly strangeness: Strangeness | undefined;
}

/** Number of classes in a prediction. */
const PREDICTED_CLASSES = 3;

/**
 * A checkpoint's model for use on pictures.
 *
 * @param options `file`: what was read from `checkpoint`; `normalize`: see `expectedNormalisation`
 * @throws UserError (checkpoint) if the network reads no grey images
 * @throws UserError (usage) if the checkpoint says another normalisation
 */
export function pictureModelOf(options: {
  checkpoint: string;
  file: ModelFile;
  normalize?: readonly number[] | undefined;
  notice: Notice;
}): PictureModel {
  const { checkpoint, file, normalize, notice } = options;
  const { architecture, metadata } = file;
  if (architecture.channels !== 1) {
    const problem = `its network reads ${architecture.channels} channels, but pictures are read as grey; use another`;
    throw new UserError(`${checkpoint}: ${problem}`, ExitCode.checkpoint);
  }
  // A file without metadata (PyTorch's) does not say the size of the images: MNIST's is assumed.
  const [, height, width] = metadata?.input ?? [1, 28, 28];
  const normalisation = expectedNormalisation(file, checkpoint, normalize, notice);
  const trainedOn = modelDataOf({ metadata });
  return { file, normalisation, size: { height, width }, trainedOn, strangeness: metadata?.strangeness };
}

/** Progress and faults of reading pictures, and what is kept of them. */
interface ReadingWatch {
  /** Whether to keep the pictures themselves; default: only the digits. */
  readonly keep?: boolean;
  /** Called at once for each picture that cannot be used. */
  readonly onFault: (error: UserError) => void;
  /** Called after each picture with the number of pictures read. */
  readonly onProgress: (done: number) => void;
}

/**
 * Reads pictures. One that cannot be used does not stop the others: its place has the fault. Each becomes
 * light on dark or dark on light as the model's training images were. It stays upright: those of a model with
 * `--transpose` stood upright when the model saw them.
 *
 * @param paths see `readDigits`
 * @returns pictures or faults, in the order of the paths
 * @throws UserError (device) if no picture can be decoded
 */
export async function readPictures(
  paths: readonly string[],
  { size, trainedOn }: Pick<PictureModel, 'size' | 'trainedOn'>,
  { keep = false, onFault, onProgress }: ReadingWatch,
): Promise<(ReadPicture | FaultyPicture)[]> {
  const pictures: (ReadPicture | FaultyPicture)[] = [];
  const kept = (picture: Picture) => (keep ? { picture } : {});
  for await (const digit of readDigits(paths, size)) {
    const path = paths[pictures.length]!;
    if (!(digit instanceof Error)) {
      const pixels = trainedOn?.background === 'light' ? digit.pixels.map((value) => 255 - value) : digit.pixels;
      pictures.push({ path, pixels, box: originalBox(digit.box, digit.picture), ...kept(digit.picture) });
    } else if (digit instanceof UserError && digit.code === ExitCode.data) {
      onFault(digit);
      const seen = digit instanceof PictureError ? kept(digit.picture) : {};
      pictures.push({ path, problem: digit.message, code: digit.code, ...seen });
    } else {
      throw digit;
    }
    onProgress(pictures.length);
  }
  return pictures;
}

/**
 * Predicts pictures. One that is unlike all that the model was trained on does not get an answer: its place has the
 * fault.
 *
 * @param compile see `openEngine`
 * @returns predictions or faults, in the order of the pictures
 * @throws UserError (checkpoint) if a probability is not finite
 */
export async function predictPictures(
  model: PictureModel,
  pictures: readonly ReadPicture[],
  runtime: Runtime,
  compile: boolean,
  watch: EvaluationWatch,
): Promise<(PredictedPicture | FaultyFile)[]> {
  const { file, normalisation, size, trainedOn, strangeness } = model;
  const dataset = datasetOf(pictures, size, file.architecture.classes);
  const indices = Int32Array.from(pictures.keys());
  const logits = await withModelEngine(runtime, { ...file, normalisation }, dataset, compile, (engine) =>
    logitsOf(engine, dataset, indices, watch),
  );
  const predictions = rowsOf(logits, pictures.length).map((row) => topK(row, PREDICTED_CLASSES));
  if (!predictions.flat().every(({ probability }) => Number.isFinite(probability))) {
    throw new UserError("the checkpoint's logits are not finite: use another checkpoint", ExitCode.checkpoint);
  }
  const strange = strangeness && areStrange(strangeness, dataset, logits);
  return pictures.map(({ path }, index) => {
    const top = predictions[index]!;
    if (!strange?.[index]) return { path, top };
    return { path, problem: `${nameOf(path)}: ${strangeProblem(top[0]!, trainedOn)}`, code: ExitCode.data };
  });
}

/** What is wrong with a picture that is unlike all that the model was trained on. */
function strangeProblem({ predicted }: RankedClass, trainedOn: ModelData | undefined): string {
  return trainedOn?.isMnist
    ? `shows no digit that the model knows (least unlike: ${predicted}); give a picture of one digit, with a margin around it`
    : `is unlike all that the model was trained on (least unlike: class ${predicted}); give a picture like its training images`;
}

/** Pictures as a data set; its labels, all 0, mean nothing. */
function datasetOf(pictures: readonly ReadPicture[], { height, width }: ImageSize, classes: number): Dataset {
  const count = pictures.length;
  const pixels = new Uint8Array(count * height * width); // [count, height, width]
  for (const [index, picture] of pictures.entries()) pixels.set(picture.pixels, index * height * width);
  const labels = new Uint8Array(count);
  const names = { source: 'pictures', imagesFile: 'pictures', labelsFile: 'pictures' };
  return {
    pixels,
    labels,
    count,
    height,
    width,
    channels: 1,
    classes,
    format: 'idx',
    sha256: '',
    ...names,
    transposed: false,
  };
}
