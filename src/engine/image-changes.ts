/** Augmentation on the device: changes a batch of images by the numbers that were drawn for it. */
import type { CHANGE_SIZES } from '../dataset/augmentation.ts';
import { type Normalisation, normalisedBytes, statisticsOf } from '../dataset/normalisation.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Tensor, TensorFlowJs } from '../runtime/tensor.ts';

/** `ImageChanges` on the device, [batch, size] each; absent what is not changed. */
export type ImageChangeTensors = { readonly [Name in keyof typeof CHANGE_SIZES]?: Tensor };

/**
 * Weights of red, green and blue in a grey picture (ITU-R BT.601), as in Pillow. torchvision's tensors have 0.2989 for
 * red, with which white is a little below 1.
 */
const GREY_WEIGHTS = [0.299, 0.587, 0.114];

/** Images [B, H, W, C], normalised, after the changes. */
export function changedImages(
  { tf, ops }: Pick<Runtime, 'tf' | 'ops'>,
  pixels: Tensor,
  { transforms, crops, colours }: ImageChangeTensors,
  normalisation: Normalisation,
): Tensor {
  let changed = pixels;
  if (transforms) changed = transformed({ tf, ops }, changed, transforms, normalisation);
  if (crops) changed = ops.transformImages(changed, crops, 'edge');
  return colours ? recoloured(tf, changed, colours, normalisation) : changed;
}

/** Images after affine maps [B, 8]; the pixels that come in from outside are black, as normalised. */
function transformed(
  { tf, ops }: Pick<Runtime, 'tf' | 'ops'>,
  pixels: Tensor,
  transforms: Tensor,
  normalisation: Normalisation,
): Tensor {
  const [background = 0, ...others] = normalisedBytes(normalisation).map((values) => values[0]!);
  if (others.length === 0) return ops.transformImages(pixels, transforms, background);
  // The op fills in one number for all channels.
  const backgrounds = tf.tensor1d([background, ...others]); // [C]
  return tf.add(ops.transformImages(tf.sub(pixels, backgrounds), transforms, 0), backgrounds);
}

/**
 * Images of another brightness, then of another contrast, by the formulas of torchvision's `ColorJitter`. It works on
 * pixels from 0 to 1, and cuts them off there after each of the two: brightness multiplies pixels, contrast multiplies
 * their distance from the mean of the grey picture.
 *
 * @param colours factors of brightness and of contrast, [B, 2]
 */
function recoloured(tf: TensorFlowJs, normalised: Tensor, colours: Tensor, normalisation: Normalisation): Tensor {
  const { means, stds } = statisticsOf(normalisation);
  const [mean, std] = [tf.tensor1d(means), tf.tensor1d(stds)]; // [C], or [1] for all channels
  const factor = (column: number) => tf.reshape(tf.slice(colours, [0, column], [-1, 1]), [-1, 1, 1, 1]);
  const [brightness, contrast] = [factor(0), factor(1)]; // [B, 1, 1, 1]
  const pixels = tf.add(tf.mul(normalised, std), mean); // [B, H, W, C]
  const bright = tf.clipByValue(tf.mul(pixels, brightness), 0, 1);
  const grey = bright.shape[3] === 1 ? bright : tf.sum(tf.mul(bright, tf.tensor1d(GREY_WEIGHTS)), 3, true);
  const middle = tf.mean(grey, [1, 2, 3], true); // [B, 1, 1, 1]
  const contrasted = tf.clipByValue(tf.add(tf.mul(tf.sub(bright, middle), contrast), middle), 0, 1);
  return tf.div(tf.sub(contrasted, mean), std);
}
