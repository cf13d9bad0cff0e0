/** The model in the box, by the real binary in a folder without a run: its figures, and its answers to pictures. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { BOXED_MODEL, boxedModelPath } from '../../src/run/folder/boxed-model.ts';
import { pictureOf } from '../image/surroundings/pictures.ts';
import { DIGITS, digitPicture } from '../support/pictures.ts';
import { type Attempt, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const long = process.env.RESNET_LONG === '1';

const NOTICE = 'no run in checkpoints: using the model that comes with resnet (MNIST, 99.64 % test accuracy)\n';

/** What the model makes of the first 500 test images that `--limit-test` chooses. */
const GOLDEN = { images: 500, hits: 500 } as const;

/** Their mean cross-entropy (nats). */
const GOLDEN_LOSS = 0.094323;

describeWithTensorFlow('in a folder without a run', () => {
  let evaluated: Attempt;
  let predicted: Attempt;
  let refused: Attempt;
  beforeAll(async () => {
    await digitPicture(0).resize(200, 200).png().toFile(join(folder, 'digit.png'));
    writeFileSync(join(folder, 'photo.jpg'), (await pictureOf('desk around', 'reporting', 3)).bytes);
    writeFileSync(join(folder, 'scribble.png'), (await pictureOf('scribble', 'reporting', 0)).bytes);
    [evaluated, predicted, refused] = await resnetMany(
      [
        ['eval', '--limit-test', String(GOLDEN.images), '--json', '--no-compile'],
        ['predict', 'digit.png', 'photo.jpg', '--json', '--no-compile'],
        ['predict', 'scribble.png', '--no-compile'],
      ],
      folder,
    );
  });

  test('eval evaluates the model in the box, says so in one line, and gives its figures', () => {
    expect(evaluated).toMatchObject({ code: 0, stderr: NOTICE });
    const { images, hits, loss, checkpoint, temperature } = JSON.parse(evaluated.stdout);
    expect({ images, hits, checkpoint }).toEqual({ ...GOLDEN, checkpoint: boxedModelPath() });
    expect(loss).toBeCloseTo(GOLDEN_LOSS, 5);
    expect(temperature).toBeCloseTo(0.517, 3);
  });

  test('predict reads digits, and says that the model was trained on MNIST', async () => {
    const { label } = await pictureOf('desk around', 'reporting', 3);
    expect(predicted).toMatchObject({ code: 0, stderr: `${NOTICE}model trained on MNIST\n` });
    const answers = JSON.parse(predicted.stdout) as { guess: number; probability: number }[];
    expect(answers.map(({ guess }) => guess)).toEqual([DIGITS.labels[0], label]);
    for (const { probability } of answers) expect(probability).toBeGreaterThan(0.9);
  });

  test('predict refuses a picture that shows no digit (exit 3)', () => {
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/\nresnet: scribble.png: shows no digit that the model knows/);
  });

  (long ? test : test.skip)(
    'eval finds the accuracy that is claimed, on all 10,000 test images',
    async () => {
      const [all] = await resnetMany([['eval', '--json']], folder);
      const { images, accuracy } = JSON.parse(all.stdout);
      expect({ images, accuracy }).toEqual({ images: 10_000, accuracy: BOXED_MODEL.testAccuracy });
    },
    600_000,
  );
});
