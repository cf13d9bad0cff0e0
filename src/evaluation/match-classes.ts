/** Matches the classes of data with those of a model: by name, never by number where both have names. */
import type { Dataset } from '../dataset/dataset.ts';
import { toLabels } from '../dataset/formats/labels.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { listedNames } from './class-names.ts';

/** Number of names that a message lists. */
const NAMES_SHOWN = 5;

/**
 * The data set with the labels and names of the model's classes.
 *
 * @param checkpoint the model's name, for messages
 * @param notice called if the classes are matched by number, because model or data do not name them
 * @throws UserError (data) if the data have a class that the model does not know
 */
export function withClassesOf(
  { metadata, architecture: { classes } }: Pick<ModelFile, 'metadata' | 'architecture'>,
  dataset: Dataset,
  checkpoint: string,
  notice: Notice,
): Dataset {
  const [known, found] = [metadata?.classNames, dataset.classNames];
  if (found === undefined) {
    if (known)
      notice(
        `${dataset.source}: labels are numbers, taken as the classes of ${checkpoint}: ${listedNames(known, NAMES_SHOWN)}`,
      );
    return { ...dataset, classNames: known };
  }
  if (known === undefined) {
    notice(`${checkpoint} does not name its classes: taken in this order are ${listedNames(found, NAMES_SHOWN)}`);
    return dataset;
  }
  const numbers = new Map(known.map((name, label) => [name, label]));
  const present = new Set(dataset.labels);
  const unknown = found.find((name, label) => present.has(label) && !numbers.has(name));
  if (unknown !== undefined) {
    throw new UserError(
      `${dataset.source}: class ${unknown} is not one that ${checkpoint} knows (${listedNames(known, NAMES_SHOWN)}); give data with its classes`,
      ExitCode.data,
    );
  }
  const labels = toLabels(
    Array.from(dataset.labels, (label) => numbers.get(found[label]!) ?? 0),
    classes,
  );
  return { ...dataset, labels, classNames: known, classes };
}
