/** The first use of TensorFlow on a machine: asks on a terminal, and sets it up. */
import { createInterface } from 'node:readline/promises';
import { cacheFolder } from '../../cache-folder.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { readRuntimeStatus } from '../../runtime/installed/locations.ts';
import { whyUnreadable } from '../../runtime/installed/permissions.ts';
import { isSwitchedOff, type RuntimeChoice } from '../../runtime/open.ts';
import { isInPlace, isUsable, type Plan, planRuntime } from '../../setup/plan.ts';
import type { LiveLine } from '../live-line.ts';
import { interruptible } from '../signals.ts';
import { takesRedraws } from '../terminal.ts';
import { runSetUp } from './run-set-up.ts';

/**
 * Sets TensorFlow up if this tool never did so in this cache, or if RESNET_RUNTIME names another than is there, and the
 * choice of a backend allows it. On a terminal it asks first. After a failed set-up it does nothing: the runtime's
 * notice says the reason at each start, and `resnet setup` tries again.
 *
 * @param choice `yes`: set up without asking
 * @throws UserError (device) if the user named TensorFlow, by `--backend` or RESNET_RUNTIME, and it cannot be set up
 * @throws UserError (128 + n) for a signal
 */
export async function setUpAtFirstUse(
  { backend, yes }: RuntimeChoice & { readonly yes?: boolean | undefined },
  live: LiveLine,
): Promise<void> {
  if (backend === 'wasm' || isSwitchedOff()) return;
  const plan = planRuntime();
  if (plan.explicit ? isInPlace(plan) : wasTried()) return;
  if (whyUnreadable() !== undefined) return; // the cache is another user's: `openRuntime` names the closed folder
  await live.pausedFor(() =>
    interruptible(
      () => 'TensorFlow is not set up',
      async (signal) => {
        const isNeeded = backend === 'tensorflow' || plan.explicit;
        await attempt(isNeeded, live, async () => {
          if (yes || (await agrees(plan, signal))) await runSetUp(plan, signal);
        });
      },
    ),
  );
}

/** Whether a set-up has installed a runtime that is still there, or has said why it could not. */
function wasTried(): boolean {
  const status = readRuntimeStatus();
  return status?.kind === 'none' || isUsable();
}

/** Sets up. A cache that takes no file is no reason to end a command that can run without TensorFlow. */
async function attempt(isNeeded: boolean, live: LiveLine, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError) || isNeeded || error.code !== ExitCode.io) throw error;
    live.note(`resnet: ${printable(error.message)}\n`);
  }
}

/** Asks whether to set up, where someone can answer: on a terminal, unless CI is set. Elsewhere nobody is asked. */
async function agrees(plan: Plan, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !takesRedraws(process.stderr)) return true;
  const { describePlan } = await import('../../setup/set-up.ts');
  let what: string;
  try {
    what = describePlan(plan);
  } catch {
    return true; // there is nothing to fetch, and set-up says why
  }
  process.stderr.write(`The first use needs ${what}, in ${printable(cacheFolder())}\n`);
  return ask('Set it up now? [Y/n] ', signal);
}

/** Asks a question whose usual answer is yes, until it is answered; the end of the input is a no. */
async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  // Without `terminal` the system edits the line, and Ctrl-C is the signal that it is anywhere else.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('no')));
  try {
    for (;;) {
      const answer = (await Promise.race([lines.question(question, { signal }), ended])).trim().toLowerCase();
      if (['', 'y', 'yes'].includes(answer)) return true;
      if (['n', 'no'].includes(answer)) return false;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
