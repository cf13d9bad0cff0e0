/** The programs of `examples/` do what they say, with a small model. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { digitPicture } from '../support/pictures.ts';
import { command } from '../support/resnet.ts';
import { copySharedRun, SAVING_SETTINGS } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const run = join(folder, 'run');
const picture = join(folder, 'digit.png');

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url));
const node = (name: string, words: readonly string[]) =>
  command([process.execPath, example(name), ...words], {}, folder);

beforeAll(async () => {
  await copySharedRun(run);
  await digitPicture(0).png().toFile(picture);
});

test('stop-early.mjs stops at its wish after an epoch, and leaves a run that can be resumed', async () => {
  const settings = JSON.stringify({ ...SAVING_SETTINGS, epochs: 5 });
  const { code, stdout, stderr } = await node('stop-early', ['0', settings]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^step 1: loss \d\.\d{3}\nstep 2: loss \d\.\d{3}\nepoch 1: accuracy [\d.]+\ndone\n$/);
  expect(existsSync(join(folder, 'checkpoints/stop-early/last.safetensors'))).toBe(true);
  expect(await node('stop-early', ['0', '{"epoch":5}'])).toMatchObject({
    ...{ code: 2, stdout: '', stderr: 'there is no setting "epoch"; did you mean epochs?\n' },
  });
});

test('evaluate.mjs prints the accuracy and three mistakes', async () => {
  const { code, stdout } = await node('evaluate', [run, '{"limitTest":50,"noCompile":true}']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+ of 50 are right: [\d.]+ %\n95 % interval: [\d.]+ % to [\d.]+ %\n(image \d+: .*\n){3}$/);
});

test.each(['evaluate', 'server'])('%s.mjs says in one line that there is no such run', async (name) => {
  const { code, stdout, stderr } = await node(name, [join(folder, 'none')]);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/^.*none.*\n$/);
});

test('worker.mjs answers in its thread, also of a picture that is none', async () => {
  const { code, stdout, stderr } = await node('worker', [run, picture, 'missing.png']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^.*digit\.png: \d\nmissing\.png: no such file; check its name\n$/);
});

test('server.mjs answers a picture, and in JSON whatever else it gets', async () => {
  const server = spawn(process.execPath, [example('server'), run, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout, 'data');
    const address = `http://127.0.0.1:${String(line).trim().split(' ')[1]}`;
    const post = async (body: Uint8Array<ArrayBuffer>) => {
      const response = await fetch(address, { method: 'POST', body });
      return { status: response.status, facts: await response.json() };
    };
    const bytes = Uint8Array.from(readFileSync(picture));
    const answers = await Promise.all([post(bytes), post(bytes), post(bytes)]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, facts: { guess: expect.any(Number) } });
    expect(await post(new Uint8Array())).toMatchObject({
      status: 422,
      facts: { problem: expect.stringContaining('empty') },
    });
    expect(await post(Uint8Array.from([1, 2, 3]))).toMatchObject({
      status: 422,
      facts: { problem: expect.any(String) },
    });
    expect(await post(new Uint8Array(11 * 2 ** 20)).catch(() => 'closed')).toEqual(
      expect.objectContaining({ status: 413, facts: { problem: 'a picture has at most 10485760 bytes' } }),
    );
    const got = await fetch(address);
    expect(got.headers.get('allow')).toBe('POST');
    expect({ status: got.status, facts: await got.json() }).toEqual({
      ...{ status: 405, facts: { problem: 'POST the bytes of a picture' } },
    });
    const port = address.split(':').at(-1)!;
    const busy = await node('server', [run, port]);
    expect(busy).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^listen EADDRINUSE: .*\n$/) });
  } finally {
    server.kill();
    await once(server, 'exit');
  }
});
