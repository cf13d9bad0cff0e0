/** The thread of the control connection: it beats also while the main thread records a graph or loads TensorFlow. */
import { parentPort, workerData } from 'node:worker_threads';
import { Follower } from './follower.ts';
import { Leader } from './leader.ts';
import type { Command, Event, Side, ThreadSetUp } from './thread-messages.ts';

const setUp: ThreadSetUp = workerData;
const port = parentPort;
if (port === null) throw new Error('control-thread is started as a thread');

const report = (event: Event) => port.postMessage(event);
const side: Side = setUp.rank === 0 ? new Leader(setUp, report) : new Follower(setUp, report);
port.on('message', (command: Command) => {
  side.command(command);
  if (command.type === 'close') port.close();
});
