/** Opens the backend for a command. */
import { printable } from '../printable.ts';
import { openRuntime, type Runtime, type RuntimeChoice } from '../runtime/open.ts';
import type { LiveLine } from './live-line.ts';
import { setUpAtFirstUse } from './setup/first-use.ts';

/**
 * Opens the chosen runtime, and shows its notice, if it has one: for example, that it is the slow portable backend. The
 * first use of TensorFlow sets it up.
 *
 * @param choice `yes`: set up without asking
 */
export async function openWithNotice(
  choice: RuntimeChoice & { readonly yes?: boolean | undefined },
  live: LiveLine,
): Promise<Runtime> {
  await setUpAtFirstUse(choice, live);
  const runtime = await openRuntime(choice);
  if (runtime.notice !== undefined) live.note(`resnet: ${printable(runtime.notice)}\n`);
  return runtime;
}
