/** `resnet completion`: prints a script by which a shell completes commands, flags and values. */
import { basename } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { SHELLS, type Shell } from '../../flags/completion-flags.ts';
import { choicesText } from '../../flags/help-text.ts';
import { toolVersion } from '../../version.ts';
import { bashScript } from './bash.ts';
import { type CompletedCommand, completedCommands, type ToolCommand } from './completed-words.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** How a shell reads its script, and has `npx resnet` completed under the name `resnet`. */
interface Way {
  readonly script: (commands: readonly CompletedCommand[], heading: string) => string;
  readonly install: string;
  readonly npx: string;
}

const WAYS: Readonly<Record<Shell, Way>> = {
  bash: {
    script: bashScript,
    install: 'in ~/.bashrc: source <(resnet completion bash)',
    npx: 'resnet() { npx resnet "$@"; }',
  },
  zsh: {
    script: zshScript,
    install: 'in ~/.zshrc, after compinit: source <(resnet completion zsh)',
    npx: 'resnet() { npx resnet "$@"; }',
  },
  fish: {
    script: fishScript,
    install: 'in ~/.config/fish/config.fish: resnet completion fish | source',
    npx: 'function resnet; npx resnet $argv; end',
  },
};

/**
 * Prints the script of a shell.
 *
 * @param commands the table of all commands
 */
export async function completion(
  flags: { readonly shell?: Shell },
  commands: Readonly<Record<string, ToolCommand>>,
): Promise<void> {
  const shell = flags.shell ?? shellOf(process.env.SHELL);
  process.stdout.write(completionScript(shell, commands));
}

/** The script by which a shell completes these commands; the shell never starts Node for it. */
export function completionScript(shell: Shell, commands: Readonly<Record<string, ToolCommand>>): string {
  const { script, install, npx } = WAYS[shell];
  const heading = [
    `# Completion of resnet ${toolVersion()} for ${shell}; ${install}`,
    `# It completes resnet, not npx resnet; this makes resnet of it: ${npx}`,
  ];
  return script(completedCommands(commands), heading.join('\n'));
}

/** @throws UserError (usage) naming the shells if `path` leads to another program */
function shellOf(path: string | undefined): Shell {
  const found = SHELLS.find((shell) => shell === basename(path ?? ''));
  if (found) return found;
  const problem = path ? `the shell ${JSON.stringify(path)} of $SHELL has no completion` : '$SHELL names no shell';
  throw new UserError(`${problem}: give one, ${choicesText(SHELLS)}`, ExitCode.usage);
}
