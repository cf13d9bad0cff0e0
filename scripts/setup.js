/**
 * `npm run setup`: compiles the TypeScript into dist/ and installs the native runtime, unless they are up to date. It
 * is plain JavaScript because it runs before anything is compiled.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Folders with TypeScript to compile, as in tsconfig.build.json. */
const SOURCE_FOLDERS = ['src', 'scripts', 'bench', join('test', 'image', 'surroundings')];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');
const stamp = join(output, '.fingerprint');

/**
 * Paths of all files below a folder.
 *
 * @param {string} folder
 */
function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A package of package.json that is not installed in its version, as after a pull, or without development's packages. */
function findMissingPackage() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries({ ...dependencies, ...devDependencies }).find(([name, version]) => {
    const file = join(root, 'node_modules', name, 'package.json');
    if (!existsSync(file)) return true;
    return /^\d/.test(version) && JSON.parse(readFileSync(file, 'utf8')).version !== version;
  });
}

/**
 * Hash of everything that the compiled files depend on. It covers the sources' sizes and times instead of their
 * content, because it is computed at every set-up.
 */
function fingerprintOfSources() {
  const configurations = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  const sources = SOURCE_FOLDERS.flatMap((name) => filesBelow(join(root, name))).filter((path) =>
    /\.[jt]s$/.test(path),
  );
  const hash = createHash('sha256').update(readFileSync(join(root, 'package.json'))); // it pins the compiler
  for (const path of [...configurations.map((name) => join(root, name)), ...sources].sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * Whether a process runs.
 *
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Runs the TypeScript compiler; its messages go to standard error.
 *
 * @param {string} folder folder for the compiled files
 * @param {AbortSignal} signal kills the compiler when it is aborted
 * @returns {Promise<boolean>} whether there was no error
 */
function runTsc(folder, signal) {
  return new Promise((resolve, reject) => {
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
    const args = [join(dirname(compiler), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json'), '--outDir', folder];
    // tsc is a script that starts the real compiler; in a process group of its own both can be killed.
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2], detached: true });
    const kill = () => child.pid && process.kill(-child.pid, 'SIGKILL');
    signal.addEventListener('abort', kill);
    child.on('error', reject);
    child.on('exit', (code) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else resolve(code === 0);
    });
  });
}

/**
 * Brings dist/ up to date. The files are written to a temporary folder and renamed one by one, the stamp last.
 * Therefore other processes always see whole files, and the next set-up repeats one that was killed.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} false after a type error, or without a compiler
 */
async function compileTypeScript(signal) {
  const fingerprint = fingerprintOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return true;
  const missing = findMissingPackage();
  if (missing !== undefined) {
    process.stderr.write(
      `set-up compiles TypeScript with the packages of package.json, and ${missing.join(' ')} is not here: run "npm ci", ` +
        'without --omit=dev (or, elsewhere, install the tarball of "npm run pack", which is compiled already).\n',
    );
    return false;
  }

  mkdirSync(output, { recursive: true });
  for (const name of readdirSync(output)) {
    const [, pid] = /^\.compiling-(\d+)$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(output, name), { recursive: true, force: true });
  }
  const temporary = join(output, `.compiling-${process.pid}`);
  try {
    if (!(await runTsc(temporary, signal))) return false;
    const compiled = filesBelow(temporary).map((path) => relative(temporary, path));
    for (const path of compiled) {
      mkdirSync(dirname(join(output, path)), { recursive: true });
      renameSync(join(temporary, path), join(output, path));
    }
    for (const path of SOURCE_FOLDERS.flatMap((name) => filesBelow(join(output, name)))) {
      if (!compiled.includes(relative(output, path))) rmSync(path, { force: true });
    }
    writeFileSync(join(temporary, 'stamp'), fingerprint);
    renameSync(join(temporary, 'stamp'), stamp);
    return true;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const interruption = new AbortController();
// These listeners are never removed: ora's own listener ends the process at once if it is the only one.
for (const name of signals) process.on(name, () => interruption.abort(name));

try {
  if (await compileTypeScript(interruption.signal)) {
    const runSetUp = join(output, 'src', 'commands', 'setup', 'run-set-up.js');
    const { setUpClone } = await import(pathToFileURL(runSetUp).href);
    process.exitCode = await setUpClone(interruption.signal);
  } else {
    process.exitCode = 1;
  }
} catch (error) {
  if (!interruption.signal.aborted) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    process.stderr.write(`set-up could not finish: ${error.message}\n`);
    process.exit(5);
  }
  process.exitCode = 128 + constants.signals[/** @type {NodeJS.Signals} */ (interruption.signal.reason)];
}
