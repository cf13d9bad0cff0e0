/** What the runs of recipes came to: kept a line each as they end, and as a Markdown table. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { median } from '../../src/bench/spread.ts';
import { RECIPES, type Recipe } from '../../src/run/recipes.ts';
import type { RecipeName } from '../../src/run/settings.ts';

/** One run of a recipe. Accuracies are fractions, 0 to 1. */
export interface Result {
  readonly recipe: RecipeName;
  readonly seed: number;
  /** The recipe as it was then. */
  readonly settings: Recipe;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
  /** From the start of the training process to its end; null where it was stopped and resumed. */
  readonly seconds: number | null;
  /** When it ended, ISO 8601. */
  readonly date: string;
}

/** @returns the results in a file that are of the recipes as they are now; none where there is no file */
export function readResults(path: string): Result[] {
  if (!existsSync(path)) return [];
  const results = readFileSync(path, 'utf8').split('\n').flatMap(resultIn);
  return results.filter(({ recipe, settings }) => JSON.stringify(settings) === JSON.stringify(RECIPES[recipe]));
}

/** A line that was cut by a kill, or is empty, has none. */
function resultIn(line: string): Result[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** On a line of its own, whatever the file ends with. */
export function appendResult(path: string, result: Result): void {
  appendFileSync(path, `\n${JSON.stringify(result)}\n`);
}

const HEADINGS = ['recipe', 'seeds', 'validation', 'test, mean', 'standard deviation', 'spread', 'seconds', 'dates'];

/** A row for each recipe that has results. Validation and test are means; seconds are the median and the longest. */
export function resultsTable(results: readonly Result[]): string {
  const names = Object.keys(RECIPES) as RecipeName[];
  const rows = names.flatMap((name) => {
    const runs = results.filter(({ recipe }) => recipe === name);
    return runs.length === 0 ? [] : [rowOf(name, runs)];
  });
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
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

/** Of a sample (Bessel-corrected); 0 of one value. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1));
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(3)} %`;
}
