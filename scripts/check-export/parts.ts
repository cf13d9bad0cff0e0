/** The parts of the check: each exports networks, and runs them where its format is read. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkFormat } from '../../src/export/formats.ts';
import { browserVersion } from '../chromium.ts';
import { outputOf } from '../python.ts';
import { browserOutcomes } from './browser.ts';
import { colourNetwork, exportedWithFlags, lessonNetwork } from './exports.ts';
import { type Job, type Outcome, withFewer } from './job.ts';
import type { Served } from './layers-models.ts';
import { ownAnswers } from './own-runtimes.ts';
import { PROJECT, scriptFolders, versionOf } from './packages.ts';
import { triedReaders } from './readers.ts';
import { withServer } from './server.ts';
import { exportedStructures, structures } from './structures.ts';
import { lastLine, Trial, type Workplace, writeNetworks } from './trial.ts';

/** Images for backends that take a second for each. */
const FEW = 2;

/** All parts by name, in their order. */
export const PARTS: Readonly<Record<string, (workplace: Workplace) => Promise<void>>> = {
  onnx: tryOnnx,
  structures: tryStructures,
  'saved-model': trySavedModels,
  tfjs: tryLayersModels,
  readers: tryReaders,
};

async function tryOnnx(workplace: Workplace): Promise<void> {
  const { packages, signal } = workplace;
  const trial = await exported('onnx', workplace);
  await trial.inPython('run_onnx.py');
  const version = versionOf(packages, 'onnxruntime-node');
  await trial.inRuntime('ONNX Runtime, Node', version, trial.jobs, () => {
    return inNode('onnxruntime-node', trial.jobs, packages, workplace);
  });
  trial.note(await ownAnswers(trial.jobs, signal));
}

async function tryStructures(workplace: Workplace): Promise<void> {
  const { folder, signal } = workplace;
  const networks = structures(folder);
  await writeNetworks(networks, workplace);
  const trial = await Trial.of(await exportedStructures(networks, folder, signal), workplace);
  await trial.inPython('run_onnx.py');
}

async function trySavedModels(workplace: Workplace): Promise<void> {
  const trial = await exported('saved-model', workplace);
  await trial.inPython('run_saved_models.py');
  trial.note(await ownAnswers(trial.jobs, workplace.signal));
}

async function tryLayersModels(workplace: Workplace): Promise<void> {
  const { folder, packages, signal } = workplace;
  const trial = await exported('tfjs', workplace);
  const few = trial.jobs.map((job) => withFewer(job, FEW));
  const narrow = few.filter(({ width }) => width <= 8);
  const version = versionOf(PROJECT, '@tensorflow/tfjs');
  await withServer([folder, ...scriptFolders(packages)], async (address) => {
    const served = (jobs: readonly Job[]): Served[] =>
      jobs.map(({ path, input, shape }) => {
        const [model, numbers] = [path, input].map((each) => `${address}/${relative(folder, each)}`);
        return { shape, model: `${model}/model.json`, input: numbers ?? '' };
      });
    for (const [backend, jobs] of [['cpu', few] as const, ['wasm', trial.jobs] as const]) {
      await trial.inRuntime(`TensorFlow.js, Node, ${backend}`, version, jobs, () => {
        return inNode('tfjs', served(jobs), backend, workplace);
      });
    }
    for (const [backend, jobs] of [
      ['cpu', few] as const,
      ['wasm', trial.jobs] as const,
      ['webgl', few] as const,
      ['webgpu', narrow] as const,
    ]) {
      const title = `TensorFlow.js, Chromium ${browserVersion()}, ${backend}`;
      await trial.inRuntime(title, version, jobs, () =>
        browserOutcomes(backend, served(jobs), { folder, address }, signal),
      );
    }
  });
}

async function tryReaders(workplace: Workplace): Promise<void> {
  const { folder, tools } = workplace;
  const network = await lessonNetwork(folder, tools, workplace.checkpoint);
  await writeNetworks([network], workplace);
  const checkpoint = network.checkpoint ?? network.weights;
  const size = network.checkpoint ? [] : ['--image-size', '28'];
  for (const [format, name] of [['onnx', 'best.onnx'] as const, ['tfjs', 'best-tfjs'] as const]) {
    await tools.resnet('export', checkpoint, '--format', format, '--out', join(folder, name), ...size);
  }
  workplace.note(await triedReaders(workplace));
}

/** The two networks, exported in a format with every flag. */
async function exported(format: NetworkFormat, workplace: Workplace): Promise<Trial> {
  const { folder, tools, checkpoint } = workplace;
  const networks = [await lessonNetwork(folder, tools, checkpoint), colourNetwork(folder)];
  await writeNetworks(networks, workplace);
  const jobs: Job[] = [];
  for (const network of networks) jobs.push(...(await exportedWithFlags(network, format, folder, tools)));
  return Trial.of(jobs, workplace);
}

/** Runs `node-runtimes.ts` in a process of its own. */
async function inNode(
  runtime: string,
  jobs: object,
  choice: string,
  { folder, signal }: Workplace,
): Promise<Outcome[]> {
  const program = fileURLToPath(new URL('./node-runtimes.js', import.meta.url));
  const list = join(folder, 'jobs.json');
  writeFileSync(list, JSON.stringify(jobs));
  return lastLine(await outputOf(process.execPath, [program, runtime, list, choice], signal));
}
