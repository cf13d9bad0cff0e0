/** Serves exported files, and TensorFlow.js, to browsers of this machine. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  json: 'application/json',
  wasm: 'application/wasm',
};

/** Runs `work` with the address of a server that serves folders: the first one that has a file. */
export async function withServer<T>(folders: readonly string[], work: (address: string) => Promise<T>): Promise<T> {
  const server = createServer(async ({ url = '/' }, response) => {
    const name = normalize(new URL(url, 'http://localhost').pathname);
    for (const path of folders.map((folder) => join(folder, name))) {
      const isFile = await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
      if (!isFile) continue;
      response.setHeader('Content-Type', TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
      createReadStream(path).pipe(response);
      return;
    }
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
