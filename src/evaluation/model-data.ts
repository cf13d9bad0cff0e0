/** The data that a model was trained on, as its checkpoint and its run say; and where they lie now. */
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { DATA_FORMATS } from '../dataset/formats/found.ts';
import { type DataChoice, trainingHash } from '../dataset/load.ts';
import { MNIST_TRAINING_SHA256 } from '../dataset/mnist.ts';
import type { Background } from '../dataset/sense.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { imageSize, sizeOfText } from '../value-kinds.ts';

/** What a checkpoint tells about the data that its model was trained on. */
export interface ModelData {
  /** `MNIST`, the path as it was named for training, or words that say as much as is known. */
  readonly source: string;
  readonly isMnist: boolean;
  /** Whether the images were transposed when they were loaded. */
  readonly transposed: boolean;
  /** Undefined if it is not known. */
  readonly background: Background | undefined;
}

/** A checkpoint's metadata, and the path of the data that the run beside it names. */
interface Origin extends Pick<ModelFile, 'metadata'> {
  /** The path in the run's `config.json`: it may be a later one than the checkpoint's. */
  readonly runDataDir?: string | undefined;
}

/** @returns undefined for a file of another tool, which does not tell */
export function modelDataOf({ metadata, runDataDir }: Origin): ModelData | undefined {
  if (metadata === undefined) return undefined;
  const isMnist = metadata.dataHash === MNIST_TRAINING_SHA256;
  const [path] = pathsOf({ metadata, runDataDir });
  return {
    source: isMnist ? 'MNIST' : (path ?? 'other data than MNIST'),
    isMnist,
    transposed: metadata.settings?.transpose === true,
    background: metadata.background ?? (isMnist ? 'dark' : undefined), // older files do not have it
  };
}

/**
 * How data are read for a model: as those that it was trained on, with its classes in their order, and with pictures of
 * the size of its images.
 */
export function choiceFor({
  settings = {},
  classNames,
  input,
  preparation,
  architecture,
}: CheckpointMetadata): DataChoice {
  const text = (name: string) => (typeof settings[name] === 'string' ? settings[name] : undefined);
  const [channels, height, width] = input;
  const size = text('imageSize');
  return {
    format: DATA_FORMATS.find((format) => format === settings.dataFormat),
    transpose: typeof settings.transpose === 'boolean' ? settings.transpose : undefined,
    skipBroken: settings.skipBroken === true,
    columns: { file: text('fileColumn'), label: text('labelColumn'), split: text('splitColumn') },
    size: size !== undefined && imageSize.isValid(size) ? sizeOfText(size) : undefined,
    channels: settings.channels === 1 || settings.channels === 3 ? settings.channels : undefined,
    fit: preparation?.fit,
    usual: { size: { height, width }, channels: channels === 3 ? 3 : 1 },
    classNames,
    modelClasses: architecture.classes,
  };
}

/**
 * Finds the data that a model was trained on. They are known by their hash, so that a folder whose content has changed
 * is not taken for them.
 *
 * @param checkpoint the checkpoint's name, for messages
 * @returns the path; undefined for MNIST, which is also assumed for a file of another tool
 * @throws UserError (data) if they are not where checkpoint or run say
 */
export async function findModelData({ metadata, runDataDir }: Origin, checkpoint: string): Promise<string | undefined> {
  if (metadata === undefined) return undefined;
  const problems: string[] = [];
  for (const path of pathsOf({ metadata, runDataDir })) {
    const problem = await whyOther({ ...choiceFor(metadata), path }, metadata.dataHash);
    if (problem === undefined) return path;
    problems.push(problem);
  }
  if (metadata.dataHash === MNIST_TRAINING_SHA256) return undefined;
  const reasons = problems.length === 0 ? '' : ` (${problems.join('; ')})`;
  throw new UserError(`${checkpoint}: trained on other data than MNIST; give --data-dir${reasons}`, ExitCode.data);
}

/** The paths that checkpoint and run name, the checkpoint's first. */
function pathsOf({ metadata, runDataDir }: Origin): string[] {
  const named = [metadata?.settings?.dataDir, runDataDir];
  return [...new Set(named.filter((each) => typeof each === 'string'))];
}

/** @returns why the training data at a path are not those of this hash; undefined if they are */
async function whyOther(choice: DataChoice & { readonly path: string }, sha256: string): Promise<string | undefined> {
  const { path } = choice;
  try {
    return (await trainingHash(choice)) === sha256 ? undefined : `${path}: the SHA-256 of its training data differs`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
