/** How an epoch went, as numbers by their names: the columns of `metrics.csv`, and what TensorBoard is told. */

import type { EpochEvent } from '../training/events.ts';
import { LineLog } from './folder/line-log.ts';

/** Losses in nats, accuracies as fractions; the learning rate is that of the epoch's last step. */
export function epochMetrics({ learningRate, train, validation, imagesPerSecond }: EpochEvent) {
  return {
    learning_rate: learningRate,
    train_loss: train.loss,
    train_accuracy: train.accuracy,
    val_loss: validation.loss,
    val_accuracy: validation.accuracy,
    images_per_second: imagesPerSecond,
  };
}

const HEAD = 'epoch,step,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,images_per_second,seconds';

/**
 * Opens the table of a run's epochs to go on with, or a new one.
 * @param epochs finished ones; the rows of later ones, which will be trained again, are cut off
 * @throws {UserError} exit 5 naming the file, also where it is a symbolic link
 */
export function openMetricsTable(path: string, epochs: number): Promise<LineLog<EpochEvent>> {
  return LineLog.open(path, {
    head: HEAD,
    write: (event) => [event.epoch, event.step, ...Object.values(epochMetrics(event)), event.seconds].join(','),
    belongs: (line) => !(Number.parseInt(line, 10) > epochs),
  });
}
