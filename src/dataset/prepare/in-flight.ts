/** Runs a task for each of many indices, several at the same time. */

/** Threads that decode: see bin/thread-pool.js, and Node's default. */
const THREADS = Number(process.env.UV_THREADPOOL_SIZE) || 4;

/** Tasks at the same time: more than the threads that decode, so that none of them waits. */
const IN_FLIGHT = Math.max(8, 2 * THREADS);

/**
 * Runs a task for each index from 0 on, several at the same time, begun in order. If tasks fail, no more are begun, and
 * the error of the smallest index is thrown once those that run have ended.
 *
 * @throws what a task throws, or the signal's reason
 */
export async function forEachIndex(
  count: number,
  task: (index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const failures = new Map<number, unknown>();
  let next = 0;
  const worker = async () => {
    while (next < count && failures.size === 0 && !signal?.aborted) {
      const index = next++;
      await task(index).catch((error: unknown) => failures.set(index, error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, IN_FLIGHT) }, worker));
  signal?.throwIfAborted();
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}
