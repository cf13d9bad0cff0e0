/** The model that comes with the tool: when it is chosen, and that its file and its page say the same. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../../src/checkpoint/load-checkpoint.ts';
import { storedMetadata } from '../../../src/checkpoint/metadata.ts';
import { MNIST_TRAINING_SHA256 } from '../../../src/dataset/mnist.ts';
import { percentage } from '../../../src/numbers.ts';
import { packageFolder } from '../../../src/package-folder.ts';
import { BOXED_MODEL, boxedModelPath, findModel } from '../../../src/run/folder/boxed-model.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const home = process.cwd();
const page = readFileSync('models/README.md', 'utf8');

/** A user that owns no file here. */
const NOBODY = 65534;

const NOTICE = 'no run in checkpoints: using the model that comes with resnet (MNIST, 99.64 % test accuracy)';
const BOXED = { folder: join(packageFolder(), 'models'), checkpoint: boxedModelPath(), notices: [NOTICE] };

/** The place that is found, and the notices. */
async function found(run: string | undefined, parent?: string) {
  const notices: string[] = [];
  const place = await findModel(run, parent, (message) => notices.push(message));
  return { ...place, notices };
}

describe('where the user names no run, the model is', () => {
  beforeEach(() => process.chdir(mkdtempSync(join(root, 'work-'))));
  afterEach(() => process.chdir(home));

  test('that of the box if there is no folder checkpoints, with one notice', async () => {
    expect(await found(undefined)).toEqual(BOXED);
  });

  test('that of the box if checkpoints holds no run, but perhaps other files', async () => {
    mkdirSync('checkpoints/notes', { recursive: true });
    expect(await found(undefined)).toEqual(BOXED);
    writeFileSync('checkpoints/report.html', '');
    expect(await found(undefined)).toEqual(BOXED);
  });

  test('that of the run in checkpoints', async () => {
    mkdirSync('checkpoints');
    writeFileSync('checkpoints/best.safetensors', '');
    expect(await found(undefined)).toEqual({ folder: 'checkpoints', notices: [] });
  });

  test('to be named if checkpoints holds runs with names (exit 4)', async () => {
    mkdirSync('checkpoints/first', { recursive: true });
    writeFileSync('checkpoints/first/config.json', '');
    const message = 'checkpoints: holds no run itself, but the run first: name one of them, like checkpoints/first';
    await expect(found(undefined)).rejects.toMatchObject({ code: 4, message });
  });

  test('none if the user names a folder without a run, also the usual one (exit 4)', async () => {
    mkdirSync('checkpoints');
    for (const parent of ['checkpoints', 'nowhere']) {
      await expect(found(undefined, parent)).rejects.toMatchObject({ code: 4 });
    }
  });

  test('none if checkpoints cannot be read (exit 5)', async () => {
    mkdirSync('checkpoints');
    chmodSync('checkpoints', 0);
    chmodSync(root, 0o755);
    chmodSync('.', 0o755);
    process.seteuid!(NOBODY);
    try {
      await expect(found(undefined)).rejects.toMatchObject({ code: 5 });
    } finally {
      process.seteuid!(0);
    }
  });

  test('none if the user names a run that is not there (exit 4)', async () => {
    await expect(found('first')).rejects.toMatchObject({ code: 4 });
  });
});

describe('the file of the box', () => {
  const bytes = readFileSync(boxedModelPath());

  test('lies in models/, and takes at most 3 MB', () => {
    expect(dirname(BOXED_MODEL.path)).toBe('models');
    expect(bytes.length).toBeLessThanOrEqual(3_000_000);
  });

  test('has the size, the hash and the accuracy that models/README.md gives', () => {
    expect(page).toContain(`| ${bytes.length.toLocaleString('en')} bytes |`);
    expect(page).toContain(`| \`${createHash('sha256').update(bytes).digest('hex')}\` |`);
    expect(page).toContain(`| ${percentage(BOXED_MODEL.testAccuracy)} (`);
  });

  test('has weights alone and what predict and eval need, and names no path and no machine', async () => {
    const { metadata, tensors, checksum } = await loadCheckpoint(boxedModelPath());
    expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    expect([...tensors.keys()].filter((name) => name.startsWith('adam.'))).toEqual([]);
    expect(metadata).toMatchObject({
      architecture: { depth: 18, width: 16, channels: 1, classes: 10 },
      normalisation: { mean: 0.5, std: 0.5 },
      dataHash: MNIST_TRAINING_SHA256,
      seed: 0,
      settings: { recipe: 'best' },
      temperature: expect.any(Number),
      strangeness: expect.any(Object),
    });
    expect(metadata).not.toHaveProperty('progress');
    expect(metadata).not.toHaveProperty('computedOn');
    const texts = JSON.stringify(metadata && storedMetadata(metadata));
    expect(texts).not.toMatch(/[/\\]|\b(linux|darwin|x64|avx|root|home|tmp)\b/i);
  });
});
