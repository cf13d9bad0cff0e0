/** An export that cannot be written, or is stopped, leaves nothing behind, and what was there stays. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { BINARY, command, resnet } from '../support/resnet.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { contentsOf, leftBehind } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

const run = join(temporaryFolder(), 'run');

beforeAll(async () => {
  if (noTensorFlow !== undefined) return;
  mkdirSync(run);
  await copySharedRun(run);
});

testFault(
  'a limit on the size of files while a network is exported over an earlier export: 100 KiB, where it has 200',
  'exit 5 with the bytes needed; the earlier export is whole, and no temporary file is left',
  async (see) => {
    expect(await resnet(['export', run, '--format', 'tfjs'])).toMatchObject({ code: 0 });
    const before = contentsOf(join(run, 'best-tfjs'));
    const limited = ['bash', '-c', 'ulimit -f 100; exec "$@"', 'limited', process.execPath, BINARY];
    const { code, stdout, stderr } = await command([...limited, 'export', run, '--format', 'tfjs', '--overwrite'], {});
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toMatch(/^resnet: .*best-tfjs: could not be written: no room \(EFBIG\): \d+ bytes are needed; free/);
    expect([code, stdout, leftBehind(run)]).toEqual([5, '', []]);
    expect(contentsOf(join(run, 'best-tfjs'))).toEqual(before);
  },
  { skip: noTensorFlow },
);

testFault(
  'SIGTERM while a network that was exported is proved',
  'exit 143; neither the export nor a temporary file is left',
  async (see) => {
    const path = join(run, 'stopped.onnx');
    const exporting = launchTrainer(['export', run, '--format', 'onnx', '--out', path]);
    while (!readdirSync(run).some((name) => name.startsWith('stopped.onnx.'))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    exporting.signal('SIGTERM');
    const { code, stderr } = await exporting.ended;
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toContain(`stopped by SIGTERM; ${path} is not written`);
    expect([code, readdirSync(run).filter((name) => name.startsWith('stopped'))]).toEqual([143, []]);
  },
  { skip: noTensorFlow },
);
