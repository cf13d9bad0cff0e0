/** The words by which a hint of the real binary calls the tool. */
import { expect } from '@jest/globals';
import { command } from './resnet.ts';

/**
 * Has the tool print a hint.
 *
 * @param words the words that call the tool
 * @param cwd a folder without the file `none.safetensors`
 * @returns the words by which the hint calls it; undefined if there is no hint
 */
export async function hintOf(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string,
): Promise<string | undefined> {
  const { code, stderr } = await command([...words, 'eval', './none.safetensors'], environment, cwd);
  expect(code).toBe(4);
  return /; make one with `(.*) train`\n$/.exec(stderr)?.[1];
}
