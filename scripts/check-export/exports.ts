/** Exports networks by the command, with every flag that changes what a file holds. */
import { join } from 'node:path';
import { EXPORT_FORMS, type NetworkFormat } from '../../src/export/formats.ts';
import { type ModelFile, readModelFile } from '../../src/model/model-file.ts';
import { findRun, modelAt } from '../../src/run/folder/find-run.ts';
import type { Tools } from '../check-pytorch/tools.ts';
import { type Job, jobOf, type Network } from './job.ts';

/** Flags of the exports: each alone, and all at once. */
const FLAGS: readonly (readonly string[])[] = [
  [],
  ['--keep-batch-norm'],
  ['--raw'],
  ['--probabilities'],
  ['--half'],
  ['--raw', '--keep-batch-norm', '--probabilities', '--half'],
];

/** The lesson's network: that of a run or checkpoint, or one of random weights. */
export async function lessonNetwork(folder: string, tools: Tools, run?: string): Promise<Network> {
  if (run === undefined) return randomNetwork(folder, 'lesson', 'ResNet-18, width 64, 28×28×1', [1, 28, 28], LESSON);
  const checkpoint = modelAt(await findRun(run, 'checkpoints', () => {}));
  const weights = join(folder, 'trained.safetensors');
  const { metadata, architecture }: ModelFile = await readModelFile(checkpoint);
  if (metadata === undefined) throw new Error(`${checkpoint} is no checkpoint of a run`);
  await tools.resnet('export', checkpoint, '--format', 'safetensors', '--out', weights);
  const [channels, height, width] = metadata.input;
  const title = `ResNet-${architecture.depth}, trained, width ${architecture.width}, ${height}×${width}×${channels}`;
  return { name: 'trained', title, weights, checkpoint, shape: metadata.input };
}

const LESSON = { variant: 'lesson', depth: 18, stem: 'imagenet', width: 64, channels: 1, classes: 10 } as const;

/** A narrow network of torchvision's for colour images. */
export function colourNetwork(folder: string): Network {
  const architecture = { ...LESSON, variant: 'torchvision', width: 8, channels: 3 } as const;
  return randomNetwork(folder, 'colour', 'ResNet-18, torchvision, width 8, 64×64×3', [3, 64, 64], architecture);
}

/** A network that `write_networks.py` gives random weights and statistics. */
export function randomNetwork(
  folder: string,
  name: string,
  title: string,
  shape: Network['shape'],
  architecture: NonNullable<Network['architecture']>,
): Network {
  return { name, title, weights: join(folder, `${name}.safetensors`), shape, architecture };
}

/** Exports a network in a format, once with each choice of flags. */
export async function exportedWithFlags(
  network: Network,
  format: NetworkFormat,
  folder: string,
  tools: Tools,
): Promise<Job[]> {
  const jobs: Job[] = [];
  const { checkpoint, weights, shape } = network;
  const size = checkpoint === undefined ? ['--image-size', shape.slice(1).join('x')] : [];
  for (const [index, flags] of FLAGS.entries()) {
    const path = join(folder, `${network.name}-${index}${EXPORT_FORMS[format].ending}`);
    await tools.resnet('export', checkpoint ?? weights, '--format', format, '--out', path, ...size, ...flags);
    jobs.push(jobOf(network, folder, format, path, flags));
  }
  return jobs;
}
