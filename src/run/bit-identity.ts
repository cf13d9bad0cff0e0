/** Whether a resumed run computes as it did before it stopped. */
import type { Notice } from '../errors.ts';
import type { Runtime } from '../runtime/open.ts';
import { computedOn } from './config.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * Tells the user if a resumed run will not, or may not, be bit-identical to the same run without the stop; says nothing
 * of a new run.
 */
export function warnIfNotBitIdentical(run: PreparedRun, runtime: Runtime, notice: Notice): void {
  const { resumed } = run;
  if (!resumed) return;
  const now = computedOn(runtime, run);
  const { threads = now.threads, processor = now.processor, ...others } = resumed.computedOn ?? now;
  const before = { ...others, threads, processor }; // older files do not say the processor: it counts as the same
  const [wereMany, areMany] = [before.workers ?? 1, now.workers ?? 1];
  const [wasBy, isBy] = [backendOf(before), backendOf(now)];
  const [wasOn, isOn] = [processorOf(before), processorOf(now)];
  if (wasBy !== isBy) {
    notice(
      `the checkpoint was computed by ${wasBy}, but the run resumes by ${isBy}: results will not be bit-identical`,
    );
  } else if (runtime.device === 'gpu') {
    notice('a GPU adds in no fixed order: the run resumes at the same step, but results will not be bit-identical');
  } else if (wereMany !== areMany) {
    const { syncBatchNorm = true } = run.settings; // a run that has only had one process goes by whole batches
    notice(
      `the checkpoint was computed by ${workers(wereMany)}, but the run resumes with ${areMany}: ${
        syncBatchNorm
          ? 'results may differ in the last bits from those of a run without the stop'
          : 'batch norm goes by the parts of the workers, so results will differ from those of a run without the stop'
      }`,
    );
  } else if (wasOn !== isOn) {
    notice(
      `the checkpoint was computed on ${wasOn}, but the run resumes on ${isOn}: results may differ in the last bit from ` +
        'those of a run without the stop',
    );
  }
}

type ComputedOn = ReturnType<typeof computedOn>;

function backendOf({ backend, device, version, compiled }: ComputedOn): string {
  return `${backend} ${version} on the ${device}${compiled ? '' : ', op by op'}`;
}

function workers(count: number): string {
  return `${count} ${count === 1 ? 'worker' : 'workers'}`;
}

function processorOf({ threads, processor }: ComputedOn): string {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'} with ${processor}`;
}
