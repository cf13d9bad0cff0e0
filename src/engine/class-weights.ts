/** Weights of classes in the training loss, for data whose classes differ in size. */
import type { Labels } from '../dataset/formats/found.ts';

/**
 * Weights that are the inverse of the classes' sizes, scikit-learn's `balanced`: images / (classes · images of the class).
 * Every class then counts alike in the loss. A class without images weighs nothing: only label smoothing would ever meet
 * it.
 *
 * @param labels labels of all images [count]
 * @param indices the images to train on
 * @returns [classes]
 */
export function balancedWeights(labels: Labels, indices: Int32Array, classes: number): Float32Array {
  const sizes = new Float64Array(classes);
  for (const index of indices) sizes[labels[index]!]! += 1;
  return Float32Array.from(sizes, (size) => (size === 0 ? 0 : indices.length / (classes * size)));
}

/**
 * The weights of images: those of their classes.
 *
 * @param weights [classes]; undefined if all weigh the same
 * @returns [batch]
 */
export function weightsOfImages(
  labels: Labels,
  indices: Int32Array,
  weights: Float32Array | undefined,
): Float32Array | undefined {
  return weights && Float32Array.from(indices, (index) => weights[labels[index]!]!);
}
