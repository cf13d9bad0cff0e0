/** `npm run setup` in a copy of the project. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { testWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Project } from './project.ts';

const installed = { kind: 'cpu', tensorflow: '2.21.0', folder: expect.stringMatching(/^[0-9a-f]{16}$/) };

describe('npm run setup', () => {
  const project = new Project(temporaryFolder(), ['wheels', 'binaries']);
  let fullSeconds: number;

  testWithTensorFlow('compiles the TypeScript and installs the runtime, using what the cache holds', async () => {
    const start = performance.now();
    expect(await project.setUp({ RESNET_RUNTIME: 'cpu' })).toMatchObject({ code: 0, stdout: '' });
    fullSeconds = (performance.now() - start) / 1000;
    expect(project.status()).toEqual(installed);
    expect(readdirSync(join(project.root, 'dist', 'src'))).toContain('errors.js');
  });

  testWithTensorFlow('is quick and silent when there is nothing to do', async () => {
    const start = performance.now();
    expect(await project.setUp({ RESNET_RUNTIME: 'cpu' })).toEqual({ code: 0, stdout: '', stderr: '' });
    // 0.2 s where all takes 2 s; on a machine that is busy or slow both take longer.
    expect((performance.now() - start) / 1000).toBeLessThan(Math.max(1, fullSeconds / 2));
  });

  testWithTensorFlow('makes the runtime anew after its folder was removed, without fetching it again', async () => {
    rmSync(join(project.cache, 'runtimes', project.status()?.folder ?? ''), { recursive: true });
    const { code, stderr } = await project.setUp({ RESNET_RUNTIME: 'cpu' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'checking TensorFlow 2.21.0\n' });
    expect(project.status()).toEqual(installed);
  });

  test('installs nothing with RESNET_RUNTIME=none', async () => {
    expect(await project.setUp({ RESNET_RUNTIME: 'none' })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(project.status()).toEqual({ kind: 'none' });
  });

  test('removes the compiled files of sources that are gone', async () => {
    const source = join(project.root, 'src', 'passing.ts');
    const compiled = () => readdirSync(join(project.root, 'dist', 'src')).filter((name) => name.startsWith('passing'));
    writeFileSync(source, 'export const passing = true;\n');
    await project.setUp({ RESNET_RUNTIME: 'none' });
    expect(compiled()).toContain('passing.js');
    rmSync(source);
    await project.setUp({ RESNET_RUNTIME: 'none' });
    expect(compiled()).toEqual([]);
  });

  test("prints the compiler's own words for a type error (exit 1)", async () => {
    const source = join(project.root, 'src', 'wrong.ts');
    writeFileSync(source, "export const wrong: number = 'text';\n");
    const result = await project.setUp({ RESNET_RUNTIME: 'none' });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain("src/wrong.ts(1,14): error TS2322: Type 'string' is not assignable");
    expect(project.leftovers()).toEqual([]);
    rmSync(source);
  });
});
