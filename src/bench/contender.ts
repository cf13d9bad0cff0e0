/** A way to train and evaluate, as `resnet bench` measures it. */

/** A way to train and evaluate. `measure.ts` makes every batch before it starts the clock. */
export interface Contender<Batch> {
  /** @param indices [batch], images of the data set */
  batch(indices: Int32Array): Batch;
  /** Takes one training step. */
  train(batch: Batch): Promise<unknown>;
  /** Computes logits and the number of correct predictions, and reads the latter back. */
  evaluate(batch: Batch): Promise<unknown>;
  /** Frees a batch. */
  release(batch: Batch): void;
  /** Mean loss of the last batch trained on (nats); undefined if the contender's initial weights are its own. */
  loss(): Promise<number | undefined>;
  dispose(): void;
}
