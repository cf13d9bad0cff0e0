/** The parts of a network, as fine-tuning names them: the stem, the stages, the head. */
import type { Sequential } from './layers.ts';

/** Parts that can be frozen, from the image on; all together are the body. */
export const BODY_PARTS = ['stem', 'stage1', 'stage2', 'stage3', 'stage4'] as const;
/** A part of the body. */
export type BodyPart = (typeof BODY_PARTS)[number];
/** A part of a network; the head is what follows the stages: pool, flatten, dense layer. */
export type Part = BodyPart | 'head';

/**
 * Tells the part of a layer or a parameter.
 *
 * @returns a function of its path or name, such as `resnet_block2.residual_0.conv1.weight` (stage2)
 */
export function partsOf({ layers }: Pick<Sequential, 'layers'>): (path: string) => Part {
  const parts = new Map<string, Part>();
  let stages = 0;
  for (const { kind, name } of layers) {
    if (kind === 'sequential') stages += 1;
    const part = kind === 'sequential' ? (BODY_PARTS[stages] as BodyPart) : stages === 0 ? 'stem' : 'head';
    parts.set(name, part);
  }
  return (path) => {
    const part = parts.get(path.split('.', 1)[0] as string);
    if (!part) throw new Error(`no part of the network has ${path}`);
    return part;
  };
}
