/** Exports checkpoints of this tool, and has PyTorch load them into its own networks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from './result.ts';
import type { Tools } from './tools.ts';

const NETWORKS = [
  { variant: 'lesson', depth: 18, stem: 'imagenet', width: 8 },
  { variant: 'lesson', depth: 50, stem: 'imagenet', width: 8 },
  { variant: 'lesson', depth: 18, stem: 'cifar', width: 8 },
  { variant: 'torchvision', depth: 18, stem: 'imagenet', width: 64 },
  { variant: 'torchvision', depth: 50, stem: 'imagenet', width: 64 },
  { variant: 'torchvision', depth: 18, stem: 'cifar', width: 64 },
] as const;

const FILES = [
  { format: 'pth', half: false },
  { format: 'pth', half: true },
  { format: 'safetensors', half: false },
  { format: 'safetensors', half: true },
] as const;

/** The fewest images that a run takes, so that statistics and counters are not those of a new network. */
const SHORT = ['--epochs', '1', '--batch-size', '16', '--limit-train', '32', '--limit-val', '16', '--no-compile'];

/** Trains, exports and tries each network in each form. */
export async function tryOwnFiles(folder: string, tools: Tools): Promise<Result[]> {
  const exports = [];
  for (const { variant, depth, stem, width } of NETWORKS) {
    const run = join(folder, `${variant}-${depth}-${stem}`);
    const network = ['--variant', variant, '--depth', String(depth), '--stem', stem, '--width', String(width)];
    await tools.resnet('train', ...SHORT, ...network, '--checkpoint-dir', run);
    for (const { format, half } of FILES) {
      const path = join(run, `${half ? 'half' : 'whole'}.exported.${format}`);
      await tools.resnet('export', run, '--format', format, '--out', path, ...(half ? ['--half'] : []));
      exports.push({ path, format, checkpoint: join(run, 'best.safetensors'), half, variant, depth, stem });
    }
  }
  const list = join(folder, 'exports.json');
  writeFileSync(list, JSON.stringify(exports));
  const faults: string[][] = JSON.parse(await tools.python('check_exports.py', list));
  return exports.map(({ format, half, variant, depth, stem }, index) => {
    const what = `exported ${format}: ResNet-${depth}, ${variant}, stem ${stem}${half ? ', float16' : ''}`;
    const seen = 'PyTorch loads it: equal to the last bit, strict=True';
    return { what, writer: 'resnet export', seen, faults: faults[index] ?? ['not tried'] };
  });
}
