/** The hash of the checkpoint that an export is from. */
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ExitCode, UserError } from '../errors.ts';

/**
 * The SHA-256 of a checkpoint, in hexadecimal: computed in another thread, while this one computes the answers.
 *
 * @param checksum the one in the file from which the model was read, if it has one: a run may have saved another since
 * @returns a function that waits for the hash
 * @throws UserError (io) if another file has its name now
 */
export async function sourceHash(path: string, checksum: string | undefined): Promise<() => Promise<string>> {
  const bytes = await readFile(path);
  if (checksum !== undefined && !bytes.includes(checksum)) {
    throw new UserError(`${path}: was replaced while it was exported; run again`, ExitCode.io);
  }
  const digest = webcrypto.subtle.digest('SHA-256', bytes);
  return async () => Buffer.from(await digest).toString('hex');
}
