/** Networks to export, with random values: batch norms that are no identity, and biases that are not 0. */
import { IMAGENET_NORMALISATION } from '../../src/dataset/normalisation.ts';
import type { GraphSource } from '../../src/export/inference/build-graph.ts';
import { type ProofImages, randomImages, slicedImages } from '../../src/export/proof/images.ts';
import { initialValues, type Parameter, parametersOf } from '../../src/net/parameters.ts';
import { type Architecture, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';

/** The smallest network that is wide enough to confuse its channels. */
const SMALL: Architecture = {
  ...{ depth: 18, width: 4, variant: 'lesson', stem: 'imagenet' },
  ...{ channels: 1, classes: 10 },
};

/** What the values of a kind, but weights, are around; default: 0. Small factors keep 152 layers within float16. */
const MIDDLES: Partial<Record<Parameter['kind'], number>> = { scale: 0.75, runningVariance: 1 };

/**
 * A network with random values, always the same ones.
 *
 * @param architecture default of each part: ResNet-18 of width 4, as in the lesson, one channel, ten classes
 * @param sides height and width of an image; default: 28
 */
export function randomSource(
  architecture: Partial<Architecture> = {},
  [height, width]: readonly [height: number, width: number] = [28, 28],
): GraphSource {
  const whole = { ...SMALL, ...architecture };
  const input = [whole.channels, height, width] as const;
  const parameters = parametersOf(traceShapes(resNet(whole), input));
  const generator = RandomGenerator.seeded(1, 'initialisation');
  const values = initialValues(parameters, generator);
  for (const { name, kind } of parameters) {
    const value = values.get(name);
    if (kind === 'denseWeight') value?.set(value.map((each) => each * 10)); // so that images differ by more than a proof allows
    if (!value || kind.endsWith('Weight')) continue;
    const noise = new Float32Array(value.length);
    generator.fillUniform(noise, 0.25);
    value.set(noise.map((each) => (MIDDLES[kind] ?? 0) + each));
  }
  return { architecture: whole, input, values, normalisation: IMAGENET_NORMALISATION };
}

/** Images for such a network, at most 100, the same ones for the same count: the first is dark, the last one bright. */
export function randomImagesFor({ input }: GraphSource, count: number): ProofImages {
  const images = slicedImages(randomImages(input, ''), 0, count);
  const size = images.pixels.length / count;
  return { ...images, pixels: images.pixels.map((byte, at) => (byte * (Math.floor(at / size) + 1)) / count) };
}
