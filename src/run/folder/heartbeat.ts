/** The heartbeat of a lock: its file's time, which other machines and containers can see. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** How often a holder renews its lock. */
const HEARTBEAT_INTERVAL_MS = 5_000;

/** After how long without a heartbeat a holder is taken for dead. File systems with times of 2 s are well within it. */
export const SILENCE_MS = 60_000;

/** A heartbeat, which goes on until it is stopped, the lock is another's, or the process ends. */
export interface Heartbeat {
  stop(): Promise<void>;
}

/**
 * Starts the heartbeat of a lock, on a thread of its own: the main thread stands still while TensorFlow is loaded and
 * while it computes. To start the thread takes 5 ms; it needs 9 MB.
 *
 * @param text the lock's text; when the file has another, the heartbeat ends
 */
export function startHeartbeat(path: string, text: string, interval: number = HEARTBEAT_INTERVAL_MS): Heartbeat {
  const program = fileURLToPath(new URL('./heartbeat-worker.js', import.meta.url));
  const worker = new Worker(program, { workerData: { path, text, interval } });
  worker.unref();
  // A thread that cannot run is no reason to end: processes of this container still see that the holder lives. If
  // another takes the lock, the holder finds out before its next write.
  worker.on('error', () => {});
  return {
    async stop() {
      await worker.terminate();
    },
  };
}
