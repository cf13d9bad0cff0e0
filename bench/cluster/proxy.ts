/** A TCP proxy in user space, whose connections pass over links with a rate and a delay. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Link } from './link.ts';

/** The two directions between who connects and who listens. */
export interface Links {
  /** From who connects. */
  readonly forth: Link;
  /** To who connects. */
  readonly back: Link;
}

/** A proxy that listens on a port of 127.0.0.1. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /**
   * Listens on a free port, and passes each connection on. Where nothing listens at the target, the connection is
   * closed, so that who connects tries again.
   *
   * @param targetPort port of 127.0.0.1
   * @param links may be shared with other proxies
   */
  static async open(targetPort: number, { forth, back }: Links): Promise<TcpProxy> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true });
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => other.destroy()); // an end without an error passes over the link, after the data
        socket.on('close', () => sockets.delete(socket));
      }
      pass(near, far, forth);
      pass(far, near, back);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, sockets);
  }

  /** Ends all connections, and listens no more. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Passes what a socket receives over a link to another, and its end too; the socket waits while the link is full. */
function pass(from: Socket, to: Socket, link: Link): void {
  const resume = () => from.resume();
  from.on('data', (data: Buffer) => {
    const room = link.send(
      data.length,
      () => {
        if (!to.destroyed) to.write(data);
      },
      resume,
    );
    if (!room) from.pause();
  });
  from.on('end', () => link.send(0, () => to.end(), resume));
}
