/** Types of the members of tfjs-node's backend that this project uses; the package does not publish its own. */
import type { Tensor } from './tensor.ts';

/** tfjs-node's backend. */
export interface NodeBackend {
  /** The package's native binding of TensorFlow. */
  readonly binding: Readonly<Record<string, unknown>>;
  readonly isUsingGpuDevice: boolean;
  /** The binding's identifiers of tensors. Uploads tensors whose values are still in JavaScript. */
  getInputTensorIds(tensors: Tensor[]): number[];
  /** Makes the TensorFlow.js tensor for a tensor of the binding; `id` and `dtype` are the binding's numbers. */
  createOutputTensor(tensor: { id: number; dtype: number; shape: readonly number[] }): Tensor;
  /** Executes an op and returns its first `outputs` outputs. */
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
  /** Makes the handle of a writer of event files; TensorFlow shares writers of the same name. */
  summaryWriter(name: string): Tensor;
  createSummaryFileWriter(
    handle: Tensor,
    folder: string,
    queued?: number,
    milliseconds?: number,
    suffix?: string,
  ): void;
  writeScalarSummary(handle: Tensor, step: number, tag: string, value: number): void;
  flushSummaryWriter(handle: Tensor): void;
}

/** An attribute of an op. */
export interface Attribute {
  readonly name: string;
  /** One of the binding's `TF_ATTR_…` numbers. */
  readonly type: unknown;
  readonly value: unknown;
}

/** Functions that make attributes of each kind for this backend. */
export function attributesFor({ binding }: NodeBackend) {
  const attribute =
    <T>(kind: string) =>
    (name: string, value: T): Attribute => ({ name, type: binding[`TF_ATTR_${kind}`], value });
  return {
    /** Attribute whose value is a number of TensorFlow's enum `DataType`. */
    type: attribute<number>('TYPE'),
    int: attribute<number>('INT'),
    float: attribute<number>('FLOAT'),
    flag: attribute<boolean>('BOOL'),
    text: attribute<string>('STRING'),
    shape: attribute<readonly number[]>('SHAPE'),
  };
}
