/** Checks that a checkpoint has exactly the tensors of a network. */
import { ExitCode, UserError } from '../errors.ts';
import { COUNTER_TYPES, type DType, WEIGHT_TYPES } from './element-types.ts';
import { quote } from './quote.ts';
import type { TensorInfo } from './scan.ts';

/**
 * Checks that the values of all tensors can be read, before anything is inferred from their shapes: that of a tensor of
 * a kind that is not known here, such as a sparse one, is not known either.
 *
 * @throws UserError (checkpoint) naming the first tensor whose values cannot be read, and why
 */
export function expectReadable(found: ReadonlyMap<string, TensorInfo>, file: string): void {
  refuse(
    [...found].flatMap(([name, { problem }]) => (problem === undefined ? [] : [`tensor ${quote(name)} ${problem}`])),
    file,
  );
}

/**
 * Checks that a checkpoint has exactly the tensors of a network. Other types that are converted on reading are taken,
 * too.
 *
 * @param found the checkpoint's tensors
 * @param expected all tensors of the network
 * @param file the checkpoint's name, for messages
 * @throws UserError (checkpoint) naming the first tensor that is missing, of another shape or type, or unknown
 */
export function expectTensors(
  found: ReadonlyMap<string, TensorInfo>,
  expected: readonly ({ readonly name: string } & TensorInfo)[],
  file: string,
): void {
  const problems: string[] = [];
  const unknown = new Map(found);
  for (const { name, ...wanted } of expected) {
    const tensor = found.get(name);
    unknown.delete(name);
    if (tensor === undefined) problems.push(`tensor ${name} is missing, expected ${describe(wanted)}`);
    else if (tensor.problem !== undefined) problems.push(`tensor ${name} ${tensor.problem}`);
    else if (!isTaken(tensor, wanted)) {
      problems.push(`tensor ${name} is ${describe(tensor)}, expected ${describe(wanted)}`);
    }
  }
  for (const name of unknown.keys()) problems.push(`tensor ${quote(name)} is unknown to this network`);
  refuse(problems, file);
}

/** Throws an error with the first problem, if there is one. */
function refuse(problems: readonly string[], file: string): void {
  if (problems.length === 0) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new UserError(`${file}: ${problems[0]}${more}`, ExitCode.checkpoint);
}

function isTaken(found: TensorInfo, wanted: TensorInfo): boolean {
  const types: readonly DType[] = wanted.dtype === 'I64' ? COUNTER_TYPES : WEIGHT_TYPES;
  return types.includes(found.dtype) && quote(found.shape) === quote(wanted.shape);
}

function describe({ dtype, shape }: TensorInfo): string {
  return `${dtype} ${quote(shape)}`;
}
