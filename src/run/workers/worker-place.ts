/** Which of the workers that train a run this process is. */
import type { MemoryNeed } from '../../memory/check.ts';

/** A process's place among the workers of a run. */
export interface WorkerPlace {
  /** From 0. Worker 0 alone has the run's folder and writes. */
  readonly rank: number;
  /** Number of workers. */
  readonly count: number;
  /** Number of workers that share this machine's memory, this process included. */
  readonly here: number;
}

/** The place of a process that trains alone. */
export const ALONE: WorkerPlace = { rank: 0, count: 1, here: 1 };

/** Whether another worker writes the run's files. */
export function isFollower({ rank }: WorkerPlace): boolean {
  return rank > 0;
}

/** What all workers of this machine need, each for its part of a batch, of what one process needs for a batch. */
export function sharedNeed(need: MemoryNeed, { count, here }: WorkerPlace): MemoryNeed {
  return { ...need, peak: (batch) => here * need.peak(Math.ceil(batch / count)) };
}
