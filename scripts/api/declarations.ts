/** The library's types as one file, `dist/index.d.ts`, and the report of its public names: made by api-extractor. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, type ExtractorMessage } from '@microsoft/api-extractor';
import { packageFolder } from '../../src/package-folder.ts';

/** Where the types of the package are, as package.json says. */
export const DECLARATIONS_FILE = 'dist/index.d.ts';

/** The types of the library. */
interface Declarations {
  /** Text of `DECLARATIONS_FILE`. */
  readonly types: string;
  /** The public names with their types, as Markdown. */
  readonly report: string;
}

/** Lists that the names of a type are taken from: no user meets them. */
const LIST_NAME = /symbol "[A-Z_]+" needs/;

/**
 * Compiles the declarations of `src/index.ts`, and joins them.
 *
 * @throws Error naming what is wrong: a type that users meet and cannot import, or a name without a docstring
 */
export function declarations(): Declarations {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-declarations-'));
  try {
    compile(join(folder, 'compiled'));
    return joined(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compile(folder: string): void {
  const root = packageFolder();
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.types.json'), '--outDir', folder];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the declarations cannot be compiled:\n${stdout}`);
}

function joined(folder: string): Declarations {
  const entry = join(folder, 'compiled/src/index.d.ts');
  const types = join(folder, 'index.d.ts');
  const options = { target: 'es2022', module: 'nodenext', lib: ['es2023', 'dom'], types: [], strict: true };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: { compilerOptions: { ...options, skipLibCheck: true, noEmit: true }, files: [entry] },
      },
      apiReport: { enabled: true, reportFolder: folder, reportTempFolder: folder, reportFileName: 'resnet' },
      docModel: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: types },
      tsdocMetadata: { enabled: false },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder(), 'package.json'),
  });
  const faults: string[] = [];
  const result = Extractor.invoke(config, { localBuild: true, messageCallback: (message) => judge(message, faults) });
  if (!result.succeeded || faults.length > 0) throw new Error(`the types are not whole:\n${faults.join('\n')}`);
  return { types: readFileSync(types, 'utf8'), report: readFileSync(join(folder, 'resnet.api.md'), 'utf8') };
}

/** Takes note of what is wrong with the types; api-extractor prints nothing. */
function judge(message: ExtractorMessage, faults: string[]): void {
  message.handled = true;
  const { messageId, text, logLevel } = message;
  const isForgotten = messageId === 'ae-forgotten-export' && !LIST_NAME.test(text);
  if (isForgotten || logLevel === 'error') faults.push(text);
}
