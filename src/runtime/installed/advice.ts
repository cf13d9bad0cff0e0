/** The command that sets the runtime up, for messages. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { calledAs } from '../../called-as.ts';
import { packageFolder } from '../../package-folder.ts';

/** The set-up of a clone compiles the TypeScript as well; an installed package needs no more than its own command. */
export function setUpCommand(): string {
  return existsSync(join(packageFolder(), 'scripts', 'setup.js')) ? 'npm run setup' : `${calledAs()} setup`;
}
