/** Runs the command line tool as a child process. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

// This file runs from dist/bench/recipes.
const binary = fileURLToPath(new URL('../../../bin/resnet.js', import.meta.url));

/**
 * Runs `resnet` to its end; its progress and problems go to standard error. If it fails, or is stopped by a signal,
 * this process ends with its exit code.
 *
 * @param words words of the command line, with `--json`
 * @returns the last line that it printed, parsed
 */
export async function runResnet<Printed>(words: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, [binary, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const outlive = () => {};
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', outlive); // Ctrl-C reaches the child, too: wait while it saves
  process.on('SIGTERM', passOn); // SIGTERM reaches this process only
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const printed = await text(child.stdout);
  const code = await ended;
  process.off('SIGINT', outlive);
  process.off('SIGTERM', passOn);
  if (code !== 0) process.exit(code);
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '');
}
