/**
 * `npm run check:data`: writes small data sets with Python's own libraries in every format that is read, loads them, and
 * compares labels, names and pixels with what Python reads of them; data sets with a fault must be refused with exit code
 * 3. pip fetches the libraries into the cache. Prints tables in Markdown; the last line counts the data sets.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { casesIn } from './check-data/case.ts';
import { readCase } from './check-data/read-case.ts';
import { refuseCase } from './check-data/refuse-case.ts';
import type { Result } from './check-data/result.ts';
import { tablesOf } from './check-data/table.ts';
import { fetchLibraries, interruption, outputOf } from './python.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const signal = interruption();

/** Writes the data sets into the folder and tries them one after the other. */
async function check(temporary: string): Promise<Result[]> {
  const folder = join(temporary, 'data');
  const libraries = await fetchLibraries(pathOf('scripts/data-requirements.txt'), signal);
  const environment = { ...libraries, PYTHONDONTWRITEBYTECODE: '1' };
  await outputOf('python3', [pathOf('scripts/check-data/write_data.py'), folder], signal, environment);
  process.env.RESNET_CACHE = join(temporary, 'cache'); // prepared pictures shall not stay in the user's cache
  const trainer = { program: pathOf('bin/resnet.js'), folder, signal };
  const results: Result[] = [];
  for (const each of casesIn(folder)) {
    const { expected, sentence } = each;
    if (expected !== undefined) results.push(await readCase(each, expected));
    if (sentence !== undefined) results.push(await refuseCase(each, sentence, trainer));
  }
  return results;
}

const results = await withTemporaryFolder(check).catch((error: Error) => {
  process.stderr.write(`check:data: ${error.message}\n`);
  process.exit(1);
});
const failed = results.filter(({ faults }) => faults.length > 0).length;
process.stdout.write(`${tablesOf(results)}\n\n${results.length - failed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;
