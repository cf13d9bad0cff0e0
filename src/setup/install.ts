/**
 * Installs the native runtime: fetches, compiles, assembles and checks it. Steps whose result is cached are skipped.
 */
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../cache-folder.ts';
import { ExitCode, UserError } from '../errors.ts';
import { setUpCommand } from '../runtime/installed/advice.ts';
import { installedPackage, nativeSources } from '../runtime/installed/identity.ts';
import { requireWheels, TENSORFLOW_VERSION, tensorflowLibraries, type Wheel } from '../runtime/installed/wheels.ts';
import { assembleRuntime, writeRuntimeStatus } from './assemble.ts';
import { openCache } from './cache.ts';
import { type Binary, compile, findCompiler, isCompiled } from './compile.ts';
import { fetchWheels, wheelFolder } from './fetch.ts';
import type { Plan } from './plan.ts';
import { thisPlatform } from './platform.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';

/**
 * Carries out a plan.
 *
 * @param signal stops the work and its child processes; temporary folders are removed
 * @throws UserError (device) for everything that the user can correct; `signal.reason` after an abort
 */
export async function installRuntime(plan: Plan, progress: Progress, signal: AbortSignal): Promise<void> {
  await openCache();
  if (plan.kind === 'none') return writeRuntimeStatus({ kind: 'none' });
  const wheels = requireWheels(thisPlatform(), plan.kind);
  const binaries = describeBinaries(join(wheelFolder(wheels[0]!), 'tensorflow'), wheels[0]!);
  // Look for the compiler before the download, which is useless without one. Cached binaries need no compiler.
  const compiler = binaries.every(isCompiled) ? undefined : await findCompiler(signal);
  const folders = await fetchWheels(wheels, progress, signal);
  if (compiler) progress.step(`compiling with ${compiler[0]}`);
  const files = await Promise.all(binaries.map((binary) => compile(binary, compiler, signal)));
  const runtime = await assembleRuntime(folders, files);
  progress.step(`checking TensorFlow ${TENSORFLOW_VERSION}`);
  await check(runtime, signal);
  await writeRuntimeStatus({ kind: plan.kind, folder: basename(runtime), tensorflow: TENSORFLOW_VERSION });
}

/** The binaries of the runtime: the package's own binding, this project's two addons, and on Linux its library. */
function describeBinaries(tensorflow: string, wheel: Wheel): Binary[] {
  const headers = ['node-api-headers', 'node-addon-api'].map(installedPackage);
  const addon = {
    ending: 'node' as const,
    includes: [join(headers[0]!.folder, 'include'), headers[1]!.folder, join(tensorflow, 'include')],
    identity: [...headers.map(({ version }) => version), wheel.sha256].join(' '),
  };
  const libraries = tensorflowLibraries(process.platform).map((name) => join(tensorflow, name));
  const bindAddress: Binary = {
    name: 'bind_address',
    ending: 'so',
    sources: join(nativeSources(), 'bind_address'),
    includes: [],
    libraries: [],
    identity: '',
  };
  return [
    {
      name: 'tfjs_binding',
      sources: join(installedPackage('@tensorflow/tfjs-node-gpu').folder, 'binding'),
      libraries,
      ...addon,
    },
    { name: 'graph_session', sources: join(nativeSources(), 'graph_session'), libraries, ...addon },
    { name: 'library_load', sources: join(nativeSources(), 'library_load'), libraries: [], ...addon },
    ...(process.platform === 'linux' ? [bindAddress] : []),
  ];
}

/**
 * Loads an assembled runtime in a child process, which runs `check-runtime.ts`.
 *
 * @throws UserError (device) if TensorFlow does not run
 */
async function check(runtime: string, signal: AbortSignal): Promise<void> {
  const script = fileURLToPath(new URL('./check-runtime.js', import.meta.url));
  const { code, killedBy, stderr } = await runCommand(process.execPath, [script, runtime], signal);
  if (code === 0) return;
  const reason = stderr.split('\n').find((line) => /error/i.test(line)) ?? `it ended with ${killedBy ?? code}`;
  throw new UserError(
    `TensorFlow was installed but does not run (${reason.trim()}): remove ${cacheFolder()} and run "${setUpCommand()}" again.`,
    ExitCode.device,
  );
}
