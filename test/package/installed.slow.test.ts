/** The tarball of `npm run pack`: what is in it, what npm says when it installs it, and its commands, run from there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { BUNDLED } from '../../scripts/pack/bundled.ts';
import { filesBelow } from '../../scripts/pack/files.ts';
import { faultsOf, type Installation } from '../../scripts/pack/installation.ts';
import type { Tarball } from '../../scripts/pack/tarball.ts';
import { noTensorFlow, SMALL_RUN } from '../faults/small-run.ts';
import { digitPicture } from '../support/pictures.ts';
import { command, resnet, resnetMany } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { npx, packAndInstall, REPOSITORY } from './packed.ts';

const folder = temporaryFolder();
let tarball: Tarball;
let installation: Installation;
let paths: readonly string[];

beforeAll(async () => {
  ({ tarball, installation } = await packAndInstall(folder));
  paths = tarball.files.map(({ path }) => path);
});

/** A file of the installed package. */
const installed = (path: string) => join(installation.folder, 'node_modules', 'resnet', path);

describe('the tarball', () => {
  test('has these parts and no others', () => {
    const files = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json'];
    const folders = ['bin', 'dist', 'docs', 'models', 'node_modules', 'src'];
    const examples = existsSync(join(REPOSITORY, 'examples')) ? ['examples'] : [];
    const parts = new Set(paths.map((path) => path.split('/')[0]));
    expect([...parts].sort()).toEqual([...files, ...folders, ...examples].sort());
  });

  test('brings along these packages and no others', () => {
    const names = paths.map((path) => /^node_modules\/((@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((name) => name);
    expect([...new Set(names)].sort()).toEqual(Object.keys(BUNDLED).sort());
  });

  test('has all that is compiled of src/, and the C++ sources that set-up compiles', () => {
    const compiled = filesBelow(join(REPOSITORY, 'src')).filter((path) => path.endsWith('.ts'));
    const native = filesBelow(join(REPOSITORY, 'src/runtime/native')).filter((path) => /\.(cc|h)$/.test(path));
    expect(native).not.toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...compiled.map((path) => `dist/src/${path.replace(/\.ts$/, '.js')}`),
        ...native.map((path) => `src/runtime/native/${path}`),
        'dist/index.d.ts',
        'node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_backend.cc',
      ]),
    );
  });

  test('has no source maps, tests, links to programs, and nothing that npm would run node-gyp for', () => {
    const unwanted =
      /\.map$|\.tsbuildinfo$|[._]test\.|(^|\/)tests?\/|\.bin\/|binding\.gyp$|^dist\/(?!src\/|index\.d\.ts$)|\.fingerprint$/;
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });

  test('has no package with a script, a program or a dependency that is not there', () => {
    for (const name of Object.keys(BUNDLED)) {
      const manifest = JSON.parse(readFileSync(installed(`node_modules/${name}/package.json`), 'utf8'));
      expect(Object.keys(BUNDLED)).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies ?? {})));
      expect(manifest).not.toHaveProperty('scripts');
      expect(manifest).not.toHaveProperty('gypfile');
      expect(manifest).not.toHaveProperty('bin');
    }
  });

  test('has the licence of every package that it brings along', () => {
    const text = (name: string) =>
      filesBelow(installed(`node_modules/${name}`))
        .filter((file) => /^(licen[cs]e[^/]*|readme\.md)$/i.test(file))
        .map((file) => readFileSync(installed(`node_modules/${name}/${file}`), 'utf8'))
        .join('\n');
    const words =
      /Apache License|Permission (is hereby granted|to use)|Redistribution and use in source and binary forms/;
    expect(Object.keys(BUNDLED).filter((name) => !words.test(text(name)))).toEqual([]);
  });

  test('has every page that the README links', () => {
    const links = [...readFileSync(installed('README.md'), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)];
    expect(links.map(([, path = '']) => path).filter((path) => !existsSync(installed(path)))).toEqual([]);
  });

  test('is private still, and names no folder and no tool of the clone', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'resnet', private: true });
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(JSON.stringify(manifest.dependencies)).not.toContain('file:');
  });
});

