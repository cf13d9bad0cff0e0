/** The field of a checkpoint that says how pictures became the images of its model. */
import { type Check, kind, list, record } from './fields.ts';

/** How pictures became the images that a model was trained on. */
export interface StoredPreparation {
  /** How `predict` reads a picture: it looks for a digit, or prepares all of it as training did. */
  readonly as: 'digit' | 'picture';
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
  as: kind('digit or picture', (value) => value === 'digit' || value === 'picture'),
  fit: kind('pad, crop or stretch', (value) => value === 'pad' || value === 'crop' || value === 'stretch'),
  fill: list(byte),
});
