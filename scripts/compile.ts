/** Compiling the two native binaries. They use Node-API only, so one binary serves every Node and no Node headers are needed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../src/errors.ts';
import { cachedFolder } from './cache.ts';
import { runCommand } from './run-command.ts';

/** A C++ compiler's command with the arguments it always gets, and the first line of its `--version`. */
export interface Compiler {
  command: readonly [string, ...string[]];
  version: string;
}

/** A shared library that Node can load. */
export interface Binary {
  /** File name without `.node`. */
  name: string;
  /** Folder of the `.cc` and `.h` files. */
  sources: string;
  /** Folders of foreign headers. */
  includes: readonly string[];
  /** Libraries to link with. */
  libraries: readonly string[];
  /** What the foreign headers and libraries are, for example versions. */
  identity: string;
}

/**
 * Finds the compiler: `CXX`, else g++, c++ or clang++.
 *
 * @throws UserError (device) where none runs
 */
export async function findCompiler(signal: AbortSignal): Promise<Compiler> {
  const own = process.env.CXX?.trim().split(/\s+/);
  for (const [program, ...args] of own?.[0] ? [own] : [['g++'], ['c++'], ['clang++']]) {
    if (program === undefined) continue;
    const result = await runCommand(program, [...args, '--version'], signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    const version = result?.stdout.split('\n')[0];
    if (result?.code === 0 && version) return { command: [program, ...args], version };
  }
  throw new UserError(
    `no C++ compiler was found (${own?.[0] ? `CXX="${process.env.CXX}" does not run` : 'looked for g++, c++ and clang++'}): install g++ or clang, or name one in CXX, and run "npm run setup".`,
    ExitCode.device,
  );
}

/** The flags that every binary is compiled with; the run path finds TensorFlow from the package's `lib/napi-v8`. */
function compilerFlags(platform: NodeJS.Platform): string[] {
  const common = ['-O2', '-fPIC', '-shared', '-std=c++17', '-fvisibility=hidden'];
  common.push('-DNAPI_VERSION=8', '-DNODE_ADDON_API_CPP_EXCEPTIONS');
  return platform === 'darwin'
    ? [...common, '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib']
    : [...common, '-Wl,-rpath,$ORIGIN/../../deps/lib'];
}

/**
 * Compiles a binary, or finds it in the cache if the same compiler made it from the same sources before.
 *
 * @returns the path of the `.node` file
 * @throws UserError (device) with the compiler's first error
 */
export async function compile(binary: Binary, compiler: Compiler, signal: AbortSignal): Promise<string> {
  const sources = readdirSync(binary.sources)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();
  const flags = compilerFlags(process.platform);
  const hash = createHash('sha256');
  hash.update(JSON.stringify([compiler, flags, binary.identity, process.platform, process.arch]));
  for (const name of sources) hash.update(name).update(readFileSync(join(binary.sources, name)));

  const file = `${binary.name}.node`;
  const folder = await cachedFolder(`binaries/${binary.name}-${hash.digest('hex').slice(0, 16)}`, async (target) => {
    const [program, ...args] = compiler.command;
    args.push(...flags, ...binary.includes.map((include) => `-I${include}`));
    args.push(...sources.filter((name) => name.endsWith('.cc')).map((name) => join(binary.sources, name)));
    args.push(...binary.libraries, '-o', join(target, file));
    const { code, stderr } = await runCommand(program, args, signal, { ...process.env, TMPDIR: target });
    if (code !== 0) {
      const reason = stderr.split('\n').find((line) => line.includes('error')) ?? stderr.trim().split('\n').at(-1);
      throw new UserError(
        `${program} could not compile ${file} (${reason}): name another compiler in CXX and run "npm run setup".`,
        ExitCode.device,
      );
    }
  });
  return join(folder, file);
}
