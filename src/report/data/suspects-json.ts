/** The field `suspects` of what `resnet data --json` prints. */
import { named } from '../../evaluation/class-names.ts';
import type { SuspectsReport } from './suspects-text.ts';

/** The facts of suspects: labels with the names of their classes, and images with theirs. */
export function suspectsFacts(report: SuspectsReport): object {
  const { parts, suspects, thresholds, first, checkpoint, leastProbability, classNames, runtime } = report;
  return {
    ...{ checkpoint, minProbability: leastProbability ?? null },
    images: suspects,
    parts,
    thresholds: thresholds.map((probability, label) => ({ label, labelName: classNames?.[label], probability })),
    first: first.map(({ part, image, imageName, label, predicted, probability, labelProbability }) => {
      return named({ part, image, name: imageName, label, predicted, probability, labelProbability }, classNames);
    }),
    ...runtime,
  };
}
