/** The tensors of a checkpoint: which a model's state has, under which names. */
import type { TensorInfo } from '../checkpoint/scan.ts';
import type { Tensor } from '../checkpoint/tensor.ts';
import type { Parameter } from '../net/parameters.ts';
import type { BodyPart, Part } from '../net/parts.ts';
import type { FrozenState, ModelState } from './model.ts';

/** Prefixes of the tensors of Adam's moments, after PyTorch's names in `torch.optim.Adam`. */
export const MOMENT_PREFIXES = { first: 'adam.exp_avg.', second: 'adam.exp_avg_sq.' } as const;

/** Prefix of the tensors of the exponential moving average; the rest of the name is that of the averaged tensor. */
export const AVERAGE_PREFIX = 'ema.';

/** A tensor of a checkpoint, and the place of its data in a state. */
interface Entry extends TensorInfo {
  readonly name: string;
  readonly data: (state: ModelState) => Float32Array | BigInt64Array | undefined;
}

/** Groups of tensors that a checkpoint may have beside the weights. */
interface Extras {
  /** Adam's moments; default: false. */
  readonly optimizer?: boolean;
  /** Parts that are frozen now, and have no moments; default: none. */
  readonly frozen?: readonly BodyPart[];
  /** The exponential moving average; default: false. */
  readonly averaged?: boolean;
}

/**
 * Tensors of a network's checkpoint: exactly those of the original's `state_dict`, then Adam's moments, then averages.
 */
export function entriesOf(
  parameters: readonly Parameter[],
  { optimizer = false, frozen = [], averaged = false }: Extras,
): Entry[] {
  const weights = parameters.map(({ name, kind, shape }): Entry => {
    if (kind !== 'batchCount') return { name, dtype: 'F32', shape, data: ({ values }) => values.get(name) };
    const count = ({ batchesTracked, batchCounts }: ModelState) => batchCounts?.get(name) ?? batchesTracked;
    return { name, dtype: 'I64', shape, data: (state) => BigInt64Array.of(BigInt(count(state))) };
  });
  const frozenParts = new Set<Part>(frozen);
  const trained = optimizer ? parameters.filter(({ trainable, part }) => trainable && !frozenParts.has(part)) : [];
  const moments = (['first', 'second'] as const).flatMap((which) =>
    trained.map(({ name, shape }): Entry => {
      return {
        name: MOMENT_PREFIXES[which] + name,
        dtype: 'F32',
        shape,
        data: (state) => state.optimizer?.[which].get(name),
      };
    }),
  );
  const averages = (averaged ? parameters : []).flatMap(({ name, kind, shape }): Entry[] => {
    if (kind === 'batchCount') return [];
    return [{ name: AVERAGE_PREFIX + name, dtype: 'F32', shape, data: (state) => state.averaged?.values.get(name) }];
  });
  return [...weights, ...moments, ...averages];
}

/** Types and shapes of a checkpoint's tensors, in the order of `tensorsOf`. */
export function outlineOf(parameters: readonly Parameter[], extras: Extras): readonly TensorInfo[] {
  return entriesOf(parameters, extras);
}

/** The parts that are still frozen. */
export function frozenNow(frozen: FrozenState | undefined): readonly BodyPart[] {
  return frozen?.steps === 0 ? frozen.parts : [];
}

/**
 * Tensors to save, by name; reading the data of one lays it out.
 *
 * @throws Error on reading the data of a tensor that the state lacks
 */
export function tensorsOf(parameters: readonly Parameter[], state: ModelState): Map<string, Tensor> {
  const { optimizer, averaged } = state;
  const entries = entriesOf(parameters, {
    optimizer: optimizer !== undefined,
    frozen: frozenNow(optimizer?.frozen),
    averaged: averaged !== undefined,
  });
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
