/** Second part of `npm run lock`: removes the addresses that npm writes into the lockfile, so that it names no host. */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  if (!entry.link) delete entry.resolved; // a link’s is the folder in this project
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
