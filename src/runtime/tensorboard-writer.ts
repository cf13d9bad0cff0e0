/** Writes scalars and histograms to TensorBoard's event files, by TensorFlow's own writer. */
import { ExitCode, UserError } from '../errors.ts';
import { DATA_TYPES } from './graph/data-types.ts';
import { attributesFor, type NodeBackend } from './node-backend.ts';
import type { Runtime } from './open.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';
import { EVENT_FILE_SUFFIX } from './tensorboard-files.ts';

/** Methods of the binding that are called directly, because TensorFlow.js has no tensors of 64-bit integers. */
interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Int32Array): number;
  executeOp(op: string, attributes: readonly unknown[], inputs: readonly number[], outputs: number): unknown;
  deleteTensor(id: number): void;
}

/** Number of writers made so far; makes their names unique. */
let writerCount = 0;

/** A writer of one event file. */
export class TensorBoardWriter {
  readonly #folder: string;
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #handle: Tensor;

  /**
   * Creates a new event file. Requires the TensorFlow backend.
   *
   * @param folder an existing folder
   * @throws UserError (io) if the file cannot be created; the methods throw it if the file cannot be written
   */
  constructor({ tf }: Runtime, folder: string) {
    this.#tf = tf;
    this.#folder = folder;
    this.#backend = tf.backend() as unknown as NodeBackend;
    // `tf.node.summaryFileWriter` never closes its file, and returns the same writer for the next run in a folder.
    this.#handle = this.#backend.summaryWriter(`resnet/${writerCount++}`);
    this.#try(() => {
      tf.tidy(() => {
        this.#backend.createSummaryFileWriter(this.#handle, folder, undefined, undefined, EVENT_FILE_SUFFIX);
      });
    });
  }

  /**
   * Writes a point of a scalar's curve.
   *
   * @param value rounded to single precision
   */
  scalar(tag: string, step: number, value: number): void {
    this.#try(() => this.#backend.writeScalarSummary(this.#handle, step, tag, value));
  }

  /**
   * Writes a histogram with TensorFlow's own op. TensorFlow.js's `histogram` makes a matrix of 30 numbers for each
   * value (280 MB for the largest kernel of ResNet-18), and fails if all values are equal.
   *
   * @param values at least one value, none NaN
   */
  histogram(tag: string, step: number, values: Float32Array): void {
    this.#try(() => {
      const binding = this.#backend.binding as unknown as Binding;
      const type = attributesFor(this.#backend).type('T', DATA_TYPES.float32.number);
      const stepTensor = binding.createTensor([], DATA_TYPES.int64.number, Int32Array.of(step, 0)); // low word first
      this.#tf.tidy(() => {
        const inputs = [this.#handle, this.#tf.scalar(tag, 'string'), this.#tf.tensor1d(values)];
        const [writer = 0, name = 0, data = 0] = this.#backend.getInputTensorIds(inputs);
        binding.executeOp('WriteHistogramSummary', [type], [writer, stepTensor, name, data], 0);
      });
      binding.deleteTensor(stepTensor);
    });
  }

  /** Hands all records to the operating system, so that they are in the file even if this process is killed. */
  flush(): void {
    this.#try(() => this.#backend.flushSummaryWriter(this.#handle));
  }

  /** Closes the file; TensorFlow tries to flush the remaining records. */
  close(): void {
    this.#backend.executeMultipleOutputs('CloseSummaryWriter', [], [this.#handle], 0);
    this.#handle.dispose();
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      const [, reason] = /Message: (.*)/.exec(String(error)) ?? [];
      if (reason === undefined) throw error; // not an error of TensorFlow, so a bug
      const message = `${this.#folder}: event files for TensorBoard could not be written: ${reason}; check the folder and its disk`;
      throw new UserError(message, ExitCode.io, { cause: error });
    }
  }
}
