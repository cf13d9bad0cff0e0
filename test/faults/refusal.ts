/** The commonest fault: a command that has to refuse at once, in one line, and to write nothing. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { BINARY, command, type Finished } from '../support/resnet.ts';
import { type FaultOptions, type See, testFault } from './fault.ts';

const MANY_COMMAND_LINES = fileURLToPath(new URL('../support/many-command-lines.mjs', import.meta.url));

export interface Refusal {
  readonly code: number;
  /** Text in the one line on standard error. */
  readonly message: string | RegExp;
}

/** The result of a command, and the files that it left in a folder that was empty before. */
export interface Attempt extends Finished {
  readonly written: readonly string[];
}

/**
 * Runs the tool in an empty folder of its own, in which `train` finds its checkpoint folder too.
 *
 * @param folder where the empty folder is made
 */
export async function attempt(
  folder: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Attempt> {
  const cwd = mkdtempSync(join(folder, 'empty-'));
  const finished = await command([process.execPath, BINARY, ...words], environment, cwd);
  return { ...finished, written: readdirSync(cwd) };
}

/**
 * Runs the tool for each of these command lines in one process, 20 times as fast as a process for each. They have to
 * end at once, and share the empty folder.
 *
 * @param folder where the empty folder is made
 */
export async function attemptMany(folder: string, commandLines: readonly (readonly string[])[]): Promise<Attempt[]> {
  const cwd = mkdtempSync(join(folder, 'empty-'));
  const { stdout } = await command([process.execPath, MANY_COMMAND_LINES, JSON.stringify(commandLines)], {}, cwd);
  return JSON.parse(stdout);
}

/** Holds an attempt against the refusal that it should have been. */
export function expectRefusal({ code, stdout, stderr, written }: Attempt, refusal: Refusal): void {
  expect({ code, stdout, written }).toEqual({ code: refusal.code, stdout: '', written: [] });
  expect(stderr).toMatch(/^resnet: [^\n]+\n$/);
  if (typeof refusal.message === 'string') expect(stderr).toContain(refusal.message);
  else expect(stderr).toMatch(refusal.message);
}

/**
 * Declares a test for a fault that the tool has to refuse.
 *
 * @param run makes the fault happen
 * @param also checks further conditions
 */
export function testRefusal(
  fault: string,
  refusal: Refusal,
  run: () => Promise<Attempt>,
  also: (attempt: Attempt, see: See) => void = () => {},
  options: FaultOptions = {},
): void {
  const { code, message } = refusal;
  const text = typeof message === 'string' ? message : message.source;
  testFault(
    fault,
    `exit ${code}: ${text}`,
    async (see) => {
      const attempted = await run();
      see(`exit ${attempted.code}: ${attempted.stderr}`);
      expectRefusal(attempted, refusal);
      also(attempted, see);
    },
    options,
  );
}
