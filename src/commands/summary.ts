/** `resnet summary`: prints the shapes and costs of the network. */
import { type SummaryFlags, summaryOf } from '../api/summary.ts';
import { ExitCode, UserError } from '../errors.ts';
import { type Summary, summaryLines } from '../net/summary.ts';
import { DEFAULT_WIDTH_CHARACTERS } from '../report/screen.ts';
import { type ColumnName, DEFAULT_COLUMNS } from '../report/summary-columns.ts';
import { summaryMarkdown, summaryTable } from '../report/summary-table.ts';

interface PrintedSummaryFlags extends SummaryFlags {
  readonly format: 'table' | 'lines' | 'markdown' | 'json';
  readonly columns?: readonly ColumnName[];
  readonly 'depth-limit'?: number;
  readonly json?: boolean;
}

/** Levels of the layer tree shown by default: layers and their blocks, which fit a screen. */
const DEFAULT_DEPTH_LIMIT = 2;

/** Prints the shapes and costs of the network, without loading TensorFlow. */
export function summary(flags: PrintedSummaryFlags): void {
  const format = flags.json ? 'json' : flags.format;
  if (format === 'lines' || format === 'json') refuseTableFlags(flags, format);
  if (format === 'lines' && flags.freeze) {
    throw new UserError(
      '--format lines prints shapes, which --freeze does not change: leave one of them out',
      ExitCode.usage,
    );
  }
  process.stdout.write(render(summaryOf(flags), format, flags));
}

function render(result: Summary, format: PrintedSummaryFlags['format'], flags: PrintedSummaryFlags): string {
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
function refuseTableFlags(flags: PrintedSummaryFlags, format: string): void {
  for (const name of ['columns', 'depth-limit'] as const) {
    if (flags[name] === undefined) continue;
    throw new UserError(
      `--${name} is for a table (--format table or markdown), got --format ${format}`,
      ExitCode.usage,
    );
  }
}
