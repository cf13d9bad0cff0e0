/** The order in which PyTorch's `state_dict` lists a network's tensors. */
import type { Variant } from '../../net/resnet.ts';

/** A tensor inside a residual block of the lesson: the block, and its layer. */
const IN_BLOCK = /^(?<block>.+\.residual_\d+)\.(?<layer>[^.]+)\./;

/**
 * Tensors in the order of PyTorch's `state_dict`, which is that of the modules' registration: a block of the lesson
 * registers its convolutions before its batch norms. torchvision's blocks register their layers as they are passed.
 *
 * @param tensors by name, in the order of the layers
 */
export function inStateDictOrder<T>(tensors: ReadonlyMap<string, T>, variant: Variant): ReadonlyMap<string, T> {
  if (variant !== 'lesson') return tensors;
  const firstOfBlock = new Map<string, number>();
  const placed = [...tensors].map((entry, index) => {
    const { block, layer = '' } = IN_BLOCK.exec(entry[0])?.groups ?? {};
    if (block === undefined) return { entry, place: index, isLate: false };
    const place = firstOfBlock.get(block) ?? index;
    firstOfBlock.set(block, place);
    return { entry, place, isLate: layer.startsWith('bn') };
  });
  const sorted = placed.toSorted((a, b) => a.place - b.place || Number(a.isLate) - Number(b.isLate));
  return new Map(sorted.map(({ entry }) => entry));
}
