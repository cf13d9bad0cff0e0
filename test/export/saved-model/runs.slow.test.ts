/** TensorFlow loads written SavedModels, and answers as this tool's own network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { GraphOptions } from '../../../src/export/inference/build-graph.ts';
import type { OpenedNetwork } from '../../../src/export/network-format.ts';
import { ownNetwork } from '../../../src/export/proof/expected.ts';
import { randomImages, slicedImages } from '../../../src/export/proof/images.ts';
import { prove } from '../../../src/export/proof/prove.ts';
import { SAVED_MODEL } from '../../../src/export/saved-model/saved-model.ts';
import { DEPTHS, STEMS, VARIANTS } from '../../../src/net/resnet.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import { type NetworkChoice, randomNetwork } from '../../support/random-network.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { standardError } from '../../support/standard-error.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writtenInto } from './networks.ts';

const folder = temporaryFolder();

describeWithTensorFlow('in TensorFlow', () => {
  let runtime: Runtime;
  let written = 0;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow', device: 'cpu' });
  });

  /** The largest difference from our own network, as a share of the largest number that it answers. */
  async function differenceOf(choice: NetworkChoice, options: GraphOptions, count = 10): Promise<number> {
    const source = randomNetwork(choice);
    const path = join(folder, `network-${written++}`);
    const graph = writtenInto(path, source, options);
    const images = slicedImages(randomImages(source.input, ''), 0, count);
    const own = ownNetwork(runtime, source, graph.output);
    const expected = await own.answers(images);
    own.dispose();
    const subject = { path, graph, normalisation: source.normalisation, images, expected };
    const proof = await prove(subject, SAVED_MODEL, runtime);
    if ('missing' in proof) throw new Error(proof.missing);
    expect(proof).toMatchObject({ runtime: 'TensorFlow 2.21.0', images: count, same: count });
    return proof.largestDifference / Math.max(...expected.map(Math.abs));
  }

  test.each<[what: string, NetworkChoice, GraphOptions]>([
    ['folded', {}, {}],
    ['with batch norms kept', {}, { keepBatchNorm: true }],
    ['of normalised numbers', { channels: 3 }, { raw: true }],
    ['of coloured images with odd sides', { channels: 3, sides: [27, 31] }, {}],
    ['of sides that are odd at one layer and even at the next', { sides: [49, 66] }, { keepBatchNorm: true }],
    ['of one pixel', { sides: [1, 1] }, {}],
    ['of probabilities at a temperature', { temperature: 1.7 }, { probabilities: true }],
    ['of probabilities without a temperature', {}, { probabilities: true }],
  ])('a network %s answers the same', async (_, choice, options) => {
    expect(await differenceOf(choice, options)).toBeLessThan(2e-6);
  });

  test.each([false, true])('weights of float16 change little; batch norms kept: %s', async (keepBatchNorm) => {
    const difference = await differenceOf({ channels: 3 }, { half: true, keepBatchNorm });
    expect(difference).toBeLessThan(1e-2);
    expect(difference).toBeGreaterThan(1e-6); // they are no float32
  });

  describe.each(DEPTHS)('a ResNet-%i', (depth) => {
    const networks = VARIANTS.flatMap((variant) => STEMS.map((stem) => ({ variant, stem })));
    test.each(networks)('of $variant with the stem $stem answers the same', async ({ variant, stem }) => {
      for (const channels of [1, 3]) {
        expect(await differenceOf({ depth, variant, stem, channels, width: 8, sides: [16, 16] }, {}, 2)).toBeLessThan(
          1e-5,
        );
      }
    });
  });

  describe('a network that stays open', () => {
    const images = randomImages([3, 28, 28], '');
    const path = join(folder, 'open');
    let opened: OpenedNetwork;
    beforeAll(async () => {
      const graph = writtenInto(path, randomNetwork({ channels: 3 }), {});
      opened = (await SAVED_MODEL.open(path, graph, runtime)) as OpenedNetwork;
    });

    test('takes any number of images, and each answer is of its image alone', async () => {
      const all = await opened.run(images.pixels, 100);
      for (const [begin, end] of [
        [0, 1],
        [40, 43],
        [99, 100],
      ] as const) {
        const some = await opened.run(slicedImages(images, begin, end).pixels, end - begin);
        const rows = all.subarray(begin * 5, end * 5);
        expect(some).toHaveLength(rows.length);
        for (const [at, number] of some.entries()) expect(number).toBeCloseTo(rows[at]!, 5);
      }
    });
  });

  test('nothing is left behind, and nothing is printed', async () => {
    const { tf } = runtime;
    const graph = writtenInto(join(folder, 'silent'), randomNetwork(), {});
    const before = tf.memory().numTensors;
    const text = await standardError(async () => {
      const opened = (await SAVED_MODEL.open(join(folder, 'silent'), graph, runtime)) as OpenedNetwork;
      await opened.run(new Uint8Array(28 * 28), 1);
      await opened.close();
      await expect(opened.run(new Uint8Array(28 * 28), 1)).rejects.toThrow('deleted');
    });
    expect(text).toBe('');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a file that is no SavedModel is refused', async () => {
    const path = join(folder, 'cut');
    const graph = writtenInto(path, randomNetwork(), {});
    writeFileSync(join(path, 'saved_model.pb'), 'nothing');
    await expect(SAVED_MODEL.open(path, graph, runtime)).rejects.toThrow();
  });
});

test.each([
  ['none', 'leave out RESNET_RUNTIME=none'],
  ['cpu', 'run npm run setup'],
])('without TensorFlow it says what to do: with RESNET_RUNTIME=%s, %s', async (choice, missing) => {
  const runtime = await openRuntime({ backend: 'wasm' });
  const path = join(folder, `unread-${choice}`);
  const graph = writtenInto(path, randomNetwork(), {});
  const { RESNET_RUNTIME: before } = process.env;
  process.env.RESNET_RUNTIME = choice;
  try {
    expect(await SAVED_MODEL.open(path, graph, runtime)).toEqual({ missing });
  } finally {
    if (before === undefined) delete process.env.RESNET_RUNTIME;
    else process.env.RESNET_RUNTIME = before;
  }
});
