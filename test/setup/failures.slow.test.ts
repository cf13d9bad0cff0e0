/** `npm run setup` on a machine on which it cannot install a runtime. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { testWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Project } from './project.ts';

const folder = temporaryFolder();
const project = new Project(folder, ['dist']);
beforeAll(() => project.setUp({ RESNET_RUNTIME: 'none' }));

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const compiler = execFileSync('sh', ['-c', 'command -v g++ || command -v c++'], { encoding: 'utf8' }).trim();

/** A folder for PATH with only the given programs: a link to a file, or a script. */
function programs(name: string, links: Record<string, string>, scripts: Record<string, string> = {}): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [program, target] of Object.entries(links)) symlinkSync(target, join(bin, program));
  for (const [program, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

const offline = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: '/dev/null' };

const cases: [string, NodeJS.ProcessEnv, RegExp][] = [
  [
    'no Python',
    { PATH: programs('no-python', { 'g++': compiler }) },
    /^python3 was not found: install Python 3 with pip/,
  ],
  [
    'a Python without pip',
    // -S leaves out site-packages, where pip lives.
    { PATH: programs('no-pip', { 'g++': compiler }, { python3: `exec ${python} -S "$@"` }) },
    /^python3 has no pip: install it/,
  ],
  [
    'no compiler',
    { PATH: programs('no-compiler', { python3: python }), CXX: '' },
    /^no C\+\+ compiler was found.*install g\+\+/,
  ],
  ['a compiler in CXX that does not run', { CXX: 'no-such-compiler' }, /CXX="no-such-compiler" does not run/],
  ['no network', offline, /^pip could not fetch tensorflow\S* 2\.21\.0 \(.*\): check the network/],
];

describe.each(cases)('npm run setup with %s', (_, environment, message) => {
  test('says in one line what to do, and that the tool runs on the portable backend', async () => {
    const { code, stdout, stderr } = await project.setUp(environment);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const line = stderr.trimEnd().split('\n').at(-1);
    expect(line).toMatch(message);
    expect(line).toMatch(/the tool runs on the portable WebAssembly backend\.$/);
    expect(project.status()).toMatchObject({ kind: 'none', reason: expect.stringMatching(message) });
    expect(project.leftovers()).toEqual([]);
  });

  test('fails where RESNET_RUNTIME names a runtime (exit 8)', async () => {
    const { code, stderr } = await project.setUp({ ...environment, RESNET_RUNTIME: 'cpu' });
    expect(code).toBe(8);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(message);
  });
});

test('npm run setup refuses an unknown RESNET_RUNTIME (exit 2)', async () => {
  expect(await project.setUp({ RESNET_RUNTIME: 'tpu' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'RESNET_RUNTIME="tpu" is not a runtime: choose cpu, gpu or none.\n',
  });
});

testWithTensorFlow(
  "npm run setup reports a binary that does not compile with the compiler's first error (exit 8)",
  async () => {
    const broken = new Project(join(folder, 'broken'), ['wheels', 'binaries', 'dist']);
    writeFileSync(join(broken.root, 'src', 'runtime', 'native', 'library_load', 'broken.cc'), '#error out of order\n');
    const { code, stderr } = await broken.setUp({ RESNET_RUNTIME: 'cpu' });
    expect(code).toBe(8);
    expect(stderr).toMatch(/could not compile library_load\.node \(.*#error out of order/);
    expect(broken.leftovers()).toEqual([]);
  },
);
