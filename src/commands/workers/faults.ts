/** What a launcher says of the end of its workers: whose fault it was, and the exit code of all. */
import { constants } from 'node:os';
import { ExitCode } from '../../errors.ts';
import type { End, WorkerProcess } from './worker-process.ts';

/** Whether a worker ended for a reason of its own: not because another was lost, and not by the launcher. */
function isAtFault({ code, wasEnded }: End): boolean {
  return !wasEnded && code !== ExitCode.ok && code !== ExitCode.lost;
}

/**
 * The launcher's exit code: that of the worker at fault.
 *
 * @param ends how the workers ended, in that order
 * @param press the signal by which the user stopped them; undefined if there was none
 */
export function codeOf(ends: readonly End[], [press]: readonly NodeJS.Signals[]): number {
  if (press !== undefined && ends.some(({ code }) => code !== ExitCode.ok)) return 128 + constants.signals[press];
  const atFault = ends.find(isAtFault);
  if (atFault) return atFault.code;
  return ends.some(({ code }) => code === ExitCode.lost) ? ExitCode.lost : Math.max(...ends.map(({ code }) => code));
}

/** What is said of a worker beside how it ended. */
type Said = Pick<WorkerProcess, 'kept' | 'lastLine'>;

/**
 * Lines about the end of worker 0 by a signal, and about the worker at fault, if worker 0 could not say it: one that has
 * lost another names it. Of others nothing is said, since they failed by the first one's end.
 *
 * @param ends how the workers ended, in that order
 * @param workers by rank
 */
export function faultLines(ends: readonly End[], workers: readonly Said[]): string[] {
  const first = ends.find(isAtFault);
  const leader = ends.find(({ rank }) => rank === 0);
  const leaderSaid = (code: number) => leader?.code === ExitCode.lost || leader?.code === code;
  return ends.flatMap((end) => {
    const { rank, code, signal, wasEnded } = end;
    const kept = rank === 0 && workers[0]?.kept !== undefined ? `; ${workers[0].kept}` : '';
    if (rank > 0 && end !== first) return [];
    if (signal !== undefined && !wasEnded) return [`resnet: worker ${rank} was ended by ${signal}${kept}`];
    if (rank > 0) return leaderSaid(code) ? [] : [`worker ${rank}: ${workers[rank]?.lastLine ?? `exit ${code}`}`];
    return signal === undefined ? [] : [`resnet: worker 0 stood still and was killed${kept}`];
  });
}
