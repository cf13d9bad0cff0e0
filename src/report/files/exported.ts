/** What `resnet export` prints. */
import { bytesOf, type Exported } from '../../export/export-facts.ts';
import type { ExportedNetwork } from '../../export/export-network.ts';
import { counted, grouped } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { networkText } from './verified.ts';

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
