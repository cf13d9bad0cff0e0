/** The tarball, installed in other ways than into an empty folder. It takes minutes; RESNET_LONG=1 does it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { installTarball } from '../../scripts/pack/installation.ts';
import { npm } from '../../scripts/pack/npm.ts';
import { makeTarball } from '../../scripts/pack/tarball.ts';
import { noTensorFlow } from '../faults/small-run.ts';
import { command } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FROM_CACHE, NEVER, npx, REPOSITORY } from './packed.ts';

const why = process.env.RESNET_LONG === '1' ? noTensorFlow : 'they take minutes; RESNET_LONG=1 does them';
if (why !== undefined) process.stderr.write(`skipped: tests of other installations: ${why}\n`);

/** A run of one step. */
const DRY_RUN = ['train', '--dry-run', '--width', '4', '--backend', 'tensorflow', '--yes'];
const TENSORFLOW = 'backend tensorflow: TensorFlow 2.21.0';
const MINUTES = 60_000;

(why === undefined ? describe : describe.skip)('the tarball, installed elsewhere', () => {
  const folder = temporaryFolder();
  let tarball: string;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    tarball = (await makeTarball(REPOSITORY, folder, NEVER)).path;
  });

  test(
    'works in a folder with blanks, with a cache in another',
    async () => {
      const target = join(folder, 'a folder with blanks');
      mkdirSync(target);
      await installTarball(tarball, target, NEVER, FROM_CACHE);
      const run = await npx(target, DRY_RUN, { RESNET_CACHE: join(folder, 'a cache with blanks') });
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(TENSORFLOW) });
    },
    10 * MINUTES,
  );

  test(
    'works where npm installs it for all folders, and its hints call it by its name',
    async () => {
      const prefix = join(folder, 'all');
      const everywhere = ['--global', '--prefix', prefix];
      const install = await npm(['install', ...FROM_CACHE, ...everywhere, tarball], folder, NEVER);
      expect(install).toMatchObject({ code: 0, stderr: '' });
      const path = `${join(prefix, 'bin')}:${process.env.PATH}`;
      const at = (words: string[]) => command(['resnet', ...words], { PATH: path }, folder);
      expect(await at(DRY_RUN)).toMatchObject({ code: 0, stdout: expect.stringContaining(TENSORFLOW) });
      expect((await at(['verify', '--frm', 'x'])).stderr).toMatch(/; see resnet verify --help/);
      expect((await npm(['uninstall', ...everywhere, 'resnet'], folder, NEVER)).code).toBe(0);
      expect(existsSync(join(prefix, 'lib', 'node_modules', 'resnet'))).toBe(false);
    },
    10 * MINUTES,
  );

  const asRoot = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

  (asRoot ? test : test.skip)(
    'works for another user, who may only read it',
    async () => {
      const target = join(folder, 'of root');
      mkdirSync(target);
      await installTarball(tarball, target, NEVER, FROM_CACHE);
      execFileSync('chmod', ['-R', 'a+rX,go-w', target]);
      const home = join(folder, 'home');
      mkdirSync(home);
      chownSync(home, 65534, 65534);
      const env = { HOME: home, XDG_CACHE_HOME: '', RESNET_CACHE: '', RESNET_RUNTIME: '' };
      const words = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath];
      const tool = join(target, 'node_modules', 'resnet', 'bin', 'resnet.js');
      const start = () => command([...words, tool, ...DRY_RUN], env, home);
      expect(await start()).toMatchObject({ code: 0, stdout: expect.stringContaining(TENSORFLOW) });
      expect(await start()).toMatchObject({ code: 0, stderr: '' });
      expect(existsSync(join(home, '.cache', 'resnet'))).toBe(true);
    },
    15 * MINUTES,
  );

  test(
    'is made by a clone too, which says in a line that it needs the packages for development',
    async () => {
      const clone = join(folder, 'clone');
      const files = execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' }).split('\0');
      for (const path of files.filter((name) => name !== '')) cpSync(join(REPOSITORY, path), join(clone, path));
      expect((await npm(['ci', '--omit=dev', ...FROM_CACHE], clone, NEVER)).code).toBe(0);
      const without = await npm(['run', '--silent', 'setup'], clone, NEVER);
      expect(without).toMatchObject({ code: 1, stdout: '' });
      expect(without.stderr).toMatch(
        /^set-up compiles TypeScript with the packages of package\.json, and \S+ \S+ is not here: run "npm ci"/,
      );
      expect((await npm(['ci', ...FROM_CACHE], clone, NEVER)).code).toBe(0);
      const made = await npm(['run', '--silent', 'pack', '--', folder, '--json'], clone, NEVER);
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(made.stdout)).toMatchObject({ path: tarball });
      expect(await npx(clone, DRY_RUN)).toMatchObject({ code: 0, stdout: expect.stringContaining(TENSORFLOW) });
    },
    15 * MINUTES,
  );

  test('is not made by a bare npm pack, whose message names the command', async () => {
    const { code, stderr } = await npm(['pack'], REPOSITORY, NEVER);
    expect(code).not.toBe(0);
    expect(stderr).toContain('use_npm_run_pack');
  });
});
