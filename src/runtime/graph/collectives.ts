/** Collectives of a recorded function: sums over the workers of a cluster, by TensorFlow's own ring over gRPC. */
import { attributesFor, type NodeBackend } from '../node-backend.ts';
import type { Tensor, TensorFlowJs } from '../tensor.ts';
import { BFLOAT16, DATA_TYPES } from './data-types.ts';

/** Types in which numbers travel: bfloat16 halves the bytes, and keeps 8 bits of each number's fraction. */
export const REDUCTIONS = ['float32', 'bfloat16'] as const;
/** A type in which numbers travel. */
export type Reduction = (typeof REDUCTIONS)[number];

/** The one group, of all workers. */
const GROUP_KEY = 1;

/**
 * Parts of a tensor that go round the ring one after the other, so that one is sent while another is added: two took 41 ms
 * where one took 51, for 17 MB between two workers.
 */
const SUBDIVISIONS = 2;

const FLOAT32 = DATA_TYPES.float32.number;
const INT32 = DATA_TYPES.int32.number;
const NUMBERS: Readonly<Record<Reduction, number>> = { float32: FLOAT32, bfloat16: BFLOAT16 };
const BYTES: Readonly<Record<Reduction, number>> = { float32: 4, bfloat16: 2 };

/** Bytes of a row: TensorFlow splits a tensor without copying it where every row begins at a multiple of these. */
const LANE_BYTES = 64;

/** Records sums over workers. All workers must record the same sums by the same names. */
export class Collectives {
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #workers: number;
  /** TensorFlow knows the tensors that belong together by numbers. */
  readonly #keys = new Map<string, number>();

  constructor(tf: TensorFlowJs, workers: number) {
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.#workers = workers;
  }

  /**
   * The sums of tensors over all workers, all in one, to the last bit the same on each. Two workers give a + b; with more,
   * the order of an element's additions depends on its place among all.
   *
   * @param name the same on all workers; what is summed by one name must have one size, in all functions
   * @param tensors float32, of the same shapes on all workers
   * @param reduction default: float32
   * @returns float32, of the same shapes
   */
  sum(name: string, tensors: readonly Tensor[], reduction: Reduction = 'float32'): Tensor[] {
    const tf = this.#tf;
    const lane = LANE_BYTES / BYTES[reduction];
    const rows = tensors.map(({ size }) => Math.ceil(size / lane));
    const sent = tensors.map((tensor, index) => {
      const missing = (rows[index] as number) * lane - tensor.size;
      const flat = tf.reshape(tensor, [tensor.size]);
      const padded = missing === 0 ? flat : tf.pad(flat, [[0, missing]]);
      return this.#cast(tf.reshape(padded, [rows[index] as number, lane]), FLOAT32, NUMBERS[reduction]);
    });
    const parts = this.#split(this.#reduce(name, this.#concat(sent, reduction), reduction), rows, reduction);
    return parts.map((part, index) => {
      const { size, shape } = tensors[index] as Tensor;
      const flat = tf.reshape(this.#cast(part, NUMBERS[reduction], FLOAT32), [-1]);
      return tf.reshape(flat.size === size ? flat : tf.slice(flat, 0, size), shape);
    });
  }

  #reduce(name: string, x: Tensor, reduction: Reduction): Tensor {
    const { type, text, float, flag, int } = attributesFor(this.#backend);
    const attributes = [
      type('T', NUMBERS[reduction]),
      text('merge_op', 'Add'),
      text('final_op', 'Id'),
      text('communication_hint', 'auto'),
      float('timeout_seconds', 0), // a peer's loss is noticed by the control connection, which waits for slow ones
      flag('is_stateless', false),
      int('Nordering_token', 0),
      int('max_subdivs_per_device', SUBDIVISIONS),
    ];
    const keys = [this.#workers, GROUP_KEY, this.#key(name)].map((key) => this.#tf.scalar(key, 'int32'));
    return this.#backend.executeMultipleOutputs('CollectiveReduceV2', attributes, [x, ...keys], 1)[0] as Tensor;
  }

  /** Rows of several tensors. TensorFlow.js's own op would take bfloat16 for float32. */
  #concat(tensors: readonly Tensor[], reduction: Reduction): Tensor {
    if (tensors.length === 1) return tensors[0] as Tensor;
    const { type, int } = attributesFor(this.#backend);
    const attributes = [type('T', NUMBERS[reduction]), type('Tidx', INT32), int('N', tensors.length)];
    const inputs = [...tensors, this.#tf.scalar(0, 'int32')];
    return this.#backend.executeMultipleOutputs('ConcatV2', attributes, inputs, 1)[0] as Tensor;
  }

  /** Cuts rows apart: without a copy, because each row fills `LANE_BYTES`. */
  #split(x: Tensor, rows: readonly number[], reduction: Reduction): Tensor[] {
    if (rows.length === 1) return [x];
    const { type, int } = attributesFor(this.#backend);
    const attributes = [type('T', NUMBERS[reduction]), type('Tlen', INT32), int('num_split', rows.length)];
    const inputs = [x, this.#tf.tensor1d([...rows], 'int32'), this.#tf.scalar(0, 'int32')];
    return this.#backend.executeMultipleOutputs('SplitV', attributes, inputs, rows.length);
  }

  #key(name: string): number {
    const key = this.#keys.get(name) ?? this.#keys.size + 1;
    this.#keys.set(name, key);
    return key;
  }

  #cast(x: Tensor, from: number, to: number): Tensor {
    if (from === to) return x;
    const { type, flag } = attributesFor(this.#backend);
    const attributes = [type('SrcT', from), type('DstT', to), flag('Truncate', false)];
    return this.#backend.executeMultipleOutputs('Cast', attributes, [x], 1)[0] as Tensor;
  }
}
