/** The commonest fault: a command that has to refuse at once, in one line, and to write nothing. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Attempt, BINARY, command, resnetMany } from '../support/resnet.ts';
import { type FaultOptions, type See, testFault } from './fault.ts';

export interface Refusal {
  readonly code: number;
  /** Text in the one line on standard error. */
  readonly message: string | RegExp;
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
 * The same for each of these command lines, which have to end at once, in one process and in one empty folder.
 *
 * @param folder where the empty folder is made
 */
export function attemptMany(folder: string, commandLines: readonly (readonly string[])[]): Promise<Attempt[]> {
  return resnetMany(commandLines, mkdtempSync(join(folder, 'empty-')));
}

/**
 * Attempts that are made together, by `attemptMany`, when the result of the first is asked for.
 *
 * @returns a function that takes an attempt's words, or what makes them, and returns how to get its result
 */
export function together(
  folder: string,
): (words: () => readonly string[] | Promise<readonly string[]>) => () => Promise<Attempt> {
  const commandLines: Parameters<ReturnType<typeof together>>[0][] = [];
  let attempts: Promise<Attempt[]> | undefined;
  const tryAll = async () => attemptMany(folder, await Promise.all(commandLines.map((words) => words())));
  return (words) => {
    const index = commandLines.push(words) - 1;
    return async () => {
      attempts ??= tryAll();
      return (await attempts)[index] as Attempt;
    };
  };
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
