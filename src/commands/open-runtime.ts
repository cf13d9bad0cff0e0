/** Opens the backend for a command. */
import { printable } from '../printable.ts';
import { openRuntime, type Runtime, type RuntimeChoice } from '../runtime/open.ts';
import type { LiveLine } from './live-line.ts';

/** Opens the chosen runtime, and shows its notice, if it has one: for example, that it is the slow portable backend. */
export async function openWithNotice(choice: RuntimeChoice, live: LiveLine): Promise<Runtime> {
  const runtime = await openRuntime(choice);
  if (runtime.notice !== undefined) live.note(`resnet: ${printable(runtime.notice)}\n`);
  return runtime;
}
