/** Ports of this machine that nobody uses. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Finds ports that are free on 127.0.0.1 now; the system gives them to others that ask for any port only after all others.
 *
 * @returns different ones
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    for (const server of servers) server.close();
  }
}
