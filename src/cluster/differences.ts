/** What differs between workers that have to be alike. */
import { isDeepStrictEqual } from 'node:util';
import { quote } from '../checkpoint/quote.ts';
import type { WorkerFacts } from './messages.ts';

/** The weights of a worker. */
export interface Weights {
  /** Number of steps taken. */
  readonly step: number;
  readonly hash: string;
}

/** How many differences are named. */
const MOST_NAMED = 4;

/** What the hashes of the facts stand for. */
const HASHES = [
  ['data', 'data'],
  ['graph', 'network'],
  ['start', 'starting weights'],
] as const;

/**
 * What differs between worker 0 and the first worker that is not like it, in one line.
 *
 * @param all by rank; settings as JSON has them
 * @returns undefined if all are alike
 */
export function differenceOfFacts([leader, ...others]: readonly WorkerFacts[]): string | undefined {
  for (const [index, worker] of others.entries()) {
    const differences = differencesOf(leader!, worker);
    if (differences.length === 0) continue;
    const rest = differences.length - MOST_NAMED;
    const named = [...differences.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
    return `worker ${index + 1} differs from worker 0 in ${named}: start all workers with the same command line, data and checkpoint`;
  }
  return undefined;
}

/** Other settings explain another network, and other data other weights: causes come first. */
function differencesOf(leader: WorkerFacts, worker: WorkerFacts): string[] {
  const names = [...new Set([...Object.keys(leader.settings), ...Object.keys(worker.settings)])];
  const settings = names.flatMap((name) => {
    const [own, leaders] = [settingOf(worker, name), settingOf(leader, name)];
    return isDeepStrictEqual(own, leaders) ? [] : [`${unquoted(name)} (${valuesText(own, leaders)})`];
  });
  const hashes = HASHES.filter(([field]) => leader[field] !== worker[field]).map(
    ([field, name]) => `${name} (hash ${shortHash(worker[field])}, not ${shortHash(leader[field])})`,
  );
  return [...settings, ...hashes];
}

/** The value of a setting; undefined if it is not given, for which some settings have null. */
function settingOf({ settings }: WorkerFacts, name: string): unknown {
  return Object.hasOwn(settings, name) ? (settings[name] ?? undefined) : undefined;
}

/** A worker's value of a setting, and worker 0's. */
function valuesText(own: unknown, leaders: unknown): string {
  if (own === undefined) return `not given, and ${quote(leaders)} for worker 0`;
  return `${quote(own)}, ${leaders === undefined ? 'not given for worker 0' : `not ${quote(leaders)}`}`;
}

/** The beginning of a hash, which is enough to see that it is another. */
function shortHash(hash: string): string {
  return unquoted(hash.slice(0, 12));
}

function unquoted(text: string): string {
  return quote(text).replace(/^"|"$/g, '');
}

/**
 * Which worker has other weights than worker 0, in one line.
 *
 * @param all by rank
 * @returns undefined if all have the same
 */
export function differenceOfWeights(all: readonly Weights[]): string | undefined {
  const [leader] = all;
  const rank = all.findIndex(({ step, hash }) => step !== leader!.step || hash !== leader!.hash);
  if (rank < 0) return undefined;
  const fault = `the weights of worker ${rank} after step ${all[rank]!.step} are not those of worker 0 after step ${leader!.step}`;
  return `${fault}: resume from the checkpoint before, and test the memory of both machines if it happens again`;
}
