/** Compares what runtimes answer with PyTorch's numbers. */
import { tableLine } from '../table-line.ts';
import type { Answered, Job, Outcome } from './job.ts';

/** Largest difference from PyTorch's double precision, by the type of the weights. */
const BOUNDS = { float32: 1e-5, float16: 1e-2 } as const;

/** What became of a job in a runtime. */
export interface Row {
  readonly runtime: string;
  readonly version: string;
  readonly label: string;
  readonly weightType: Job['weightType'];
  /** Number of images that were answered, and of those with the right class; 0 if the runtime only looks at the file. */
  readonly images: number;
  readonly same: number;
  readonly difference: number;
  /** What is not as it should be; undefined if all is. */
  readonly fault: string | undefined;
}

/**
 * Compares the answers for jobs.
 *
 * @param expected for each job all its images' outputs, one after the other
 */
export function judged(jobs: readonly Job[], expected: readonly (readonly number[])[], answered: Answered): Row[] {
  const { runtime, version, results } = answered;
  return jobs.map((job, index) => {
    const { label, weightType } = job;
    const compared = comparedWith(job, expected[index] ?? [], results[index] ?? { fault: 'no answer' });
    return { runtime, version, label, weightType, ...compared };
  });
}

function comparedWith(
  { shape: [images = 0], classes, weightType }: Job,
  expected: readonly number[],
  outcome: Outcome,
): Pick<Row, 'images' | 'same' | 'difference' | 'fault'> {
  const none = { images: 0, same: 0, difference: 0 };
  if ('fault' in outcome) return { ...none, fault: outcome.fault };
  const { answers } = outcome;
  if (answers === null) return { ...none, fault: undefined };
  if (answers.length !== images * classes) return { ...none, fault: `${answers.length} numbers for ${images} images` };
  const difference = answers.reduce((most, each, at) => Math.max(most, Math.abs(each - (expected[at] ?? NaN))), 0);
  const rows = Array.from({ length: images }, (_, image) => [image * classes, (image + 1) * classes] as const);
  const same = rows.filter(
    ([from, to]) => largest(answers.slice(from, to)) === largest(expected.slice(from, to)),
  ).length;
  const isRight = difference <= BOUNDS[weightType] && same === images;
  return { images, same, difference, fault: isRight ? undefined : 'differs' };
}

/** Index of the largest number. */
function largest(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}

/** A line about what could not be tried at all. */
export function failure(what: string, { message }: Error): Row {
  const empty = { version: '', label: '', weightType: 'float32', images: 0, same: 0, difference: 0 } as const;
  return { runtime: what, ...empty, fault: message };
}

/** The head of the table. */
export const HEAD = [
  tableLine(['runtime', 'version', 'network and options', 'images', 'largest difference', 'same answers', '']),
  '|---|---|---|---|---|---|---|',
].join('\n');

/** A line of the table. */
export function rowLine({ runtime, version, label, images, same, difference, fault }: Row): string {
  const numbers = images > 0 ? [String(images), difference.toExponential(1), `${same} of ${images}`] : ['', '', ''];
  return tableLine([runtime, version, label, ...numbers, fault === undefined ? 'passed' : `FAILED: ${fault}`]);
}

/** A table with a line for each runtime. */
export function summaryOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ runtime, version }) => `${runtime}\n${version}`))];
  const lines = names.map((name) => {
    const own = rows.filter(({ runtime, version }) => `${runtime}\n${version}` === name);
    const most = (type: Row['weightType']) => {
      const found = own.filter(({ weightType, images }) => weightType === type && images > 0);
      return found.length === 0 ? '' : Math.max(...found.map(({ difference }) => difference)).toExponential(1);
    };
    const sum = (of: (row: Row) => number) => own.reduce((total, row) => total + of(row), 0);
    const same = sum(({ images }) => images) > 0 ? `${sum((row) => row.same)} of ${sum((row) => row.images)}` : '';
    return [...name.split('\n'), String(own.length), most('float32'), most('float16'), same];
  });
  const head = ['runtime', 'version', 'files', 'largest difference, float32', 'float16', 'same answers'];
  return [tableLine(head), '|---|---|---|---|---|---|', ...lines.map(tableLine)].join('\n');
}
