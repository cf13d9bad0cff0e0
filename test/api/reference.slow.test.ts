/** The types of the library: the page of all names is theirs, and a user's program compiles with them alone. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { command } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();
const written = (file: string) => readFileSync(join(folder, file), 'utf8');

beforeAll(async () => {
  mkdirSync(join(folder, 'dist'));
  const words = [process.execPath, 'dist/scripts/docs-api.js', folder];
  expect(await command(words, {}, root)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('docs/api-reference.md is what the types give: else run npm run docs:api', () => {
  expect(readFileSync(join(root, 'docs/api-reference.md'), 'utf8')).toBe(written('docs/api-reference.md'));
});

test('every public name has a docstring', () => {
  const report = written('docs/api-reference.md');
  expect(report.match(/^\/\/ @public.*undocumented.*$/gm)).toBeNull();
  expect(report).toContain('export function train(');
});

test('the types import no package, and a program compiles with them in the strictest way', async () => {
  expect(written('dist/index.d.ts')).not.toMatch(/\bimport\b.*from|<reference/);
  const program = `
    import { ExitCode, evaluate, openCheckpoint, train, UserError, type TrainSettings } from 'resnet';
    const settings: TrainSettings = { epochs: 1, lr: 0.001, depth: 18, maxTime: '10m' };
    for await (const event of train({ ...settings, signal: AbortSignal.timeout(1000) })) {
      if (event.type === 'step') console.log(event.loss.toFixed(3));
      else if (event.type === 'epoch' && event.validation.accuracy > 0.99) break;
    }
    const { hits } = await evaluate({ worst: 3, onProgress: ({ done }) => console.log(done + 1) });
    const model = await openCheckpoint('first', { device: 'cpu' });
    for await (const answer of model.predict(new Uint8Array(hits))) {
      if (answer.problem !== undefined) throw new UserError(answer.problem, ExitCode.data);
      const guess: number | null = answer.guess;
      console.log(guess, model.settings?.batchSize);
    }
    for await (const { guess, probability, problem } of model.predict('7.png')) console.log(problem ?? guess, probability);
    await openCheckpoint('first', { onNotice: (message) => console.log(message.length) });
    // @ts-expect-error: there is no progress to tell
    await openCheckpoint('first', { onProgress: () => {} });
    // @ts-expect-error: a list is an array
    train({ betas: '0.9,0.99' });
    // @ts-expect-error: the name is batchSize
    train({ batchsize: 3 });
  `;
  writeFileSync(join(folder, 'program.mts'), program);
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', lib: ['es2023', 'dom'], types: [], strict: true, noEmit: true },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
    paths: { resnet: ['./dist/index.d.ts'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(await command([process.execPath, tsc, '-p', folder], {}, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
});