describe('npm install of the tarball into an empty folder', () => {
  test('warns of nothing, and stays below the limits of packages and bytes', () => {
    expect(faultsOf(installation)).toEqual([]);
    expect(installation.log).toMatch(/^added \d+ packages in \S+$/);
  });

  test('runs no script of any package, so that it works where npm blocks those', () => {
    const modules = join(installation.folder, 'node_modules');
    const inPackages = (name: string) => {
      const ofPackage = RegExp(`(^|/node_modules/)(@[^/]+/)?[^/@][^/]*/${name}$`);
      return filesBelow(modules).filter((path) => ofPackage.test(path));
    };
    const runByNpm = ['preinstall', 'install', 'postinstall'];
    const scriptsOf = (path: string) =>
      Object.keys(JSON.parse(readFileSync(join(modules, path), 'utf8')).scripts ?? {});
    const manifests = inPackages('package.json');
    expect(manifests.length).toBeGreaterThanOrEqual(installation.packages);
    expect(manifests.filter((path) => scriptsOf(path).some((name) => runByNpm.includes(name)))).toEqual([]);
    expect(inPackages('binding.gyp')).toEqual([]); // for which npm would run node-gyp
  });

  test('gives a tool that npx finds and that prints what the clone’s prints', async () => {
    const { code, stdout, stderr } = await npx(installation.folder, ['summary']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe((await resnet(['summary'])).stdout);
  });

  test('gives a tool that trains on WebAssembly, without any set-up', async () => {
    const run = await npx(installation.folder, [...SMALL_RUN, '--backend', 'wasm', '--dry-run']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/dry run: validation loss/);
  });
});

describe('the library of the installed tool', () => {
  const program = "import { summary, UserError } from 'resnet';\nconst found: number = summary().parameters;\n";

  test('has types that a strict project compiles with, without the types of any other package', async () => {
    const cwd = installation.folder;
    writeFileSync(join(cwd, 'program.mts'), `${program}console.log(found > 0 && UserError.name);\n`);
    const tsc = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', '--lib', 'es2023,dom'];
    expect(await command([process.execPath, tsc, ...options, 'program.mts'], {}, cwd)).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await command([process.execPath, 'program.mjs'], {}, cwd)).toMatchObject({ code: 0, stdout: 'UserError\n' });
  });
});

const withTensorFlow = noTensorFlow === undefined ? describe : describe.skip;

withTensorFlow('a run on TensorFlow by the installed tool', () => {
  const use = (...words: string[]) => npx(installation.folder, words);

  beforeAll(async () => {
    // Sets TensorFlow up where this machine never did: what that prints on standard error is test/setup/'s subject.
    const train = await use(...SMALL_RUN, '--backend', 'tensorflow');
    expect(train).toMatchObject({ code: 0 });
    expect(train.stdout).toMatch(/test it: npx resnet eval/);
  });

  test('is evaluated', async () => {
    const { code, stdout, stderr } = await use('eval', '--backend', 'tensorflow', '--limit-test', '500');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/TEST_ACC = [\d.]+%/);
  });

  test('is not needed to evaluate: the model in the box is used where there is no run', async () => {
    const nowhere = join(installation.folder, 'nowhere');
    mkdirSync(nowhere);
    const { code, stdout } = await npx(nowhere, ['eval', '--backend', 'tensorflow', '--limit-test', '1000']);
    expect(code).toBe(0);
    expect(Number(/TEST_ACC = ([\d.]+)%/.exec(stdout)?.[1])).toBeGreaterThan(99);
  });

  test('is verified, reported with its charts, drawn, and exported in every format', async () => {
    const cwd = installation.folder;
    await (await digitPicture(0)).png().toFile(join(cwd, 'digit.png'));
    const formats = ['pth', 'safetensors', 'saved-model', 'tfjs', 'onnx'];
    const lines = [
      ['verify'],
      ['report', '--out', 'page', '--limit-test', '500'],
      ['predict', 'digit.png', '--show', 'seen'],
      ...formats.map((format) => ['export', '--format', format, '--out', `as-${format}`]),
    ];
    const attempts = await resnetMany(lines, cwd, installed('.'));
    expect(attempts.filter(({ code }) => code !== 0)).toEqual([]);
    expect(readdirSync(join(cwd, 'page'))).toEqual(['confusion.png', 'curves.png', 'report.html']);
    expect(readdirSync(join(cwd, 'seen'))).toEqual(['digit-seen.png']);
    expect(readdirSync(cwd)).toEqual(expect.arrayContaining(formats.map((format) => `as-${format}`)));
  });
});
