/** The curve of a run's losses, drawn with characters. */
import type { LossHistory, LossPoint } from './loss-history.ts';
import type { Screen } from './screen.ts';

/** Lines of the curve, without its axis. */
const ROWS = 8;
/** Characters of the curve's width: the most that it takes, and the fewest with which it is drawn. */
const MAX_COLUMNS = 60;
const MIN_COLUMNS = 10;
/** Width of a loss to the left of the axis. */
const LABEL_CHARACTERS = 8;

const CHARACTERS = {
  unicode: { train: '·', validation: '●', axis: '│', tick: '┤', corner: '└', base: '─' },
  ascii: { train: '.', validation: 'o', axis: '|', tick: '+', corner: '+', base: '-' },
} as const;

type Losses = Pick<LossHistory, 'train' | 'validation'>;

/**
 * Training and validation loss over the epochs, in 11 lines. The scale is logarithmic, because losses fall by powers of
 * ten.
 *
 * @returns '' if there are too few points, or too few columns
 */
export function lossCurve(
  { train, validation }: Losses,
  { width, unicode }: Pick<Screen, 'width' | 'unicode'>,
): string {
  const columns = Math.min(MAX_COLUMNS, width - LABEL_CHARACTERS - 2);
  // A run that resumes at an epoch's validation has a validation loss before its first step.
  const first = Math.min(train[0]?.epoch ?? 0, validation[0]?.epoch ?? Number.POSITIVE_INFINITY);
  const last = train.at(-1)?.epoch ?? 0;
  if (first === last || columns < MIN_COLUMNS) return '';
  const marks = CHARACTERS[unicode ? 'unicode' : 'ascii'];
  const losses = [...train, ...validation].map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const columnOf = (epoch: number) => Math.round(((epoch - first) / (last - first)) * (columns - 1));
  const rowOf = (loss: number) => Math.round((Math.log(high / loss) / (Math.log(high / low) || 1)) * (ROWS - 1));

  const cells = Array.from({ length: ROWS }, () => new Array<string>(columns).fill(' '));
  for (const [column, loss] of continuous(train, columnOf).entries()) cells[rowOf(loss)]![column] = marks.train;
  for (const { epoch, loss } of validation) cells[rowOf(loss)]![columnOf(epoch)] = marks.validation;

  const labels = new Map([high, Math.sqrt(low * high), low].map((loss) => [rowOf(loss), labelOf(loss)]));
  const rows = cells.map((row, index) => {
    const label = labels.get(index);
    return `${(label ?? '').padStart(LABEL_CHARACTERS)} ${label ? marks.tick : marks.axis}${row.join('')}`.trimEnd();
  });
  const [from, to] = [first, last].map((epoch) => String(+epoch.toFixed(1)));
  const indent = ' '.repeat(LABEL_CHARACTERS + 1);
  return [
    ...rows,
    `${indent}${marks.corner}${marks.base.repeat(columns)}`,
    `${indent} ${from}${`epoch ${to}`.padStart(columns - from!.length)}`,
    `${indent} ${marks.train} training loss  ${marks.validation} validation loss`,
    '',
  ].join('\n');
}

/** A loss of two digits beside the axis: 0.48, 4.7e+9. */
function labelOf(loss: number): string {
  const plain = String(+loss.toPrecision(2));
  return plain.length > LABEL_CHARACTERS ? loss.toExponential(1) : plain;
}

/**
 * A loss for each column: the mean of the column's points, or a value interpolated between columns that have points.
 */
function continuous(points: readonly LossPoint[], columnOf: (epoch: number) => number): number[] {
  const losses: number[] = [];
  for (const [column, together] of groupedBy(points, ({ epoch }) => columnOf(epoch))) {
    const loss = together.reduce((sum, point) => sum + point.loss, 0) / together.length;
    const [before, begin] = [losses.at(-1) ?? loss, losses.length - 1];
    for (let at = losses.length; at <= column; at++) {
      losses.push(before * (loss / before) ** ((at - begin) / (column - begin)));
    }
  }
  return losses;
}

/** Members grouped by key, the groups in the order of their first members. */
function groupedBy<T>(members: readonly T[], keyOf: (member: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const member of members) {
    const key = keyOf(member);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return groups;
}
