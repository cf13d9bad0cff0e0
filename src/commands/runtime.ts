import { openRuntime, type Runtime, type RuntimeChoice } from '../runtime/open.ts';

/** Open the chosen runtime, and say so where it is not what one would wish for. */
export async function openWithNotice(choice: RuntimeChoice): Promise<Runtime> {
  const runtime = await openRuntime(choice);
  if (runtime.notice !== undefined) process.stderr.write(`resnet: ${runtime.notice}\n`);
  return runtime;
}
