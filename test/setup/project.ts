/** A throwaway project that runs the real set-up: copies of the sources, a link to the installed packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../src/cache-folder.ts';
import type { RuntimeStatus } from '../../src/runtime/installed/locations.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** Folders with TypeScript that the set-up compiles. */
const COMPILED = ['scripts', 'src', 'bench', join('test', 'image', 'surroundings')];

/** How a set-up ended and what it printed. */
interface SetUpResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class Project {
  readonly root: string;
  readonly cache: string;

  /**
   * @param folder an empty folder
   * @param cached what the project begins with: parts of the real cache, as links in its own, and the compiled TypeScript
   */
  constructor(folder: string, cached: readonly ('wheels' | 'binaries' | 'dist')[]) {
    this.root = join(folder, 'project');
    this.cache = join(folder, 'cache');
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', ...COMPILED]) {
      cpSync(join(REPOSITORY, name), join(this.root, name), { recursive: true, preserveTimestamps: true });
    }
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.root, 'node_modules'));
    const parts = cached.filter((part) => part !== 'dist');
    cacheWith(this.cache, parts);
    if (parts.length < cached.length) cpSync(join(REPOSITORY, 'dist'), join(this.root, 'dist'), { recursive: true });
  }

  /** Starts `npm run setup`, as it is without npm. */
  start(environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const env = { ...process.env, RESNET_RUNTIME: '', RESNET_CACHE: this.cache, NODE_OPTIONS: '', ...environment };
    return spawn(process.execPath, [join(this.root, 'scripts', 'setup.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs `npm run setup` to its end. */
  setUp(environment?: NodeJS.ProcessEnv): Promise<SetUpResult> {
    const child = this.start(environment);
    const result: SetUpResult = { code: null, stdout: '', stderr: '' };
    child.stdout?.on('data', (text) => {
      result.stdout += text;
    });
    child.stderr?.on('data', (text) => {
      result.stderr += text;
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ ...result, code }));
    });
  }

  /** The status that set-up wrote for the tool. */
  status(): RuntimeStatus | undefined {
    const folder = join(this.cache, 'runtimes');
    const [file] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return file === undefined ? undefined : JSON.parse(readFileSync(join(folder, file), 'utf8'));
  }

  /** Temporary files and folders that set-ups have left behind. */
  leftovers(): string[] {
    const temporary = join(this.cache, 'tmp');
    const inDist = readdirSync(join(this.root, 'dist')).filter((name) => name.startsWith('.compiling'));
    return [...(existsSync(temporary) ? readdirSync(temporary) : []), ...inDist];
  }
}

/**
 * Makes a cache of parts of the real one.
 *
 * @returns its folder
 */
export function cacheWith(cache: string, parts: readonly ('wheels' | 'binaries')[]): string {
  for (const part of parts) linkEach(join(cacheFolder(), part), join(cache, part));
  return cache;
}

function linkEach(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(to, name));
}
