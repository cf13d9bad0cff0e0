/** Images that are read from the cache's file while a run trains: what may happen to that file, and to its disk. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect } from '@jest/globals';
import sharp from 'sharp';
import { writeDigitTree } from '../../scripts/draw-data/digit-tree.ts';
import { scene } from '../image/prepare/scene.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { withFlags } from '../support/flags.ts';
import { withRuntime } from '../support/own-cache.ts';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type FinishedRun, outcomeOf } from './resumable-run.ts';
import { noTensorFlow } from './small-run.ts';
import { launchTrainer } from './trainer.ts';

unblockDecoders();

const root = temporaryFolder();
const tree = join(root, 'digits');
const SIDE = 48;
const EPOCHS = 6;
/** Trains on 80 of 100 pictures, 6,912 bytes each. */
const WORDS = [
  ...['train', tree, '--recipe', 'lesson', '--width', '4', '--no-compile', '--batch-size', '8'],
  ...['--epochs', `${EPOCHS}`, '--log-interval', '1', '--data-memory', '4K', '--json'],
];

/** The run without faults. */
let whole: FinishedRun;
beforeAll(async () => {
  await writeDigitTree(tree, { ofEach: 10, side: SIDE });
  const folder = mkdtempSync(join(root, 'whole-'));
  const { code } = await resnet([...WORDS, '--checkpoint-dir', folder], ownCache());
  expect(code).toBe(0);
  whole = { folder, outcome: outcomeOf(folder) };
}, 120_000);

/** A cache of its own, by the environment. */
function ownCache(): { readonly RESNET_CACHE: string } {
  return { RESNET_CACHE: withRuntime(mkdtempSync(join(root, 'cache-'))) };
}

/** The files of a cache. */
function filesIn({ RESNET_CACHE }: ReturnType<typeof ownCache>): string[] {
  const folder = join(RESNET_CACHE, 'data');
  return readdirSync(folder).map((name) => join(folder, name));
}

/** Writes bytes into a file in place, so that it stays the file that others have open. */
function overwrite(file: string, bytes: Uint8Array, position: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

testFault(
  'a cache that is removed while a run streams from it',
  'the run goes on to its end, bit for bit as without the fault',
  async (see) => {
    const [cache, folder] = [ownCache(), mkdtempSync(join(root, 'removed-'))];
    const trainer = launchTrainer([...WORDS, '--checkpoint-dir', folder], cache);
    await trainer.printed('"event":"epoch"');
    rmSync(cache.RESNET_CACHE, { recursive: true });
    const { code, stderr } = await trainer.ended;
    see(`exit ${code}: ${stderr}`);
    expect(code).toBe(0);
    expect(outcomeOf(folder)).toEqual(whole.outcome);
  },
  { skip: noTensorFlow },
);

testFault(
  'a file of the cache that is changed while a run streams from it',
  'exit 5 with its name; the resumed run makes it anew and ends bit for bit as without the fault',
  async (see) => {
    const [cache, folder] = [ownCache(), mkdtempSync(join(root, 'changed-'))];
    const trainer = launchTrainer([...withFlags(WORDS, '--epochs', '100000'), '--checkpoint-dir', folder], cache);
    await trainer.printed('"event":"saved"');
    const [file = ''] = filesIn(cache);
    overwrite(file, Buffer.alloc(statSync(file).size / 2, 7), 100);
    const { code, stderr } = await trainer.ended;
    see(`exit ${code}: ${stderr}`);
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /\.images: image \d+ in it was changed since it was written; it is removed: start or resume again,/,
    );
    expect(filesIn(cache)).toEqual([]);
    const resumed = await resnet(['train', '--resume', folder, '--epochs', `${EPOCHS}`, '--json'], cache);
    expect(resumed.code).toBe(0);
    expect(outcomeOf(folder).rows).toEqual(whole.outcome.rows);
  },
  { skip: noTensorFlow },
);

testFault(
  'two runs that make and stream one cache at the same time',
  'both end, bit for bit as a run alone; one file is left',
  async (see) => {
    const cache = ownCache();
    const folders = [0, 1].map(() => mkdtempSync(join(root, 'two-')));
    const ended = await Promise.all(folders.map((each) => resnet([...WORDS, '--checkpoint-dir', each], cache)));
    see(`exits ${ended.map(({ code }) => code).join(' and ')}; ${filesIn(cache).length} file`);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    for (const folder of folders) expect(outcomeOf(folder)).toEqual(whole.outcome);
    expect(filesIn(cache)).toHaveLength(1);
  },
  { skip: noTensorFlow },
);

