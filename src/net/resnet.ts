/**
 * THE definition of the network. Everything else reads the tree that `resNet` returns.
 *
 * He, Zhang, Ren & Sun, Deep Residual Learning for Image Recognition (2015, https://arxiv.org/abs/1512.03385), as the
 * d2l.ai lesson builds it (Dive into Deep Learning, section 8.6) or as torchvision does (models/resnet.py).
 */
import type { BatchNorm, Convolution, Layer, Relu, Residual, Sequential } from './layers.ts';

/** Kind of the residual blocks, and their number in each of the four stages (He et al. 2015, table 1). */
const STAGES_BY_DEPTH = {
  18: { block: 'basic', stageBlocks: [2, 2, 2, 2] },
  34: { block: 'basic', stageBlocks: [3, 4, 6, 3] },
  50: { block: 'bottleneck', stageBlocks: [3, 4, 6, 3] },
  101: { block: 'bottleneck', stageBlocks: [3, 4, 23, 3] },
  152: { block: 'bottleneck', stageBlocks: [3, 8, 36, 3] },
} as const satisfies Readonly<Record<Depth, unknown>>;

/** Layers before the stages: `imagenet` halves an image's sides twice (table 1), `cifar` keeps them (section 4.2). */
const STEM_LAYERS = {
  imagenet: { kernel: 7, stride: 2, pool: true },
  cifar: { kernel: 3, stride: 1, pool: false },
} as const satisfies Readonly<Record<Stem, unknown>>;

/** Differences of the variants. A number is appended to the names of `stage` and `block`. */
const CONVENTIONS = {
  lesson: {
    convolution: { bias: true, initialisation: 'uniform' },
    bottleneckStride: 'conv1', // as in the paper
    shortcutName: { basic: 'conv3', bottleneck: 'shortcut' },
    names: { convolution: 'conv', batchNorm: 'batchnorm', relu: 'Relu', stage: 'resnet_block', block: 'residual_' },
    headNames: { pool: 'GlobalAvr', flatten: 'Flatten', dense: 'FC' },
  },
  torchvision: {
    convolution: { bias: false, initialisation: 'normal' },
    bottleneckStride: 'conv2', // "ResNet V1.5": more accurate, says torchvision's comment
    shortcutName: undefined, // a `downsample` of convolution and batch norm
    names: { convolution: 'conv1', batchNorm: 'bn1', relu: 'relu', stage: 'layer', block: '' },
    headNames: { pool: 'avgpool', flatten: 'flatten', dense: 'fc' },
  },
} as const satisfies Readonly<Record<Variant, unknown>>;

/** Output channels of a block for each channel of its 3×3 convolutions. */
const EXPANSION = { basic: 1, bottleneck: 4 } as const;

/** Number of layers with weights: 18, 34, 50, 101 or 152. */
export type Depth = 18 | 34 | 50 | 101 | 152;
/** Conventions of names, biases and strides: the lesson's or torchvision's. */
export type Variant = 'lesson' | 'torchvision';
/** Layers before the stages: for large images or for small ones. */
export type Stem = 'imagenet' | 'cifar';
type BlockKind = keyof typeof EXPANSION;

/** All depths. */
export const DEPTHS = Object.keys(STAGES_BY_DEPTH).map(Number) as readonly Depth[];
/** All variants. */
export const VARIANTS = Object.keys(CONVENTIONS) as readonly Variant[];
/** All stems. */
export const STEMS = Object.keys(STEM_LAYERS) as readonly Stem[];

/** All that is needed to build a network again, e.g. from a checkpoint. */
export interface Architecture {
  /** Number of layers with weights, those on shortcuts not counted. */
  readonly depth: Depth;
  /** Channels of the stem and of the first stage's 3×3 convolutions; each later stage doubles them. */
  readonly width: number;
  readonly variant: Variant;
  readonly stem: Stem;
  /** Channels of an image. */
  readonly channels: number;
  readonly classes: number;
}

/** The lesson's own network. */
export const LESSON = { depth: 18, width: 64, variant: 'lesson', stem: 'imagenet' } as const;

/** Size of a network with any number of stages and blocks: tests use small ones. Defaults are the lesson's. */
type NetworkSize = Pick<Architecture, 'width' | 'classes'> &
  Partial<Pick<Architecture, 'variant' | 'stem'>> & {
    readonly stageBlocks: readonly number[];
    readonly block?: BlockKind;
  };

