/** Disks without room, and a limit on files: exit 5 with the need, and what was saved before stays whole. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { withFlags } from '../support/flags.ts';
import { BINARY, command, resnet } from '../support/resnet.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { expectRefusal } from './refusal.ts';
import { expectSound, leftBehind } from './resumable-run.ts';
import { trainIn } from './run-folder.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const root = temporaryFolder();

/** Calls back with the folder of a new, small disk, which is gone afterwards. */
async function withDisk<T>(kibibytes: number, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(root, 'disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]);
  if (status !== 0) throw new Error(String(stderr));
  try {
    return await use(folder);
  } finally {
    spawnSync('umount', ['--lazy', folder]);
  }
}

const noDisk = await withDisk(4, async () => undefined).catch(
  (error: Error) => `no disk may be mounted: ${error.message}`,
);

testFault(
  'a disk that is too small from the start',
  'exit 5 before training, with the MiB that are needed and missing; nothing written',
  async (see) => {
    const attempted = await withDisk(512, (folder) => trainIn(root, folder));
    see(`exit ${attempted.code}: ${attempted.stderr}`);
    expectRefusal(attempted, {
      code: 5,
      message: /no room for the checkpoints: they take up to \d+ MiB, \d+ MiB more than is free; free some, or choose/,
    });
  },
  { skip: noDisk },
);

testFault(
  'a disk that fills up while it is trained on',
  'exit 5 with the bytes needed; the checkpoint before is whole, and no temporary file is left',
  async (see) => {
    await withDisk(16 * 1024, async (folder) => {
      const trainer = launchTrainer([...SAVING_RUN, '--epochs', '1000', '--json', '--checkpoint-dir', folder]);
      await trainer.printed('"event":"saved"');
      const { bavail, bsize } = statfsSync(folder);
      fill(join(folder, 'else'), bavail * bsize);
      const { code, stderr } = await trainer.ended;
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toMatch(/^resnet: .*could not be written: no room \(ENOSPC\): \d+ bytes are needed; free some/);
      expect([code, leftBehind(folder)]).toEqual([5, []]);
      await expectSound(folder);
    });
  },
  { skip: noTensorFlow ?? noDisk },
);

/** Fills a disk as far as there is room, of which the trainer may take some meanwhile. */
function fill(path: string, bytes: number): void {
  try {
    writeFileSync(path, Buffer.alloc(bytes));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
}

testFault(
  'a limit on the size of files: 400 KiB, where best has 200 and last 590',
  'exit 5 with the bytes needed; best is whole, and no temporary file is left',
  async (see) => {
    const folder = mkdtempSync(join(root, 'limit-'));
    const words = [
      process.execPath,
      BINARY,
      ...withFlags(SAVING_RUN, '--save-interval', '1000'),
      '--checkpoint-dir',
      folder,
    ];
    const { code, stderr } = await command(['bash', '-c', 'ulimit -f 400; exec "$@"', 'bash', ...words]);
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toMatch(
      /^resnet: .*last\.safetensors: could not be written: no room \(EFBIG\): \d+ bytes are needed/,
    );
    expect([code, leftBehind(folder)]).toEqual([5, []]);
    expect((await resnet(['verify', folder])).code).toBe(0);
  },
  { skip: noTensorFlow },
);
