/** `resnet verify`: checks checkpoints to the last byte. */
import { storedMetadata } from '../checkpoint/metadata.ts';
import { UserError } from '../errors.ts';
import { printable, printableJson } from '../printable.ts';
import { verifiedText } from '../report/files/verified.ts';
import { type VerifiedFile, verifyCheckpoints } from '../run/verify.ts';
import { namedRun, type RunFlags } from './named-run.ts';

/** Prints what each checkpoint holds, and whether it is whole. */
export async function verify(flags: RunFlags & { readonly json?: boolean }): Promise<void> {
  const { json = false } = flags;
  const notice = (message: string) => void process.stderr.write(`${printable(message)}\n`);
  const files = await verifyCheckpoints(await namedRun(flags), { from: flags.from, notice });
  process.stdout.write(json ? `${printableJson(files.map(documented))}\n` : files.map(verifiedText).join(''));
  const faults = files.flatMap((file) => ('problem' in file ? [file] : []));
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new UserError(`${printable(first.problem)}${more}`, first.code);
}

/** A file with its metadata under the names that stand in it. */
function documented(file: VerifiedFile) {
  return 'metadata' in file && file.metadata ? { ...file, metadata: storedMetadata(file.metadata) } : file;
}
