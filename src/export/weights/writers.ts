/** The writer of each form in which a model can be exported. */
import type { Piece } from '../../checkpoint/atomic-file.ts';
import type { CheckpointMetadata } from '../../checkpoint/metadata.ts';
import { pytorchPieces } from '../../checkpoint/pytorch/write-pytorch.ts';
import { checkpointPieces } from '../../checkpoint/save-checkpoint.ts';
import type { Tensor } from '../../checkpoint/tensor.ts';
import type { Variant } from '../../net/resnet.ts';
import type { WeightsFormat } from '../formats.ts';
import { inStateDictOrder } from './state-dict-order.ts';

/** What is written. */
export interface ExportContent {
  /** The path that the file will have. */
  readonly path: string;
  /** In the order of the layers, under PyTorch's names, in PyTorch's layouts; the data of each are requested once. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly variant: Variant;
  /** Facts about the run, without its progress; undefined if the weights are another tool's. */
  readonly metadata: CheckpointMetadata | undefined;
}

/** The bytes of a file of each form; they depend on the content alone. */
export const WRITERS: Readonly<Record<WeightsFormat, (content: ExportContent) => Iterable<Piece>>> = {
  pth: ({ path, tensors, metadata, variant }) => pytorchPieces(path, inStateDictOrder(tensors, variant), metadata),
  safetensors: ({ tensors, metadata }) => checkpointPieces(tensors, metadata),
};
