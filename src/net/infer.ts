/** Infers the architecture of a checkpoint without metadata (PyTorch's own) from its tensors' names and shapes. */
import { ExitCode, UserError } from '../errors.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from './resnet.ts';
import { traceShapes } from './trace.ts';

/** Shape of each tensor by name, in PyTorch's layout. */
type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * The architecture whose parameters have these names and shapes, under the lesson's names or under torchvision's.
 *
 * The names determine variant and depth; the first and the last weight determine the rest. The caller checks whether
 * *every* shape fits, by `parametersOf` of the result.
 *
 * @param shapes shapes of all tensors; those of batch counts may be absent
 * @param file path for the error
 * @throws UserError (checkpoint) if no ResNet of this tool fits, naming the nearest one and a difference
 */
export function inferArchitecture(shapes: Shapes, file: string): Architecture {
  const candidates = VARIANTS.flatMap((variant) =>
    DEPTHS.flatMap((depth) => STEMS.map((stem) => candidate(shapes, { variant, depth, stem }))),
  );
  const nearest = candidates.reduce((best, each) => (each.problems.length < best.problems.length ? each : best));
  const [problem, ...others] = nearest.problems;
  if (problem === undefined) return nearest.architecture;
  const { variant, depth } = nearest.architecture;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new UserError(
    `${file}: no network that is known here; nearest is ResNet-${depth} of variant ${variant}, but ${problem}${more}; use another ` +
      'checkpoint',
    ExitCode.checkpoint,
  );
}

/** The architecture if the file held a network of this design, and the differences from it. */
function candidate(
  shapes: Shapes,
  design: Pick<Architecture, 'variant' | 'depth' | 'stem'>,
): { architecture: Architecture; problems: string[] } {
  // The names do not depend on the size of the input.
  const parameters = parametersOf(traceShapes(resNet({ ...design, classes: 1 }), [1, 1, 1]));
  const shapeOf = (parameter: Parameter | undefined) => shapes.get(parameter?.name ?? '') ?? [];
  const first = parameters[0];
  const [width = 0, channels = 0, kernel = 0] = shapeOf(first);
  const [classes = 0] = shapeOf(parameters.findLast(({ kind }) => kind === 'denseWeight'));
  const names = new Set(parameters.map(({ name }) => name));
  const problems = [
    ...parameters
      .filter(({ name, kind }) => kind !== 'batchCount' && !shapes.has(name))
      .map(({ name }) => `tensor ${name} is missing`),
    ...[...shapes.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `tensor ${name.slice(0, 80)} is unknown to it`),
  ];
  if (problems.length === 0 && (kernel !== first?.shape[2] || !width || !channels || !classes)) {
    problems.push(`tensor ${first?.name} is of shape [${shapeOf(first).join(',')}]`);
  }
  return { architecture: { ...design, width, channels, classes }, problems };
}
