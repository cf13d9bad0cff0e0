/** Links at the names of a run's files: they never lead a write out of the folder. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import { resnet } from '../support/resnet.ts';
import { SAVING_RUN } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { contentsOf, copyOf, expectSound, type FinishedRun, finishedRun, resume, sha256 } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';

const root = temporaryFolder();
const skip = noTensorFlow;
const CHECKPOINTS = ['best', 'best.previous', 'last', 'last.previous'].map((name) => `${name}.safetensors`);
// A temporary file of a writer that has ended: no process has this id.
const TEMPORARY = 'last.safetensors.99999999-00c0ffee.tmp';

let whole: FinishedRun;
beforeAll(async () => {
  if (skip === undefined) whole = await finishedRun(root);
});

/** The names in a folder that are links. */
const linksIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isSymbolicLink() ? [entry.name] : []));

testFault(
  'links out of the folder at every name, where a new run begins',
  'they are moved to earlier/ or removed; what they lead to stays as it was',
  async (see) => {
    const [folder, outside] = [mkdtempSync(join(root, 'run-')), mkdtempSync(join(root, 'outside-'))];
    const names = [...CHECKPOINTS, 'config.json', 'events.ndjson', 'metrics.csv', 'tensorboard', '.lock', TEMPORARY];
    for (const name of names) {
      writeFileSync(join(outside, name), `precious ${name}`);
      symlinkSync(join(outside, name), join(folder, name));
    }
    const before = contentsOf(outside);
    const { code } = await resnet([...SAVING_RUN, '--tensorboard', '--checkpoint-dir', folder]);
    const changed = names.filter((name) => contentsOf(outside)[name] !== before[name]);
    see(`exit ${code}, changed outside: ${changed.join(' ') || 'nothing'}`);
    expect([code, linksIn(folder)]).toEqual([0, []]);
    expect(contentsOf(outside)).toEqual(before);
    await expectSound(folder);
  },
  { skip },
);

testFault(
  'links out of the folder at every checkpoint, where a run is resumed',
  'it resumes from them; they are replaced, and what they lead to stays as it was',
  async (see) => {
    const [folder, outside] = [copyOf(root, whole.folder), mkdtempSync(join(root, 'outside-'))];
    for (const name of CHECKPOINTS) {
      renameSync(join(folder, name), join(outside, name));
      symlinkSync(join(outside, name), join(folder, name));
    }
    const before = contentsOf(outside);
    // Four more steps, so that each is replaced twice: once as a link, and once by what was a link.
    const { code } = await resume(folder, ['--epochs', '4']);
    see(`exit ${code}, still links: ${linksIn(folder).join(' ') || 'none'}`);
    expect([code, linksIn(folder)]).toEqual([0, []]);
    expect(contentsOf(outside)).toEqual(before);
    await expectSound(folder);
  },
  { skip },
);

for (const [name, message] of [
  ['events.ndjson', 'events.ndjson: cannot be written to as a log (ELOOP); move it away'],
  ['metrics.csv', 'metrics.csv: cannot be written to as a log (ELOOP); move it away'],
  ['tensorboard', 'tensorboard: not a folder that can be written to (ELOOP); move it away'],
] as const) {
  testFault(
    `a link out of the folder in place of ${name}, where a run is resumed`,
    `exit 5: ${message}; what it leads to stays as it was`,
    async (see) => {
      const [folder, outside] = [copyOf(root, whole.folder), mkdtempSync(join(root, 'outside-'))];
      writeFileSync(join(outside, 'file'), 'precious');
      rmSync(join(folder, name), { recursive: true, force: true });
      symlinkSync(name === 'tensorboard' ? outside : join(outside, 'file'), join(folder, name));
      const { code, stderr } = await resume(folder, ['--epochs', '3', '--tensorboard']);
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toContain(message);
      expect([code, readdirSync(outside)]).toEqual([5, ['file']]);
      expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('precious');
      expect(sha256(join(folder, 'last.safetensors'))).toBe(whole.outcome.last);
    },
    { skip },
  );
}
