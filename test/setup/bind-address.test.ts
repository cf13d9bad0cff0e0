/** The library `bind_address`: a server that would listen on all interfaces listens on one address. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { runtimeLocations } from '../../src/runtime/installed/locations.ts';

/** Addresses of this machine that other machines can reach. */
const outer = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
  .map(({ address }) => address);

/** Starts a server on a port of its own in a process with the library, and asks for it at addresses. */
async function answers(host: string, addresses: readonly string[], environment: NodeJS.ProcessEnv): Promise<string[]> {
  const script = `
    const server = require('net').createServer((socket) => socket.end());
    server.listen(0, ${JSON.stringify(host)}, () => console.log(server.address().port));`;
  const env = { ...process.env, LD_PRELOAD: runtimeLocations().bindAddress, ...environment };
  const child = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = await once(child.stdout, 'data');
    return await Promise.all(addresses.map((address) => answer(Number(port), address)));
  } finally {
    child.kill();
  }
}

function answer(port: number, host: string): Promise<string> {
  const socket = connect({ port, host });
  return new Promise((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
    socket.on('connect', () => socket.destroy());
  });
}

const describeOnLinux =
  process.platform === 'linux' && process.env.RESNET_RUNTIME !== 'none' ? describe : describe.skip;

describeOnLinux('a server on all interfaces, with RESNET_BIND_ADDRESS=127.0.0.1', () => {
  const environment = { RESNET_BIND_ADDRESS: '127.0.0.1' };

  test.each(['0.0.0.0', '::'])('(%s) is reached at 127.0.0.1 and not at 127.0.0.2', async (host) => {
    expect(await answers(host, ['127.0.0.1', '127.0.0.2'], environment)).toEqual(['connected', 'ECONNREFUSED']);
  });

  const name = "is not reached at the machine's other addresses";
  if (outer.length === 0) test.skip(`${name} (left out: it has no other)`, () => {});
  else {
    test(name, async () => {
      expect(await answers('::', ['127.0.0.1', ...outer], environment)).toEqual([
        'connected',
        ...outer.map(() => 'ECONNREFUSED'),
      ]);
    });
  }
});

describeOnLinux('the library bind_address', () => {
  test('leaves a server on another address alone', async () => {
    const reached = await answers('127.0.0.2', ['127.0.0.1', '127.0.0.2'], { RESNET_BIND_ADDRESS: '127.0.0.1' });
    expect(reached).toEqual(['ECONNREFUSED', 'connected']);
  });

  test.each(['', 'no address'])('changes nothing with RESNET_BIND_ADDRESS=%p', async (text) => {
    const reached = await answers('0.0.0.0', ['127.0.0.1', '127.0.0.2'], { RESNET_BIND_ADDRESS: text });
    expect(reached).toEqual(['connected', 'connected']);
  });
});
