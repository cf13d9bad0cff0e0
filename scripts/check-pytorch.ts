/**
 * `npm run check:pytorch`: files of PyTorch, torchvision, timm, Lightning and Hugging Face's transformers are read by this
 * tool, or refused; its own exports are read by PyTorch; all tensors must be equal to the last bit. pip fetches the
 * libraries into the cache. Prints a table in Markdown; the last line counts the files. Words choose parts of it:
 * `npm run check:pytorch -- foreign own lesson`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { tryForeignFiles } from './check-pytorch/foreign-files.ts';
import { tryLesson } from './check-pytorch/lesson.ts';
import { tryOwnFiles } from './check-pytorch/own-files.ts';
import { type Result, tableOf } from './check-pytorch/result.ts';
import { type Tools, toolsWith } from './check-pytorch/tools.ts';
import { fetchLibraries, interruption } from './python.ts';

const REQUIREMENTS = fileURLToPath(new URL('../../scripts/pytorch-requirements.txt', import.meta.url));

const signal = interruption();

/** What is tried, each with a folder of its own. */
const PARTS: Readonly<Record<string, (folder: string, tools: Tools) => Promise<Result[]>>> = {
  foreign: tryForeignFiles,
  own: tryOwnFiles,
  lesson: tryLesson,
};

const chosen = process.argv.slice(2);

async function check(temporary: string): Promise<Result[]> {
  const tools = toolsWith(await fetchLibraries(REQUIREMENTS, signal), signal);
  const results: Result[] = [];
  for (const [name, tryPart] of Object.entries(PARTS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const folder = join(temporary, name);
    mkdirSync(folder);
    const failure = (error: Error) => [{ what: name, writer: '', seen: '', faults: [error.message] }];
    results.push(...(await tryPart(folder, tools).catch(failure))); // the other parts are tried all the same
  }
  return results;
}

const results = await withTemporaryFolder(check).catch((error: Error) => {
  process.stderr.write(`check:pytorch: ${error.message}\n`);
  process.exit(1);
});
const failed = results.filter(({ faults }) => faults.length > 0).length;
process.stdout.write(`${tableOf(results)}\n\n${results.length - failed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;
