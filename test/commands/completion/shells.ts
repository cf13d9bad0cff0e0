/** Shells that complete command lines of `resnet`: the real ones, each with the script that the tool prints for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionScript } from '../../../src/commands/completion/completion.ts';
import { COMMANDS } from '../../../src/commands/index.ts';
import type { Shell } from '../../../src/flags/completion-flags.ts';

/** Whether a shell is installed; bash always has to be. */
export function isInstalled(shell: Shell): boolean {
  return shell === 'bash' || spawnSync(shell, ['-c', 'true']).status === 0;
}

/**
 * Writes the script of a shell into a folder, and beside it what the tests complete: `pictures/`, `my folder/a.png` and
 * `model.safetensors`.
 *
 * @returns the script's path
 */
export function prepareFolder(folder: string, shell: Shell, commands = COMMANDS): string {
  mkdirSync(join(folder, 'pictures'), { recursive: true });
  mkdirSync(join(folder, 'my folder'), { recursive: true });
  writeFileSync(join(folder, 'my folder', 'a.png'), '');
  writeFileSync(join(folder, 'model.safetensors'), '');
  const path = join(folder, `script.${shell}`);
  writeFileSync(path, completionScript(shell, commands));
  return path;
}

const END_OF_ANSWER = '--END--';

/** What bash offers at the end of each line, as its own completion calls the function. */
export function offeredByBash(folder: string, script: string, lines: readonly string[]): string[][] {
  const calls = lines.map((line) => {
    const words: string[] = [...(line.match(/[=:]+|[^\s=:]+/g) ?? [])]; // bash's own splitting, without quotes
    if (/\s$/.test(line)) words.push('');
    const [before = '', last = ''] = words.slice(-2);
    return [
      `COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}`,
      `COMP_LINE=${quoted(line)} COMP_POINT=${line.length}`,
      `_resnet resnet ${quoted(/^[=:]/.test(last) ? '' : last)} ${quoted(before)}`,
      `printf '%s\\n' "\${COMPREPLY[@]}" ${END_OF_ANSWER}`,
    ].join('; ');
  });
  const program = [`source ${quoted(script)}`, ...calls].join('\n');
  return answersIn(execFileSync('bash', ['--norc', '-c', program], { cwd: folder, encoding: 'utf8' }));
}

/** What fish offers at the end of each line, each with its description after a tab. */
export function offeredByFish(folder: string, script: string, lines: readonly string[]): string[][] {
  const calls = lines.map((line) => `complete -C ${quoted(line)}; echo ${END_OF_ANSWER}`);
  const program = [`source ${quoted(script)}`, ...calls].join('\n');
  const env = { ...process.env, HOME: folder };
  return answersIn(execFileSync('fish', ['--no-config', '-c', program], { cwd: folder, encoding: 'utf8', env }));
}

function answersIn(output: string): string[][] {
  const answers = output.split(`${END_OF_ANSWER}\n`).slice(0, -1);
  return answers.map((text) => text.split('\n').filter((line) => line !== ''));
}

/** A text without quotes of its own, as one word of a shell. */
function quoted(text: string): string {
  if (text.includes("'")) throw new Error(`${text}: holds a quote`);
  return `'${text}'`;
}
