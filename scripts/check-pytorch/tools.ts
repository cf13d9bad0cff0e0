/** The two programs that the checks run: this tool, and Python with its libraries. */
import { fileURLToPath } from 'node:url';
import { type CommandResult, runCommand } from '../../src/setup/run-command.ts';
import { outputOf } from '../python.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** How the checks run programs. */
export interface Tools {
  /** `resnet …words`, whatever its exit code. */
  readonly attempt: (...words: string[]) => Promise<CommandResult>;
  /** What `resnet …words` prints; throws if it fails. */
  readonly resnet: (...words: string[]) => Promise<string>;
  /** What a program of the check's folder prints; throws if it fails. */
  readonly python: (program: string, ...words: string[]) => Promise<string>;
}

/**
 * @param environment in which Python finds its libraries
 * @param folder the folder of `scripts/` that the Python programs are in
 */
export function toolsWith(environment: NodeJS.ProcessEnv, signal: AbortSignal, folder = 'check-pytorch'): Tools {
  const binary = pathOf('bin/resnet.js');
  return {
    attempt: (...words) => runCommand(process.execPath, [binary, ...words], signal),
    resnet: (...words) => outputOf(process.execPath, [binary, ...words], signal),
    python: (program, ...words) =>
      outputOf('python3', [pathOf(`scripts/${folder}/${program}`), ...words], signal, {
        ...environment,
        PYTHONDONTWRITEBYTECODE: '1',
      }),
  };
}
