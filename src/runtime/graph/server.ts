/** TensorFlow's server in this process, by which the workers of a cluster reach one another. */
import { ExitCode, UserError } from '../../errors.ts';
import { loadAddon, type SessionPlace } from './session.ts';
import { encodeServer } from './session-messages.ts';

let started: { readonly addresses: string; readonly place: SessionPlace } | undefined;

/**
 * Starts the server, once in a process: it ends with the process. It listens on all interfaces, without authentication,
 * unless the process was started with the library `bindAddress` of `RuntimeLocations`.
 *
 * @param addresses host:port of each worker's server, by rank
 * @returns where sessions run
 * @throws UserError (io) if its port is taken; Error if the process has a server of another cluster
 */
export function startServer(addresses: readonly string[], rank: number): SessionPlace {
  const wanted = JSON.stringify([addresses, rank]);
  if (started !== undefined) {
    if (started.addresses === wanted) return started.place;
    throw new Error('a process can belong to one cluster only: start another for the next');
  }
  // TensorFlow writes lines of its own about a peer that is gone, or not yet there; the error of the run says it better.
  if (process.env.RESNET_DEBUG !== '1') process.env.TF_CPP_MIN_LOG_LEVEL = '3';
  try {
    const place = { rank, target: loadAddon().startServer(encodeServer(addresses, rank)) };
    started = { addresses: wanted, place };
    return place;
  } catch (error) {
    // TensorFlow says only "Could not start gRPC server"; its reason goes to standard error.
    throw new UserError(
      `worker ${rank} cannot listen on ${addresses[rank]}: another program has the port; end it, or choose another`,
      ExitCode.io,
      { cause: error },
    );
  }
}

/** Whether this process has the server, so that a run may wait for a peer without end. */
export function hasServer(): boolean {
  return started !== undefined;
}

/**
 * Ends the process at once, even while a run hangs on another thread: `process.exit` would wait for it, without end if a
 * peer does not answer. What is in the process's output must have been written before.
 */
export function exitNow(code: number): never {
  loadAddon().exitNow(code);
  throw new Error('the process did not end');
}
