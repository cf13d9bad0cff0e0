/** Comparing two recordings of one function: they must be the same graph, whatever values it was recorded with. */
import type { Recording } from './program.ts';
import type { GraphVariable } from './signature.ts';
import type { RecordedConstant } from './tape.ts';

/**
 * @param name of the function, for messages
 * @throws Error naming the op, and its attribute or the constant, in which the two differ
 */
export function compareRecordings(
  name: string,
  first: Recording,
  second: Recording,
  variables: readonly GraphVariable[],
): void {
  const [origins, others] = [originsOf(first, variables), originsOf(second, variables)];
  const [ops, otherOps] = [first.tape.ops, second.tape.ops];
  if (ops.length !== otherOps.length) {
    throw new Error(`${name}: recorded twice, it ran ${ops.length} and then ${otherOps.length} ops`);
  }
  const [returned, otherReturned] = [outputsOf(first, origins), outputsOf(second, others)];
  if (returned !== otherReturned)
    throw new Error(`${name}: it returned ${returned}, and ${otherReturned} the second time`);
  for (const [index, op] of ops.entries()) {
    const other = otherOps[index];
    const place = `${name}: op ${index}, ${op.op},`;
    if (other?.op !== op.op) throw new Error(`${place} was ${other?.op} the second time`);
    if (op.attributes.length !== other.attributes.length || op.inputs.length !== other.inputs.length) {
      throw new Error(`${place} had other inputs or attributes the second time`);
    }
    for (const [at, attribute] of op.attributes.entries()) {
      if (JSON.stringify(attribute) !== JSON.stringify(other.attributes[at])) {
        throw new Error(`${place} had another attribute ${attribute.name} the second time`);
      }
    }
    for (const [input, id] of op.inputs.entries()) {
      const otherId = other.inputs[input] ?? -1;
      const constant = first.tape.constants.get(id);
      const otherConstant = second.tape.constants.get(otherId);
      if (constant && otherConstant) {
        if (!isSame(constant, otherConstant)) {
          throw new Error(
            `${place} takes as input ${input} a tensor of shape [${constant.shape}] made from JavaScript values that ` +
              'differ from one recording to the next: pass it as an input',
          );
        }
      } else if (origins.get(id) !== others.get(otherId)) {
        throw new Error(
          `${place} took as input ${input} ${origins.get(id)}, and ${others.get(otherId)} the second time`,
        );
      }
    }
  }
}

/** What a function returns, told alike for both recordings. */
function outputsOf({ outputs }: Recording, origins: ReadonlyMap<number, string>): string {
  return [...outputs].map(([output, { id }]) => `${output} from ${origins.get(id)}`).join(', ');
}

/** Where each tensor of a recording comes from, in words that do not depend on its number. */
function originsOf({ tape, inputs }: Recording, variables: readonly GraphVariable[]): Map<number, string> {
  const origins = new Map<number, string>();
  for (const { handle, name } of variables) origins.set(handle, `variable ${name}`);
  for (const [name, { id }] of inputs) origins.set(id, `input ${name}`);
  for (const [index, { outputs }] of tape.ops.entries()) {
    for (const [output, { id }] of outputs.entries()) origins.set(id, `output ${output} of op ${index}`);
  }
  return origins;
}

function isSame(a: RecordedConstant, b: RecordedConstant): boolean {
  const bytes = ({ data }: RecordedConstant) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return a.dtype === b.dtype && String(a.shape) === String(b.shape) && bytes(a).equals(bytes(b));
}
