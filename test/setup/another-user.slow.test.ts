/** A clone that one user has set up and another uses: the real tool, as a user who may not read or write everything. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { noTensorFlow } from '../faults/small-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Project } from './project.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** The user `nobody`, without a home. */
const AS_ANOTHER = ['--reuid=65534', '--regid=65534', '--clear-groups'];

/** Why these tests cannot run; undefined if they can. */
function obstacle(): string | undefined {
  if (noTensorFlow !== undefined) return noTensorFlow;
  if (process.getuid?.() !== 0) return 'only root can run a command as another user';
  const read = spawnSync('setpriv', [...AS_ANOTHER, 'ls', join(REPOSITORY, 'node_modules', '@tensorflow')]);
  return read.status === 0 ? undefined : 'this clone cannot be read by another user, or there is no setpriv';
}

const why = obstacle();
if (why !== undefined) process.stderr.write(`skipped: tests as another user: ${why}\n`);

(why === undefined ? describe : describe.skip)('a clone that root has set up', () => {
  const folder = temporaryFolder();
  const project = new Project(folder, ['wheels', 'binaries', 'dist']);
  const advice = 'set up a clone of your own \\(npm ci && npm run setup\\), or have';

  /** Runs a script of the clone as another user; returns what it wrote to standard error, and its exit code. */
  function asAnother(...words: string[]) {
    const command = [...AS_ANOTHER, process.execPath, ...words];
    const env = { ...process.env, NODE_OPTIONS: '', HOME: '/nonexistent', RESNET_CACHE: '', RESNET_RUNTIME: '' };
    const { status, stderr } = spawnSync('setpriv', command, { cwd: folder, encoding: 'utf8', env });
    return { code: status, stderr };
  }
  const start = () =>
    asAnother(join(project.root, 'bin', 'resnet.js'), 'train', '--backend', 'tensorflow', '--dry-run');

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    cpSync(join(REPOSITORY, 'bin'), join(project.root, 'bin'), { recursive: true });
    expect(await project.setUp()).toMatchObject({ code: 0 });
    chmodSync(project.cache, 0o700);
  });

  test('names the folder that is closed to another user, and what helps (exit 8)', () => {
    const { code, stderr } = start();
    expect(code).toBe(8);
    const fault = `${project.cache} is closed to this user \\(its owner is root, its mode 700\\)`;
    expect(stderr).toMatch(
      RegExp(`: its files cannot be read: ${fault}: ${advice} root run RESNET_CACHE=FOLDER npm run setup with`),
    );
  });

  test('names a closed file within the clone, and how its owner opens the clone (exit 8)', () => {
    const dist = join(project.root, 'dist');
    chmodSync(dist, 0o700);
    const { code, stderr } = start();
    chmodSync(dist, 0o755);
    expect(code).toBe(8);
    expect(stderr).toMatch(RegExp(`^resnet: ${dist}/src/cli\\.js: cannot be read by this user.*: ${advice} its owner`));
  });

  test('is set up by its owner only: another user’s set-up fetches nothing and says so (exit 5)', () => {
    const { code, stderr } = asAnother(join(project.root, 'scripts', 'setup.js'));
    expect(code).toBe(5);
    expect(stderr).toMatch(
      RegExp(`^set-up could not finish: EACCES.*; ${project.root} belongs to root: ${advice} its owner`),
    );
  });

  test('is moved by its owner to another cache, which set-up links into the package', async () => {
    const other = join(folder, 'other');
    execFileSync('cp', ['-al', project.cache, other]);
    expect(await project.setUp({ RESNET_CACHE: other })).toMatchObject({ code: 0 });
    const installed = realpathSync(join(project.root, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'lib'));
    expect(dirname(dirname(installed))).toBe(realpathSync(join(other, 'runtimes')));
  });
});
