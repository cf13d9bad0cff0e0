/** Event files for TensorBoard, written by TensorFlow through the package's own summary writer. */
import { ExitCode, UserError } from '../errors.ts';
import { DATA_TYPES } from './graph/data-types.ts';
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { Runtime } from './open.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';
import { EVENT_FILE_SUFFIX } from './tensorboard-files.ts';

/** What TensorFlow.js leaves undone of the binding's: it has no tensors of 64-bit integers. */
interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Int32Array): number;
  executeOp(op: string, attributes: readonly unknown[], inputs: readonly number[], outputs: number): unknown;
  deleteTensor(id: number): void;
}

let made = 0;

export class SummaryWriter {
  readonly #folder: string;
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #handle: Tensor;

  /**
   * Begins a new event file. Needs the TensorFlow backend.
   *
   * @param folder one that is there
   * @throws {UserError} exit 5 if the file cannot be made, as all that follow if it cannot be written to
   */
  constructor({ tf }: Runtime, folder: string) {
    this.#tf = tf;
    this.#folder = folder;
    this.#backend = tf.backend() as unknown as NodeBackend;
    // `tf.node.summaryFileWriter` would never close its file, and give the same one to a folder's next run.
    this.#handle = this.#backend.summaryWriter(`resnet/${made++}`);
    this.#try(() => {
      tf.tidy(() => {
        this.#backend.createSummaryFileWriter(this.#handle, folder, undefined, undefined, EVENT_FILE_SUFFIX);
      });
    });
  }

  /** @param value of which single precision is kept */
  scalar(tag: string, step: number, value: number): void {
    this.#try(() => this.#backend.writeScalarSummary(this.#handle, step, tag, value));
  }

  /**
   * TensorFlow's own histogram: TensorFlow.js's `histogram` makes a matrix of 30 numbers for each value (280 MB for the
   * largest kernel of ResNet-18), and fails where all values are the same.
   *
   * @param values at least one, none of them NaN
   */
  histogram(tag: string, step: number, values: Float32Array): void {
    this.#try(() => {
      const binding = this.#backend.binding as unknown as Binding;
      const type = attributesFor(this.#backend).type('T', DATA_TYPES.float32.number);
      const at = binding.createTensor([], DATA_TYPES.int64.number, Int32Array.of(step, 0)); // low word first
      this.#tf.tidy(() => {
        const inputs = [this.#handle, this.#tf.scalar(tag, 'string'), this.#tf.tensor1d(values)];
        const [writer = 0, name = 0, data = 0] = this.#backend.getInputTensorIds(inputs);
        binding.executeOp('WriteHistogramSummary', [type], [writer, at, name, data], 0);
      });
      binding.deleteTensor(at);
    });
  }

  /** What was written is then in the file, also if this process is killed. */
  flush(): void {
    this.#try(() => this.#backend.flushSummaryWriter(this.#handle));
  }

  /** What is still to be flushed is tried to be. */
  close(): void {
    this.#backend.executeMultipleOutputs('CloseSummaryWriter', [], [this.#handle], 0);
    this.#handle.dispose();
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      const [, reason] = /Message: (.*)/.exec(String(error)) ?? [];
      if (reason === undefined) throw error; // not TensorFlow's: a bug
      const message = `${this.#folder}: event files for TensorBoard could not be written: ${reason}`;
      throw new UserError(message, ExitCode.io, { cause: error });
    }
  }
}
