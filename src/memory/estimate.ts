/**
 * Estimates of a process's largest resident memory, from the trace of its network. docs/memory.md explains the terms,
 * and test/memory/measured-peaks.slow.test.ts holds them within 30 % of what real processes take.
 */
import { filterCopyBytes, heldBytes, madeBytes, PLAIN_NORM_OUTPUTS } from '../net/activations.ts';
import { type Cost, costsOf, FLOAT_BYTES, frozenIn, sumCosts } from '../net/cost.ts';
import { countTrainable, parametersOf } from '../net/parameters.ts';
import type { BodyPart } from '../net/parts.ts';
import { leaves, type TracedLayer } from '../net/trace.ts';

/**
 * How batches are computed, and where: as one graph of TensorFlow, op by op, op by op on WebAssembly, or on a GPU, which
 * has memory of its own.
 */
export type Way = 'graph' | 'opByOp' | 'wasm' | 'gpu';

/** What an evaluation computes, apart from the size of its batches. */
export interface Work {
  /** Layers of the network at the images' size. */
  readonly traced: readonly TracedLayer[];
  readonly way: Way;
  /** Size of the data set's pixels and labels. */
  readonly dataBytes: number;
  /** Size of the model's state that stays on the host; see `checkpointStateBytes`. */
  readonly stateBytes: number;
}

/** What a training computes, apart from the size of its batches. */
export interface TrainingWork extends Work {
  /** Images of an evaluation batch. */
  readonly evaluationBatch: number;
  /** Parts that are frozen when training begins; default: none. */
  readonly frozen?: readonly BodyPart[] | undefined;
  /** Whether they are trained later: then the whole network counts; default: false. */
  readonly thaws?: boolean;
  /** Whether an exponential moving average is kept. */
  readonly averaged?: boolean;
  /** Whether checkpoints are written. */
  readonly saves?: boolean;
}

const MEBIBYTE = 2 ** 20;

/** Node and TensorFlow with all that they need to compute anything (measured; TensorFlow 2.21, two threads). */
const PROCESS_BYTES = 220 * MEBIBYTE;

/** Node with TensorFlow.js on WebAssembly (measured). */
const WASM_PROCESS_BYTES = 120 * MEBIBYTE;

/** Node and TensorFlow while TensorFlow starts: it reads through its whole library once (measured). */
const START_BYTES = 360 * MEBIBYTE;

/** A convolution of a recorded training step, with all nodes that it leads to, forward and backward (measured). */
const TRAINING_LAYER_BYTES = 2 * MEBIBYTE;

/** A convolution of a recorded evaluation (measured). */
const EVALUATION_LAYER_BYTES = 1 * MEBIBYTE;

/** Weights, gradients and moments take more than their values: kernels lay them out anew (measured). */
const WEIGHT_COPIES = 1.4;

/**
 * Kept activations are not all: the backward pass adds gradients of activations and scratch, and oneDNN's allocator
 * grows in steps, with holes (measured: 1.1 to 1.6).
 */
const ACTIVATION_SLACK = 1.3;

/** The same in an evaluation, which has no backward pass (measured: 1.1 to 1.2). */
const HELD_SLACK = 1.2;

/** Op by op, TensorFlow.js keeps the gradient of every output beside it. */
const OUTPUTS_AND_GRADIENTS = 2;

/** What saving takes beside the copy of the state that it writes: buffers that await the garbage collector (measured). */
const SAVING_BYTES = 64 * MEBIBYTE;

/** Largest resident memory of a training with batches of this size, in bytes. */
export function trainingPeak(work: TrainingWork, batch: number): number {
  const { traced, way, evaluationBatch, thaws = false, averaged = false, saves = true } = work;
  const frozen = thaws ? [] : (work.frozen ?? []);
  const cost = costOf(traced, batch, frozen);
  const { weightBytes, gradientBytes, adamBytes } = cost;
  const averageBytes = averaged ? weightBytes : 0;
  const saved = saves ? SAVING_BYTES + weightBytes + adamBytes + averageBytes : 0;
  const isFrozen = frozenIn(traced, frozen);
  const [trained, computed] = [false, true].map((is) => traced.filter(({ path }) => isFrozen(path) === is));
  const host =
    saved +
    recordedBytes(work, EVALUATION_LAYER_BYTES) +
    recordedBytes({ way, traced: trained ?? [] }, TRAINING_LAYER_BYTES) +
    recordedBytes({ way, traced: computed ?? [] }, EVALUATION_LAYER_BYTES);
  if (way === 'gpu') return peakOf(work, host);
  const frozenFirst = traced.filter(({ path }) => frozenIn(traced, work.frozen ?? [])(path));
  const kept = way === 'graph' ? constantBytes(frozenFirst) : 0; // it stays after the thaw
  const device = kept + WEIGHT_COPIES * (weightBytes + gradientBytes + adamBytes + averageBytes);
  // Validation takes the memory that the training step before it has left.
  const step = Math.max(steppedBytes({ ...work, frozen }, cost, batch), evaluatedBytes(work, cost, evaluationBatch));
  return peakOf(work, host + device + step);
}

