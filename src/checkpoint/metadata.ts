import { ExitCode, UserError } from '../errors.ts';
import { BLANK_CHECKSUM, CHECKSUM_KEY } from './checksum.ts';
import {
  boolean,
  type Check,
  counter,
  type Fail,
  finite,
  fraction,
  list,
  natural,
  object,
  orElse,
  positive,
  record,
  text,
} from './fields.ts';
import { type Progress, progress, storedProgress } from './progress.ts';
import { quote } from './quote.ts';

/** What a checkpoint says of the run that made it. */
export interface CheckpointMetadata {
  /** The version of the tool that wrote it. */
  readonly toolVersion: string;
  readonly architecture: {
    readonly depth: number;
    readonly width: number;
    readonly variant: string;
    readonly stem: string;
    readonly channels: number;
    readonly classes: number;
  };
  /** [channels, height, width] of one image */
  readonly input: readonly [channels: number, height: number, width: number];
  /** A pixel p in [0, 1] was given to the network as (p − mean) / std. */
  readonly normalisation: { readonly mean: number; readonly std: number };
  readonly seed: number;
  /** How many training images were held back; with the seed it says which. */
  readonly validationSize: number;
  /** SHA-256 of the training data, in hexadecimal. */
  readonly dataHash: string;
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps trained, over all epochs. */
  readonly step: number;
  /** Of these weights, mean cross-entropy of a validation image, in nats; absent where none has been computed. */
  readonly validationLoss?: number | undefined;
  /** Of these weights, fraction of the validation images classified right, 0 to 1. */
  readonly validationAccuracy?: number | undefined;
  /** Every setting of the run, by name; absent in files of format 1. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** What it was computed on; absent in files of format 1. */
  readonly computedOn?: ComputedOn | undefined;
  /** Where its run stands, if the optimizer's state is in the file too. */
  readonly progress?: Progress | undefined;
}

/** What two runs must have in common to agree to the last bit. */
export interface ComputedOn {
  readonly backend: string;
  readonly device: string;
  readonly version: string;
  /** Whether each step was run as one graph. */
  readonly compiled: boolean;
}

type Field = keyof CheckpointMetadata;

const FIELDS: { readonly [Name in Field]-?: Check<CheckpointMetadata[Name]> } = {
  toolVersion: text,
  architecture: record({
    depth: positive,
    // Older files lack these three: they all hold the one network that there was.
    width: orElse(64, positive),
    variant: orElse('lesson', text),
    stem: orElse('imagenet', text),
    channels: positive,
    classes: positive,
  }),
  input: list(positive, 3) as Check<[number, number, number]>,
  normalisation: record({ mean: finite, std: finite }),
  seed: natural,
  validationSize: positive,
  dataHash: text,
  epoch: counter,
  step: counter,
  validationLoss: orElse(undefined, finite),
  validationAccuracy: orElse(undefined, fraction),
  settings: orElse(undefined, object),
  computedOn: orElse(undefined, record({ backend: text, device: text, version: text, compiled: boolean })),
  progress: orElse(undefined, progress),
};

/**
 * Raised when an older version of this tool would misread what a newer one writes. Format 1 had no checksum and no
 * optimizer.
 */
const FORMAT_VERSION = 2;
const PREFIX = 'resnet.';
const FORMAT_VERSION_KEY = `${PREFIX}format_version`;

/** A file of a later format than is known here: nothing is wrong with it. */
export class LaterFormat extends UserError {}

/** Whether a file could not be read because something is wrong with it. */
export function isDamage(error: unknown): error is UserError {
  return error instanceof UserError && error.code === ExitCode.checkpoint && !(error instanceof LaterFormat);
}

/**
 * @returns the text fields of a safetensors file: `format`, as PyTorch's readers like to see it, the format's version,
 * room for the checksum, and each field as JSON
 * @throws {UserError} exit 6 if a number is not finite: JSON has none, and none is ever saved
 */
export function encodeMetadata(metadata: CheckpointMetadata): Record<string, string> {
  const encoded: Record<string, string> = {
    format: 'pt',
    [FORMAT_VERSION_KEY]: String(FORMAT_VERSION),
    [CHECKSUM_KEY]: BLANK_CHECKSUM,
  };
  const stored = { ...metadata, progress: metadata.progress && storedProgress(metadata.progress) };
  for (const field of Object.keys(FIELDS) as Field[]) {
    if (stored[field] === undefined) continue;
    encoded[keyOf(field)] = JSON.stringify(stored[field], (name, value) => {
      if (typeof value !== 'number' || Number.isFinite(value)) return value;
      const path = name === '' ? field : `${field}.${name}`;
      throw new UserError(`${path} is ${value}: nothing non-finite is saved`, ExitCode.diverged);
    });
  }
  return encoded;
}

/**
 * @param encoded the text fields of a safetensors file
 * @param file its name, for messages
 * @returns undefined if this tool did not write them: PyTorch's files have none of these fields
 * @throws {UserError} exit 4 naming the field that is missing, of the wrong kind, or of a later format
 */
export function decodeMetadata(encoded: ReadonlyMap<string, string>, file: string): CheckpointMetadata | undefined {
  const fail: Fail = (field, problem) => {
    throw new UserError(`${file}: metadata ${field}: ${problem}`, ExitCode.checkpoint);
  };
  if (![...encoded.keys()].some((key) => key.startsWith(PREFIX))) return undefined;
  const version = positive(parseField(encoded, FORMAT_VERSION_KEY, fail), FORMAT_VERSION_KEY, fail);
  if (version > FORMAT_VERSION) {
    const problem = `${version} is newer than the ${FORMAT_VERSION} known here; upgrade resnet to read it`;
    throw new LaterFormat(`${file}: metadata ${FORMAT_VERSION_KEY}: ${problem}`, ExitCode.checkpoint);
  }
  if (version > 1 && !encoded.has(CHECKSUM_KEY)) fail(CHECKSUM_KEY, 'is missing');
  const entries = Object.entries<Check<unknown>>(FIELDS).map(([field, check]) => {
    const key = keyOf(field);
    return [field, check(parseField(encoded, key, fail), key, fail)];
  });
  const metadata: CheckpointMetadata = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const { input, architecture, epoch, step, progress: place } = metadata;
  if (place && (place.epochs !== epoch || place.step !== step)) {
    fail(
      keyOf('progress'),
      `epoch ${place.epochs}, step ${place.step}, but the weights are of epoch ${epoch}, step ${step}`,
    );
  }
  if (input[0] !== architecture.channels) {
    fail(keyOf('input'), `${input[0]} channels, but the architecture has ${architecture.channels}`);
  }
  return metadata;
}

/** @returns undefined where there is no such field */
function parseField(encoded: ReadonlyMap<string, string>, key: string, fail: Fail): unknown {
  const json = encoded.get(key);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return fail(key, `expected JSON, got ${quote(json)}`);
  }
}

/** Keys are spelled as Python's readers expect: `validationLoss` is `resnet.validation_loss`. */
function keyOf(field: string): string {
  return PREFIX + field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
