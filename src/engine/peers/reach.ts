/** Waits until the servers of all workers can be reached: TensorFlow would wait for an absent one without limit. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ExitCode, UserError } from '../../errors.ts';
import type { Peers } from './peers.ts';

/** Time between two attempts. */
const RETRY_MS = 100;
/** Time after which an attempt has failed, as behind a firewall that drops packets. */
const ATTEMPT_MS = 5000;

/**
 * Connects to each worker's server once.
 *
 * @throws UserError (lost) naming the server that cannot be reached within the start limit; `lost`'s reason
 */
export async function reachAll({ rank, addresses, lost, startLimit }: Peers): Promise<void> {
  const deadline = performance.now() + startLimit * 1000;
  const failed = new AbortController(); // where one cannot be reached, the others need not be
  const ended = AbortSignal.any([lost, failed.signal]);
  const reach = async (address: string, other: number) => {
    while (other !== rank && !(await accepts(address, ended))) {
      ended.throwIfAborted();
      if (performance.now() > deadline) {
        throw new UserError(
          `worker ${rank} cannot reach the data port of worker ${other}, ${address}, within ${startLimit} s: open the ` +
            'port between the machines, or give the address by which they reach each other in --cluster',
          ExitCode.lost,
        );
      }
      await setTimeout(RETRY_MS);
    }
  };
  try {
    await Promise.all(addresses.map(reach));
  } finally {
    failed.abort();
  }
}

async function accepts(address: string, ended: AbortSignal): Promise<boolean> {
  const at = address.lastIndexOf(':');
  const socket = connect({ host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([ended, AbortSignal.timeout(ATTEMPT_MS)]) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
