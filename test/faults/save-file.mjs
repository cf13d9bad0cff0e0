/** Saves two files as one would by hand: to another name, onto the disk, and then under their own. */
import { open, rename } from 'node:fs/promises';

const [, , ...paths] = process.argv;

/** @param {string} path */
async function save(path) {
  const handle = await open(`${path}.tmp`, 'w');
  const { bytesWritten } = await handle.write(Buffer.alloc(1000, 'a'));
  await handle.writev([Buffer.alloc(300, 'b'), Buffer.alloc(100, 'c')]);
  await handle.sync();
  await handle.close();
  await rename(`${path}.tmp`, path);
  return bytesWritten;
}

try {
  process.stdout.write(`${await Promise.all(paths.map(save))}\n`);
} catch (error) {
  process.stdout.write(`${/** @type {NodeJS.ErrnoException} */ (error).code}\n`);
}
