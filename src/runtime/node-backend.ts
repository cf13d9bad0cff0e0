/** What is used of tfjs-node's backend, whose own types are not public. */
import type { Tensor } from './tensor.ts';

export interface NodeBackend {
  readonly binding: Readonly<Record<string, unknown>>;
  readonly isUsingGpuDevice: boolean;
  /** The binding's numbers of tensors; uploads those whose values are still in JavaScript. */
  getInputTensorIds(tensors: Tensor[]): number[];
  /** The tensor that one of the binding's numbers stands for. */
  createOutputTensor(tensor: { id: number; dtype: number; shape: readonly number[] }): Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
  /** A handle of TensorFlow's for what writes event files; the name is that under which TensorFlow knows it. */
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

/** An attribute of an op; `type` is one of the binding's `TF_ATTR_…` numbers. */
export interface Attribute {
  readonly name: string;
  readonly type: unknown;
  readonly value: unknown;
}

/** Makes attributes of each kind. */
export function attributesFor({ binding }: NodeBackend) {
  const attribute =
    <T>(kind: string) =>
    (name: string, value: T): Attribute => ({ name, type: binding[`TF_ATTR_${kind}`], value });
  return {
    /** A number of TensorFlow's `DataType`. */
    type: attribute<number>('TYPE'),
    int: attribute<number>('INT'),
    float: attribute<number>('FLOAT'),
    flag: attribute<boolean>('BOOL'),
    text: attribute<string>('STRING'),
    shape: attribute<readonly number[]>('SHAPE'),
  };
}
