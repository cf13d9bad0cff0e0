/** Runs that are resumed with other settings: refused with both values, or done, printed and logged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { expectRefusal, type Refusal, together } from './refusal.ts';
import { contentsOf, copyOf, eventsOf, type FinishedRun, finishedRun, resume } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';

const root = temporaryFolder();
const skip = noTensorFlow;

const MNIST_SHA256 = 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914';

let whole: FinishedRun;
/** What its folder holds before the first attempt. */
let before: Record<string, string>;
beforeAll(async () => {
  if (skip !== undefined) return;
  whole = await finishedRun(root);
  before = contentsOf(whole.folder);
});

/** Data for training alone, of squares that are all alike. */
function dataOf(side: number): string {
  const folder = mkdtempSync(join(root, 'data-'));
  const count = 5100;
  writeFileSync(
    join(folder, 'train-images-idx3-ubyte'),
    idxBytes([count, side, side], Buffer.alloc(count * side ** 2)),
  );
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxBytes([count], Buffer.alloc(count, 7)));
  return folder;
}

const tried = together(root);

function testRefusal(fault: string, refusal: Refusal, words: () => readonly string[]): void {
  const attempt = tried(() => ['train', '--resume', whole.folder, ...words()]);
  testFault(
    fault,
    `exit ${refusal.code}: ${refusal.message}; nothing in the folder is changed`,
    async (see) => {
      const attempted = await attempt();
      see(`exit ${attempted.code}: ${attempted.stderr}`);
      expectRefusal(attempted, refusal);
      expect(contentsOf(whole.folder)).toEqual(before);
    },
    { skip },
  );
}

describe('a run resumed with a setting that may not change', () => {
  for (const [flag, now, before] of [
    ['seed', '1', '0'],
    ['batch-size', '8', '16'],
    ['val-size', '4000', '5000'],
    ['limit-train', '16', '32'],
    ['limit-val', '8', '16'],
  ] as const) {
    const message = `--${flag} is now ${now}, but the run had ${before}: leave it out, or add --override ${flag}`;
    testRefusal(`--resume --${flag} ${now}`, { code: 2, message }, () => [`--${flag}`, now]);
  }
  for (const [flag, now, before] of [
    ['depth', '34', '18'],
    ['width', '8', '4'],
    ['stem', 'cifar', 'imagenet'],
    ['variant', 'torchvision', 'lesson'],
    ['classes', '11', '10'],
  ] as const) {
    const message = `--${flag} is now ${now}, but the run had ${before}: it cannot change in a run; leave it out`;
    testRefusal(`--resume --${flag} ${now}`, { code: 2, message }, () => [`--${flag}`, now]);
  }
  testRefusal('--resume --override depth', { code: 2, message: '--override must be' }, () => ['--override', 'depth']);
  testRefusal(
    '--resume with other data',
    {
      code: 2,
      message: `, but the run had ${MNIST_SHA256}: give its --data-dir, or add --override data`,
    },
    () => ['--data-dir', dataOf(28)],
  );
  testRefusal(
    '--resume with images of another shape, for all --override data',
    { code: 2, message: 'the shape of the images is now 1×14×14, but the run had 1×28×28: it cannot change' },
    () => ['--data-dir', dataOf(14), '--override', 'data'],
  );
});

describe('a run resumed with a setting that may change', () => {
  /** Resumes a copy of the run; returns what it printed, and the changes in its log. */
  async function changed(words: readonly string[], prepare: (folder: string) => void = () => {}) {
    const folder = copyOf(root, whole.folder);
    prepare(folder);
    const { code, stdout, stderr } = await resume(folder, words);
    const { resumed } = eventsOf(folder).findLast(({ event }) => event === 'start') as {
      resumed: { changes: unknown };
    };
    return { folder, code, stdout, stderr, changes: resumed.changes };
  }

  testFault(
    '--resume --lr 0.01 --epochs 3',
    'printed and logged; the third epoch has the new rate',
    async (see) => {
      const { folder, code, stdout, changes } = await changed(['--lr', '0.01', '--epochs', '3']);
      see(`exit ${code}: ${JSON.stringify(changes)}`);
      expect(stdout).toMatch(/lr.*0\.001.*0\.01/);
      expect(stdout).toMatch(/epochs.*2.*3/);
      expect([code, changes]).toEqual([
        0,
        [
          { name: 'epochs', from: 2, to: 3 },
          { name: 'lr', from: 0.001, to: 0.01 },
        ],
      ]);
      const rates = eventsOf(folder).flatMap(({ event, learningRate }) => (event === 'step' ? [learningRate] : []));
      expect(rates).toEqual([0.001, 0.001, 0.001, 0.001, 0.01, 0.01]);
    },
    { skip },
  );

  testFault(
    '--resume --seed 1 --batch-size 8, with --override for both, inside an epoch',
    'the epoch restarts with the new batches; printed and logged, and the best before is kept until there is another',
    async (see) => {
      const words = ['--seed', '1', '--batch-size', '8', '--override', 'seed,batch-size'];
      const { folder, code, stderr, changes } = await changed(words, (each) => rmSync(join(each, 'last.safetensors')));
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toContain('the current epoch restarts, because its batches have changed\n');
      expect(stderr).toMatch(/best\.safetensors: was validated on other images; it is kept in/);
      expect([code, changes]).toEqual([
        0,
        [
          { name: 'seed', from: 0, to: 1 },
          { name: 'batch-size', from: 16, to: 8 },
        ],
      ]);
      const steps = eventsOf(folder).filter(({ event, epoch }) => event === 'step' && epoch === 2);
      expect(steps.slice(-4).map(({ batch, batches }) => [batch, batches])).toEqual(
        [0, 1, 2, 3].map((each) => [each, 4]),
      );
    },
    { skip },
  );

  testFault(
    '--resume with other data and --override data',
    'it trains on them; printed and logged',
    async (see) => {
      const words = ['--data-dir', dataOf(28), '--override', 'data', '--epochs', '3'];
      const { code, stderr, changes } = await changed(words);
      see(`exit ${code}: ${JSON.stringify(changes)}`);
      expect([code, changes]).toEqual([0, expect.arrayContaining([expect.objectContaining({ name: 'data' })])]);
      expect(stderr).toMatch(/best\.safetensors: was validated on other images; it is kept in/);
    },
    { skip },
  );

  testFault(
    '--resume --backend wasm, after TensorFlow',
    'it resumes, and says that results will not be bit-identical',
    async (see) => {
      const { code, stderr, changes } = await changed(['--backend', 'wasm', '--epochs', '3']);
      see(`exit ${code}: ${stderr}`);
      expect(stderr).toMatch(
        /the checkpoint was computed by tensorflow 2\.\d+\.\d+ on the cpu, op by op, but the run resumes by wasm .*: results will not be bit-identical\n/,
      );
      expect([code, changes]).toEqual([0, expect.arrayContaining([{ name: 'backend', from: 'auto', to: 'wasm' }])]);
    },
    { skip },
  );
});
