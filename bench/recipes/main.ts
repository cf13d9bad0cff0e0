/**
 * Trains recipes with several seeds, tests each run's best checkpoint, and prints means, spreads and times.
 *
 * Usage: npm run bench:recipes -- [--recipes lesson,fast,best,sprint] [--seeds 5] [--folder checkpoints/recipes]
 *
 * Recipe `best`, whose runs are the longest, gets three seeds at most. The command can be stopped (Ctrl-C) and started
 * again: it resumes a stopped run, and repeats no run whose result is in FOLDER/results.ndjson unless the recipe has
 * changed. Progress goes to standard error, the table to standard output.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BestEpoch } from '../../src/checkpoint/progress.ts';
import { RUN_FILES } from '../../src/run/folder/run-files.ts';
import { FINE_TUNING, PHOTOGRAPHS, RECIPES } from '../../src/run/recipes.ts';
import { RECIPE_NAMES, type RecipeName } from '../../src/run/settings.ts';
import { appendResult, type Result, readResults, resultsTable } from './results.ts';
import { runResnet } from './run-resnet.ts';

const MAX_SEEDS_OF_BEST = 3;
/** The recipes for MNIST that begin with random weights. */
const MEASURED = RECIPE_NAMES.filter((name) => name !== FINE_TUNING && name !== PHOTOGRAPHS);

const values = options();
const names = values.recipes.split(',').map(recipeName);
const seeds = wholeNumber(values.seeds);
const file = join(values.folder, 'results.ndjson');
mkdirSync(values.folder, { recursive: true });

for (const recipe of names) {
  for (let seed = 1; seed <= (recipe === 'best' ? Math.min(seeds, MAX_SEEDS_OF_BEST) : seeds); seed++) {
    if (readResults(file).some((result) => result.recipe === recipe && result.seed === seed)) continue;
    const folder = runFolder(recipe, seed);
    const result = await measure(folder, recipe, seed);
    appendResult(file, result);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    const unneeded = [RUN_FILES.last, RUN_FILES.previousLast, RUN_FILES.previousBest]; // 300 MB a run at full width
    for (const name of unneeded) rmSync(join(folder, name), { force: true });
  }
}
process.stdout.write(resultsTable(readResults(file).filter(({ recipe }) => names.includes(recipe))));

/** The folder's name depends on the recipe's settings: no run of a recipe that has changed is resumed. */
function runFolder(recipe: RecipeName, seed: number): string {
  const settings = createHash('sha256').update(JSON.stringify(RECIPES[recipe])).digest('hex').slice(0, 8);
  return join(values.folder, `${recipe}-${settings}-${seed}`);
}

/** Trains, or resumes, one run, and evaluates its best checkpoint. */
async function measure(folder: string, recipe: RecipeName, seed: number): Promise<Result> {
  const [best, last] = [join(folder, RUN_FILES.best), join(folder, RUN_FILES.last)];
  const resumed = existsSync(last);
  const began = performance.now();
  const words = resumed
    ? ['--resume', folder]
    : ['--recipe', recipe, '--seed', String(seed), '--checkpoint-dir', folder];
  const { best: validated } = await runResnet<{ best: BestEpoch }>(['train', ...words, '--json']);
  const seconds = (performance.now() - began) / 1000;
  const { accuracy } = await runResnet<{ accuracy: number }>(['eval', '--checkpoint', best, '--json']);
  return {
    recipe,
    seed,
    settings: RECIPES[recipe],
    validationAccuracy: validated.accuracy,
    testAccuracy: accuracy,
    seconds: resumed ? null : seconds,
    date: new Date().toISOString(),
  };
}

function options() {
  try {
    return parseArgs({
      options: {
        recipes: { type: 'string', default: MEASURED.join(',') },
        seeds: { type: 'string', default: '5' },
        folder: { type: 'string', default: 'checkpoints/recipes' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function recipeName(word: string): RecipeName {
  const name = MEASURED.find((each) => each === word);
  if (name) return name;
  return refuse(`--recipes must be of ${MEASURED.join(', ')}, with commas between, got ${JSON.stringify(word)}`);
}

function wholeNumber(word: string): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  return refuse(`--seeds must be a whole number of at least 1, got ${JSON.stringify(word)}`);
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
