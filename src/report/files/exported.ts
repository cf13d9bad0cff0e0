/** What `resnet export` prints. */
import type { ExportedNetwork } from '../../export/export-network.ts';
import type { ExportedWeights } from '../../export/weights/export-weights.ts';
import type { Architecture } from '../../net/resnet.ts';
import { printable } from '../../printable.ts';
import { counted, grouped } from '../numbers.ts';
import { networkText } from './verified.ts';

/** What was written, and from what. */
interface Exported {
  readonly exported: ExportedWeights | ExportedNetwork;
  /** The file that the weights are from. */
  readonly checkpoint: string;
  readonly architecture: Architecture;
}

/** Lines about what was written. */
export function exportedText({ exported, checkpoint, architecture }: Exported): string {
  const from = `${networkText(architecture)}, from ${checkpoint}`;
  const lines =
    'proof' in exported
      ? networkLines(exported, from)
      : [
          `${exported.path}: ${exported.tensors} tensors, ${exported.type}, ${grouped(exported.bytes)} bytes`,
          `  ${from}`,
        ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function networkLines(exported: ExportedNetwork, from: string): string[] {
  const { path, format, files, type, input, output, description } = exported;
  const [channels, height, width] = input.shape;
  const numbers = input.numbers === 'bytes' ? 'numbers from 0 to 255' : 'normalised numbers';
  const many = files.length > 1 ? `, ${counted(files.length, 'file')}` : '';
  return [
    `${path}: ${format}, ${type}, ${grouped(bytesOf(exported))} bytes${many}`,
    `  ${from}`,
    `  takes any number of images of ${channels}×${height}×${width} and no other size, ${numbers}; returns ${output}`,
    `  ${proofLine(exported.proof)}`,
    `  ${description} describes it, with images and their outputs to test with`,
  ];
}

/** What the proof has shown, or what there is to do for one. */
function proofLine(proof: ExportedNetwork['proof']): string {
  if ('missing' in proof) return `written, not proved: ${proof.missing}`;
  const { runtime, images, same, largestDifference, source } = proof;
  const difference = `largest difference ${largestDifference.toExponential(1)}`;
  return `the same answer on ${same} of ${images} images ${source}, ${difference} (${runtime})`;
}

function bytesOf({ files }: ExportedNetwork): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The same, as `--json` prints it. */
export function exportFacts({ exported, checkpoint, architecture }: Exported): object {
  const { path, format, type } = exported;
  const common = { path, format, type };
  if (!('proof' in exported)) {
    const { tensors, bytes } = exported;
    return { ...common, tensors, bytes, checkpoint, architecture };
  }
  const { description, input, output, proof, files } = exported;
  const named = files.map(({ name, ...rest }) => ({ ...(name && { name }), ...rest }));
  const bytes = bytesOf(exported);
  return { ...common, bytes, checkpoint, architecture, description, input, output, files: named, proof };
}
