/** Describes an exported network: for its `PATH.json`, and in short for the file's own metadata. */
import { type Normalisation, normalisationValues } from '../dataset/normalisation.ts';
import type { ModelFile } from '../model/model-file.ts';
import { toolVersion } from '../version.ts';
import { INPUT_NAME, type InferenceGraph } from './inference/graph.ts';
import type { ModelFacts, NetworkFormatRoom } from './network-format.ts';
import { inLayout, type ProofImages, slicedImages } from './proof/images.ts';

/** Number of images with their expected outputs that `PATH.json` holds. */
const EXAMPLES = 5;

/** Digits of an expected number: as many as float32 is sure of. */
const EXAMPLE_DIGITS = 6;

/** A model and its graph. */
export interface Described {
  readonly graph: InferenceGraph;
  readonly file: ModelFile;
  readonly normalisation: Normalisation;
}

/** What reads a network's input and output, and what its numbers mean. */
export function described({ graph, file, normalisation }: Described, { layout, byteType }: NetworkFormatRoom): object {
  const { metadata, architecture } = file;
  const { input, output, classes, weightType, nodes } = graph;
  const [channels, height, width] = input.shape;
  const isBytes = input.numbers === 'bytes';
  return {
    tool: `resnet ${toolVersion()}`,
    network: graph.name,
    architecture,
    input: {
      name: INPUT_NAME,
      type: isBytes ? byteType : 'float32',
      layout,
      shape: ['batch', ...(layout === 'NCHW' ? [channels, height, width] : [height, width, channels])],
      numbers: isBytes ? '0 to 255' : '(p / 255 - mean) / std of numbers p from 0 to 255',
    },
    output: { name: output, type: 'float32', shape: ['batch', classes] },
    normalisation: { ...listsOf(normalisation), isInside: isBytes },
    temperature: output === 'probabilities' ? (metadata?.temperature ?? 1) : null,
    classNames: metadata?.classNames ?? null,
    pictures: metadata?.preparation ?? null,
    weights: weightType,
    batchNorm: nodes.some(({ operation }) => operation.kind === 'batchNorm') ? 'kept' : 'folded',
  };
}

/** The same in short texts: what the reader of a file has to know, if it is all that there is. */
export function factsOf(subject: Described): ModelFacts {
  const { graph, file, normalisation } = subject;
  const { mean, std } = listsOf(normalisation);
  const { metadata } = file;
  return {
    'resnet.version': toolVersion(),
    'resnet.numbers': graph.input.numbers,
    'resnet.mean': JSON.stringify(mean),
    'resnet.std': JSON.stringify(std),
    ...(metadata?.classNames && { 'resnet.class_names': JSON.stringify(metadata.classNames) }),
    ...(metadata?.preparation && { 'resnet.pictures': JSON.stringify(metadata.preparation) }),
  };
}

/** A mean and a standard deviation for each channel, or one of each for all channels. */
function listsOf(normalisation: Normalisation): { readonly mean: readonly number[]; readonly std: readonly number[] } {
  const values = normalisationValues(normalisation);
  return { mean: values.slice(0, values.length / 2), std: values.slice(values.length / 2) };
}

/**
 * Images with the outputs that they must have, so that any program can test itself.
 *
 * @param expected [images, classes]
 * @returns bytes from 0 to 255 in base64, in the order of the input, also where it takes normalised numbers; outputs; and
 *   classes
 */
export function examplesOf(
  images: ProofImages,
  expected: Float32Array,
  classes: number,
  { layout }: Pick<NetworkFormatRoom, 'layout'>,
): object[] {
  return Array.from({ length: Math.min(EXAMPLES, images.count) }, (_, image) => {
    const example = slicedImages(images, image, image + 1);
    const output = Array.from(expected.subarray(image * classes, (image + 1) * classes));
    return {
      pixels: Buffer.from(inLayout(example.pixels, example, layout)).toString('base64'),
      output: output.map((each) => Number(each.toPrecision(EXAMPLE_DIGITS))),
      class: output.indexOf(Math.max(...output)),
    };
  });
}

/** A description as the text of its file: a list of numbers or words is one line. */
export function descriptionText(description: object): string {
  const lines = JSON.stringify(description, null, 2);
  return `${lines.replace(/\[\n[^[\]{}]*\n *\]/g, (list) => list.replace(/\n */g, ' ').replace(/^\[ | \]$/g, (edge) => edge.trim()))}\n`;
}
