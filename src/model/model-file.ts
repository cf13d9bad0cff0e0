/** Reads a model from a checkpoint. */

import { type DType, WEIGHT_TYPE_NAMES, WEIGHT_TYPES } from '../checkpoint/element-types.ts';
import { expectReadable, expectTensors } from '../checkpoint/expect-tensors.ts';
import { type CheckpointOutline, type LoadOptions, loadCheckpoint } from '../checkpoint/load-checkpoint.ts';
import type { CheckpointMetadata } from '../checkpoint/metadata.ts';
import type { Progress } from '../checkpoint/progress.ts';
import { quote } from '../checkpoint/quote.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { inferArchitecture } from '../net/infer.ts';
import { type Parameter, parametersOf } from '../net/parameters.ts';
import { BODY_PARTS } from '../net/parts.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { FrozenState, ModelState } from './model.ts';
import { AVERAGE_PREFIX, entriesOf, frozenNow, MOMENT_PREFIXES } from './model-tensors.ts';
import type { Values } from './parameter-layout.ts';

/** A checkpoint, read and checked against its own architecture. */
export interface ModelFile {
  readonly architecture: Architecture;
  readonly state: ModelState;
  /** Absent in a file that PyTorch wrote. */
  readonly metadata: CheckpointMetadata | undefined;
  /** See `Checkpoint`. */
  readonly checksum: string | undefined;
}

/** How a model is read from a file. */
export interface ReadOptions extends Pick<LoadOptions, 'from' | 'notice'> {
  /** Called before any tensor is read; may throw to refuse the file's network. */
  readonly check?: (architecture: Architecture) => void;
}

/**
 * Reads a checkpoint of this tool, or one that another tool saved under the lesson's names, torchvision's or Hugging
 * Face's. The architecture of the latter is inferred from names and shapes.
 *
 * @throws UserError (checkpoint) naming the file and the field or tensor at fault, before any tensor is read, or if
 *   the checksum or a value is wrong
 * @throws UserError (io) if the file cannot be read, (usage) if `from` is wrong
 */
export async function readModelFile(
  path: string,
  { check: checkArchitecture, from, notice = () => {} }: ReadOptions = {},
): Promise<ModelFile> {
  let architecture: Architecture | undefined;
  let parameters: Parameter[] = [];
  let frozen: FrozenState | undefined;
  const check = (outline: CheckpointOutline) => {
    architecture = architectureOf(outline, path);
    checkArchitecture?.(architecture);
    // The parameters of a convolutional network do not depend on the size of its input.
    parameters = parametersOf(traceShapes(resNet(architecture), [architecture.channels, 28, 28]));
    const { progress } = outline.metadata ?? {};
    frozen = progress && frozenIn(progress, path);
    const averaged = progress?.averaged !== undefined;
    const extras = { optimizer: progress !== undefined, frozen: frozenNow(frozen), averaged };
    const entries = entriesOf(parameters, extras);
    // Files from before PyTorch 0.4.1 have no batch counts; PyTorch reads them, too.
    const expected = entries.filter(({ dtype, name }) => dtype !== 'I64' || outline.tensors.has(name));
    expectTensors(outline.tensors, expected, path);
    tellConversion(outline.tensors, expected, path, notice);
  };
  const { tensors, metadata, checksum } = await loadCheckpoint(path, { check, from, notice });
  if (!architecture) throw new Error('the checkpoint was not checked');
  for (const [name, { data }] of tensors) {
    if (data instanceof Float32Array && !name.endsWith('.num_batches_tracked')) checkValues(name, data, path);
  }
  const values = new Map<string, Float32Array>();
  const counts = new Map<string, number>();
  for (const { name, kind } of parameters) {
    const data = tensors.get(name)?.data;
    const count = kind === 'batchCount' ? countIn(data?.[0]) : undefined;
    if (count !== undefined) counts.set(name, count);
    else if (kind !== 'batchCount' && data instanceof Float32Array) values.set(name, data);
  }
  const batchesTracked = Math.max(0, ...counts.values());
  const several = new Set(counts.values()).size > 1 ? { batchCounts: counts } : {};
  const state: ModelState = { values, batchesTracked, ...several };
  const { progress } = metadata ?? {};
  if (!progress) return { architecture, state, metadata, checksum };
  const under = (prefix: string): Values => ({
    get: (name) => tensors.get(prefix + name)?.data as Float32Array | undefined,
  });
  const { step, deadWeightScale = 1, averaged } = progress;
  const optimizer = {
    step,
    deadWeightScale,
    ...(frozen ? { frozen } : {}),
    first: under(MOMENT_PREFIXES.first),
    second: under(MOMENT_PREFIXES.second),
  };
  if (!averaged) return { architecture, state: { ...state, optimizer }, metadata, checksum };
  const { averagedDeadWeightScale = 1 } = progress.frozen ?? {};
  const average = {
    values: under(AVERAGE_PREFIX),
    deadWeightScale: averaged.deadWeightScale,
    ...(frozen ? { frozen: { parts: frozen.parts, deadWeightScale: averagedDeadWeightScale } } : {}),
  };
  return { architecture, state: { ...state, optimizer, averaged: average }, metadata, checksum };
}

