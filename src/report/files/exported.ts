/** What `resnet export` prints. */
import type { ExportedWeights } from '../../export/weights/export-weights.ts';
import type { Architecture } from '../../net/resnet.ts';
import { printable } from '../../printable.ts';
import { grouped } from '../numbers.ts';
import { networkText } from './verified.ts';

/** A file that was written, and the model in it. */
export interface ExportedModel extends ExportedWeights {
  /** The file that the weights are from. */
  readonly checkpoint: string;
  readonly architecture: Architecture;
}

/** Lines about a file that was written. */
export function exportedText({ path, tensors, type, bytes, checkpoint, architecture }: ExportedModel): string {
  const lines = [
    `${path}: ${tensors} tensors, ${type}, ${grouped(bytes)} bytes`,
    `  ${networkText(architecture)}, from ${checkpoint}`,
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** The same, as `--json` prints it. */
export function exportFacts({ path, format, type, tensors, bytes, checkpoint, architecture }: ExportedModel): object {
  return { path, format, type, tensors, bytes, checkpoint, architecture };
}
