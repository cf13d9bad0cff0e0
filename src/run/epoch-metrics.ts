/** The metrics of an epoch by name: the columns of `metrics.csv` and TensorBoard's curves. */

import type { EpochEvent } from '../training/events.ts';
import { LineLog } from './folder/line-log.ts';

/** An epoch's metrics: losses in nats, accuracies and F1 from 0 to 1, the learning rate of its last step. */
export function epochMetrics({ learningRate, train, validation, imagesPerSecond }: EpochEvent) {
  return {
    learning_rate: learningRate,
    train_loss: train.loss,
    train_accuracy: train.accuracy,
    val_loss: validation.loss,
    val_accuracy: validation.accuracy,
    val_balanced_accuracy: validation.balancedAccuracy,
    val_macro_f1: validation.macroF1,
    images_per_second: imagesPerSecond,
  };
}

/** The first line of `metrics.csv`. */
const CSV_HEADER =
  'epoch,step,learning_rate,train_loss,train_accuracy,' +
  'val_loss,val_accuracy,val_balanced_accuracy,val_macro_f1,images_per_second,seconds';

/**
 * Opens a run's table of epochs to append to; creates it if it is missing. A table that an older version began keeps its
 * columns.
 *
 * @param epochs number of finished epochs; rows of later epochs, which will be trained again, are cut off
 * @throws UserError (io) naming the file; a symbolic link is refused too
 */
export function openMetricsTable(path: string, epochs: number): Promise<LineLog<EpochEvent>> {
  return LineLog.open(path, {
    header: CSV_HEADER,
    write: (event, header) => {
      const { epoch, step, seconds } = event;
      const values: Readonly<Record<string, number>> = { epoch, step, seconds, ...epochMetrics(event) };
      const columns = header?.split(',') ?? [];
      return columns.map((column) => values[column] ?? '').join(',');
    },
    belongs: (line) => !(Number.parseInt(line, 10) > epochs),
  });
}
