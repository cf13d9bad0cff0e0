/** `npm run docs:flags`: writes `docs/flags.md` from the tables of flags. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { flagsPage } from './flags-page.ts';

writeFileSync(fileURLToPath(new URL('../../docs/flags.md', import.meta.url)), flagsPage()); // from dist/scripts
