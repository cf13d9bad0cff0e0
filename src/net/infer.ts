/** Infers the architecture of a checkpoint without metadata (PyTorch's own) from its tensors' names and shapes. */
import { ExitCode, UserError } from '../errors.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { type Architecture, DEPTHS, resNet, STEMS, VARIANTS } from './resnet.ts';
import { traceShapes } from './trace.ts';

/** Shape of each tensor by name, in PyTorch's layout. */
type Shapes = ReadonlyMap<string, readonly number[]>;

/** A network that a file may hold, and the differences of its tensors. */
interface Candidate {
  readonly architecture: Architecture;
  /** Number of the file's tensors that the network has too, by name. */
  readonly fitting: number;
  readonly problems: readonly string[];
}

/** Number of names that a message lists. */
const NAMES_SHOWN = 3;

/** Most characters of a name in a message. */
const MAX_NAME_CHARACTERS = 60;

/**
 * The architecture whose parameters have these names and shapes, under the lesson's names or under torchvision's.
 *
 * The names determine variant and depth; the first and the last weight determine the rest. The caller checks whether
 * *every* shape fits, by `parametersOf` of the result.
 *
 * @param shapes shapes of all tensors; those of batch counts may be absent
 * @param file path for the error
 * @throws UserError (checkpoint) if no ResNet of this tool fits, with the first names of the file, the network that most
 *   of its names fit, and a difference
 */
export function inferArchitecture(shapes: Shapes, file: string): Architecture {
  const candidates = VARIANTS.flatMap((variant) =>
    DEPTHS.flatMap((depth) => STEMS.map((stem) => candidate(shapes, { variant, depth, stem }))),
  );
  const nearest = candidates.reduce((best, each) => (isNearer(each, best) ? each : best));
  const { fitting, problems } = nearest;
  const [problem, ...others] = problems;
  if (problem === undefined) return nearest.architecture;
  const { variant, depth } = nearest.architecture;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const design = `ResNet-${depth} of variant ${variant}`;
  throw new UserError(
    `${file}: no network that is known here: it holds ${namesIn(shapes)}; ` +
      (fitting > 0
        ? `nearest is ${design}, which has ${fitting} of these names, but ${problem}${more}; use another checkpoint`
        : 'no network here has any of these names; use another checkpoint'),
    ExitCode.checkpoint,
  );
}

/** Whether more names fit, or as many with fewer differences. */
function isNearer(one: Candidate, other: Candidate): boolean {
  return one.fitting === other.fitting ? one.problems.length < other.problems.length : one.fitting > other.fitting;
}

/** How many tensors there are, their first names, and what all names begin with. */
function namesIn(shapes: Shapes): string {
  const names = [...shapes.keys()];
  if (names.length === 0) return 'no tensor';
  const shown = names.slice(0, NAMES_SHOWN).map((name) => quoted(name));
  const rest = names.length > NAMES_SHOWN ? ', …' : '';
  const prefix = names.length > 1 ? commonPrefix(names) : '';
  const beginning = prefix === '' ? '' : `, all begin with ${quoted(prefix)}`;
  return `${names.length} ${names.length === 1 ? 'tensor' : 'tensors'} (${shown.join(', ')}${rest}${beginning})`;
}

/** The parts of names, with their dots, that all names begin with. */
function commonPrefix(names: readonly string[]): string {
  const [first = ''] = names;
  const ends = [...first.matchAll(/\./g)].map(({ index }) => index + 1).reverse();
  return first.slice(0, ends.find((end) => names.every((name) => name.startsWith(first.slice(0, end)))) ?? 0);
}

const quoted = (name: string) => JSON.stringify(name.slice(0, MAX_NAME_CHARACTERS));

/** The network of this design, held against the tensors of a file. */
function candidate(shapes: Shapes, design: Pick<Architecture, 'variant' | 'depth' | 'stem'>): Candidate {
  // The names do not depend on the size of the input.
  const parameters = parametersOf(traceShapes(resNet({ ...design, classes: 1 }), [1, 1, 1]));
  const shapeOf = (parameter: Parameter | undefined) => shapes.get(parameter?.name ?? '') ?? [];
  const first = parameters[0];
  const [width = 0, channels = 0, kernel = 0] = shapeOf(first);
  const [classes = 0] = shapeOf(parameters.findLast(({ kind }) => kind === 'denseWeight'));
  const names = new Set(parameters.map(({ name }) => name));
  const unknown = [...shapes.keys()].filter((name) => !names.has(name));
  const problems = [
    ...parameters
      .filter(({ name, kind }) => kind !== 'batchCount' && !shapes.has(name))
      .map(({ name }) => `tensor ${name} is missing`),
    ...unknown.map((name) => `tensor ${quoted(name)} is unknown to it`),
  ];
  if (problems.length === 0 && (kernel !== first?.shape[2] || !width || !channels || !classes)) {
    problems.push(`tensor ${first?.name} is of shape [${shapeOf(first).join(',')}]`);
  }
  const fitting = shapes.size - unknown.length;
  return { architecture: { ...design, width, channels, classes }, fitting, problems };
}
