/** `npm run setup`, stopped by Ctrl-C or killed. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from '@jest/globals';
import { testWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Project } from './project.ts';

const PRESS_CTRL_C = fileURLToPath(new URL('../support/press-ctrl-c.py', import.meta.url));
const COMPILING = 'compiling';

/** Removes one of our own binaries from a cache, the quickest to compile; its name there ends in a hash. */
function forgetBinary(cache: string): void {
  const binaries = join(cache, 'binaries');
  for (const name of readdirSync(binaries)) if (name.startsWith('library_load-')) rmSync(join(binaries, name));
}

/** Command lines of the processes that name a path. */
function processesAt(path: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(path));
}

describe('npm run setup, interrupted while it compiles,', () => {
  const project = new Project(temporaryFolder(), ['wheels', 'binaries', 'dist']);
  const environment = { RESNET_RUNTIME: 'cpu' };
  forgetBinary(project.cache);

  testWithTensorFlow('ends with its compilers on Ctrl-C (exit 130) and leaves nothing behind', async () => {
    const env = { ...process.env, ...environment, RESNET_CACHE: project.cache, NODE_OPTIONS: '' };
    const setUp = [process.execPath, join(project.root, 'scripts', 'setup.js')];
    const child = spawn('python3', [PRESS_CTRL_C, COMPILING, ...setUp], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(processesAt(project.cache)).toEqual([]);
    expect(project.leftovers()).toEqual([]);
    expect(project.status()).toBeUndefined();
  });

  testWithTensorFlow('is completed after SIGKILL by two set-ups at once', async () => {
    const killed = project.start(environment);
    for await (const text of killed.stderr!) if (String(text).includes(COMPILING)) killed.kill('SIGKILL');
    expect(project.status()).toBeUndefined();

    const both = await Promise.all([project.setUp(environment), project.setUp(environment)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(project.status()).toMatchObject({ kind: 'cpu', tensorflow: '2.21.0' });
    expect(await project.setUp(environment)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
