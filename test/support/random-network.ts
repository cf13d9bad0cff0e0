/** Networks of random weights: what the tests of exports write. */
import type { GraphSource } from '../../src/export/inference/build-graph.ts';
import { type ProofImages, randomImages, slicedImages } from '../../src/export/proof/images.ts';
import { type Parameter, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { type Architecture, LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { initialState } from './states.ts';
import { uniformNumbers } from './uniform-numbers.ts';

/** What differs from a ResNet-18 of width 4 for grey images of 28×28 pixels and 5 classes. */
export type NetworkChoice = Partial<Architecture & Pick<GraphSource, 'temperature'>> & {
  readonly sides?: readonly [height: number, width: number];
};

/** The middles of the numbers of batch norms, each of which lies up to 0.5 from it. */
const MIDDLES: Partial<Record<Parameter['kind'], number>> = {
  scale: 1,
  shift: 0,
  runningMean: 0,
  runningVariance: 1,
};

const NORMALISATIONS = { 1: { mean: 0.3, std: 0.6 }, 3: { mean: [0.4, 0.5, 0.3], std: [0.2, 0.3, 0.25] } };

/** A network whose batch norms change every number: their statistics and factors are random, too. */
export function randomNetwork({ sides = [28, 28], temperature, ...choice }: NetworkChoice = {}): GraphSource {
  const architecture: Architecture = { ...LESSON, width: 4, channels: 1, classes: 5, ...choice };
  const input = [architecture.channels, ...sides] as const;
  const parameters = parametersOf(traceShapes(resNet(architecture), input));
  const { values } = initialState(parameters);
  for (const [seed, { name, kind, shape }] of parameters.entries()) {
    const value = values.get(name);
    if (kind === 'denseWeight') value?.set(value.map((each) => each * 10)); // so that images differ by more than a proof allows
    const middle = MIDDLES[kind];
    if (middle === undefined) continue;
    const numbers = uniformNumbers(seed, sizeOf(shape));
    value?.set(numbers.map((number) => middle + number / 2));
  }
  const normalisation = NORMALISATIONS[architecture.channels as 1 | 3];
  return { architecture, input, values, normalisation, temperature };
}

/** Images for such a network, at most 100, the same ones for the same count: the first is dark, the last one bright. */
export function randomImagesFor({ input }: GraphSource, count: number): ProofImages {
  const images = slicedImages(randomImages(input, ''), 0, count);
  const size = images.pixels.length / count;
  return { ...images, pixels: images.pixels.map((byte, at) => (byte * (Math.floor(at / size) + 1)) / count) };
}