/** What a recorded step keeps of frozen layers: their weights, multiplied by the factors of batch norm and laid out. */
function constantBytes(frozen: readonly TracedLayer[]): number {
  return costOf(frozen, 1).weightBytes + filterCopyBytes(frozen);
}

/** What the maps of a training step take. Layers before the first trained one are computed as in an evaluation. */
function steppedBytes({ traced, way, frozen = [] }: TrainingWork, { activationBytes }: Cost, batch: number): number {
  const isFrozen = frozenIn(traced, frozen);
  const first = traced.findIndex(({ path }) => !isFrozen(path));
  const [before, after] = [traced.slice(0, first), traced.slice(first)];
  const ofBefore = before.length > 0 ? evaluatedBytes({ traced: before, way }, costOf(before, 1), batch) : 0;
  if (way === 'graph') return Math.max(ofBefore, ACTIVATION_SLACK * activationBytes);
  const normOutputs = way === 'wasm' ? PLAIN_NORM_OUTPUTS : 1;
  return ofBefore + OUTPUTS_AND_GRADIENTS * (batch * madeBytes(after, normOutputs) + filterCopyBytes(after));
}

/** Size of a model's state on the host: its weights, and what a checkpoint to resume from holds beside them. */
export function checkpointStateBytes(
  traced: readonly TracedLayer[],
  { optimizer, averaged }: { readonly optimizer: boolean; readonly averaged: boolean },
): number {
  const copies = 1 + (optimizer ? 2 : 0) + (averaged ? 1 : 0);
  return copies * FLOAT_BYTES * countTrainable(parametersOf(traced));
}

/** Largest resident memory of an evaluation with batches of this size, in bytes. */
export function evaluationPeak(work: Work, batch: number): number {
  const cost = costOf(work.traced, 1);
  const host = recordedBytes(work, EVALUATION_LAYER_BYTES);
  if (work.way === 'gpu') return peakOf(work, host);
  return peakOf(work, host + WEIGHT_COPIES * cost.weightBytes + evaluatedBytes(work, cost, batch));
}

/** @param computing what computing takes beside the process, the data and the state */
function peakOf({ way, dataBytes, stateBytes }: Work, computing: number): number {
  const given = dataBytes + stateBytes;
  if (way === 'wasm') return given + WASM_PROCESS_BYTES + computing;
  const inGraph = way === 'graph' ? dataBytes : 0;
  return given + Math.max(START_BYTES, PROCESS_BYTES + inGraph + computing);
}

/** @param layerBytes bytes of a convolution in the graph */
function recordedBytes({ traced, way }: Pick<Work, 'traced' | 'way'>, layerBytes: number): number {
  if (way !== 'graph' && way !== 'gpu') return 0;
  return layerBytes * leaves(traced).filter(({ layer }) => layer.kind === 'convolution').length;
}

/** What one batch of an evaluation takes: its maps, and the weights, multiplied by the factors of batch norm. */
function evaluatedBytes({ traced, way }: Pick<Work, 'traced' | 'way'>, { weightBytes }: Cost, batch: number): number {
  const ofBatch = way === 'graph' ? HELD_SLACK * batch * heldBytes(traced) : batch * madeBytes(traced);
  return weightBytes + filterCopyBytes(traced) + ofBatch;
}

function costOf(traced: readonly TracedLayer[], batch: number, frozen?: readonly BodyPart[]): Cost {
  return sumCosts(costsOf(traced, batch, frozen).map(({ cost }) => cost));
}
