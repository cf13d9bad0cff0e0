/** `summary`: the shapes and costs of a network. */
import type { BodyPart } from '../net/parts.ts';
import { type Architecture, resNet, type Stem } from '../net/resnet.ts';
import { type Summary, summarise } from '../net/summary.ts';
import { type FeatureShape, traceShapes } from '../net/trace.ts';
import type { SummarySettings } from './setting-types.ts';
import { readSettings } from './settings.ts';
import { SUMMARY_TABLE } from './tables.ts';

/** The flags that say which network is summarised, and for which images. */
export interface SummaryFlags extends Omit<Architecture, 'channels'> {
  readonly input: FeatureShape;
  readonly batch: number;
  readonly freeze?: readonly BodyPart[];
}

/**
 * Tells the shapes, parameters, multiplications and training memory of every layer. No backend is loaded, and nothing is
 * printed.
 *
 * @param settings the flags of `resnet summary` in camel case; default: the network of the lesson, one image of 1×224×224
 * @returns what `resnet summary --format json` prints
 * @throws UserError (usage) if a setting is wrong, or the network leaves nothing of such an image
 */
export function summary(settings: SummarySettings = {}): Summary {
  return summaryOf(readSettings(SUMMARY_TABLE, settings).values as unknown as SummaryFlags);
}

/** `summary` for flags with their defaults. */
export function summaryOf({ input, batch, depth, width, variant, stem, classes, freeze }: SummaryFlags): Summary {
  const trace = (chosen: Stem) => traceShapes(resNet({ depth, width, variant, stem: chosen, classes }), input);
  const smallStem = stem === 'cifar' ? undefined : () => trace('cifar');
  return summarise(trace(stem), { batch, frozen: freeze, smallStem });
}
