/**
 * `npm run check:pytorch`: files of PyTorch, torchvision, timm, Lightning and Hugging Face's transformers are read by this
 * tool, or refused; its own exports are read by PyTorch; all tensors must be equal to the last bit. pip fetches the
 * libraries into the cache. Prints a table in Markdown; the last line counts the files.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from './cache.ts';
import { tryForeignFiles } from './check-pytorch/foreign-files.ts';
import { tryLesson } from './check-pytorch/lesson.ts';
import { tryOwnFiles } from './check-pytorch/own-files.ts';
import { type Result, tableOf } from './check-pytorch/result.ts';
import { toolsWith } from './check-pytorch/tools.ts';
import { fetchLibraries, interruption } from './python.ts';

const REQUIREMENTS = fileURLToPath(new URL('../../scripts/pytorch-requirements.txt', import.meta.url));

const signal = interruption();

async function check(temporary: string): Promise<Result[]> {
  const tools = toolsWith(await fetchLibraries(REQUIREMENTS, signal), signal);
  const [foreign, own, lesson] = ['foreign', 'own', 'lesson'].map((name) => join(temporary, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [foreign, own, lesson]) mkdirSync(folder);
  await tools.python('write_files.py', foreign);
  return [
    ...(await tryForeignFiles(foreign, tools)),
    ...(await tryOwnFiles(own, tools)),
    ...(await tryLesson(lesson, tools)),
  ];
}

const results = await withTemporaryFolder(check).catch((error: Error) => {
  process.stderr.write(`check:pytorch: ${error.message}\n`);
  process.exit(1);
});
const failed = results.filter(({ faults }) => faults.length > 0).length;
process.stdout.write(`${tableOf(results)}\n\n${results.length - failed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;
