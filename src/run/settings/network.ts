/** Settings that say which network is trained, and from which weights. */
import { MOST_CLASSES } from '../../dataset/formats/found.ts';
import { normalisationValues, USUAL_NORMALISATION } from '../../dataset/normalisation.ts';
import { type Architecture, DEPTHS, LESSON, STEMS, VARIANTS } from '../../net/resnet.ts';
import { name, normalisationOrAuto, oneOf, path, whole } from '../../value-kinds.ts';
import type { SettingsTable } from './setting.ts';

/** Values of the settings of the network. */
export interface NetworkSettings extends Omit<Architecture, 'channels'> {
  /** Checkpoint with the initial weights; default: random weights by `seed`. */
  readonly init?: string | undefined;
  /** Key of `init` under which its weights are, if it is a PyTorch file with several; default: the only one. */
  readonly initFrom?: string | undefined;
  /** Whether the head of `init` is kept or drawn anew; default: kept if it has the run's classes. */
  readonly head?: 'keep' | 'new' | undefined;
  /**
   * Normalisation of the images, see `normalisationOf`; `auto` and the default become numbers before a run starts, see
   * `settingsForData`.
   */
  readonly normalisation?: readonly number[] | 'auto' | undefined;
}

/** Rows of the settings of the network. */
export const NETWORK_SETTINGS: SettingsTable<NetworkSettings> = {
  depth: {
    flag: 'depth',
    group: 'Network',
    describe: 'number of layers with weights',
    values: oneOf(DEPTHS),
    default: LESSON.depth,
    onResume: 'fixed',
  },
  width: {
    flag: 'width',
    group: 'Network',
    describe: 'channels of the first stage; each later stage has twice as many',
    values: whole(1, 1024),
    default: LESSON.width,
    onResume: 'fixed',
  },
  variant: {
    flag: 'variant',
    group: 'Network',
    describe: 'variant of the network (torchvision has no biases, and batch norm on shortcuts)',
    values: oneOf(VARIANTS),
    default: LESSON.variant,
    onResume: 'fixed',
  },
  stem: {
    flag: 'stem',
    group: 'Network',
    describe: 'first layers (cifar is 3x3 without a pool, for small images)',
    values: oneOf(STEMS),
    default: LESSON.stem,
    otherwise: 'cifar for images of up to 64 pixels a side, else imagenet',
    onResume: 'fixed',
  },
  classes: {
    flag: 'classes',
    group: 'Network',
    describe: 'number of classes, where the labels of the data are bare numbers; else the data name their classes',
    values: whole(1, MOST_CLASSES),
    otherwise: '10 for IDX files, else the largest label + 1',
    onResume: 'fixed',
  },
  init: {
    flag: 'init',
    group: 'Network',
    describe: 'run whose weights training starts from: its name in --checkpoint-dir, its folder, or a checkpoint',
    values: path,
    otherwise: 'random weights',
    optional: true,
    onResume: 'fixed',
  },
  initFrom: {
    flag: 'from',
    group: 'Network',
    describe: 'key of a PyTorch file under which the weights are, like state_dict_ema',
    values: name,
    otherwise: 'the only one',
    optional: true,
    onResume: 'fixed',
  },
  head: {
    flag: 'head',
    group: 'Network',
    describe: 'what becomes of the head of --init (new draws it anew by --seed)',
    values: oneOf(['keep', 'new']),
    otherwise: 'kept if it has as many classes',
    optional: true,
    onResume: 'fixed',
  },
  normalisation: {
    flag: 'normalize',
    group: 'Network',
    describe:
      'mean and standard deviation that normalise pixels from 0 to 1; auto computes those of the training images',
    values: normalisationOrAuto,
    whereAbsent: normalisationValues(USUAL_NORMALISATION),
    otherwise: 'that of --init; else 0.5,0.5 for MNIST, auto for other data',
    optional: true,
    onResume: 'fixed',
  },
};
