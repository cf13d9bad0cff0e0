/** Results of runs of recipes: a file with a line of JSON for each run, and a Markdown table. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { median } from '../../src/bench/spread.ts';
import { markdownTable } from '../../src/report/text-table.ts';
import { RECIPES, type Recipe } from '../../src/run/recipes.ts';
import type { RecipeName } from '../../src/run/settings.ts';

/** One run of a recipe. Accuracies are fractions, 0 to 1. */
export interface Result {
  readonly recipe: RecipeName;
  readonly seed: number;
  /** The recipe's settings at the time of the run. */
  readonly settings: Recipe;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
  /** Time from the start of the training process to its end; null if the run was resumed. */
  readonly seconds: number | null;
  /** Time of the run's end, ISO 8601. */
  readonly date: string;
}

/** Reads the results in a file. Those of recipes that have changed since are left out; a missing file has none. */
export function readResults(path: string): Result[] {
  if (!existsSync(path)) return [];
  const results = readFileSync(path, 'utf8').split('\n').flatMap(resultIn);
  return results.filter(({ recipe, settings }) => JSON.stringify(settings) === JSON.stringify(RECIPES[recipe]));
}

/** The result in a line; none in an empty line, or in one that a kill has cut. */
function resultIn(line: string): Result[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Appends a result on a line of its own, even if the file's last line was cut. */
export function appendResult(path: string, result: Result): void {
  appendFileSync(path, `\n${JSON.stringify(result)}\n`);
}

const HEADINGS = ['recipe', 'seeds', 'validation', 'test, mean', 'standard deviation', 'spread', 'seconds', 'dates'];

/**
 * A Markdown table with a row for each recipe that has results. Validation and test are means over the runs; seconds
 * are the median and the longest.
 */
export function resultsTable(results: readonly Result[]): string {
  const names = Object.keys(RECIPES) as RecipeName[];
  const rows = names.flatMap((name) => {
    const runs = results.filter(({ recipe }) => recipe === name);
    return runs.length === 0 ? [] : [rowOf(name, runs)];
  });
  return markdownTable({ columns: HEADINGS.map((head) => ({ head, align: 'left' })), rows });
}

function rowOf(name: RecipeName, runs: readonly Result[]): string[] {
  const test = runs.map(({ testAccuracy }) => testAccuracy);
  const seconds = runs.flatMap((run) => run.seconds ?? []);
  const dates = runs.map(({ date }) => date.slice(0, 10)).sort();
  return [
    `\`${name}\``,
    runs.map(({ seed }) => seed).join(', '),
    percent(mean(runs.map(({ validationAccuracy }) => validationAccuracy))),
    percent(mean(test)),
    percent(deviation(test)),
    `${percent(Math.min(...test))} to ${percent(Math.max(...test))}`,
    seconds.length === 0 ? '' : `${median(seconds).toFixed(1)}, ${Math.max(...seconds).toFixed(1)}`,
    [...new Set([dates[0], dates.at(-1)])].join(' to '),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample (Bessel-corrected); 0 for a single value. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(3)} %`;
}
