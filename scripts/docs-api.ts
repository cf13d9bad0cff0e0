/**
 * `npm run docs:api`: writes what is made from the library's tables and types: `src/api/setting-types.ts`,
 * `docs/api-reference.md` and `dist/index.d.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../src/package-folder.ts';
import { DECLARATIONS_FILE, declarations } from './api/declarations.ts';
import { SETTING_TYPES_FILE, settingTypes } from './api/setting-types.ts';

/** The page of all public names. */
const REFERENCE_FILE = 'docs/api-reference.md';

/** Where all is written, below the folder that the command line names; default: the package's own. */
const folder = process.argv[2] ?? packageFolder();

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

write(SETTING_TYPES_FILE, settingTypes());
const { types, report } = declarations();
write(DECLARATIONS_FILE, types);
const [, code = ''] = /(```ts[\s\S]*```)/.exec(report) ?? [];
write(
  REFERENCE_FILE,
  `# Every name of the library

\`npm run docs:api\` writes this page from the types, by [API Extractor](https://api-extractor.com/). [api.md](api.md) is the guide.

${code}
`,
);
