/** What `bench` measures: any way to train and evaluate. */

/** What can be measured of any way to train; its batches are made before the clock starts. */
export interface Contender<Batch> {
  batch(indices: Int32Array): Batch;
  train(batch: Batch): Promise<unknown>;
  /** Logits and the number of correct predictions, read back. */
  evaluate(batch: Batch): Promise<unknown>;
  release(batch: Batch): void;
  /** Loss of the last batch trained on; undefined where the first weights are not those of the others. */
  loss(): Promise<number | undefined>;
  dispose(): void;
}
