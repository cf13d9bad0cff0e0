/**
 * Compiles the native binaries. They use only Node-API: one binary works with every Node, and needs no Node headers.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { setUpCommand } from '../runtime/installed/advice.ts';
import { cachedFolder } from './cache.ts';
import { runCommand } from './run-command.ts';

/** A C++ compiler: the program and the arguments that it always gets. */
type Compiler = readonly [string, ...string[]];

/** A native addon, or another shared library, to compile. */
export interface Binary {
  /** File name without its ending. */
  name: string;
  /** Ending of the file name: `node` for an addon, `so` for a library. */
  ending: 'node' | 'so';
  /** Folder of its `.cc` and `.h` files. */
  sources: string;
  /** Folders of other packages' headers. */
  includes: readonly string[];
  /** Paths of the libraries to link with. */
  libraries: readonly string[];
  /** Text that changes with the content of `includes` and `libraries`, for example their versions. */
  identity: string;
}

/**
 * Finds the C++ compiler: the command in `CXX` if it is set, otherwise the first of g++, c++ and clang++ that runs.
 *
 * @throws UserError (device) if none runs
 */
export async function findCompiler(signal: AbortSignal): Promise<Compiler> {
  const chosen = process.env.CXX?.trim().split(/\s+/);
  for (const [program, ...args] of chosen?.[0] ? [chosen] : [['g++'], ['c++'], ['clang++']]) {
    if (program === undefined) continue;
    const result = await runCommand(program, [...args, '--version'], signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    if (result?.code === 0) return [program, ...args];
  }
  throw new UserError(
    `no C++ compiler was found (${chosen?.[0] ? `CXX="${process.env.CXX}" does not run` : 'looked for g++, c++ and clang++'}): install g++ or clang, or name one in CXX, and run "${setUpCommand()}".`,
    ExitCode.device,
  );
}

/** Compiler flags of every binary. The run path leads from the package's folder `lib/napi-v8` to TensorFlow. */
function compilerFlags(platform: NodeJS.Platform): string[] {
  const common = ['-O2', '-fPIC', '-shared', '-std=c++17', '-fvisibility=hidden'];
  common.push('-DNAPI_VERSION=8', '-DNODE_ADDON_API_CPP_EXCEPTIONS');
  // A result that arrives while its worker thread ends is dropped instead of aborting the process.
  common.push('-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS');
  return platform === 'darwin'
    ? [...common, '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib']
    : // TensorFlow's library crashes when it is unloaded, which happens when the worker thread that loaded it ends.
      [...common, '-Wl,-z,nodelete', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
}

/** Whether the cache contains this binary, compiled from the same sources. */
export function isCompiled(binary: Binary): boolean {
  return existsSync(join(cacheFolder(), cacheName(binary)));
}

/**
 * Name of a binary's folder in the cache. It does not depend on the compiler, because all compilers give the same
 * program.
 */
function cacheName({ name, sources, identity }: Binary): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([compilerFlags(process.platform), identity, process.platform, process.arch]));
  for (const file of sourceFiles(sources)) hash.update(file).update(readFileSync(join(sources, file)));
  return `binaries/${name}-${hash.digest('hex').slice(0, 16)}`;
}

/** Names of a folder's C++ files, sorted. */
function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();
}

/**
 * Compiles a binary unless the cache contains it.
 *
 * @param compiler not needed if `isCompiled`
 * @returns path of the file
 * @throws UserError (device) with the compiler's first error
 */
export async function compile(binary: Binary, compiler: Compiler | undefined, signal: AbortSignal): Promise<string> {
  const file = `${binary.name}.${binary.ending}`;
  const folder = await cachedFolder(cacheName(binary), async (target) => {
    if (!compiler) throw new Error(`${file} is not in the cache, and no compiler was looked for`);
    const [program, ...args] = compiler;
    const flags = compilerFlags(process.platform);
    args.push(...flags, ...binary.includes.map((include) => `-I${include}`));
    args.push(
      ...sourceFiles(binary.sources)
        .filter((name) => name.endsWith('.cc'))
        .map((name) => join(binary.sources, name)),
    );
    args.push(...binary.libraries, '-o', join(target, file));
    const { code, stderr } = await runCommand(program, args, signal, { ...process.env, TMPDIR: target });
    if (code !== 0) {
      if (/No space left on device/.test(stderr)) {
        throw new UserError(
          `${cacheFolder()} has no room for ${file}: make some, or name a folder elsewhere in RESNET_CACHE.`,
          ExitCode.io,
        );
      }
      const reason = stderr.split('\n').find((line) => line.includes('error')) ?? stderr.trim().split('\n').at(-1);
      throw new UserError(
        `${program} could not compile ${file} (${reason}): name another compiler in CXX and run "${setUpCommand()}".`,
        ExitCode.device,
      );
    }
  });
  return join(folder, file);
}
