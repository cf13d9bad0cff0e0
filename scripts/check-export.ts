/**
 * `npm run check:export`: exports networks in every format, and runs the files in other runtimes: ONNX Runtime, TensorFlow,
 * Keras, LiteRT, and TensorFlow.js in Node and in headless Chromium. All must answer what PyTorch computes in double
 * precision. pip and npm fetch the runtimes into the cache. Prints tables in Markdown; the last line counts the lines.
 * Words choose parts, and `--checkpoint` a trained network: `npm run check:export -- onnx readers --checkpoint RUN`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { failure, HEAD, type Row, rowLine, summaryOf } from './check-export/judge.ts';
import { fetchPackages, PROJECT } from './check-export/packages.ts';
import { PARTS } from './check-export/parts.ts';
import type { Workplace } from './check-export/trial.ts';
import { toolsWith } from './check-pytorch/tools.ts';
import { fetchLibraries, interruption } from './python.ts';

const REQUIREMENTS = fileURLToPath(new URL('../../scripts/export-requirements.txt', import.meta.url));

const { values, positionals } = parseArgs({ allowPositionals: true, options: { checkpoint: { type: 'string' } } });

const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  process.stderr.write(`check:export: there is no part ${unknown}: name some of ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}

const signal = interruption();

const rows: Row[] = [];

/** Notes lines of the table, and prints them. */
function note(found: readonly Row[]): void {
  rows.push(...found);
  process.stdout.write(found.map((row) => `${rowLine(row)}\n`).join(''));
}

async function check(temporary: string): Promise<void> {
  process.stdout.write(`${HEAD}\n`);
  const python = await unlessItFails('libraries of Python', () => fetchLibraries(REQUIREMENTS, signal));
  if (python === undefined) return; // PyTorch's numbers are among them
  const packages = (await unlessItFails('packages of npm', () => fetchPackages(signal))) ?? PROJECT;
  const tools = toolsWith(python, signal, 'check-export');
  for (const [name, tryPart] of Object.entries(PARTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const folder = join(temporary, name);
    mkdirSync(folder);
    const workplace: Workplace = { folder, tools, python, packages, checkpoint: values.checkpoint, signal, note };
    await unlessItFails(name, () => tryPart(workplace));
  }
}

/** Does some work. If it fails, that is a line of the table, and the rest is tried all the same. */
async function unlessItFails<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    note([failure(what, error as Error)]);
    return undefined;
  }
}

await withTemporaryFolder(check).catch((error: Error) => {
  process.stderr.write(`check:export: ${error.message}\n`);
  process.exit(1);
});
const failed = rows.filter(({ fault }) => fault !== undefined).length;
process.stdout.write(`\n${summaryOf(rows)}\n\n${rows.length - failed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;
