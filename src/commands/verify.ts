/** `resnet verify`: checks checkpoints to the last byte. */
import { UserError } from '../errors.ts';
import { printable } from '../printable.ts';
import { verifiedText } from '../report/verified.ts';
import { verifyCheckpoints } from '../run/verify.ts';

/** Prints what each checkpoint holds, and whether it is whole. */
export async function verify({ path, json = false }: { path: string; json?: boolean }): Promise<void> {
  const files = await verifyCheckpoints(path);
  process.stdout.write(json ? `${JSON.stringify(files)}\n` : files.map(verifiedText).join(''));
  const faults = files.flatMap((file) => ('problem' in file ? [file] : []));
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new UserError(`${printable(first.problem)}${more}`, first.code);
}
