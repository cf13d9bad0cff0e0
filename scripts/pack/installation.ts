/** Installs the tarball as a user does, and says what npm printed and what weighs. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files.ts';
import { npm } from './npm.ts';
import { type PackedFile, type Weight, weighParts } from './weights.ts';

/** What a production install may weigh, as `du -sm` counts. */
export const MAX_MB = 220;
/** How many packages a production install may have, the bundled ones too. */
export const MAX_PACKAGES = 120;

/** An installed tarball. */
export interface Installation {
  /** The folder with `node_modules`. */
  readonly folder: string;
  /** How long npm took. */
  readonly seconds: number;
  /** What npm printed. */
  readonly log: string;
  /** Number of packages, as `npm ls --all` lists them: with the bundled ones and this tool itself. */
  readonly packages: number;
  /** Size of node_modules on disk (MiB). */
  readonly megabytes: number;
  /** The packages of node_modules and what each takes on disk, the heaviest first. */
  readonly weights: readonly Weight[];
}

/**
 * Installs a tarball by `npm install`, with scripts allowed.
 *
 * @param folder an empty folder
 * @param options more options of npm
 * @throws Error with npm's message if it fails
 */
export async function installTarball(
  tarball: string,
  folder: string,
  signal: AbortSignal,
  options: readonly string[] = [],
): Promise<Installation> {
  const begin = performance.now();
  const words = ['install', '--ignore-scripts=false', '--foreground-scripts', ...options, tarball];
  const { code, stdout, stderr } = await npm(words, folder, signal);
  const seconds = (performance.now() - begin) / 1000;
  if (code !== 0) throw new Error(`npm install failed: ${stderr.trim()}`);
  const listed = await npm(['ls', '--all', '--parseable'], folder, signal);
  const files = spaceOnDisk(join(folder, 'node_modules'));
  return {
    folder,
    seconds,
    log: `${stdout}${stderr}`.trim(),
    packages: listed.stdout.trim().split('\n').length - 1, // the first line is the folder
    megabytes: Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20),
    weights: weighParts(files, packageOf),
  };
}

/** What is wrong with an installation: more than the limits, and warnings of npm. */
export function faultsOf({ log, packages, megabytes }: Installation): string[] {
  const faults = log.split('\n').filter((line) => /\b(warn|error|deprecated)\b/i.test(line));
  if (packages > MAX_PACKAGES) faults.push(`${packages} packages, more than ${MAX_PACKAGES}`);
  if (megabytes > MAX_MB) faults.push(`${megabytes} MiB, more than ${MAX_MB}`);
  return faults;
}

/** Files below a folder, with the blocks that each takes. */
function spaceOnDisk(folder: string): PackedFile[] {
  return filesBelow(folder).map((path) => ({ path, bytes: lstatSync(join(folder, path)).blocks * 512 }));
}

/** The package in node_modules that a file belongs to. */
function packageOf(path: string): string {
  return /^((?:@[^/]+\/)?[^/]+)/.exec(path)?.[0] ?? path;
}
