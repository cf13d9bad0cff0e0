/** Memory limits of Linux control groups: those of a container, of a batch system, or of systemd. */
import { posix } from 'node:path';

/** Reads a text file; undefined if it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** The limit of one control group. */
export interface GroupLimit {
  /** The file that holds the limit. */
  readonly path: string;
  readonly limitBytes: number;
  /** Memory that the group uses, without files that the system would drop for others. */
  readonly usedBytes: number;
}

/** Names of the files of a version of control groups. */
interface GroupFiles {
  readonly limit: string;
  readonly used: string;
  /** Field of `memory.stat`: bytes of files that the system can drop. */
  readonly droppable: string;
}

const VERSION_1: GroupFiles = {
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  droppable: 'total_inactive_file',
};
const VERSION_2: GroupFiles = { limit: 'memory.max', used: 'memory.current', droppable: 'inactive_file' };

/** Version 1 states a limit just below 2⁶³ bytes for a group that has none. */
const UNLIMITED_BYTES = 2 ** 62;

/** The limits of this process's control group and of the groups around it; empty where there are none. */
export function groupLimits(read: ReadText): GroupLimit[] {
  const mounts = parseMounts(read('/proc/self/mountinfo') ?? '');
  return parseGroups(read('/proc/self/cgroup') ?? '').flatMap(({ version, path }) => {
    const mount = mounts.find((each) => each.version === version);
    if (!mount) return [];
    const files = version === 1 ? VERSION_1 : VERSION_2;
    return foldersOf(mount, path).flatMap((folder) => limitOf(folder, files, read) ?? []);
  });
}

/** A control group of this process. */
interface Group {
  readonly version: 1 | 2;
  /** Path within the hierarchy of groups. */
  readonly path: string;
}

/** The groups that count this process's memory, from `/proc/self/cgroup`: lines of `ID:CONTROLLERS:PATH`. */
export function parseGroups(text: string): Group[] {
  return text.split('\n').flatMap((line): Group[] => {
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === '0' && controllers === '') return [{ version: 2, path }];
    return controllers.split(',').includes('memory') ? [{ version: 1, path }] : [];
  });
}

/** A mounted hierarchy of groups. */
interface Mount extends Pick<Group, 'version'> {
  /** The group that the mounted folder shows. */
  readonly root: string;
  readonly folder: string;
}

/** The hierarchies that count memory, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)). */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [place = '', kind = ''] = line.split(' - ');
    const [, , , root, folder] = place.split(' ').map(unescaped);
    const [type, , options = ''] = kind.split(' ');
    if (!root || !folder) return [];
    if (type === 'cgroup2') return [{ version: 2, root, folder }];
    return type === 'cgroup' && options.split(',').includes('memory') ? [{ version: 1, root, folder }] : [];
  });
}

/** A path of `mountinfo`, in which a space is written as `\040`. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Folders of a group and of the groups around it, as far as they are mounted. */
function foldersOf({ root, folder }: Mount, path: string): string[] {
  // A container may see its own group as the root of the mount, while the path is the one outside it.
  const inside = posix.relative(root, path);
  const parts = inside.startsWith('..') ? [] : inside.split('/').filter((part) => part !== '');
  return [...parts.keys(), parts.length].map((count) => posix.join(folder, ...parts.slice(0, count))).reverse();
}

function limitOf(folder: string, { limit, used, droppable }: GroupFiles, read: ReadText): GroupLimit | undefined {
  const path = posix.join(folder, limit);
  const limitBytes = wholeNumber(read(path));
  if (limitBytes === undefined || limitBytes >= UNLIMITED_BYTES) return undefined;
  const usedBytes = wholeNumber(read(posix.join(folder, used))) ?? 0;
  const stat = read(posix.join(folder, 'memory.stat')) ?? '';
  const dropped = wholeNumber(new RegExp(`^${droppable} (\\d+)$`, 'm').exec(stat)?.[1]) ?? 0;
  return { path, limitBytes, usedBytes: Math.max(0, usedBytes - dropped) };
}

/** @returns undefined for anything but digits, such as the `max` of a group without limit */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
