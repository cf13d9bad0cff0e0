/** The facts of an evaluation, as `resnet eval --json` prints them. */
import type { Calibration } from '../evaluation/calibration.ts';
import type { ClassScores } from '../evaluation/confusion.ts';
import type { EvaluatedData } from '../evaluation/evaluate-checkpoint.ts';
import type { SplitName } from '../evaluation/evaluated-images.ts';
import type { MacroScores, Metrics } from '../evaluation/metrics.ts';
import type { RuntimeFacts } from '../runtime/choices.ts';

/** Images of one class that were taken for another. */
export interface ConfusionFacts {
  /** The true class. */
  readonly label: number;
  /** Its name; absent if classes have none, as the next. */
  readonly labelName?: string;
  /** The class that the images were taken for. */
  readonly guess: number;
  readonly guessName?: string;
  /** Number of images. */
  readonly images: number;
}

/** A wrong answer. */
export interface MistakeFacts {
  /** Index of the image in its data set. */
  readonly image: number;
  /** Where the image comes from, such as the file of a picture; absent for images that have no name. */
  readonly imageName?: string;
  /** The true class. */
  readonly label: number;
  /** Its name; absent if classes have none, as the next. */
  readonly labelName?: string;
  /** The class that the model took it for. */
  readonly guess: number;
  readonly guessName?: string;
  /** Probability of that class, 0 to 1. */
  readonly probability: number;
  /** Probability of the true class, 0 to 1. */
  readonly labelProbability: number;
  /** Cross-entropy of the image (nats). */
  readonly loss: number;
}

/** Figures of the test images that the training data do not hold. */
export interface OtherImagesFacts {
  readonly images: number;
  /** Number of correct answers. */
  readonly hits: number;
  /** Fraction of correct answers, 0 to 1. */
  readonly accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
}

/** What `evaluate` resolves to. */
export interface EvaluationFacts extends Metrics, MacroScores, RuntimeFacts {
  readonly split: SplitName;
  /** Number of correct answers. */
  readonly hits: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  /** Fraction of the images whose class is among the five most probable, 0 to 1; absent of ten classes or fewer. */
  readonly top5Accuracy?: number;
  /** What logits were divided by for probabilities; null if they stayed as they are. */
  readonly temperature: number | null;
  /** Calibration of the probabilities. */
  readonly calibration: Calibration;
  /** Calibration of the probabilities without the temperature. */
  readonly calibrationRaw: Calibration;
  /** Images of each true class (row) by the class that they were taken for; absent of more than 1,000 classes. */
  readonly confusionMatrix?: readonly (readonly number[])[] | undefined;
  /** Scores of every class in order. */
  readonly classes: readonly ClassScores[];
  /** The most frequent confusions. */
  readonly topConfusions: readonly ConfusionFacts[];
  /** As many wrong answers as `worst` asks for: those with the highest probability. */
  readonly worst: readonly MistakeFacts[];
  /** How many of the images the training data hold too; null if that is not known. */
  readonly twins?: number | null;
  /** Figures of the others; null if there are no twins, or nothing else. */
  readonly withoutTwins?: OtherImagesFacts | null;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly data: EvaluatedData;
  /** Path of the checkpoint. */
  readonly checkpoint: string;
}
