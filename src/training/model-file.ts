/** A model's state as the tensors of a checkpoint, and back. */
import { type CheckpointOutline, expectTensors, loadCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { quote } from '../checkpoint/quote.ts';
import type { Tensor } from '../checkpoint/safetensors.ts';
import { ExitCode, UserError } from '../errors.ts';
import { inferArchitecture } from '../net/infer.ts';
import { type Parameter, parametersOf } from '../net/parameters.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { ModelState } from './model.ts';

/** A checkpoint, read and checked against the network that it says it holds. */
export interface ModelFile {
  readonly architecture: Architecture;
  readonly state: ModelState;
  /** Absent in a file that PyTorch wrote. */
  readonly metadata: CheckpointMetadata | undefined;
}

/** The tensors to save, exactly those of the original's `state_dict`. */
export function tensorsOf(parameters: readonly Parameter[], state: ModelState): Map<string, Tensor> {
  return new Map(
    parameters.map(({ name, kind, shape }): [string, Tensor] => {
      if (kind === 'batchCount') {
        return [name, { dtype: 'I64', shape, data: BigInt64Array.of(BigInt(state.batchesTracked)) }];
      }
      const data = state.values.get(name);
      if (!data) throw new Error(`no value for ${name}`);
      return [name, { dtype: 'F32', shape, data }];
    }),
  );
}

/**
 * Read a checkpoint of this tool, or one saved by PyTorch under the lesson's names or torchvision's, whose architecture
 * is then inferred.
 *
 * @param wanted the architecture that it must have; default: whichever it says
 * @throws UserError (checkpoint) naming the file and the field or tensor at fault, before any tensor is read
 */
export async function readModelFile(path: string, wanted?: Architecture): Promise<ModelFile> {
  let architecture: Architecture | undefined;
  let parameters: Parameter[] = [];
  const { tensors, metadata } = await loadCheckpoint(path, (outline) => {
    architecture = architectureOf(outline, path);
    if (wanted) expectArchitecture(architecture, wanted, path);
    // The parameters of a convolutional network do not depend on the size of its input.
    parameters = parametersOf(traceShapes(resNet(architecture), [architecture.channels, 28, 28]));
    expectTensors(
      outline.tensors,
      parameters
        // PyTorch reads a file without batch counts too, as those from before its version 0.4.1 are
        .filter(({ name, kind }) => kind !== 'batchCount' || outline.tensors.has(name))
        .map(({ name, kind, shape }) => ({ name, shape, dtype: kind === 'batchCount' ? 'I64' : 'F32' })),
      path,
    );
  });
  if (!architecture) throw new Error('the checkpoint was not checked');
  const values = new Map<string, Float32Array>();
  let batchesTracked = 0;
  for (const { name, kind } of parameters) {
    const data = tensors.get(name)?.data;
    if (data instanceof Float32Array) {
      checkValues(name, kind, data, path);
      values.set(name, data);
    } else if (data) batchesTracked = Number(data[0]);
  }
  return { architecture, state: { values, batchesTracked }, metadata };
}

/** Kernels may hide what is not a number (max pooling and ReLU do), so a loss that looks right proves nothing. */
function checkValues(name: string, kind: Parameter['kind'], data: Float32Array, path: string): void {
  const least = kind === 'runningVariance' ? 0 : Number.NEGATIVE_INFINITY;
  const wrong = data.findIndex((value) => !Number.isFinite(value) || value < least);
  if (wrong >= 0) {
    throw new UserError(`${path}: tensor ${name} holds ${data[wrong]}: it is not usable`, ExitCode.checkpoint);
  }
}

function architectureOf({ metadata, tensors }: CheckpointOutline, path: string): Architecture {
  if (!metadata) return inferArchitecture(new Map([...tensors].map(([name, { shape }]) => [name, shape])), path);
  const known = <T>(field: 'depth' | 'variant' | 'stem', choices: readonly T[]): T => {
    const found = metadata.architecture[field];
    const choice = choices.find((each) => each === found);
    if (choice !== undefined) return choice;
    throw new UserError(`${path}: ${field} ${quote(found)} is not one of ${choices.join(', ')}`, ExitCode.checkpoint);
  };
  return {
    ...metadata.architecture,
    depth: known('depth', DEPTHS),
    variant: known('variant', VARIANTS),
    stem: known('stem', STEMS),
  };
}

function expectArchitecture(found: Architecture, wanted: Architecture, path: string): void {
  const differing = (Object.keys(wanted) as (keyof Architecture)[]).filter((field) => found[field] !== wanted[field]);
  if (differing.length === 0) return;
  const describe = (architecture: Architecture) =>
    differing.map((field) => `${field} ${architecture[field]}`).join(', ');
  const flags = differing.filter((field) => field !== 'channels').map((field) => ` --${field} ${found[field]}`);
  throw new UserError(
    `${path}: its network has ${describe(found)}, but this run's has ${describe(wanted)}` +
      (flags.length > 0 ? `; give${flags.join('')}` : ''),
    ExitCode.checkpoint,
  );
}
