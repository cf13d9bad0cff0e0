/** `resnet summary`: prints the shapes and costs of the network. */
import { ExitCode, UserError } from '../errors.ts';
import type { BodyPart } from '../net/parts.ts';
import { type Architecture, resNet, type Stem } from '../net/resnet.ts';
import { type FeatureShape, traceShapes } from '../net/trace.ts';
import { DEFAULT_WIDTH_CHARACTERS } from '../report/screen.ts';
import { type Summary, summarise, summaryLines } from '../report/summary.ts';
import { type ColumnName, DEFAULT_COLUMNS } from '../report/summary-columns.ts';
import { summaryMarkdown, summaryTable } from '../report/summary-table.ts';

interface SummaryFlags extends Omit<Architecture, 'channels'> {
  readonly input: FeatureShape;
  readonly batch: number;
  readonly freeze?: readonly BodyPart[];
  readonly format: 'table' | 'lines' | 'markdown' | 'json';
  readonly columns?: readonly ColumnName[];
  readonly 'depth-limit'?: number;
  readonly json?: boolean;
}

/** Levels of the layer tree shown by default: layers and their blocks, which fit a screen. */
const DEFAULT_DEPTH_LIMIT = 2;

/** Prints the shapes and costs of the network, without loading TensorFlow. */
export function summary(flags: SummaryFlags): void {
  const { input, batch, depth, width, variant, stem, classes } = flags;
  const format = flags.json ? 'json' : flags.format;
  if (format === 'lines' || format === 'json') refuseTableFlags(flags, format);
  if (format === 'lines' && flags.freeze) {
    throw new UserError(
      '--format lines prints shapes, which --freeze does not change: leave one of them out',
      ExitCode.usage,
    );
  }
  const trace = (chosen: Stem) => traceShapes(resNet({ depth, width, variant, stem: chosen, classes }), input);
  const smallStem = stem === 'cifar' ? undefined : () => trace('cifar');
  const result = summarise(trace(stem), { batch, frozen: flags.freeze, smallStem });
  process.stdout.write(render(result, format, flags));
}

function render(result: Summary, format: SummaryFlags['format'], flags: SummaryFlags): string {
  const { columns = DEFAULT_COLUMNS, 'depth-limit': depthLimit = DEFAULT_DEPTH_LIMIT } = flags;
  switch (format) {
    case 'table':
      return summaryTable(result, { columns, depthLimit }, process.stdout.columns || DEFAULT_WIDTH_CHARACTERS);
    case 'markdown':
      return summaryMarkdown(result, { columns, depthLimit });
    case 'lines':
      return summaryLines(result);
    case 'json':
      return `${JSON.stringify(result)}\n`;
  }
}

/** @throws UserError (usage) if a flag for tables is given with a format that has none */
function refuseTableFlags(flags: SummaryFlags, format: string): void {
  for (const name of ['columns', 'depth-limit'] as const) {
    if (flags[name] === undefined) continue;
    throw new UserError(
      `--${name} is for a table (--format table or markdown), got --format ${format}`,
      ExitCode.usage,
    );
  }
}
