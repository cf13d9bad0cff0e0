/** The library leaves the process as it was: nothing printed, no handler, no variable but the documented ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { digitPicture } from '../support/pictures.ts';
import { command } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun, SAVING_SETTINGS } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('./left-behind.mjs', import.meta.url));
const folder = temporaryFolder();

/** The variables that `docs/api.md` names; the last is libvips' own. */
const DOCUMENTED = [
  'TF_ENABLE_ONEDNN_OPTS',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'TF_CPP_MIN_LOG_LEVEL',
  'CUDA_VISIBLE_DEVICES',
  'VIPSHOME',
];

interface State {
  readonly environment: Readonly<Record<string, string>>;
}

describeWithTensorFlow('a process that trains twice, evaluates, predicts and exports', () => {
  let seen: { readonly stdout: string; readonly stderr: string; readonly code: number };
  let states: { readonly before: State; readonly after: State; readonly answers: unknown[] };

  beforeAll(async () => {
    const picture = join(folder, 'digit.png');
    await digitPicture(0).png().toFile(picture);
    const words = [process.execPath, SCRIPT, folder, picture, JSON.stringify(SAVING_SETTINGS)];
    seen = await command(words, { TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '0' });
    states = JSON.parse(seen.stdout);
  });

  test('prints nothing itself, and lets the program write to standard error before and after the load', () => {
    expect(seen).toMatchObject({ code: 0, stderr: 'before the load\nafter it\n' });
    expect(seen.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('has as many handlers of every event afterwards, and no exit code', () => {
    const { before, after } = states;
    expect({ ...after, environment: {} }).toEqual({ ...before, environment: {} });
  });

  test('has set documented variables only, and left those that were set, although GPUs were hidden', () => {
    const { before, after } = states;
    const changed = Object.keys(after.environment).filter(
      (name) => before.environment[name] !== after.environment[name],
    );
    expect(changed.filter((name) => !DOCUMENTED.includes(name))).toEqual([]);
    for (const name of ['TF_CPP_MIN_LOG_LEVEL', 'CUDA_VISIBLE_DEVICES']) expect(changed).not.toContain(name);
    expect(Object.keys(before.environment).filter((name) => after.environment[name] === undefined)).toEqual([]);
  });

  test('trains both runs to the very bytes of a run of the command line', async () => {
    const shared = join(folder, 'shared');
    await copySharedRun(shared);
    const bytes = (run: string) => readFileSync(join(folder, run, 'last.safetensors'));
    expect(bytes('one').equals(bytes('shared'))).toBe(true);
    expect(bytes('two').equals(bytes('shared'))).toBe(true);
  });

  test('gives the same answers with both, of a file and of its bytes', () => {
    const [evaluated, ofFile, ofBytes, type] = states.answers as [unknown, { path: string }, { path: string }, string];
    expect(evaluated).toMatchObject({ images: 10 });
    expect(ofFile).toMatchObject({ path: expect.stringContaining('digit.png') });
    expect({ ...ofBytes, path: ofFile.path }).toEqual(ofFile);
    expect(ofBytes.path).toBe('picture 1');
    expect(type).toBe('float32');
    expect(states.answers.slice(4)).toEqual(states.answers.slice(0, 4));
  });
});
