/** The JSON header of a safetensors file: which tensors it holds, and where. */
import { ExitCode, UserError } from '../errors.ts';
import { bytesOf, isDType } from './element-types.ts';
import { type Fail, kind, list, natural, object, record, text } from './fields.ts';
import { quote } from './quote.ts';
import type { TensorInfo } from './scan.ts';

/** A tensor's entry in the header. */
export interface TensorEntry extends TensorInfo {
  /** Position of the tensor's first byte, counted from the end of the header. */
  readonly begin: number;
  /** Position after its last byte. */
  readonly end: number;
}

/** A header that has been checked. */
export interface SafetensorsHeader {
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Bytes of all tensors. They fill the file after the header without gaps. */
  readonly payloadBytes: number;
}

/**
 * Parses the JSON header of a safetensors file and checks every field of it.
 *
 * @param bytes the header without its length
 * @param payloadBytes number of bytes that the file has after the header
 * @param file the file's name, for messages
 * @throws UserError (checkpoint) naming the field at fault
 */
export function parseHeader(bytes: Uint8Array, payloadBytes: number, file: string): SafetensorsHeader {
  const fail: Fail = (field, problem) => {
    throw new UserError(`${file}: ${field}: ${problem}`, ExitCode.checkpoint);
  };
  const header = parseJson(bytes, fail);
  const entries: [string, TensorEntry][] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = value === null ? metadata : parseMetadata(value, fail);
    else entries.push([name, parseEntry(value, `tensor ${quote(name)}`, fail)]);
  }
  entries.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, { begin, end }] of entries) {
    if (begin !== covered) fail(`tensor ${quote(name)}.data_offsets`, `begin at ${begin}, expected ${covered}`);
    covered = end;
  }
  if (covered !== payloadBytes) {
    fail('file length', `${payloadBytes} bytes follow the header, but its tensors have ${covered}`);
  }
  return { tensors: new Map(entries), metadata, payloadBytes };
}

function parseJson(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let json: string;
  let value: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(json);
  } catch (error) {
    return fail('header', error instanceof SyntaxError ? 'not valid JSON' : 'not valid UTF-8');
  }
  const duplicate = findDuplicateKey(json);
  if (duplicate !== undefined) fail('header', `the name ${quote(duplicate)} appears twice`);
  return object(value, 'header', fail);
}

/**
 * Finds a key that an object has twice. `JSON.parse` silently keeps the second value, but another reader might take the
 * first.
 *
 * @param json valid JSON
 */
function findDuplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon) {
      const key: string = JSON.parse(string!);
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function parseMetadata(value: unknown, fail: Fail): Map<string, string> {
  const entries = Object.entries(object(value, '__metadata__', fail));
  return new Map(entries.map(([key, each]) => [key, text(each, `__metadata__ ${quote(key)}`, fail)]));
}

const parseFields = record({
  dtype: kind('a type of safetensors, such as F32', isDType),
  shape: list(natural),
  data_offsets: list(natural, 2),
});

function parseEntry(value: unknown, field: string, fail: Fail): TensorEntry {
  const { dtype, shape, data_offsets } = parseFields(value, field, fail);
  const [begin, end] = data_offsets as [number, number];
  const bytes = bytesOf(dtype, shape);
  // Above 2⁵³ a product is rounded, and an equal number of bytes would prove nothing.
  if (!Number.isSafeInteger(bytes)) fail(`${field}.shape`, `${quote(shape)} overflows`);
  if (end - begin !== bytes) {
    const held = `[${begin}, ${end}] span ${end - begin} bytes`;
    fail(`${field}.data_offsets`, `${held}, but ${dtype} of shape ${quote(shape)} has ${bytes}`);
  }
  return { dtype, shape, begin, end };
}
