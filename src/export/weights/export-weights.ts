/** Writes the weights of a model for other tools: its own names, and PyTorch's order and layouts. */
import { stat } from 'node:fs/promises';
import { type Piece, writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import { singleOfHalf } from '../../checkpoint/half.ts';
import { checkpointBytes, readBack } from '../../checkpoint/save-checkpoint.ts';
import { bytesOfTensor, halved, type Tensor } from '../../checkpoint/tensor.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { tensorsOf } from '../../model/model-tensors.ts';
import { wholeWeights } from '../../model/whole-weights.ts';
import type { WeightsFormat } from '../formats.ts';
import { WRITERS } from './writers.ts';

/** How a model is exported. */
export interface WeightsOptions {
  readonly format: WeightsFormat;
  /** The file to write; one that is there is replaced. */
  readonly path: string;
  /** Whether weights become float16; counters stay int64. Default: false. */
  readonly half?: boolean | undefined;
  /** Stops the writing, and removes what was written. */
  readonly signal?: AbortSignal | undefined;
}

/** A file that was written, and read back. */
export interface ExportedWeights {
  readonly path: string;
  readonly format: WeightsFormat;
  /** Size of the file. */
  readonly bytes: number;
  /** Number of tensors. */
  readonly tensors: number;
  /** Type of the weights. */
  readonly type: 'float32' | 'float16';
}

/**
 * Exports the weights that an evaluation of the model computes with. The file is written atomically, and every tensor is
 * read back and compared before the file gets its name.
 *
 * @throws UserError (usage) naming a value that float16 cannot hold, or if the form cannot hold so much
 * @throws UserError (io) if the file cannot be written; the signal's reason if it is aborted
 */
export async function exportWeights(file: ModelFile, options: WeightsOptions): Promise<ExportedWeights> {
  const { format, path, half = false, signal } = options;
  const { parameters, values } = wholeWeights(file);
  const weights = tensorsOf(parameters, { ...file.state, values, optimizer: undefined, averaged: undefined });
  const tensors = half ? allHalved(weights, path) : weights;
  const { progress: _, ...metadata } = file.metadata ?? {};
  const { variant } = file.architecture;
  const content = { path, tensors, variant, metadata: file.metadata && (metadata as typeof file.metadata) };
  await writeFileAtomically(path, untilAborted(WRITERS[format](content), signal), {
    size: checkpointBytes(tensors.values()),
    verify: async (temporary) => {
      await expectSame(temporary, path, tensors);
      signal?.throwIfAborted();
    },
  });
  const { size: bytes } = await stat(path);
  return { path, format, bytes, tensors: tensors.size, type: half ? 'float16' : 'float32' };
}

function* untilAborted(pieces: Iterable<Piece>, signal: AbortSignal | undefined): Generator<Piece, void> {
  for (const piece of pieces) {
    signal?.throwIfAborted();
    yield piece;
  }
}

/** @throws UserError (usage) naming the first value that is too large */
function allHalved(tensors: ReadonlyMap<string, Tensor>, path: string): Map<string, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const half = halved(tensor);
      if (half) return [name, half];
      const largest = (tensor.data as Float32Array).reduce((one, other) =>
        Math.abs(other) > Math.abs(one) ? other : one,
      );
      const problem = `tensor ${name} holds ${largest}, and float16 ends at 65504`;
      throw new UserError(`${path}: not written: ${problem}; leave out --half`, ExitCode.usage);
    }),
  );
}

/** Reads a new file back, and compares every bit. */
async function expectSame(temporary: string, path: string, tensors: ReadonlyMap<string, Tensor>): Promise<void> {
  const { tensors: found } = await readBack(temporary, path, {});
  for (const [name, tensor] of tensors) {
    const wanted: Tensor =
      tensor.dtype === 'F16' ? { ...tensor, dtype: 'F32', data: singleOfHalf(tensor.data) } : tensor;
    const seen = found.get(name);
    if (seen && Buffer.from(bytesOfTensor(name, seen)).equals(bytesOfTensor(name, wanted))) continue;
    const problem = `tensor ${name} reads back with other values`;
    throw new UserError(`${path}: could not be written: ${problem}; is the disk failing?`, ExitCode.io);
  }
}