testFault(
  'a damaged file of the cache at the start',
  'it is made anew, with a notice; the run is bit for bit as without the fault',
  async (see) => {
    const [cache, folder] = [ownCache(), mkdtempSync(join(root, 'damaged-'))];
    expect((await resnet([...WORDS, '--dry-run'], cache)).code).toBe(0);
    const [file = ''] = filesIn(cache);
    const bytes = readFileSync(file);
    overwrite(file, bytes.subarray(0, 100), bytes.length - 100);
    const { code, stderr } = await resnet([...WORDS, '--checkpoint-dir', folder], cache);
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toContain(`${file}: is damaged; it is made anew\n`);
    expect(code).toBe(0);
    expect(outcomeOf(folder)).toEqual(whole.outcome);
  },
  { skip: noTensorFlow },
);

testFault(
  'a signal while an evaluation decodes pictures into a file of the cache',
  'exit 143; no temporary file is left in the cache',
  async (see) => {
    const [cache, data] = [ownCache(), join(root, 'large')];
    const { pixels, ...raw } = scene(1000, 1000);
    const jpeg = await sharp(pixels, { raw }).jpeg().toBuffer();
    for (const label of ['0', '1']) {
      mkdirSync(join(data, label), { recursive: true });
      for (let index = 0; index < 200; index++) writeFileSync(join(data, label, `${index}.jpg`), jpeg);
    }
    const checkpoint = join(whole.folder, 'best.safetensors');
    const words = ['eval', '--checkpoint', checkpoint, '--data-dir', data, '--data-memory', '4K'];
    const evaluation = launchTrainer(words, cache);
    const isBegun = () => existsSync(join(cache.RESNET_CACHE, 'data')) && filesIn(cache).length > 0;
    while (!isBegun()) await setTimeout(20);
    evaluation.signal('SIGTERM');
    const { code, stderr } = await evaluation.ended;
    see(`exit ${code}: ${stderr}`);
    expect(stderr).toContain('stopped by SIGTERM; nothing was changed\n');
    expect(code).toBe(143);
    expect(filesIn(cache)).toEqual([]);
  },
  { skip: noTensorFlow },
);

/** A new, small disk for a cache; undefined if none may be mounted here. */
function smallDisk(kibibytes: number): ReturnType<typeof ownCache> | undefined {
  const cache = ownCache();
  const words = ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', cache.RESNET_CACHE];
  if (spawnSync('mount', words).status !== 0) return undefined;
  withRuntime(cache.RESNET_CACHE); // the disk hides the link that was there
  return cache;
}
const unmount = ({ RESNET_CACHE }: ReturnType<typeof ownCache>) => spawnSync('umount', ['--lazy', RESNET_CACHE]);
const probe = smallDisk(4);
if (probe) unmount(probe);
const noDisk = noTensorFlow ?? (probe ? undefined : 'no disk may be mounted');

testFault(
  'a disk without room for the images that memory does not hold',
  'exit 5 before training, with the room that they need; nothing is left behind',
  async (see) => {
    const [cache, folder] = [smallDisk(256)!, mkdtempSync(join(root, 'full-'))];
    try {
      const { code, stderr } = await resnet([...WORDS, '--checkpoint-dir', folder], cache);
      see(`exit ${code}: ${stderr}`);
      expect(code).toBe(5);
      expect(stderr).toMatch(
        /data: takes no file with the images, which --data-memory does not hold \(they take 1 MB, and 0 MB are free\); free some room, name another folder by RESNET_CACHE, or give a larger --data-memory\n$/,
      );
      expect([filesIn(cache), readdirSync(folder)]).toEqual([[], []]);
    } finally {
      unmount(cache);
    }
  },
  { skip: noDisk },
);

testFault(
  'a limit on the size of files, below that of the images that memory does not hold',
  'exit 5 with the system’s reason; no temporary file is left in the cache',
  async (see) => {
    const [cache, folder] = [ownCache(), mkdtempSync(join(root, 'limit-'))];
    cpSync(tree, join(folder, 'digits'), { recursive: true });
    const trainer = launchTrainer([...WORDS, '--checkpoint-dir', folder], cache);
    const limited = spawnSync('prlimit', ['--pid', `${trainer.pid}`, '--fsize=300000']);
    const { code, stderr } = await trainer.ended;
    see(`exit ${code}: ${stderr}`);
    expect(limited.status).toBe(0);
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /takes no file with the images, which --data-memory does not hold \(EFBIG\); free some room/,
    );
    expect(filesIn(cache)).toEqual([]);
  },
  { skip: noTensorFlow ?? (spawnSync('prlimit').error ? 'there is no prlimit' : undefined) },
);
