import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench/recipes

/**
 * Runs the tool to its end; its progress and its problems go to standard error. A signal from the terminal reaches it too,
 * and then this process ends with its exit code.
 *
 * @param words of its command line, `--json` among them
 * @returns what it printed last
 */
export async function runResnet<Printed>(words: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, [binary, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const outlive = () => {};
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', outlive); // it saves the step that it is at, and that takes a moment
  process.on('SIGTERM', passOn); // which, unlike Ctrl-C, reaches this process only
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const printed = await text(child.stdout);
  const code = await ended;
  process.off('SIGINT', outlive);
  process.off('SIGTERM', passOn);
  if (code !== 0) process.exit(code);
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '');
}
