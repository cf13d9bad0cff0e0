/** The field of a checkpoint that says how pictures became the images of its model. */
import { type Check, kind, list, record } from './fields.ts';

/** How `predict` reads a picture: it looks for a digit as MNIST has them, or prepares all of it as training did. */
export const PICTURE_READINGS = ['digit', 'picture'] as const;
/** A way in which `predict` reads a picture. */
export type PictureReading = (typeof PICTURE_READINGS)[number];

/** How pictures became the images that a model was trained on. */
export interface StoredPreparation {
  readonly as: PictureReading;
  readonly fit: 'pad' | 'crop' | 'stretch';
  /** Colour of the padding, 0 to 255: one value for each channel. */
  readonly fill: readonly number[];
}

const byte = kind(
  'an integer from 0 to 255',
  (value): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255,
);

/** The check of the field. */
export const preparation: Check<StoredPreparation> = record<StoredPreparation>({
  as: kind('digit or picture', (value): value is PictureReading => PICTURE_READINGS.some((each) => each === value)),
  fit: kind('pad, crop or stretch', (value) => value === 'pad' || value === 'crop' || value === 'stretch'),
  fill: list(byte),
});