/**
 * The parts that a run froze when it began.
 *
 * @throws UserError (checkpoint) if a network has no such part, or a part is named twice
 */
function frozenIn({ frozen }: Progress, path: string): FrozenState | undefined {
  if (!frozen) return undefined;
  const parts = BODY_PARTS.filter((part) => frozen.parts.includes(part));
  if (parts.join() !== frozen.parts.join()) {
    throw new UserError(
      `${path}: metadata progress.frozen.parts: ${quote(frozen.parts)} are not some of ${BODY_PARTS.join(', ')}, each ` +
        'once and in this order; use another checkpoint',
      ExitCode.checkpoint,
    );
  }
  return { parts, steps: frozen.steps, deadWeightScale: frozen.deadWeightScale ?? 1 };
}

/** Tells which types of weights were converted. */
function tellConversion(
  found: CheckpointOutline['tensors'],
  expected: readonly { readonly name: string; readonly dtype: DType }[],
  path: string,
  notice: Notice,
): void {
  const types = new Set(expected.filter(({ dtype }) => dtype === 'F32').map(({ name }) => found.get(name)?.dtype));
  const converted = WEIGHT_TYPES.filter((type) => type !== 'F32' && types.has(type)).map(
    (type) => WEIGHT_TYPE_NAMES[type],
  );
  if (converted.length > 0) notice(`${path}: weights of ${converted.join(' and ')} are converted to float32`);
}

/** A count of batches; users that convert a whole state dict make it a number of any type, and too large for float16. */
function countIn(value: number | bigint | undefined): number | undefined {
  const count = Number(value);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/**
 * Checks that every value is finite, and no variance negative. A finite loss does not prove it: max pooling and ReLU
 * can hide a NaN.
 */
function checkValues(name: string, data: Float32Array, path: string): void {
  const isVariance = name.endsWith('.running_var') || name.startsWith(MOMENT_PREFIXES.second);
  const smallest = isVariance ? 0 : Number.NEGATIVE_INFINITY;
  // No `findIndex`: it takes eight times as long, 130 ms for the weights of a ResNet-18.
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number;
    if (Number.isFinite(value) && value >= smallest) continue;
    throw new UserError(`${path}: tensor ${name} holds ${value}: use another checkpoint`, ExitCode.checkpoint);
  }
}

function architectureOf({ metadata, tensors }: CheckpointOutline, path: string): Architecture {
  if (!metadata) {
    expectReadable(tensors, path);
    return inferArchitecture(new Map([...tensors].map(([name, { shape }]) => [name, shape])), path);
  }
  const known = <T>(field: 'depth' | 'variant' | 'stem', choices: readonly T[]): T => {
    const found = metadata.architecture[field];
    const choice = choices.find((each) => each === found);
    if (choice !== undefined) return choice;
    throw new UserError(
      `${path}: ${field} ${quote(found)} is not one of ${choices.join(', ')}; use another checkpoint`,
      ExitCode.checkpoint,
    );
  };
  return {
    ...metadata.architecture,
    depth: known('depth', DEPTHS),
    variant: known('variant', VARIANTS),
    stem: known('stem', STEMS),
  };
}

/** Names of the fields in which two architectures differ. */
export function differingFields<Described extends CheckpointMetadata['architecture']>(
  found: Described,
  wanted: Described,
): (keyof Described)[] {
  return (Object.keys(wanted) as (keyof Described)[]).filter((field) => found[field] !== wanted[field]);
}
