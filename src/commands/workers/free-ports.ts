/** Ports of this machine that nobody uses. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * The ports to choose from, to below `end`: below those that Linux, macOS and Windows give to connections that ask for any.
 * Between the choice and the use of a port seconds pass, in which another connection could be given it.
 */
const CHOICE = { first: 15_000, end: 32_000 };

/** Attempts for each port. */
const ATTEMPTS = 100;

/**
 * Finds ports that are free on 127.0.0.1 now.
 *
 * @returns different ones
 * @throws Error with the system's reason if there are not enough
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  const ports: number[] = [];
  try {
    for (let left = count * ATTEMPTS; ports.length < count; left--) {
      const port = randomInt(CHOICE.first, CHOICE.end);
      const server = createServer().listen(port, '127.0.0.1');
      try {
        await once(server, 'listening');
      } catch (error) {
        if (left > 0) continue;
        throw error;
      }
      servers.push(server);
      ports.push(port);
    }
    return ports;
  } finally {
    for (const server of servers) server.close();
  }
}
