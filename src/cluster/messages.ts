/** The messages between workers: one JSON object a line. Nothing is taken from a line that is none of them. */

/** What must be the same for all workers before they train. */
export interface WorkerFacts {
  /** Settings of the run by name; values that JSON has. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Hash of the data. */
  readonly data: string;
  /** Hash of the recorded graph. */
  readonly graph: string;
  /** Hash of the weights and the progress that the worker starts from. */
  readonly start: string;
}

/** A message from a worker to the leader; `hello` is the first, and the only one of a stranger. */
export type WorkerMessage =
  | {
      readonly type: 'hello';
      readonly rank: number;
      readonly world: number;
      readonly version: string;
      /** What the leader has to prove itself with. */
      readonly nonce: string;
      /** HMAC of all other fields and the leader's nonce. */
      readonly proof: string;
    }
  | { readonly type: 'beat'; readonly state: string }
  | { readonly type: 'facts'; readonly facts: WorkerFacts }
  | { readonly type: 'weights'; readonly step: number; readonly hash: string }
  /** The worker fails; `code` is its exit code, if it knows it. */
  | { readonly type: 'failed'; readonly message: string; readonly code: number | undefined }
  | { readonly type: 'done' };

/** Why a worker is refused: it runs with another version or count of workers, is a stranger, or its rank is there. */
export type Refusal = 'different' | 'stranger' | 'taken';

/** A message from the leader to a worker. */
export type LeaderMessage =
  | { readonly type: 'challenge'; readonly nonce: string }
  | { readonly type: 'welcome'; readonly proof: string }
  | { readonly type: 'refused'; readonly why: Refusal; readonly message: string }
  | { readonly type: 'missing'; readonly ranks: readonly number[] }
  | { readonly type: 'joined' }
  | { readonly type: 'beat'; readonly state: string }
  | { readonly type: 'go' }
  | { readonly type: 'same'; readonly step: number }
  /** The training ends for all, by the exit code of those that are not the cause. */
  | { readonly type: 'end'; readonly code: number; readonly message: string }
  | { readonly type: 'done' };

/** Longest line of a connection that has not shown that it is a worker's (bytes). */
export const MAX_STRANGER_LINE = 4_096;
/** Longest line of a worker (bytes): settings may hold a number for each of thousands of classes. */
export const MAX_LINE = 2 ** 20;
/** Longest text about a worker's state. */
export const MAX_STATE = 200;
/** Longest message about an end. */
export const MAX_TEXT = 4_000;
/** Longest message about a worker's failure: the others put who failed before it, and its exit code after it. */
export const MAX_FAILURE = MAX_TEXT - 100;

/** Largest exit code. */
const MAX_CODE = 255;

type Check = (value: unknown) => boolean;

const text =
  (most: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= most;
const hexadecimal =
  (digits: number): Check =>
  (value) =>
    typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
const whole =
  (most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNonce = hexadecimal(32);
const isProof = hexadecimal(64);
const isRank = whole(2 ** 16);
const isHash = text(200);
const isCode = whole(MAX_CODE);

function isFacts(value: unknown): boolean {
  return isObject(value) && isObject(value.settings) && [value.data, value.graph, value.start].every(isHash);
}

/** The checks of each message's fields. */
type Checks<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: Readonly<
    Record<Exclude<keyof Extract<Message, { readonly type: Type }>, 'type'>, Check>
  >;
};

const WORKER_MESSAGES: Checks<WorkerMessage> = {
  hello: { rank: isRank, world: isRank, version: text(100), nonce: isNonce, proof: isProof },
  beat: { state: text(MAX_STATE) },
  facts: { facts: isFacts },
  weights: { step: whole(Number.MAX_SAFE_INTEGER), hash: isHash },
  failed: { message: text(MAX_TEXT), code: (value) => value === undefined || isCode(value) },
  done: {},
};

const LEADER_MESSAGES: Checks<LeaderMessage> = {
  challenge: { nonce: isNonce },
  welcome: { proof: isProof },
  refused: {
    why: (value) => value === 'different' || value === 'stranger' || value === 'taken',
    message: text(MAX_TEXT),
  },
  missing: { ranks: (value) => Array.isArray(value) && value.every(isRank) },
  joined: {},
  beat: { state: text(MAX_STATE) },
  go: {},
  same: { step: whole(Number.MAX_SAFE_INTEGER) },
  end: { code: isCode, message: text(MAX_TEXT) },
  done: {},
};

/** The message of a worker in a line; undefined if it is none. */
export function workerMessage(line: string): WorkerMessage | undefined {
  return read(line, WORKER_MESSAGES) as WorkerMessage | undefined;
}

/** The message of the leader in a line; undefined if it is none. */
export function leaderMessage(line: string): LeaderMessage | undefined {
  return read(line, LEADER_MESSAGES) as LeaderMessage | undefined;
}

function read(line: string, messages: Readonly<Record<string, Readonly<Record<string, Check>>>>): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(messages, value.type)) return undefined;
  const { type } = value;
  const fields = Object.entries(messages[type] ?? {});
  if (!fields.every(([name, holds]) => holds(value[name]))) return undefined;
  return { type, ...Object.fromEntries(fields.map(([name]) => [name, value[name]])) };
}
