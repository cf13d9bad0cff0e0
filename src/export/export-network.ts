/** Writes a network for other runtimes, proves that the file answers as this tool does, and describes it. */
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { expectedNormalisation } from '../model/model-normalisation.ts';
import { wholeWeights } from '../model/whole-weights.ts';
import type { Runtime } from '../runtime/open.ts';
import { type Described, described, descriptionText, examplesOf, factsOf } from './describe.ts';
import { isFolder, type NetworkFormat } from './formats.ts';
import { type GraphOptions, type GraphSource, inferenceGraph } from './inference/build-graph.ts';
import type { InferenceGraph } from './inference/graph.ts';
import type { Missing } from './network-format.ts';
import { NETWORK_ROOMS } from './network-formats.ts';
import { ownNetwork } from './proof/expected.ts';
import { type ProofImages, slicedImages } from './proof/images.ts';
import { type Proof, piecesOfImages, prove } from './proof/prove.ts';
import { sourceHash } from './source-hash.ts';
import { descriptionPath, type FileFacts, writeProved } from './written-files.ts';

/** Which network is written, and how. */
export interface NetworkExport extends GraphOptions {
  /** Path of the checkpoint, and what was read from it. */
  readonly checkpoint: string;
  readonly file: ModelFile;
  /** See `expectedNormalisation`. */
  readonly normalize?: readonly number[] | undefined;
  readonly format: NetworkFormat;
  /** The file or folder to write; what is there is replaced, and the description beside it. */
  readonly path: string;
  /** Images that the export is tried on. Their size is that of the network's input. */
  readonly images: ProofImages;
  /** Stops the work, and removes what was written. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what is assumed about the model. */
  readonly notice: Notice;
  /** Called when the network was written, and is about to be tried. */
  readonly onProving?: (() => void) | undefined;
}

/** What the comparison of an export showed, on which images. */
export interface SourcedProof extends Proof {
  /** Where the images are from, in words that follow "images": `of its validation part`. */
  readonly source: string;
}

/** A network that was written. */
export interface ExportedNetwork {
  readonly path: string;
  readonly format: NetworkFormat;
  /** Path of the file that describes it. */
  readonly description: string;
  readonly files: readonly FileFacts[];
  /** Type of the weights. */
  readonly type: 'float32' | 'float16';
  readonly input: InferenceGraph['input'];
  readonly output: InferenceGraph['output'];
  /** What the comparison with our own network showed; or what is missing for one. */
  readonly proof: SourcedProof | Missing;
}

/**
 * Exports a network: writes the files under another name, reads them back, runs them, and gives them their name if every
 * answer is ours.
 *
 * @param runtime computes our own answers; another backend may be the current one afterwards
 * @throws UserError (usage) if a weight does not fit float16
 * @throws UserError (checkpoint) if an answer is another, or if the network has none
 * @throws UserError (io) if the files cannot be written, or the checkpoint is another now; the signal's reason if it is aborted
 */
export async function exportNetwork(request: NetworkExport, runtime: Runtime): Promise<ExportedNetwork> {
  const { checkpoint, file, format, path, images, signal } = request;
  const normalisation = expectedNormalisation(file, checkpoint, request.normalize, request.notice);
  const { architecture, metadata } = file;
  const source: GraphSource = {
    architecture,
    input: images.shape,
    values: wholeWeights(file).values,
    normalisation,
    temperature: metadata?.temperature,
  };
  const graph = inferenceGraph(source, request);
  const room = await NETWORK_ROOMS[format]();
  const sha256 = await sourceHash(checkpoint, file.checksum);
  const expected = await answersOf(source, graph, images, runtime, signal);
  const subject: Described = { graph, file, normalisation };
  let proof: Proof | Missing | undefined;
  const output = { path, isFolder: isFolder(format), files: room.write(graph, factsOf(subject)), signal };
  const files = await writeProved(output, async (temporary, facts) => {
    request.onProving?.();
    proof = await prove({ path: temporary, graph, normalisation, images, expected }, room, runtime, signal);
    const description = {
      format,
      ...described(subject, room),
      source: { name: basename(checkpoint), sha256: await sha256() },
      files: facts.map(({ name, ...rest }) => ({ name: name || basename(path), ...rest })),
      examples: examplesOf(images, expected, graph.classes, room),
    };
    return descriptionText(description);
  });
  if (proof === undefined) throw new Error('the export was not proved');
  return {
    ...{ path, format, description: descriptionPath(path), files, type: graph.weightType },
    ...{ input: graph.input, output: graph.output },
    proof: 'missing' in proof ? proof : { ...proof, source: images.source },
  };
}

/**
 * Our own network's answers, [images, classes].
 *
 * @throws UserError (checkpoint) if one is not finite
 */
async function answersOf(
  source: GraphSource,
  graph: InferenceGraph,
  images: ProofImages,
  runtime: Runtime,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const { output, classes } = graph;
  const own = ownNetwork(runtime, source, output);
  try {
    const answers = new Float32Array(images.count * classes);
    const { begins, size } = piecesOfImages(images, graph);
    for (const begin of begins) {
      await setImmediate(); // a signal's turn
      signal?.throwIfAborted();
      answers.set(await own.answers(slicedImages(images, begin, begin + size)), begin * classes);
    }
    const wrong = answers.find((each) => !Number.isFinite(each));
    if (wrong === undefined) return answers;
    throw new UserError(`the network answers ${wrong}: use another checkpoint`, ExitCode.checkpoint);
  } finally {
    own.dispose();
  }
}
