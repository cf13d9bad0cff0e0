/** Exports every structure of network as ONNX: all depths, variants, stems and channels, of width 8. */
import { join } from 'node:path';
import { exportNetwork } from '../../src/export/export-network.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { randomNetwork } from './exports.ts';
import { imagesOf, type Job, jobOf, type Network } from './job.ts';

const DEPTHS = [18, 34, 50, 101, 152] as const;
const VARIANTS = ['lesson', 'torchvision'] as const;
const STEMS = ['imagenet', 'cifar'] as const;
const CHANNELS = [1, 3] as const;

/** The networks; `write_networks.py` gives them weights. */
export function structures(folder: string): Network[] {
  const choices = DEPTHS.flatMap((depth) =>
    VARIANTS.flatMap((variant) =>
      STEMS.flatMap((stem) => CHANNELS.map((channels) => ({ depth, variant, stem, channels }))),
    ),
  );
  return choices.map(({ depth, variant, stem, channels }) => {
    const architecture = { depth, variant, stem, channels, width: 8, classes: 10 };
    const title = `ResNet-${depth}, ${variant}, stem ${stem}, width 8, 32×32×${channels}`;
    return randomNetwork(folder, `${depth}-${variant}-${stem}-${channels}`, title, [channels, 32, 32], architecture);
  });
}

/** Exports networks in this process, which proves each by onnxruntime-web. */
export async function exportedStructures(
  networks: readonly Network[],
  folder: string,
  signal: AbortSignal,
): Promise<Job[]> {
  const runtime = await openRuntime({ device: 'cpu' });
  const jobs: Job[] = [];
  for (const network of networks) {
    const { name, weights: checkpoint } = network;
    const path = join(folder, `${name}.onnx`);
    const file = await readModelFile(checkpoint);
    const images = imagesOf(network, folder);
    await exportNetwork({ checkpoint, file, format: 'onnx', path, images, signal, notice: () => {} }, runtime);
    jobs.push(jobOf(network, folder, 'onnx', path));
  }
  return jobs;
}
