/** The facts of an export, as `resnet export --json` prints them. */
import type { Architecture } from '../net/resnet.ts';
import type { ExportedNetwork, SourcedProof } from './export-network.ts';
import type { NetworkFormat, WeightsFormat } from './formats.ts';
import type { NetworkInput, OutputName } from './inference/graph.ts';
import type { Missing } from './network-format.ts';
import type { ExportedWeights } from './weights/export-weights.ts';

/** What was written, and from what. */
export interface Exported {
  readonly exported: ExportedWeights | ExportedNetwork;
  /** The file that the weights are from. */
  readonly checkpoint: string;
  readonly architecture: Architecture;
}

/** Facts of every export. */
export interface CommonExportFacts {
  /** The file or folder that was written. */
  readonly path: string;
  /** Type of the weights. */
  readonly type: 'float32' | 'float16';
  /** Size of all files. */
  readonly bytes: number;
  /** The file that the weights are from. */
  readonly checkpoint: string;
  readonly architecture: Architecture;
}

/** Facts of exported weights. */
export interface WeightsFacts extends CommonExportFacts {
  readonly format: WeightsFormat;
  /** Number of tensors. */
  readonly tensors: number;
}

/** A file of an exported network. */
export interface ExportedFileFacts {
  /** Name in the export's folder; absent of the one file of a format that is no folder. */
  readonly name?: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Facts of an exported network. */
export interface NetworkFacts extends CommonExportFacts {
  readonly format: NetworkFormat;
  /** Path of the file that describes it. */
  readonly description: string;
  readonly input: NetworkInput;
  readonly output: OutputName;
  readonly files: readonly ExportedFileFacts[];
  /** What the comparison with our own network showed; or what is missing for one. */
  readonly proof: SourcedProof | Missing;
}

/** What `exportModel` resolves to. */
export type ExportFacts = WeightsFacts | NetworkFacts;

/** Size of all files of an export. */
export function bytesOf({ files }: ExportedNetwork): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The facts of an export. */
export function exportFacts({ exported, checkpoint, architecture }: Exported): ExportFacts {
  const { path, type } = exported;
  if (!('proof' in exported)) {
    const { format, tensors, bytes } = exported;
    return { path, format, type, tensors, bytes, checkpoint, architecture };
  }
  const { format, description, input, output, proof, files } = exported;
  const named = files.map(({ name, ...rest }) => ({ ...(name && { name }), ...rest }));
  const bytes = bytesOf(exported);
  return { path, format, type, bytes, checkpoint, architecture, description, input, output, files: named, proof };
}
