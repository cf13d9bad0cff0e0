/**
 * Uses the library twice for all that it does, in one process, and prints as JSON what it has changed of the process.
 *
 * Usage: node left-behind.mjs FOLDER PICTURE SETTINGS, where FOLDER is for the runs, and SETTINGS are JSON for `train`
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', picture = '', settings = ''] = process.argv.slice(2);
const { train, evaluate, predict, openCheckpoint, exportModel } = await import(
  new URL('../../dist/src/index.js', import.meta.url).href
);

/** What a library must leave as it is. */
function state() {
  const counts = (/** @type {import('node:events').EventEmitter} */ emitter) =>
    Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]));
  return {
    process: counts(process),
    stdout: counts(process.stdout),
    stderr: counts(process.stderr),
    exitCode: process.exitCode ?? null,
    environment: { ...process.env },
  };
}

const before = state();
writeSync(2, 'before the load\n');
// The first use loads TensorFlow, here with all GPUs hidden.
for await (const _ of predict(picture, { device: 'cpu', noCompile: true }));
writeSync(2, 'after it\n');
/** @type {unknown[]} */
const answers = [];
for (const name of ['one', 'two']) {
  for await (const _ of train({ ...JSON.parse(settings), checkpointDir: folder, name }));
  const checkpoint = join(folder, name);
  const common = { checkpoint, noCompile: true };
  const { hits, images } = await evaluate({ ...common, limitTest: 10 });
  answers.push({ hits, images });
  for await (const answer of predict(picture, common)) answers.push(answer);
  const model = await openCheckpoint(checkpoint, { noCompile: true });
  for await (const answer of model.predict(readFileSync(picture))) answers.push(answer);
  await model.close();
  answers.push((await exportModel({ checkpoint, format: 'pth' })).type);
}
console.log(JSON.stringify({ before, after: state(), answers }));
