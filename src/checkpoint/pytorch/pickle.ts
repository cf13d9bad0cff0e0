/** Reads a pickle (https://docs.python.org/3/library/pickletools.html) as `torch.save` writes it; executes nothing. */
import type { Limits } from './limits.ts';
import { OPCODES, STOP } from './opcodes.ts';
import { UnpicklingState } from './unpickling-state.ts';
import { PickleFault, type Storage, type Value } from './values.ts';

/**
 * Reads one pickle.
 *
 * @param position where it begins
 * @returns its value, the storages that it names by their keys, and where it ends
 * @throws PickleFault naming what is wrong; EndOfBytes if the bytes end before it does
 */
export function unpickle(
  bytes: Buffer,
  position: number,
  limits: Limits,
): { value: Value; storages: ReadonlyMap<string, Storage>; end: number } {
  const state = new UnpicklingState(bytes, position, limits);
  for (;;) {
    const opcode = state.input.byte();
    if (opcode === STOP) {
      return { value: state.pop(), storages: state.storages, end: state.input.position };
    }
    const obey = OPCODES.get(opcode);
    if (obey === undefined) {
      const place = state.input.position - 1 - position;
      throw new PickleFault(`byte ${place} of the pickle: opcode ${opcode}, which torch.save does not write`);
    }
    obey(state);
  }
}
