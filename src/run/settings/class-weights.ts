/** Weights of classes: as a user gives them, as a run stores them, and as an engine takes them. */
import type { Dataset } from '../../dataset/dataset.ts';
import type { TrainingData } from '../../dataset/split.ts';
import { balancedWeights } from '../../engine/class-weights.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { ClassWeights } from '../../value-kinds.ts';
import type { RunSettings } from '../settings.ts';

/** The weights that a run stores, for its classes in their order. */
type WeightsFor = (classes: readonly string[]) => ClassWeights | undefined;

/**
 * Reads the file that `--class-weights` names, before there is any work.
 *
 * @returns gives the numbers of the file for classes that are told later, and other weights as they are; throws UserError
 *   (data) if the file has not one number for each class, (usage) if a list has not
 * @throws UserError (data) if the file cannot be read
 */
export async function givenClassWeights(given: ClassWeights | undefined): Promise<WeightsFor> {
  if (typeof given !== 'object') return () => given;
  if (!('file' in given)) {
    return ({ length }) => {
      if (length === given.length) return given;
      const problem = `${given.length} weights of classes, but the data have ${length} classes`;
      throw new UserError(`--class-weights: ${problem}; give one for each`, ExitCode.usage);
    };
  }
  const { readClassWeights, weightsOfClasses } = await import('../../dataset/formats/class-weights-file.ts');
  const file = await readClassWeights(given.file);
  return (classes) => weightsOfClasses(file, classes);
}

/** Names of classes in the order of their labels: the labels themselves, if the data do not name their classes. */
export function classesOf({ classNames, classes }: Pick<Dataset, 'classNames' | 'classes'>): readonly string[] {
  return classNames ?? Array.from({ length: classes }, (_, label) => String(label));
}

/**
 * The weights with which a run trains.
 *
 * @returns [classes]; undefined if all classes weigh the same
 */
export function classWeightsIn(
  { classWeights = 'none', classes }: Pick<RunSettings, 'classWeights' | 'classes'>,
  { dataset, train }: Pick<TrainingData, 'dataset' | 'train'>,
): Float32Array | undefined {
  if (classWeights === 'none') return undefined;
  if (classWeights === 'balanced') return balancedWeights(dataset.labels, train, classes);
  if ('file' in classWeights) throw new Error('the file of --class-weights was not read');
  return Float32Array.from(classWeights);
}
