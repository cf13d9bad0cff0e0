/** What the exchange of gradients costs a step of several workers, from a trace of the step. */
import type { DeviceTrace, NodeTrace } from '../runtime/graph/session-messages.ts';
import { parseNodeName } from '../runtime/graph/signature.ts';

/** Cost of the exchange in a step. */
export interface Exchange {
  /** Fraction of the step in which this worker waits for a sum over all workers, and computes nothing. */
  readonly waitingFraction: number;
  /** Bytes of numbers that a worker sends: of each sum over n workers, 2(n − 1)/n of its bytes pass each of them. */
  readonly bytesSentPerStep: number;
}

/** The exchange in a traced step of this many workers. */
export function exchangeOf(trace: readonly DeviceTrace[], workers: number): Exchange {
  const nodes = trace.flatMap((device) => device.nodes);
  const sums = nodes.filter(isSum);
  const others = nodes.filter((node) => !isSum(node));
  const begin = Math.min(...nodes.map(({ start }) => start));
  const end = Math.max(...nodes.map(({ start, duration }) => start + duration));
  const bytes = sums.reduce((total, { outputBytes = 0 }) => total + outputBytes, 0);
  return {
    waitingFraction: end > begin ? (timeOfAny(nodes) - timeOfAny(others)) / (end - begin) : 0,
    bytesSentPerStep: Math.round((bytes * 2 * (workers - 1)) / workers),
  };
}

function isSum({ node }: NodeTrace): boolean {
  return parseNodeName(node)?.op.startsWith('Collective') ?? false;
}

/** Time in which at least one of the kernels runs, in microseconds. */
function timeOfAny(nodes: readonly NodeTrace[]): number {
  let time = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start, duration } of nodes.toSorted((a, b) => a.start - b.start)) {
    const end = start + duration;
    if (end <= until) continue;
    time += end - Math.max(start, until);
    until = end;
  }
  return time;
}
