/** Ends the process of a worker that has lost another: a native call may wait for the lost one for ever. */
import { exitNow, hasServer } from '../../runtime/graph/server.ts';

/** Longest wait for a reader of the output (ms). */
const FLUSH_MS = 1000;

/** Ends the process after its output is written. `process.exit` would wait for the call, if there can be one. */
export async function endProcess(code: number): Promise<void> {
  const streams = [process.stdout, process.stderr];
  const written = streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
  await Promise.race([Promise.all(written), late]);
  process.emit('exit', code); // releases locks
  if (hasServer()) exitNow(code);
  process.exit(code);
}
