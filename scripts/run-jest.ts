/** Jest, started by a script whose standard output holds the script's own report alone. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Runs Jest, whose report goes to standard error. A Ctrl-C ends Jest and not the script, which still reports what Jest
 * has finished.
 *
 * @param words of Jest's command line
 * @param environment added to the script's own
 * @returns Jest's exit code
 */
export function runJest(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  process.on('SIGINT', () => {});
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, ...environment };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, jest, ...words], { env, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
