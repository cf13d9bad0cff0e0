/**
 * The thread of a lock's heartbeat (`heartbeat.ts`). Plain JavaScript, because a thread is started from a file: tests
 * start it from here, the tool from the copy in dist/.
 */
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** @type {{ path: string, text: string, interval: number }} */
const { path, text, interval } = workerData;

// Opened once, while the lock is surely this process's: whatever has its name later, only this file is written to.
const descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);

/** What the lock says now. It is opened anew, which makes NFS ask the server; a named pipe there is not waited for. */
function textNow() {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

const timer = setInterval(() => {
  try {
    if (textNow() !== text) return clearInterval(timer); // taken by another: the thread ends
    // The byte that is there already. By `utimes` the file would get this machine's time instead of the file system's.
    // Synced, because NFS would send the byte only when the file is closed.
    writeSync(descriptor, text.slice(0, 1), 0);
    fdatasyncSync(descriptor);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ESTALE') clearInterval(timer); // removed; any other error may pass
  }
}, interval);
