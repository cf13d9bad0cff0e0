/**
 * A program that `npm run check:export` starts: runs jobs in other runtimes for Node.
 *
 *     node-runtimes.js onnxruntime-node JSON FOLDER    the file JSON: a list of jobs; the folder: where npm installed it
 *     node-runtimes.js tfjs JSON BACKEND               the file JSON: a list of jobs with the addresses of their files
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as OnnxRuntime from 'onnxruntime-web';
import { type Job, numbersOf, type Outcome } from './job.ts';
import { runLayersModels } from './layers-models.ts';

const [runtime, list = '', choice = ''] = process.argv.slice(2);
const jobs = JSON.parse(readFileSync(list, 'utf8'));

async function runOnnx(): Promise<Outcome[]> {
  const { InferenceSession, Tensor }: typeof OnnxRuntime = createRequire(join(choice, 'here.js'))('onnxruntime-node');
  return Promise.all(
    (jobs as Job[]).map(async (job) => {
      const session = await InferenceSession.create(job.path);
      const image = new Tensor(job.type, numbersOf(job), job.shape);
      const results = await session.run({ [job.inputName]: image });
      return { answers: Array.from(results[job.outputName]?.data as Float32Array) };
    }),
  );
}

async function runTfjs(): Promise<Outcome[]> {
  const tf = await import('@tensorflow/tfjs');
  if (choice === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  return runLayersModels(tf, choice, jobs);
}

const outcomes = await (runtime === 'tfjs' ? runTfjs() : runOnnx());
process.stdout.write(`\n${JSON.stringify(outcomes)}`); // libraries may greet on lines before
