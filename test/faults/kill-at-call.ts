/** Makes a chosen call to the file system go wrong in the real tool; `kill-at-call.c` says how. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from '../../src/setup/cache.ts';
import { findCompiler } from '../../src/setup/compile.ts';
import { runCommand } from '../../src/setup/run-command.ts';

const SOURCE = fileURLToPath(new URL('./kill-at-call.c', import.meta.url));
const LIBRARY = 'kill-at-call.so';

/** Why calls cannot be made to go wrong on this machine; undefined if they can. */
export const noCallFaults =
  process.platform === 'linux'
    ? undefined
    : `calls can be caught by LD_PRELOAD on Linux only, not on ${process.platform}`;

export type CallKind = 'open' | 'write' | 'sync' | 'rename' | 'link' | 'unlink';

/** A fault at a call. */
export interface CallFault {
  /** Which calls are counted; default: those of every kind together. */
  readonly kind?: CallKind;
  /** Which of them goes wrong, from 1. */
  readonly call: number;
  /**
   * `kill` and, in the middle of a write, `kill-halfway` end the process by SIGKILL; `short` lets a write do only half
   * of its bytes; an error's name fails this call and `… from here on` all that follow it too.
   */
  readonly action: 'kill' | 'kill-halfway' | 'short' | ErrorName | `${ErrorName} from here on`;
}

type ErrorName = 'ENOSPC' | 'EDQUOT' | 'EIO' | 'EFBIG' | 'EPERM';

/** A call that was made. */
export interface Call {
  readonly kind: CallKind;
  readonly path: string;
  /** The bytes of a write, or the path that a rename or a link makes. */
  readonly detail: string;
}

/**
 * The environment that lets calls go wrong in a process.
 *
 * @param files what the path of a file contains whose calls count, best the path of a folder
 * @param options.fault the fault; default: none
 * @param options.list a file to which every counted call is appended, for `callsIn`
 */
export async function withCallFaults(
  files: string,
  { fault, list }: { fault?: CallFault; list?: string },
): Promise<NodeJS.ProcessEnv> {
  return {
    LD_PRELOAD: await library(),
    UV_USE_IO_URING: '0', // calls that go around libc cannot be caught
    KILL_AT_FILES: files,
    KILL_AT_LIST: list,
    KILL_AT_KIND: fault?.kind,
    KILL_AT_CALL: fault && String(fault.call),
    KILL_AT_ACTION: fault && actionWord(fault.action),
  };
}

function actionWord(action: CallFault['action']): string {
  const [, name, lasting] = /^(E[A-Z]+)( from here on)?$/.exec(action) ?? [];
  return name === undefined ? action : `errno${lasting ? '-from' : ''} ${constants.errno[name as ErrorName]}`;
}

/** The calls in a list, in order; none if there is no list. */
export function callsIn(list: string): Call[] {
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
  return lines.map((line) => {
    const [kind = '', path = '', detail = ''] = line.split('\t');
    return { kind: kind as CallKind, path, detail };
  });
}

/** Compiled once, and again when its source has changed. */
async function library(): Promise<string> {
  const hash = createHash('sha256').update(process.arch).update(readFileSync(SOURCE)).digest('hex');
  const { signal } = new AbortController();
  const folder = await cachedFolder(`binaries/kill-at-call-${hash.slice(0, 16)}`, async (target) => {
    const [program, ...args] = await findCompiler(signal);
    args.push('-x', 'c', '-shared', '-fPIC', '-O2', SOURCE, '-o', join(target, LIBRARY), '-ldl');
    const { code, stderr } = await runCommand(program, args, signal);
    if (code !== 0) throw new Error(`${program} could not compile ${SOURCE}: ${stderr}`);
  });
  return join(folder, LIBRARY);
}
