/** A throwaway project that runs the real set-up: copies of the sources, links to the installed packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../src/cache-folder.ts';
import type { RuntimeStatus } from '../../src/runtime/installed/locations.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** Folders with TypeScript that the set-up compiles. */
const COMPILED = ['scripts', 'src', 'bench', join('test', 'image', 'surroundings')];
const NATIVE_PACKAGE = join('node_modules', '@tensorflow', 'tfjs-node-gpu');

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
    linkPackages(this.root);
    for (const part of cached) {
      if (part === 'dist') cpSync(join(REPOSITORY, part), join(this.root, part), { recursive: true });
      else linkEach(join(cacheFolder(), part), join(this.cache, part));
    }
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
  status(): Omit<RuntimeStatus, 'fingerprint'> | undefined {
    const file = join(this.root, NATIVE_PACKAGE, 'resnet-runtime.json');
    if (!existsSync(file)) return undefined;
    const { fingerprint: _, ...status } = JSON.parse(readFileSync(file, 'utf8')) as RuntimeStatus;
    return status;
  }

  /** Removes from the package what set-up put there, as `npm ci` does. */
  reinstallPackages(): void {
    rmSync(join(this.root, 'node_modules'), { recursive: true });
    linkPackages(this.root);
  }

  /** Temporary files and folders that set-ups have left behind. */
  leftovers(): string[] {
    const temporary = join(this.cache, 'tmp');
    const inDist = readdirSync(join(this.root, 'dist')).filter((name) => name.startsWith('.compiling'));
    return [...(existsSync(temporary) ? readdirSync(temporary) : []), ...inDist];
  }
}

/** Links to all packages, but a copy of the one that set-up changes. */
function linkPackages(root: string): void {
  const installed = join(REPOSITORY, 'node_modules');
  const own = join(root, 'node_modules');
  linkEach(installed, own, '@tensorflow');
  linkEach(join(installed, '@tensorflow'), join(own, '@tensorflow'), 'tfjs-node-gpu');
  for (const name of ['package.json', 'binding', 'dist']) {
    cpSync(join(REPOSITORY, NATIVE_PACKAGE, name), join(root, NATIVE_PACKAGE, name), { recursive: true });
  }
}

function linkEach(from: string, to: string, except?: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (name !== except) symlinkSync(join(from, name), join(to, name));
}
