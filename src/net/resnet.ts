/**
 * THE definition of the network. Everything else reads the tree that `resNet` returns.
 *
 * ResNet-18 as the d2l.ai lesson builds it (Dive into Deep Learning, section 8.6; He et al. 2015, table 1): every
 * convolution carries a bias, and the 1×1 shortcut has no batch norm (torchvision's has one, and no biases).
 */
import type { BatchNorm, Convolution, Layer, MaxPool, Relu, Residual, Sequential } from './layers.ts';

/** Residual blocks in each of the four stages (He et al. 2015, table 1). */
const STAGE_BLOCKS = {
  18: [2, 2, 2, 2],
} as const;

export type Depth = keyof typeof STAGE_BLOCKS;

export const DEPTHS = Object.keys(STAGE_BLOCKS).map(Number) as readonly Depth[];

/** Channels of the stem and of the first stage; each later stage doubles them. */
const WIDTH = 64;

/** What a checkpoint must tell for its network to be built again. */
export interface Architecture {
  readonly depth: Depth;
  readonly channels: number;
  readonly classes: number;
}

/** The lesson's ResNet of the given depth: [batch, channels, H, W] → logits [batch, classes], for any H, W ≥ 1. */
export function resNet({ depth, classes }: Pick<Architecture, 'depth' | 'classes'>): Sequential {
  return residualNetwork({ stageBlocks: STAGE_BLOCKS[depth], width: WIDTH, classes });
}

/** The same network with any number of stages, blocks and channels: small ones serve the tests. */
export function residualNetwork(size: { stageBlocks: readonly number[]; width: number; classes: number }): Sequential {
  const stages = size.stageBlocks.map((blocks, stage) => {
    const channels = size.width * 2 ** stage;
    return sequential(
      `resnet_block${stage + 1}`,
      Array.from({ length: blocks }, (_, block) => {
        const halves = stage > 0 && block === 0; // the first stage follows a pool that has halved already
        return residual(`residual_${block}`, channels, { stride: halves ? 2 : 1, project: halves });
      }),
    );
  });
  return sequential('', [
    convolution('conv', size.width, { kernel: 7, stride: 2 }), // [B, 64, H/2, W/2]
    batchNorm('batchnorm'),
    relu('Relu'),
    maxPool('maxpool', { kernel: 3, stride: 2, padding: 1 }), // [B, 64, H/4, W/4]
    ...stages, // [B, 512, H/32, W/32]
    { kind: 'globalAveragePool', name: 'GlobalAvr' }, // [B, 512, 1, 1]
    { kind: 'flatten', name: 'Flatten' }, // [B, 512]
    { kind: 'dense', name: 'FC', outFeatures: size.classes }, // [B, classes]
  ]);
}

/**
 * A basic block: two 3×3 convolutions, of which only the first strides, added to the input.
 *
 * @param project put a 1×1 convolution on the shortcut; needed wherever stride or channels change the shape
 */
export function residual(name: string, channels: number, { stride = 1, project = false } = {}): Residual {
  return {
    kind: 'residual',
    name,
    main: [
      convolution('conv1', channels, { kernel: 3, stride }),
      batchNorm('bn1'),
      relu('relu'),
      convolution('conv2', channels, { kernel: 3 }),
      batchNorm('bn2'),
    ],
    shortcut: project ? [convolution('conv3', channels, { kernel: 1, stride })] : [],
  };
}

function convolution(name: string, outChannels: number, { kernel = 1, stride = 1 }): Convolution {
  return { kind: 'convolution', name, outChannels, kernel, stride, padding: (kernel - 1) / 2 };
}

function batchNorm(name: string): BatchNorm {
  return { kind: 'batchNorm', name };
}

function relu(name: string): Relu {
  return { kind: 'relu', name };
}

function maxPool(name: string, window: Pick<MaxPool, 'kernel' | 'stride' | 'padding'>): MaxPool {
  return { kind: 'maxPool', name, ...window };
}

function sequential(name: string, layers: readonly Layer[]): Sequential {
  return { kind: 'sequential', name, layers };
}
