/** Hyper-parameters of a training step: one table of their flags, meanings, valid values and defaults. */
import { above0, atLeast0, below1, pairBelow1, type ValueKind, type ValueOf } from '../value-kinds.ts';

/** A row of the table. */
export interface Hyperparameter {
  /** Name on the command line. */
  readonly flag: string;
  readonly describe: string;
  readonly values: ValueKind<unknown>;
  readonly default: unknown;
  /** Effect of leaving the flag out, if there is no default. */
  readonly otherwise?: string;
}

/** The table. The defaults are PyTorch's, which the lesson uses. */
export const HYPERPARAMETERS = {
  /** λ of AdamW (Loshchilov & Hutter 2019): before a step every parameter is multiplied by 1 − learning rate · λ. */
  weightDecay: { flag: 'weight-decay', describe: 'AdamW weight decay', values: atLeast0, default: 0 },
  /** Decay rates of Adam's first and second moment. */
  betas: {
    flag: 'betas',
    describe: "decay rates of Adam's first and second moment",
    values: pairBelow1,
    default: [0.9, 0.999],
  },
  /** Added to the root of the second moment, after its bias correction. */
  epsilon: { flag: 'eps', describe: "Adam's ε", values: above0, default: 1e-8 },
  /** Largest norm of all gradients together, as in `torch.nn.utils.clip_grad_norm_`. */
  clipNorm: {
    flag: 'clip-norm',
    describe: 'largest norm of all gradients together; larger gradients are scaled down to it',
    values: above0,
    default: undefined,
    otherwise: 'no clipping',
  },
  /** ε of label smoothing (Szegedy et al. 2016), as in `torch.nn.CrossEntropyLoss`; the reported loss includes it. */
  labelSmoothing: {
    flag: 'label-smoothing',
    describe: 'label smoothing ε: the fraction of each target that is spread over all classes',
    values: below1,
    default: 0,
  },
  /**
   * Decay of an exponential moving average of weights and running statistics (Polyak & Juditsky 1992); the
   * average is validated. 0 means off. At step t the decay is at most (1 + t) / (10 + t), so that the first weights are
   * soon forgotten.
   */
  ema: {
    flag: 'ema',
    describe: 'decay of an exponential moving average of the weights, which is validated and saved as best; 0 is off',
    values: below1,
    default: 0,
  },
  /** Factor of the learning rate of all parameters but the head's, as PyTorch's `param_groups` have rates of their own. */
  bodyRate: {
    flag: 'lr-body',
    describe: 'factor of the learning rate of all but the head; below 1, a trained body changes more slowly',
    values: above0,
    default: 1,
  },
} as const satisfies Readonly<Record<string, Hyperparameter>>;

type Table = typeof HYPERPARAMETERS;

/** A value for each hyper-parameter. */
export type Hyperparameters = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]['values']> | Extract<Table[Name]['default'], undefined>;
};

/** Names of all hyper-parameters, in the order of the table. */
export const HYPERPARAMETER_NAMES = Object.keys(HYPERPARAMETERS) as readonly (keyof Hyperparameters)[];

/** The hyper-parameters among `given`, and the defaults of the others. */
export function hyperparametersOf(given: Partial<Hyperparameters>): Hyperparameters {
  const entries = HYPERPARAMETER_NAMES.map((name) => [name, given[name] ?? HYPERPARAMETERS[name].default]);
  return Object.fromEntries(entries);
}

/** Adam with every hyper-parameter at its default. */
export const PLAIN_ADAM = hyperparametersOf({});
