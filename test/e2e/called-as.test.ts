/** Hints repeat the words by which the real binary was called, so that they can be typed as they are. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { toolVersion } from '../../src/version.ts';
import { hintOf } from '../support/hint.ts';
import { BINARY, CALLED, command } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const clone = dirname(dirname(BINARY));
const bin = join(folder, 'bin');
mkdirSync(bin);
symlinkSync(BINARY, join(bin, 'resnet'));

const hint = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) => hintOf(words, environment, folder);

describe('a hint calls the tool', () => {
  const onPath = { PATH: `${bin}:${process.env.PATH}` };

  test('resnet where the shell finds it by that name', async () => {
    expect(await hint(['resnet'], onPath)).toBe('resnet');
    expect(await hint([join(bin, 'resnet')], onPath)).toBe('resnet');
  });

  test('as node and the path that was typed, with options of node', async () => {
    const path = relative(folder, BINARY);
    expect(await hint(['node', path])).toBe(`node ${path}`);
    expect(await hint(['node', '--no-warnings', BINARY])).toBe(`node --no-warnings ${BINARY}`);
    expect(await hint([process.execPath, BINARY])).toBe(CALLED);
    symlinkSync(clone, join(folder, '-clone'));
    expect(await hint(['node', './-clone/bin/resnet.js'])).toBe('node ./-clone/bin/resnet.js');
  });

  test('as node and the path of a link that is not on the PATH', async () => {
    expect(await hint([join(bin, 'resnet')])).toBe(`node ${join(bin, 'resnet')}`);
  });

  test('by a path that is quoted for a shell', async () => {
    const strange = join(folder, "it's \u202e");
    mkdirSync(strange);
    symlinkSync(clone, join(strange, 'clone'));
    const called = await hint(['node', join(strange, 'clone', 'bin', 'resnet.js')]);
    expect(called).toContain(String.raw`it\'s \u202e/clone`);
    const { stdout } = await command(['bash', '-c', `${called} --version`], { LC_ALL: 'C.UTF-8' });
    expect(stdout).toBe(`${toolVersion()}\n`);
  });
});

test('help and messages about a command line name the tool as it was called', async () => {
  const call = (...words: string[]) => command(['node', 'bin/resnet.js', ...words], {}, clone);
  const [help, commandHelp, wrong] = await Promise.all([call('--help'), call('eval', '--help'), call('eval', '--no')]);
  expect(help.stdout).toContain('\n  node bin/resnet.js train ');
  expect(help.stdout).toContain('\nnode bin/resnet.js COMMAND --help shows');
  expect(commandHelp.stdout).toMatch(/^node bin\/resnet\.js eval \[RUN\]\n/);
  expect(wrong.stderr).toBe('resnet: unknown option --no; see node bin/resnet.js eval --help\n');
});
