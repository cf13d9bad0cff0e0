/** Reading an architecture back from the names and shapes in a checkpoint that does not tell it (PyTorch's own files). */
import { ExitCode, UserError } from '../errors.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from './resnet.ts';
import { traceShapes } from './trace.ts';

/** Shape of each tensor by name, in PyTorch's layout. */
type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * The architecture whose parameters have these names and shapes, under the lesson's names or under torchvision's.
 *
 * Variant and depth are told by the names, the others by the first and the last weight. Whether *every* shape fits is for
 * the caller to check against `parametersOf` the result.
 *
 * @param shapes batch counts may be left out
 * @param file named in the error
 * @throws UserError (checkpoint) where it is no ResNet known here, naming the nearest and what differs
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
    `${file}: no network that is known here; nearest is ResNet-${depth} of variant ${variant}, but ${problem}${more}`,
    ExitCode.checkpoint,
  );
}

/** What the file would be as a network of this design, and what speaks against it. */
function candidate(
  shapes: Shapes,
  design: Pick<Architecture, 'variant' | 'depth' | 'stem'>,
): { architecture: Architecture; problems: string[] } {
  const parameters = parametersOf(traceShapes(resNet({ ...design, classes: 1 }), [1, 1, 1])); // any size has these names
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
