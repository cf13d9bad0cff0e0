/** `resnet setup`: installs TensorFlow in the cache, which the first use would do. */
import { ExitCode, UserError } from '../../errors.ts';
import { printable, printableJson } from '../../printable.ts';
import { readRuntimeStatus, runtimesFolder } from '../../runtime/installed/locations.ts';
import type { RuntimeKind } from '../../runtime/installed/wheels.ts';
import { planRuntime } from '../../setup/plan.ts';
import { interruptible } from '../signals.ts';
import { runSetUp } from './run-set-up.ts';

interface SetUpFlags {
  readonly runtime?: RuntimeKind;
  readonly json?: boolean;
}

/**
 * Installs the runtime, unless it is in place, and prints which one there is.
 *
 * @throws UserError (device) if it cannot be installed
 */
export async function setup({ runtime, json = false }: SetUpFlags): Promise<void> {
  const plan = planRuntime(runtime);
  const reason = await interruptible(
    () => 'nothing is left half installed',
    (signal) => runSetUp(plan, signal),
  );
  if (reason !== undefined) throw new UserError(reason, ExitCode.device);
  const status = readRuntimeStatus();
  if (status === undefined) throw new Error('set-up has written no status');
  const { kind, tensorflow, folder } = status;
  const path = runtimesFolder();
  if (json) process.stdout.write(`${printableJson({ runtime: kind, tensorflow, folder, path })}\n`);
  else if (kind === 'none') process.stdout.write('no TensorFlow: the tool computes on WebAssembly\n');
  else process.stdout.write(`TensorFlow ${tensorflow} (${kind}) is in ${printable(path)}\n`);
}