/**
 * The ResNet of the given depth: [batch, channels, H, W] → logits [batch, classes], for any H, W ≥ 1.
 *
 * @param architecture defaults are the lesson's
 */
export function resNet({
  depth,
  width = LESSON.width,
  ...others
}: Pick<Architecture, 'depth' | 'classes'> & Partial<Architecture>): Sequential {
  return residualNetwork({ ...STAGES_BY_DEPTH[depth], width, ...others });
}

/** The ResNet of any number of stages and blocks; see `resNet`. */
export function residualNetwork(size: NetworkSize): Sequential {
  const { stageBlocks, block = 'basic', width, classes, variant = LESSON.variant, stem = LESSON.stem } = size;
  const { names, headNames, convolution: form } = CONVENTIONS[variant];
  const { kernel, stride, pool } = STEM_LAYERS[stem];
  const stages = stageBlocks.map((count, stage) => {
    const blocks = Array.from({ length: count }, (_, index) => {
      const first = index === 0;
      const halves = first && stage > 0; // the stem has halved the first stage's input
      const shape = { stride: halves ? 2 : 1, project: halves || (first && EXPANSION[block] > 1) };
      return residual(`${names.block}${index}`, width * 2 ** stage, { block, variant, ...shape });
    });
    return sequential(`${names.stage}${stage + 1}`, blocks);
  });
  return sequential('', [
    convolution(names.convolution, width, { kernel, stride, ...form }), // [B, 64, H/2, W/2]
    batchNorm(names.batchNorm),
    relu(names.relu),
    ...(pool ? [{ kind: 'maxPool', name: 'maxpool', kernel: 3, stride: 2, padding: 1 } as const] : []), // [B, 64, H/4, W/4]
    ...stages, // [B, 512, H/32, W/32]; of bottlenecks [B, 2048, H/32, W/32]
    { kind: 'globalAveragePool', name: headNames.pool }, // [B, 512, 1, 1]
    { kind: 'flatten', name: headNames.flatten }, // [B, 512]
    { kind: 'dense', name: headNames.dense, outFeatures: classes }, // [B, classes]
  ]);
}

/**
 * A residual block (He et al. 2015, figure 5). Basic: two 3×3 convolutions, of which the first strides. Bottleneck:
 * 1×1, 3×3 and 1×1, the last with four times the channels; the variant chooses the one that strides.
 *
 * @param channels channels of the 3×3 convolutions
 * @param options `project`: put a 1×1 convolution on the shortcut, as a change of shape requires; default: false. Other
 *   defaults: basic, the lesson's variant, stride 1
 */
export function residual(
  name: string,
  channels: number,
  { block = 'basic', variant = LESSON.variant, stride = 1, project = false }: ResidualOptions = {},
): Residual {
  const { convolution: form, bottleneckStride, shortcutName } = CONVENTIONS[variant];
  const outChannels = channels * EXPANSION[block];
  const strideIn = block === 'basic' ? 'conv1' : bottleneckStride;
  const sizes = { basic: [3, 3], bottleneck: [1, 3, 1] }[block];
  const main = sizes.flatMap((kernel, index) => {
    const [number, last] = [index + 1, index === sizes.length - 1];
    const shape = { kernel, stride: `conv${number}` === strideIn ? stride : 1 };
    return [
      convolution(`conv${number}`, last ? outChannels : channels, { ...shape, ...form }),
      batchNorm(`bn${number}`),
      ...(last ? [] : [relu(`relu${number}`)]), // the block's last ReLU follows the sum
    ];
  });
  const projection = (path: string) => convolution(path, outChannels, { kernel: 1, stride, ...form });
  const shortcut: Layer = shortcutName
    ? projection(shortcutName[block])
    : sequential('downsample', [projection('0'), batchNorm('1')]);
  return { kind: 'residual', name, main, shortcut: project ? [shortcut] : [] };
}

interface ResidualOptions {
  readonly block?: BlockKind;
  readonly variant?: Variant;
  readonly stride?: number;
  readonly project?: boolean;
}

function convolution(
  name: string,
  outChannels: number,
  form: Pick<Convolution, 'kernel' | 'stride' | 'bias' | 'initialisation'>,
): Convolution {
  return { kind: 'convolution', name, outChannels, padding: (form.kernel - 1) / 2, ...form };
}

function batchNorm(name: string): BatchNorm {
  return { kind: 'batchNorm', name };
}

function relu(name: string): Relu {
  return { kind: 'relu', name };
}

function sequential(name: string, layers: readonly Layer[]): Sequential {
  return { kind: 'sequential', name, layers };
}
