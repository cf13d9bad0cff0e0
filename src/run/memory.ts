/** Networks that this machine cannot hold, refused before any work: the system would end the process without a word. */
import { totalmem } from 'node:os';
import { ExitCode, UserError } from '../errors.ts';
import { countTrainable, type Parameter } from '../net/parameters.ts';

/** Of a trained value: itself, its gradient and Adam's two moments, in single precision. */
const BYTES_PER_VALUE = 16;

/** @throws UserError (usage) where the parameters alone take more than all the memory there is */
export function checkMemory(parameters: readonly Parameter[]): void {
  const count = countTrainable(parameters);
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY); // 0: no limit is known
  if (count * BYTES_PER_VALUE <= memory) return;
  const gibibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 30)} GiB`;
  throw new UserError(
    `training ${Math.round(count / 1e6)} million parameters takes more than ${gibibytes(count * BYTES_PER_VALUE)} of ` +
      `memory, of which there are ${gibibytes(memory)}; give a smaller --width or --depth`,
    ExitCode.usage,
  );
}
