/** Files and folders that refuse to be read or written, for root too, to whom mode bits mean nothing. */
import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';

const isRoot = process.getuid?.() === 0;

/** A file of the system that no one can read. */
function writeOnlyFile(): string | undefined {
  const { stdout } = spawnSync('find', ['/sys', '-perm', '0200', '-type', 'f', '-print', '-quit'], {
    encoding: 'utf8',
  });
  return stdout?.trim() || undefined;
}

const writeOnly = isRoot ? writeOnlyFile() : undefined;

export const unreadableFile = {
  impossible: isRoot && writeOnly === undefined ? 'root can read every file here' : undefined,
  make(path: string): void {
    if (writeOnly !== undefined) {
      symlinkSync(writeOnly, path);
    } else {
      writeFileSync(path, 'secret');
      chmodSync(path, 0);
    }
  },
};

const MAKE_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';

export const readOnlyFolder = {
  impossible:
    isRoot && spawnSync('unshare', ['--mount', 'mount', '--bind', '/tmp', '/tmp']).status !== 0
      ? 'root can write everywhere here, and may not mount'
      : undefined,

  /** @returns the words of a command that runs another, for which this folder is read-only */
  wrap(folder: string, words: readonly string[]): string[] {
    if (isRoot) return ['unshare', '--mount', 'sh', '-c', MAKE_READ_ONLY, folder, ...words];
    chmodSync(folder, 0o555);
    return [...words];
  },
};
