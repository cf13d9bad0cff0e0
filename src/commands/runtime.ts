import { openRuntime, type Runtime, type RuntimeChoice } from '../runtime/open.ts';
import type { LiveLine } from './live-line.ts';

/** Open the chosen runtime, and say so where it is not what one would wish for. */
export async function openWithNotice(choice: RuntimeChoice, live: LiveLine): Promise<Runtime> {
  const runtime = await openRuntime(choice);
  if (runtime.notice !== undefined) live.note(`resnet: ${runtime.notice}\n`);
  return runtime;
}
