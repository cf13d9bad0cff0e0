/** Which images of a data set a model is evaluated on, and whether it can read them. */
import type { Dataset } from '../dataset/dataset.ts';
import { splitImages } from '../dataset/split.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';

/** Images to evaluate: those of the test set, or of the run's own validation or training split. */
export type SplitName = 'test' | 'val' | 'train';

/**
 * Checks that a model reads such images, and knows their labels.
 *
 * @throws UserError (data) if it does not
 */
export function checkFit(dataset: Dataset, file: ModelFile, checkpoint: string): void {
  const { architecture, metadata } = file;
  const { channels, classes } = architecture;
  const { height, width } = dataset;
  // A file without metadata (PyTorch's) does not say the size of its images, and the network takes any.
  const expected = (metadata?.input ?? [channels, height, width]).join('×');
  const images = [dataset.channels, height, width].join('×');
  if (images !== expected) {
    throw new UserError(
      `${dataset.source}: images are ${images}, but ${checkpoint} reads ${expected}; give its own data with --data-dir`,
      ExitCode.data,
    );
  }
  const wrong = dataset.labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    const image = dataset.format === 'idx' ? `label ${wrong}` : (dataset.nameOf?.(wrong) ?? `image ${wrong}`);
    const problem = `found label ${dataset.labels[wrong]}, but ${checkpoint} knows 0 to ${classes - 1}`;
    throw new UserError(`${dataset.source}: ${image}: ${problem}; give its own data with --data-dir`, ExitCode.data);
  }
}

/**
 * Indices of the images of a split, ascending.
 *
 * @throws UserError (data, usage, checkpoint) if the checkpoint does not say which they are
 */
export function indicesOf(dataset: Dataset, split: SplitName, { metadata }: ModelFile, checkpoint: string): Int32Array {
  const all = Int32Array.from(dataset.labels.keys());
  if (dataset.isTestPart) return all;
  const isTrainedOn = metadata?.dataHash === dataset.sha256;
  if (split === 'test' && isTrainedOn && !dataset.lacksTest) {
    throw new UserError(
      `${dataset.source}: has no test images; give --split val, or other data with --data-dir`,
      ExitCode.data,
    );
  }
  // Other data without a test part: none of their images was trained on.
  if (split === 'test' && !isTrainedOn) return all;
  if (!metadata) {
    throw new UserError(`${checkpoint} does not name its validation split; use --split test`, ExitCode.usage);
  }
  if (!isTrainedOn) {
    throw new UserError(
      `${dataset.source}: these are not the training images of ${checkpoint} (their SHA-256 differs), so its ` +
        'validation split cannot be found in them; give the same --data-dir, or use --split test',
      ExitCode.data,
    );
  }
  const { seed, validationSize, settings } = metadata;
  if (validationSize >= dataset.count) {
    throw new UserError(
      `${checkpoint}: its validation size of ${validationSize} cannot have split ${dataset.count} images`,
      ExitCode.checkpoint,
    );
  }
  // The run's own split, computed again from its seed; before that run's `--limit-train` and `--limit-val`.
  const testSize = typeof settings?.testSize === 'number' ? settings.testSize : undefined;
  const { train, validation, test } = splitImages(dataset, { validationSize, testSize, seed });
  return { train, val: validation, test }[split];
}
