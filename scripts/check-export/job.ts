/** What is run in other runtimes, and what they answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkFormat } from '../../src/export/formats.ts';
import { inLayout, normalisedImages } from '../../src/export/proof/images.ts';
import type { Architecture } from '../../src/net/resnet.ts';

/** A trained network, and images for it. */
export interface Network {
  /** What its files are called. */
  readonly name: string;
  /** What the table calls it. */
  readonly title: string;
  /** Path of its weights: a state dict as safetensors. */
  readonly weights: string;
  /** What is exported; default: the file of the weights. */
  readonly checkpoint?: string;
  /** Shape of an image: [channels, height, width]. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** That of random weights; a checkpoint knows its own. */
  readonly architecture?: Architecture;
}

/** What `PATH.json` says of an export, as far as it is needed here. */
interface Description {
  readonly architecture: Architecture;
  readonly input: {
    name: string;
    type: 'uint8' | 'float32';
    layout: 'NCHW' | 'NHWC';
    shape: readonly (string | number)[];
  };
  readonly output: { readonly name: string };
  readonly normalisation: { readonly mean: number[]; readonly std: number[]; readonly isInside: boolean };
  readonly temperature: number | null;
  readonly weights: 'float32' | 'float16';
}

/** An exported network that is to be run on images. */
export interface Job {
  /** The network, and the flags that it was exported with. */
  readonly label: string;
  readonly format: NetworkFormat;
  /** The file or folder. */
  readonly path: string;
  /** Path of the images, as the numbers that the network takes. */
  readonly input: string;
  readonly type: 'uint8' | 'float32';
  /** Shape of the input; the first is the number of images. */
  readonly shape: readonly number[];
  readonly inputName: string;
  readonly outputName: string;
  readonly classes: number;
  /** The network's width. */
  readonly width: number;
  readonly weightType: 'float32' | 'float16';
  /** What `references.py` computes the right answer from. */
  readonly reference: object;
}

/** What a runtime answers for a job: [images · classes] numbers, null if it only looks at the file; or why it does not. */
export type Outcome = { readonly answers: readonly number[] | null } | { readonly fault: string };

/** What a runtime answers for jobs, in their order. */
export interface Answered {
  readonly runtime: string;
  readonly version: string;
  readonly results: readonly Outcome[];
}

/** Number of images of a network. */
export const IMAGES = 32;

/** Bytes of a network's images, [images, height, width, channels]: `write_networks.py` wrote them. */
export function imagesOf({ name, shape }: Pick<Network, 'name' | 'shape'>, folder: string) {
  return { count: IMAGES, shape, pixels: new Uint8Array(readFileSync(join(folder, `${name}.images`))), source: '' };
}

/** The job of an export: reads its description, and writes its input beside it. */
export function jobOf(
  network: Network,
  folder: string,
  format: NetworkFormat,
  path: string,
  flags: readonly string[] = [],
): Job {
  const { architecture, input, output, normalisation, temperature, weights }: Description = JSON.parse(
    readFileSync(`${path}.json`, 'utf8'),
  );
  const { mean, std, isInside } = normalisation;
  const images = imagesOf(network, folder);
  const numbers = isInside ? images.pixels : normalisedImages(images, { mean, std });
  const ordered = inLayout(numbers, images, input.layout);
  const typed = input.type === 'float32' ? Float32Array.from(ordered) : ordered;
  writeFileSync(`${path}.input`, typed);
  const [channels, height, width] = network.shape;
  return {
    label: [network.title, ...flags].join(' '),
    ...{ format, path, input: `${path}.input`, type: input.type },
    shape: [IMAGES, ...(input.shape.slice(1) as number[])],
    inputName: input.name,
    outputName: output.name,
    classes: architecture.classes,
    width: architecture.width,
    weightType: weights,
    reference: {
      weights: network.weights,
      images: join(folder, `${network.name}.images`),
      shape: [IMAGES, height, width, channels],
      ...{ architecture, mean, std, temperature },
    },
  };
}

/** The numbers of a job's images. */
export function numbersOf({ input, type, shape }: Job): Uint8Array | Float32Array {
  const bytes = new Uint8Array(readFileSync(input));
  const numbers = type === 'uint8' ? bytes : new Float32Array(bytes.buffer);
  const size = shape.reduce((product, side) => product * side);
  return numbers.subarray(0, size);
}

/** The same job with the first images only, for slow runtimes. */
export function withFewer(job: Job, images: number): Job {
  return { ...job, shape: [Math.min(images, IMAGES), ...job.shape.slice(1)] };
}
