/** Reading an architecture back from the names and shapes in a checkpoint that does not tell it (PyTorch's own files). */
import { ExitCode, UserError } from '../errors.ts';
import { type Architecture, DEPTHS, resNet } from './resnet.ts';

/**
 * The architecture whose parameters have these names and shapes.
 *
 * Depth is told by the number of convolutions, channels and classes by the first and the last weight. Whether *every*
 * name and shape fits is for the caller to check against `parametersOf` the result.
 *
 * @param shapes shape of each tensor by name, in PyTorch's layout
 * @param file named in the error
 * @throws UserError (checkpoint) where it is no ResNet under the lesson's names
 */
export function inferArchitecture(shapes: ReadonlyMap<string, readonly number[]>, file: string): Architecture {
  const channels = shapes.get('conv.weight')?.[1];
  const classes = shapes.get('FC.weight')?.[0];
  const blocks = [...shapes.keys()].filter((name) =>
    /^resnet_block\d+\.residual_\d+\.conv1\.weight$/.test(name),
  ).length;
  const depth = DEPTHS.find((candidate) => countBlocks(candidate) === blocks);
  if (channels === undefined || classes === undefined || depth === undefined) {
    throw new UserError(
      `${file}: no ResNet of a known depth (${DEPTHS.join(', ')}): expected conv.weight, FC.weight and ` +
        `resnet_blockI.residual_J.conv1.weight, found ${shapes.size} tensors with ${blocks} residual blocks`,
      ExitCode.checkpoint,
    );
  }
  return { depth, channels, classes };
}

function countBlocks(depth: Architecture['depth']): number {
  return resNet({ depth, classes: 1 }).layers.reduce(
    (sum, layer) => sum + (layer.kind === 'sequential' ? layer.layers.length : 0),
    0,
  );
}
