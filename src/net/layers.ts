/**
 * The layers that a network is described with: plain data, no tensors. A network is a `Sequential`; the files beside
 * this one read it (shape trace, parameters, cost, forward pass).
 *
 * A layer's `name` is its part of its parameters' names, spelled as the original lesson or torchvision spells it.
 */

/** 2-D convolution, as `torch.nn.Conv2d`. */
export interface Convolution {
  readonly kind: 'convolution';
  readonly name: string;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly bias: boolean;
  /**
   * - `uniform`: PyTorch's default, U(±1/√fan-in) for weights and biases (`kaiming_uniform_(a=√5)`)
   * - `normal`: N(0, 2/fan-out) for weights (`kaiming_normal_(mode='fan_out')`), `uniform` for biases
   *
   * Both after He et al. 2015, Delving Deep into Rectifiers (https://arxiv.org/abs/1502.01852).
   */
  readonly initialisation: 'uniform' | 'normal';
}

/** Batch normalisation over batch, height and width, as `torch.nn.BatchNorm2d` (Ioffe & Szegedy 2015). */
export interface BatchNorm {
  readonly kind: 'batchNorm';
  readonly name: string;
}

/** max(x, 0), as `torch.nn.ReLU`. */
export interface Relu {
  readonly kind: 'relu';
  readonly name: string;
}

/** Maximum over a sliding window, as `torch.nn.MaxPool2d`. */
export interface MaxPool {
  readonly kind: 'maxPool';
  readonly name: string;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** Mean over height and width, down to 1×1. */
export interface GlobalAveragePool {
  readonly kind: 'globalAveragePool';
  readonly name: string;
}

/** [channels, height, width] → [features], as `torch.nn.Flatten`. */
export interface Flatten {
  readonly kind: 'flatten';
  readonly name: string;
}

/** Fully connected layer with a bias, as `torch.nn.Linear`. */
export interface Dense {
  readonly kind: 'dense';
  readonly name: string;
  readonly outFeatures: number;
}

/** Layers applied one after the other. */
export interface Sequential {
  readonly kind: 'sequential';
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** relu(main(x) + shortcut(x)); an empty shortcut is the identity (He et al. 2015, figure 2). */
export interface Residual {
  readonly kind: 'residual';
  readonly name: string;
  readonly main: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

/** Any layer of a network. */
export type Layer =
  | Convolution
  | BatchNorm
  | Relu
  | MaxPool
  | GlobalAveragePool
  | Flatten
  | Dense
  | Sequential
  | Residual;

/** PyTorch's class for each kind of layer, as `resnet summary` shows it. */
export const TORCH_CLASS: Readonly<Record<Layer['kind'], string>> = {
  convolution: 'Conv2d',
  batchNorm: 'BatchNorm2d',
  relu: 'ReLU',
  maxPool: 'MaxPool2d',
  globalAveragePool: 'AdaptiveAvgPool2d',
  flatten: 'Flatten',
  dense: 'Linear',
  sequential: 'Sequential',
  residual: 'Residual',
};
