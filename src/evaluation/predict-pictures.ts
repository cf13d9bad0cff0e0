/** What a checkpoint's model takes the digits in pictures for. */
import type { Dataset } from '../dataset/source.ts';
import { withModelEngine } from '../engine/open-engine.ts';
import { ExitCode, type FaultyFile, UserError } from '../errors.ts';
import { readDigit } from '../image/read-digit.ts';
import type { ImageSize } from '../image/size.ts';
import { checkNormalisation, type ModelFile, readModelFile } from '../model/model-file.ts';
import type { Runtime } from '../runtime/open.ts';
import { classifyTopK, type EvaluationWatch } from './evaluate.ts';
import type { RankedClass } from './predictions.ts';

/** A picture as the model will see it. */
export interface ReadPicture {
  readonly path: string;
  /** [height, width], 0 to 255 */
  readonly pixels: Uint8Array;
}

export interface AnsweredPicture {
  readonly path: string;
  /** The three likeliest classes, the likeliest first. */
  readonly top: readonly RankedClass[];
}

/** A model for single pictures. */
export interface PictureModel {
  readonly file: ModelFile;
  /** Of the images that it was trained on. */
  readonly size: ImageSize;
}

const ANSWERS = 3;

/** @throws UserError (checkpoint) where the checkpoint cannot be read, or not be used on grey pictures */
export async function readPictureModel(checkpoint: string): Promise<PictureModel> {
  const file = await readModelFile(checkpoint);
  checkNormalisation(file, checkpoint);
  const { architecture, metadata } = file;
  if (architecture.channels !== 1) {
    const problem = `its network reads ${architecture.channels} channels, but pictures are read as grey ones`;
    throw new UserError(`${checkpoint}: ${problem}`, ExitCode.checkpoint);
  }
  // Without metadata nothing tells the size of the images: then it is MNIST's
  const [, height, width] = metadata?.input ?? [1, 28, 28];
  return { file, size: { height, width } };
}

export interface ReadingWatch {
  /** Is told of each picture that cannot be used, as it comes. */
  readonly onFault: (error: UserError) => void;
  /** Is told the pictures done. */
  readonly onProgress: (done: number) => void;
}

/**
 * Read pictures one by one; one that cannot be used does not stop the others.
 *
 * @param paths as in `readDigit`
 * @returns in the order of the paths
 * @throws UserError (device) where no picture can be decoded
 */
export async function readPictures(
  paths: readonly string[],
  size: ImageSize,
  { onFault, onProgress }: ReadingWatch,
): Promise<(ReadPicture | FaultyFile)[]> {
  const pictures: (ReadPicture | FaultyFile)[] = [];
  for (const path of paths) {
    try {
      pictures.push({ path, pixels: await readDigit(path, size) });
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== ExitCode.data) throw error;
      onFault(error);
      pictures.push({ path, problem: error.message, code: error.code });
    }
    onProgress(pictures.length);
  }
  return pictures;
}

/**
 * The model's answers, in the order of the pictures.
 *
 * @param compile as in `openEngine`
 * @throws UserError (checkpoint) where they are not finite
 */
export async function predictPictures(
  { file, size }: PictureModel,
  pictures: readonly ReadPicture[],
  runtime: Runtime,
  compile: boolean,
  watch: EvaluationWatch,
): Promise<AnsweredPicture[]> {
  const dataset = datasetOf(pictures, size, file.architecture.classes);
  const indices = Int32Array.from(pictures.keys());
  const ranked = await withModelEngine(runtime, file, dataset, compile, (engine) =>
    classifyTopK(engine, dataset, indices, ANSWERS, watch),
  );
  if (!ranked.flat().every(({ probability }) => Number.isFinite(probability))) {
    throw new UserError("the checkpoint's logits are not finite: its weights are not usable", ExitCode.checkpoint);
  }
  return pictures.map(({ path }, index) => ({ path, top: ranked[index]! }));
}

/** Its labels mean nothing. */
function datasetOf(pictures: readonly ReadPicture[], { height, width }: ImageSize, classes: number): Dataset {
  const count = pictures.length;
  const images = new Uint8Array(count * height * width);
  for (const [index, { pixels }] of pictures.entries()) images.set(pixels, index * height * width);
  const labels = new Uint8Array(count);
  return { images, labels, count, height, width, channels: 1, classes, sha256: '', source: 'pictures' };
}
