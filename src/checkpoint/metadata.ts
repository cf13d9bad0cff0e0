/** A checkpoint's metadata: their text form in the file, and the version of the format. */
import { ExitCode, UserError } from '../errors.ts';
import { BLANK_CHECKSUM, CHECKSUM_KEY } from './checksum.ts';
import { type Check, type Fail, positive } from './fields.ts';
import { type CheckpointMetadata, FIELDS, type Field } from './metadata-fields.ts';
import { storedProgress } from './progress.ts';
import { quote } from './quote.ts';

export type { CheckpointMetadata, ComputedOn } from './metadata-fields.ts';

/**
 * Version of the file format. It rises when an older version of this tool would misread a newer file. Format 1 had no
 * checksum and no optimizer, format 2 one normalisation only, 0.5 and 0.5, format 3 nothing that is frozen.
 */
const FORMAT_VERSION = 4;

/** The oldest version of the format that holds these metadata: files that older versions read stay readable there. */
function formatVersionOf({ progress }: CheckpointMetadata): number {
  return progress?.frozen ? FORMAT_VERSION : 3;
}

/** Bytes of the largest image: more than any file of a data set has. */
const MAX_IMAGE_BYTES = 2 ** 31;

/** First part of the keys of all fields that this tool writes. */
const KEY_PREFIX = 'resnet.';
const FORMAT_VERSION_KEY = `${KEY_PREFIX}format_version`;

/** The text fields that every file has: what PyTorch's readers expect. */
export const FOREIGN_METADATA = { format: 'pt' } as const;

/** The error of a file in a newer format than this version reads. The file itself is not damaged. */
class NewerFormat extends UserError {}

/** @returns a function that throws a UserError (checkpoint) about a field of a file's metadata */
export function failIn(file: string): Fail {
  return (field, problem) => {
    throw new UserError(`${file}: metadata ${field}: ${problem}`, ExitCode.checkpoint);
  };
}

/** Whether an error means that a checkpoint is missing, damaged or not a checkpoint. */
export function isDamage(error: unknown): error is UserError {
  return error instanceof UserError && error.code === ExitCode.checkpoint && !(error instanceof NewerFormat);
}

/** Metadata under the field names of the file, which outlive the names in the code. */
export function storedMetadata(metadata: CheckpointMetadata) {
  return { ...metadata, progress: metadata.progress && storedProgress(metadata.progress) };
}

/**
 * Encodes metadata as the text fields of a safetensors file.
 *
 * @returns `format`, which PyTorch's readers expect, the format's version, room for the checksum, and each field as
 *   JSON
 * @throws UserError (diverged) if a number is not finite
 */
export function encodeMetadata(metadata: CheckpointMetadata): Record<string, string> {
  const encoded: Record<string, string> = {
    ...FOREIGN_METADATA,
    [FORMAT_VERSION_KEY]: String(formatVersionOf(metadata)),
    [CHECKSUM_KEY]: BLANK_CHECKSUM,
  };
  const stored = storedMetadata(metadata);
  for (const field of Object.keys(FIELDS) as Field[]) {
    if (stored[field] === undefined) continue;
    encoded[keyOf(field)] = JSON.stringify(stored[field], (name, value) => {
      if (typeof value !== 'number' || Number.isFinite(value)) return value;
      const path = name === '' ? field : `${field}.${name}`;
      throw new UserError(`${path} is ${value}: only finite values are saved`, ExitCode.diverged);
    });
  }
  return encoded;
}

/**
 * Decodes and checks the text fields of a safetensors file.
 *
 * @param encoded the text fields
 * @param file the file's name, for messages
 * @param hasChecksum whether a file of this form holds its own checksum; default: true
 * @returns undefined if another tool wrote the file: none of its fields has this tool's prefix
 * @throws UserError (checkpoint) naming the field that is missing, of the wrong kind, or of a newer format
 */
export function decodeMetadata(
  encoded: ReadonlyMap<string, string>,
  file: string,
  hasChecksum = true,
): CheckpointMetadata | undefined {
  const fail: Fail = failIn(file);
  if (![...encoded.keys()].some((key) => key.startsWith(KEY_PREFIX))) return undefined;
  const version = positive(parseField(encoded, FORMAT_VERSION_KEY, fail), FORMAT_VERSION_KEY, fail);
  if (version > FORMAT_VERSION) {
    const problem = `${version} is newer than the ${FORMAT_VERSION} known here; upgrade resnet to read it`;
    throw new NewerFormat(`${file}: metadata ${FORMAT_VERSION_KEY}: ${problem}`, ExitCode.checkpoint);
  }
  if (hasChecksum && version > 1 && !encoded.has(CHECKSUM_KEY)) fail(CHECKSUM_KEY, 'is missing');
  const entries = Object.entries<Check<unknown>>(FIELDS).map(([field, check]) => {
    const key = keyOf(field);
    return [field, check(parseField(encoded, key, fail), key, fail)];
  });
  const metadata: CheckpointMetadata = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const { input, architecture, normalisation, epoch, step, strangeness, progress: position } = metadata;
  const { classNames, preparation } = metadata;
  if (position && (position.epochs !== epoch || position.step !== step)) {
    fail(
      keyOf('progress'),
      `epoch ${position.epochs}, step ${position.step}, but the weights are of epoch ${epoch}, step ${step}`,
    );
  }
  if (input[0] !== architecture.channels) {
    fail(keyOf('input'), `${input[0]} channels, but the architecture has ${architecture.channels}`);
  }
  if (input.reduce((product, size) => product * size) > MAX_IMAGE_BYTES) {
    fail(keyOf('input'), `${input.join('×')}, but no data set has an image of more than ${MAX_IMAGE_BYTES} bytes`);
  }
  for (const name of ['mean', 'std'] as const) {
    const value = normalisation[name];
    if (Array.isArray(value) && value.length !== architecture.channels) {
      const problem = `${value.length} values, but the architecture has ${architecture.channels} channels`;
      fail(`${keyOf('normalisation')}.${name}`, problem);
    }
  }
  if (classNames && classNames.length !== architecture.classes) {
    fail(keyOf('classNames'), `${classNames.length} names, but the architecture has ${architecture.classes} classes`);
  }
  if (classNames && new Set(classNames).size !== classNames.length) fail(keyOf('classNames'), 'holds a name twice');
  if (preparation && preparation.fill.length !== architecture.channels) {
    const problem = `${preparation.fill.length} values, but the architecture has ${architecture.channels} channels`;
    fail(`${keyOf('preparation')}.fill`, problem);
  }
  if (strangeness && strangeness.logits.classes.length !== architecture.classes) {
    const problem = `${strangeness.logits.classes.length}, but the architecture has ${architecture.classes}`;
    fail(`${keyOf('strangeness')}.logits.classes`, problem);
  }
  return metadata;
}

/** @returns the field's JSON value; undefined if the file does not have the field */
function parseField(encoded: ReadonlyMap<string, string>, key: string, fail: Fail): unknown {
  const json = encoded.get(key);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return fail(key, `expected JSON, got ${quote(json)}`);
  }
}

/** The key of a field in the file, in Python's spelling: `validationLoss` is `resnet.validation_loss`. */
function keyOf(field: string): string {
  return KEY_PREFIX + field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
