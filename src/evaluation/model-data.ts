/** The data that a model was trained on, as its checkpoint and its run say; and where they lie now. */
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { DATA_FORMATS, type DataFormat, MOST_CLASSES } from '../dataset/formats/found.ts';
import { type DataChoice, type HashedTraining, hashTraining, type LoadHooks } from '../dataset/load.ts';
import { MNIST_TRAINING_SHA256 } from '../dataset/mnist.ts';
import type { Background } from '../dataset/sense.ts';
import { ExitCode, UserError } from '../errors.ts';
import { usualDataMemory } from '../memory/limits.ts';
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

/** Data that a model was trained on. */
interface FoundModelData {
  /** Undefined for MNIST, which is also assumed for a file of another tool. */
  readonly path: string | undefined;
  /** What was read to know them; undefined of MNIST in its package. */
  readonly training?: HashedTraining;
}

/**
 * Finds the data that a model was trained on. They are known by their hash, so that a folder whose content has changed
 * is not taken for them.
 *
 * @param checkpoint the checkpoint's name, for messages
 * @param origin with `namedBy`, see `DataRequest`
 * @param everyImage see `hashTraining`
 * @throws UserError (data) if they are not where checkpoint or run say
 */
export async function findModelData(
  { metadata, runDataDir, namedBy = '--data-dir' }: Origin & Pick<DataRequest, 'namedBy'>,
  checkpoint: string,
  { onProgress, signal }: LoadHooks = {},
  everyImage = false,
): Promise<FoundModelData> {
  if (metadata === undefined) return { path: undefined };
  const problems: string[] = [];
  for (const path of pathsOf({ metadata, runDataDir })) {
    try {
      const hooks = { ...(onProgress && { onProgress }), signal };
      const training = await hashTraining({ ...choiceFor(metadata), path }, hooks, everyImage);
      if (training.sha256 === metadata.dataHash) return { path, training };
      problems.push(`${path}: the SHA-256 of its training data differs`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
    }
  }
  if (metadata.dataHash === MNIST_TRAINING_SHA256) return { path: undefined };
  const reasons = problems.length === 0 ? '' : ` (${problems.join('; ')})`;
  throw new UserError(`${checkpoint}: trained on other data than MNIST; give ${namedBy}${reasons}`, ExitCode.data);
}

/** The paths that checkpoint and run name, the checkpoint's first. */
function pathsOf({ metadata, runDataDir }: Origin): string[] {
  const named = [metadata?.settings?.dataDir, runDataDir];
  return [...new Set(named.filter((each) => typeof each === 'string'))];
}

/** Which data are read for a model. */
export interface DataRequest {
  readonly checkpoint: string;
  /** What was read from `checkpoint`. */
  readonly file: ModelFile;
  /** Where the images are; default: the data that the model was trained on. */
  readonly dataDir?: string | undefined;
  /** What a user gives to name them, for messages; default: `--data-dir`. */
  readonly namedBy?: string;
  /** Their format; default: found out. */
  readonly dataFormat?: DataFormat | undefined;
  /** Columns of a CSV or Parquet file; default: those that the run was trained with, else the usual names. */
  readonly columns?: DataChoice['columns'];
  /** The path of the training data as the run's configuration has it. */
  readonly runDataDir?: string | undefined;
  /** Whether pictures that cannot be read are left out; default: as in training. */
  readonly skipBroken?: boolean | undefined;
  /** Most bytes of the images' pixels that are held in memory; default: `usualDataMemory`. */
  readonly dataMemory?: number | undefined;
}

/** The data to load, and what was read of the training data to find them. */
interface ChosenData {
  readonly choice: DataChoice;
  readonly training?: HashedTraining | undefined;
}

/**
 * The data to load: those that the user names, else those of the model.
 *
 * @param everyImage see `hashTraining`
 * @throws UserError (data) as `findModelData`
 */
export async function choiceOf(request: DataRequest, hooks: LoadHooks, everyImage: boolean): Promise<ChosenData> {
  const { checkpoint, file, dataDir, dataFormat, columns = {}, runDataDir, namedBy, skipBroken, dataMemory } = request;
  const { metadata } = file;
  const own = metadata ? choiceFor(metadata) : picturesFor(file);
  const read = {
    skipBroken: skipBroken ?? own.skipBroken,
    memoryBytes: dataMemory ?? usualDataMemory(),
    columns: {
      file: columns.file ?? own.columns?.file,
      label: columns.label ?? own.columns?.label,
      split: columns.split ?? own.columns?.split,
    },
  };
  // Any bare label is accepted here: `checkFit` compares the labels with the checkpoint's number of classes.
  const anyLabel = own.classNames === undefined || dataDir !== undefined ? { classes: MOST_CLASSES } : {};
  if (dataDir === undefined) {
    const { path, training } = await findModelData({ metadata, runDataDir, namedBy }, checkpoint, hooks, everyImage);
    // With other columns it may be other files that are read.
    const isAsTrained = Object.values(columns).every((each) => each === undefined);
    const digests = isAsTrained ? training?.digests : undefined;
    return { choice: { ...own, ...read, ...anyLabel, isOwn: true, path, digests }, training };
  }
  // Other data have their own classes, which are compared by name.
  return { choice: { ...own, ...read, ...anyLabel, path: dataDir, format: dataFormat, classNames: undefined } };
}

/** How pictures are read for a file of another tool: it does not say their size. */
function picturesFor({ architecture: { channels } }: ModelFile): DataChoice {
  return channels === 1 || channels === 3 ? { channels } : {};
}
