/** The proxy of bench:network: what arrives, at which rate, after which delay. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { Link } from '../../../bench/cluster/link.ts';
import { TcpProxy } from '../../../bench/cluster/proxy.ts';

const BYTES = 2_000_000;

/** Gives `work` a socket to a server behind a proxy, which answers each connection by `answer`. */
async function throughProxy<T>(links: Links, answer: (socket: Socket) => void, work: (socket: Socket) => Promise<T>) {
  const server = createServer({ allowHalfOpen: true }, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await TcpProxy.open((server.address() as AddressInfo).port, links);
  const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
  try {
    return await work(socket);
  } finally {
    socket.destroy();
    proxy.close();
    server.close();
  }
}

type Links = Parameters<typeof TcpProxy.open>[1];

/** Everything that a socket receives until its end. */
async function received(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)); // a loop over the socket would close it at the end
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

test('passes bytes in order, no faster than its rate, and counts them', async () => {
  const links = { forth: new Link({ bitsPerSecond: 40e6 }), back: new Link() };
  const sent = Buffer.from(Uint8Array.from({ length: BYTES }, (_, index) => index % 251));
  const echo = (socket: Socket) => void socket.pipe(socket);
  const began = performance.now();
  const back = await throughProxy(links, echo, async (socket) => {
    socket.end(sent);
    return received(socket);
  });
  const seconds = (performance.now() - began) / 1000;
  expect(back.equals(sent)).toBe(true);
  expect((8 * BYTES) / seconds / 40e6).toBeLessThan(1.15); // a busy machine is slower
  expect([links.forth.bytes, links.back.bytes]).toEqual([BYTES, BYTES]);
});

test('two connections share the rate of one link', async () => {
  const links = { forth: new Link({ bitsPerSecond: 80e6 }), back: new Link() };
  const whole = (socket: Socket) => void received(socket).then(({ length }) => socket.end(String(length)));
  const began = performance.now();
  const send = (socket: Socket) => {
    socket.end(Buffer.alloc(BYTES));
    return received(socket);
  };
  const counts = await Promise.all([throughProxy(links, whole, send), throughProxy(links, whole, send)]);
  const seconds = (performance.now() - began) / 1000;
  expect(counts.map(String)).toEqual([`${BYTES}`, `${BYTES}`]);
  expect((16 * BYTES) / seconds / 80e6).toBeLessThan(1.15);
});

test('delays each direction', async () => {
  const links = { forth: new Link({ delayMs: 40 }), back: new Link({ delayMs: 20 }) };
  const echo = (socket: Socket) => void socket.pipe(socket);
  const milliseconds = await throughProxy(links, echo, async (socket) => {
    await once(socket, 'connect');
    const began = performance.now();
    socket.end('ping');
    expect(String(await received(socket))).toBe('ping');
    return performance.now() - began;
  });
  expect(milliseconds).toBeGreaterThanOrEqual(59);
  expect(milliseconds).toBeLessThan(200);
});

test('closes a connection whose target does not listen', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const proxy = await TcpProxy.open(port, { forth: new Link(), back: new Link() });
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {}); // a reset is as good
  await once(socket, 'close');
  proxy.close();
});
