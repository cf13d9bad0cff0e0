/** Finds what RUN names on a command line: a checkpoint, a run's folder, or a run's name in `--checkpoint-dir`. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { calledAs } from '../../called-as.ts';
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import { CHECKPOINT_FILES, EARLIER_FOLDER, RUN_FILES, STAGING_NAME } from './run-files.ts';

/** A run's folder, and the checkpoint in it if the user named one. */
export interface RunPlace {
  readonly folder: string;
  readonly checkpoint?: string;
}

/**
 * Finds the run or the checkpoint that the user named. An existing path comes before the name of a run, unless it is a
 * folder without any run.
 *
 * @param run a path or a run's name; undefined for the run in `parent`
 * @param parent the folder that `--checkpoint-dir` names
 * @param notice called if `run` is both a path and the name of another run
 * @throws UserError (checkpoint) if there is no such run, or only a folder of several; (io) if it cannot be read
 */
export async function findRun(run: string | undefined, parent: string, notice: Notice): Promise<RunPlace> {
  if (run === undefined) return placeAt(parent, parent);
  const named = join(parent, run);
  // Nothing that begins like this is a name.
  if (isAbsolute(run) || /^\.{1,2}(\/|$)/.test(run)) return placeAt(run, parent);
  const [path, other] = [await statOf(run), await statOf(named)];
  if (!path) return placeAt(named, parent, run);
  if (other && path.isDirectory() && !(await isRun(run)) && (await runsIn(run)).length === 0) {
    return placeAt(named, parent);
  }
  if (other && (path.ino !== other.ino || path.dev !== other.dev)) {
    notice(`${run} is taken for the path of that name, not for the run ${named}: give the run's path to choose it`);
  }
  return placeAt(run, parent);
}

/**
 * Finds the run of a name.
 *
 * @throws UserError (checkpoint) if there is none, (io) if its folder cannot be read
 */
export function findNamedRun(name: string, parent: string): Promise<RunPlace> {
  return placeAt(join(parent, name), parent);
}

/**
 * Whether something is at a path that is no folder without a run: a run, a folder of runs, or a file.
 *
 * @throws UserError (io) if it cannot be read
 */
export async function holdsRun(path: string): Promise<boolean> {
  const found = await statOf(path);
  if (!found?.isDirectory()) return found !== undefined;
  return (await isRun(path)) || (await runsIn(path)).length > 0;
}

/** The checkpoint that a place stands for where a trained model is wanted: the best of the run if none is named. */
export function modelAt({ folder, checkpoint }: RunPlace): string {
  return checkpoint ?? join(folder, RUN_FILES.best);
}

/** The files of which a run has at least one. A report may be in a folder that holds no run. */
const SIGNS: readonly string[] = [
  ...Object.values(CHECKPOINT_FILES),
  ...[RUN_FILES.config, RUN_FILES.events, RUN_FILES.metrics],
];

/**
 * The place that a path leads to.
 *
 * @param tried another path that leads nowhere, for the message
 */
async function placeAt(path: string, parent: string, tried?: string): Promise<RunPlace> {
  const found = await statOf(path);
  if (!found) throw await nothingAt(path, parent, tried);
  if (!found.isDirectory()) return { folder: dirname(path), checkpoint: path };
  if (await isRun(path)) return { folder: path };
  const runs = await runsIn(path);
  throw refusal(
    runs.length > 0
      ? `${path}: holds no run itself, but ${listed(runs)}: name one of them, like ${join(path, runs[0]!)}`
      : `${path}: holds no run; make one with \`${calledAs()} train\``,
  );
}

async function nothingAt(path: string, parent: string, tried: string | undefined): Promise<UserError> {
  const where = tried === undefined ? `${path}: ` : `${tried}: `;
  const also = tried === undefined ? '' : `, nor is there ${path}`;
  const train = `make one with \`${calledAs()} train\``;
  if (/\.(safetensors|pth|pt|ckpt|tar)$/.test(path)) return refusal(`${where}no such checkpoint${also}; ${train}`);
  const runs = await runsIn(parent);
  const advice = runs.length > 0 ? `${parent} holds ${listed(runs)}` : train;
  return refusal(`${where}no such run or checkpoint${also}; ${advice}`);
}

function refusal(message: string): UserError {
  return new UserError(message, ExitCode.checkpoint);
}

/** Codes of the system for a path that leads nowhere; a link can lead to itself. */
const NOTHING_THERE: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

/** @returns undefined if nothing is there */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (NOTHING_THERE.includes(code)) return undefined;
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
}

async function isRun(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => SIGNS.includes(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${folder}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
}

/**
 * Names of the runs in a folder, also of those that were moved to its `earlier/`. What cannot be read is left out, and so
 * is the hidden folder of a new run that has not saved.
 */
async function runsIn(folder: string): Promise<string[]> {
  const runs: string[] = [];
  for (const name of (await readdir(folder).catch(() => [])).toSorted()) {
    if (STAGING_NAME.test(name)) continue;
    const path = join(folder, name);
    if (await isRun(path).catch(() => false)) runs.push(name);
    else if (name === EARLIER_FOLDER) runs.push(...(await runsIn(path)).map((each) => join(name, each)));
  }
  return runs;
}

/** Most names that a message lists. */
const MAX_LISTED = 10;

/** For example `the runs first, second and third`. */
function listed(runs: readonly string[]): string {
  const shown = runs.slice(0, MAX_LISTED);
  const more = runs.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  const names = shown.length > 0 ? `${shown.join(', ')} and ${last}` : last;
  return `the run${runs.length > 1 ? 's' : ''} ${names}`;
}
