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

const NUMBERS: Readonly<Record<Reduction, number>> = { float32: DATA_TYPES.float32.number, bfloat16: BFLOAT16 };

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
   * The sum of a tensor over all workers, to the last bit the same on each. Two workers give a + b; with more, the order of
   * an element's additions depends on its place in the tensor.
   *
   * @param name the same on all workers; tensors of one name must have one shape, in all functions
   * @param x float32, of the same shape on all workers
   * @param reduction default: float32
   * @returns float32, of the shape of `x`
   */
  sum(name: string, x: Tensor, reduction: Reduction = 'float32'): Tensor {
    const { type, text, float, flag, int } = attributesFor(this.#backend);
    const number = NUMBERS[reduction];
    const attributes = [
      type('T', number),
      text('merge_op', 'Add'),
      text('final_op', 'Id'),
      text('communication_hint', 'auto'),
      float('timeout_seconds', 0), // a peer's loss is noticed by the control connection, which waits for slow ones
      flag('is_stateless', false),
      int('Nordering_token', 0),
      int('max_subdivs_per_device', SUBDIVISIONS),
    ];
    const sent = this.#cast(x, NUMBERS.float32, number);
    const keys = [this.#workers, GROUP_KEY, this.#key(name)].map((key) => this.#tf.scalar(key, 'int32'));
    const [sum] = this.#backend.executeMultipleOutputs('CollectiveReduceV2', attributes, [sent, ...keys], 1);
    return this.#cast(sum as Tensor, number, NUMBERS.float32);
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
