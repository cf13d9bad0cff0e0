/** A model's state as the tensors of a checkpoint, and back. */
import { type CheckpointOutline, expectTensors, loadCheckpoint, type TensorInfo } from '../checkpoint/checkpoint.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import { quote } from '../checkpoint/quote.ts';
import type { Tensor } from '../checkpoint/safetensors.ts';
import { NORMALISATION } from '../dataset/batches.ts';
import { ExitCode, UserError } from '../errors.ts';
import { inferArchitecture } from '../net/infer.ts';
import { type Parameter, parametersOf } from '../net/parameters.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { ModelState } from './model.ts';
import type { Values } from './parameter-layout.ts';

/** A checkpoint, read and checked against the network that it says it holds. */
export interface ModelFile {
  readonly architecture: Architecture;
  readonly state: ModelState;
  /** Absent in a file that PyTorch wrote. */
  readonly metadata: CheckpointMetadata | undefined;
  /** See `Checkpoint`. */
  readonly checksum: string | undefined;
}

/** Adam's moments go by PyTorch's names for them. */
const MOMENTS = { first: 'adam.exp_avg.', second: 'adam.exp_avg_sq.' } as const;

/** The moving average of what bears the rest of the name. */
const AVERAGE = 'ema.';

/** A tensor of a checkpoint, and where its data come from. */
interface Entry extends TensorInfo {
  readonly name: string;
  readonly data: (state: ModelState) => Float32Array | BigInt64Array | undefined;
}

/** What a checkpoint has beside the weights. */
export interface Extras {
  readonly optimizer?: boolean;
  readonly averaged?: boolean;
}

/** The tensors of a network's checkpoint: exactly those of the original's `state_dict`, and with them Adam's and averages. */
function entriesOf(parameters: readonly Parameter[], { optimizer = false, averaged = false }: Extras): Entry[] {
  const weights = parameters.map(({ name, kind, shape }): Entry => {
    return kind === 'batchCount'
      ? { name, dtype: 'I64', shape, data: ({ batchesTracked }) => BigInt64Array.of(BigInt(batchesTracked)) }
      : { name, dtype: 'F32', shape, data: ({ values }) => values.get(name) };
  });
  const trained = optimizer ? parameters.filter(({ trainable }) => trainable) : [];
  const moments = (['first', 'second'] as const).flatMap((which) =>
    trained.map(({ name, shape }): Entry => {
      return {
        name: MOMENTS[which] + name,
        dtype: 'F32',
        shape,
        data: (state) => state.optimizer?.[which].get(name),
      };
    }),
  );
  const averages = (averaged ? parameters : []).flatMap(({ name, kind, shape }): Entry[] => {
    if (kind === 'batchCount') return [];
    return [{ name: AVERAGE + name, dtype: 'F32', shape, data: (state) => state.averaged?.values.get(name) }];
  });
  return [...weights, ...moments, ...averages];
}

/** Types and shapes of what `tensorsOf` saves. */
export function outlineOf(parameters: readonly Parameter[], extras: Extras): readonly TensorInfo[] {
  return entriesOf(parameters, extras);
}

/** The tensors to save, each laid out when its data are asked for. */
export function tensorsOf(parameters: readonly Parameter[], state: ModelState): Map<string, Tensor> {
  const { optimizer, averaged } = state;
  const entries = entriesOf(parameters, { optimizer: optimizer !== undefined, averaged: averaged !== undefined });
  return new Map(
    entries.map(({ name, dtype, shape, data }) => {
      const tensor = {
        dtype,
        shape,
        get data() {
          const values = data(state);
          if (!values) throw new Error(`no value for ${name}`);
          return values;
        },
      };
      return [name, tensor as Tensor];
    }),
  );
}

/**
 * Read a checkpoint of this tool, or one saved by PyTorch under the lesson's names or torchvision's, whose architecture
 * is then inferred.
 *
 * @param wanted the architecture that it must have; default: whichever it says
 * @throws UserError (checkpoint) naming the file and the field or tensor at fault, before any tensor is read, or the
 *   checksum
 */
export async function readModelFile(path: string, wanted?: Architecture): Promise<ModelFile> {
  let architecture: Architecture | undefined;
  let parameters: Parameter[] = [];
  const check = (outline: CheckpointOutline) => {
    architecture = architectureOf(outline, path);
    if (wanted) expectArchitecture(architecture, wanted, path);
    // The parameters of a convolutional network do not depend on the size of its input.
    parameters = parametersOf(traceShapes(resNet(architecture), [architecture.channels, 28, 28]));
    const { progress } = outline.metadata ?? {};
    const extras = { optimizer: progress !== undefined, averaged: progress?.averaged !== undefined };
    const entries = entriesOf(parameters, extras);
    // PyTorch reads a file without batch counts too, as those from before its version 0.4.1 are
    const expected = entries.filter(({ dtype, name }) => dtype !== 'I64' || outline.tensors.has(name));
    expectTensors(outline.tensors, expected, path);
  };
  const { tensors, metadata, checksum } = await loadCheckpoint(path, { check });
  if (!architecture) throw new Error('the checkpoint was not checked');
  for (const [name, { dtype, data }] of tensors) if (dtype === 'F32') checkValues(name, data, path);
  const values = new Map<string, Float32Array>();
  let batchesTracked = 0;
  for (const { name } of parameters) {
    const data = tensors.get(name)?.data;
    if (data instanceof Float32Array) values.set(name, data);
    else if (data) batchesTracked = Number(data[0]);
  }
  const state: ModelState = { values, batchesTracked };
  const { progress } = metadata ?? {};
  if (!progress) return { architecture, state, metadata, checksum };
  const under = (prefix: string): Values => ({
    get: (name) => tensors.get(prefix + name)?.data as Float32Array | undefined,
  });
  const { step, deadWeightScale = 1, averaged } = progress;
  const optimizer = { step, deadWeightScale, first: under(MOMENTS.first), second: under(MOMENTS.second) };
  const average = averaged ? { averaged: { values: under(AVERAGE), deadWeightScale: averaged.deadWeightScale } } : {};
  return { architecture, state: { ...state, optimizer, ...average }, metadata, checksum };
}

/** @throws UserError (checkpoint) where the model was given its pixels in another way than this tool gives them */
export function checkNormalisation({ metadata }: ModelFile, path: string): void {
  const { mean, std } = metadata?.normalisation ?? NORMALISATION;
  if (mean === NORMALISATION.mean && std === NORMALISATION.std) return;
  const { mean: knownMean, std: knownStd } = NORMALISATION;
  throw new UserError(
    `${path}: normalisation with mean ${mean} and std ${std} is not the ${knownMean} and ${knownStd} known here`,
    ExitCode.checkpoint,
  );
}

/** Kernels may hide what is not a number (max pooling and ReLU do), so a loss that looks right proves nothing. */
function checkValues(name: string, data: Float32Array, path: string): void {
  const isSquare = name.endsWith('.running_var') || name.startsWith(MOMENTS.second);
  const least = isSquare ? 0 : Number.NEGATIVE_INFINITY;
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

/** In what two networks differ. */
export function differingFields<Described extends CheckpointMetadata['architecture']>(
  found: Described,
  wanted: Described,
): (keyof Described)[] {
  return (Object.keys(wanted) as (keyof Described)[]).filter((field) => found[field] !== wanted[field]);
}

function expectArchitecture(found: Architecture, wanted: Architecture, path: string): void {
  const differing = differingFields(found, wanted);
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
