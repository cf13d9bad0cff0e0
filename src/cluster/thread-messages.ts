/** What the main thread and the thread of the control connection tell each other. */
import type { WorkerFacts } from './messages.ts';
import type { Timing } from './timing.ts';

/** What the thread is started with. */
export interface ThreadSetUp {
  readonly rank: number;
  /** `host:port` of each worker, by rank. */
  readonly addresses: readonly string[];
  readonly controlPort: number;
  /** Seconds. */
  readonly startLimit: number;
  readonly secret: string | undefined;
  readonly version: string;
  readonly timing: Timing;
}

/** What the main thread wants. */
export type Command =
  | { readonly type: 'state'; readonly state: string }
  | { readonly type: 'facts'; readonly facts: WorkerFacts }
  | { readonly type: 'weights'; readonly step: number; readonly hash: string }
  /** This worker fails; answered by `sent`. */
  | { readonly type: 'failed'; readonly message: string; readonly code: number | undefined }
  | { readonly type: 'done' }
  /** Closes all sockets, without a word to the others; the thread ends. */
  | { readonly type: 'close' };

/** What has happened. */
export type Event =
  /** Workers that are waited for, or 0 if the leader is. */
  | { readonly type: 'missing'; readonly ranks: readonly number[] }
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'joined' }
  | { readonly type: 'state'; readonly rank: number; readonly state: string }
  /** Workers of which nothing was heard for a few beats; none: all are heard again. */
  | { readonly type: 'quiet'; readonly ranks: readonly number[] }
  | { readonly type: 'go' }
  | { readonly type: 'same'; readonly step: number }
  | { readonly type: 'sent' }
  | { readonly type: 'done' }
  /** The training ends: the first cause, and this worker's exit code. */
  | { readonly type: 'end'; readonly code: number; readonly message: string };

/** One side of the control connection: the leader's, or that of another worker. */
export interface Side {
  command(command: Command): void;
}

/** A worker in messages: `worker 1 (127.0.0.1:4002)`. */
export function workerName(rank: number, addresses: readonly string[]): string {
  return `worker ${rank} (${addresses[rank]})`;
}

/** What the others are told of a worker that says why it fails: `worker 1 was lost: the disk is full (exit 5)`. */
export function lossText(rank: number, message: string, code: number | undefined): string {
  return `worker ${rank} was lost: ${message}${code === undefined ? '' : ` (exit ${code})`}`;
}

/** What is said of a worker whose connection is closed. */
export function closeText(cause: string | undefined): string {
  if (cause === undefined) return 'its connection closed';
  return isSystemError(cause) ? `its connection closed (${cause})` : cause;
}

/** Whether the cause of a connection's end is a system error's code, such as ECONNRESET. */
export function isSystemError(cause: string): boolean {
  return /^[A-Z_0-9]+$/.test(cause);
}

/** What is said of a worker that sends nothing. */
export function silenceText({ silenceMs }: Timing): string {
  return `nothing was heard from it for ${silenceMs / 1000} s`;
}
