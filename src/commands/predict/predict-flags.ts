/** The flags of `resnet predict`, and what only several of them together can get wrong. */

import type { PictureReading } from '../../checkpoint/preparation.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { PredictionFormat } from '../../report/predict/prediction-formats.ts';
import type { RuntimeChoice } from '../../runtime/open.ts';
import type { RunFlags } from '../named-run.ts';

/** The values of the flags. */
export interface PredictFlags extends RuntimeChoice, RunFlags {
  readonly files: readonly string[];
  readonly normalize?: readonly number[];
  readonly as?: PictureReading;
  /** `HxW` */
  readonly 'image-size'?: string;
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
  readonly top: number;
  readonly 'min-probability': number;
  readonly 'no-temperature'?: boolean;
  readonly format?: PredictionFormat;
  readonly out?: string;
  readonly show?: string;
  readonly overwrite?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Checks the flags against each other.
 *
 * @returns the form of the answers
 * @throws UserError (usage) if standard input is given twice, or two forms are asked for
 */
export function checkPredictFlags({ files, format, json }: PredictFlags): PredictionFormat {
  if (files.filter((file) => file === '-').length > 1) {
    throw new UserError('- may be given once: standard input is one picture', ExitCode.usage);
  }
  if (!json) return format ?? 'table';
  if (format === undefined || format === 'json') return 'json';
  throw new UserError(`--json asks for json, but --format for ${format}: give one of them`, ExitCode.usage);
}
