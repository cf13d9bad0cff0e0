/** A tool that root has installed, used by another user: the real tool, as one who may not read or write everything. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../../src/cache-folder.ts';
import { noTensorFlow } from '../faults/small-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Project } from './project.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** The user `nobody`, without a home. */
const NOBODY = 65534;
const AS_ANOTHER = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
/** What keeps pip from the network. */
const OFFLINE = { PIP_NO_INDEX: '1', PIP_CONFIG_FILE: '/dev/null' };

/** Why these tests cannot run; undefined if they can. */
function obstacle(): string | undefined {
  if (noTensorFlow !== undefined) return noTensorFlow;
  if (process.getuid?.() !== 0) return 'only root can run a command as another user';
  const read = spawnSync('setpriv', [...AS_ANOTHER, 'ls', join(REPOSITORY, 'node_modules', '@tensorflow')]);
  return read.status === 0 ? undefined : 'this clone cannot be read by another user, or there is no setpriv';
}

const why = obstacle();
if (why !== undefined) process.stderr.write(`skipped: tests as another user: ${why}\n`);

/** Copies a part of the real cache, by links to its files where the disk is the same: they are hundreds of megabytes. */
function copyPart(name: string, cache: string): void {
  mkdirSync(cache, { recursive: true });
  const from = realpathSync(join(cacheFolder(), name));
  const linked = spawnSync('cp', ['-rl', from, join(cache, name)]).status === 0;
  if (!linked) execFileSync('cp', ['-rf', from, cache]);
}

(why === undefined ? describe : describe.skip)('a tool that root has installed', () => {
  const folder = temporaryFolder();
  const project = new Project(folder, ['dist']);
  const tool = join(project.root, 'bin', 'resnet.js');
  const own = join(folder, 'own-cache');

  /** Runs the tool as another user; returns what it wrote to standard error, and its exit code. */
  function asAnother(environment: NodeJS.ProcessEnv, ...words: string[]) {
    const command = [...AS_ANOTHER, process.execPath, tool, ...words];
    const env = { ...process.env, NODE_OPTIONS: '', HOME: '/nonexistent', RESNET_CACHE: '', RESNET_RUNTIME: '' };
    const options = { cwd: folder, encoding: 'utf8', env: { ...env, ...OFFLINE, ...environment } } as const;
    const { status, stdout, stderr } = spawnSync('setpriv', command, options);
    return { code: status, stdout, stderr };
  }
  const start = (environment: NodeJS.ProcessEnv, backend: string) =>
    asAnother(environment, 'train', '--backend', backend, '--dry-run', '--width', '4');

  beforeAll(() => {
    chmodSync(folder, 0o755);
    cpSync(join(REPOSITORY, 'bin'), join(project.root, 'bin'), { recursive: true });
    for (const part of ['wheels', 'binaries']) copyPart(part, own);
    chownSync(own, NOBODY, NOBODY);
  });

  test('sets TensorFlow up in the cache of another user at the first use, and says nothing at the second', () => {
    const environment = { RESNET_CACHE: own };
    const [first, second] = [start(environment, 'tensorflow'), start(environment, 'tensorflow')];
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('checking TensorFlow 2.21.0\n') });
    expect(first.stdout).toContain('backend tensorflow: TensorFlow 2.21.0, device cpu\n');
    expect(second).toMatchObject({ code: 0, stderr: '' });
  });

  test('names the folder of a cache that is closed to another user, and what helps (exit 8)', () => {
    chownSync(own, 0, 0);
    chmodSync(own, 0o700);
    const { code, stderr } = start({ RESNET_CACHE: own }, 'tensorflow');
    expect(code).toBe(8);
    const fault = `${own} is closed to this user \\(its owner is root, its mode 700\\)`;
    const advice = `name a cache of your own in RESNET_CACHE, or have root run chmod -R a\\+rX ${own}`;
    expect(stderr).toMatch(RegExp(`: its files cannot be read: ${fault}: ${advice}\n$`));
  });

  test('needs another cache where the user’s own cannot be made (exit 5), unless WebAssembly will do', () => {
    const refused =
      /^the cache \/nonexistent\/\.cache\/resnet takes no files \(\w+\): name another folder in RESNET_CACHE\.$/m;
    const { code, stderr } = start({}, 'tensorflow');
    expect({ code, refused: refused.test(stderr.replace(/^resnet: /, '')) }).toEqual({ code: 5, refused: true });
    const portable = start({}, 'auto');
    expect(portable.code).toBe(0);
    expect(portable.stderr.replaceAll('resnet: ', '')).toMatch(refused);
    expect(portable.stdout).toContain('backend wasm');
  });

  test('names a closed file of its own, and how its owner opens it (exit 8)', () => {
    const dist = join(project.root, 'dist');
    chmodSync(dist, 0o700);
    const { code, stderr } = start({}, 'auto');
    chmodSync(dist, 0o755);
    expect(code).toBe(8);
    expect(stderr).toMatch(RegExp(`^resnet: ${dist}/src/cli\\.js: cannot be read by this user.*have its owner run`));
  });
});
