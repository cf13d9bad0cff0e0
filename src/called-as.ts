/** The words by which the user called the tool, so that the commands in its messages can be typed as they are. */
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { packageFolder } from './package-folder.ts';
import { printable } from './printable.ts';

/**
 * The tool as the first words of a shell's command line: `resnet` where the shell finds it, `npx resnet` where npx does,
 * else the program and the script as they were typed, like `node path/bin/resnet.js`.
 *
 * @returns `resnet` if this process runs another program, which uses the tool as a library
 */
export function calledAs(): string {
  const script = typedScript();
  if (script === undefined || !isThisTool(script)) return 'resnet';
  const name = basename(script);
  if (foundOnPath(name) !== resolve(script)) {
    return [...[process.argv0, ...process.execArgv].map(shellWord), shellPath(script)].join(' ');
  }
  // npm puts this folder on the PATH only for what it runs itself.
  if (!dirname(script).endsWith(join('node_modules', '.bin'))) return shellWord(name);
  return npxFindsThisTool(name) ? `npx ${shellWord(name)}` : `node ${shellPath(realpathSync(script))}`;
}

/** A path as one word of a shell's command line, which is taken for no option. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A text as one word of a shell's command line, quoted if necessary. */
export function shellWord(text: string): string {
  if (/^[\w./:=@%+-]+$/.test(text)) return text;
  if (printable(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${printable(text.replace(/['\\]/g, '\\$&'))}'`; // the escapes of `printable` are the shell's, too
}

/** The script that runs this tool: as it was typed, or the tool's own where another program runs. */
export function ownScript(): string {
  const script = typedScript();
  return script !== undefined && isThisTool(script) ? script : join(packageFolder(), 'bin', 'resnet.js');
}

/** The script as it was typed, where the system tells it, else its whole path. */
function typedScript(): string | undefined {
  const { argv, execArgv } = process;
  try {
    const typed = readFileSync('/proc/self/cmdline', 'utf8').split('\0')[1 + execArgv.length];
    if (typed !== undefined && resolve(typed) === argv[1]) return typed;
  } catch {} // only Linux has this file
  return argv[1];
}

/** Whether a path leads to this tool's own program, perhaps over links, or with its extension left out. */
function isThisTool(script: string): boolean {
  const program = realPath(join(packageFolder(), 'bin', 'resnet.js'));
  return program !== undefined && [script, `${script}.js`].some((path) => realPath(path) === program);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The path of the program that a shell runs by this name; undefined if there is none. */
function foundOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether npx finds this very tool from the working folder, and would not fetch another package of its name. */
function npxFindsThisTool(name: string): boolean {
  const folders: string[] = [];
  for (let folder = process.cwd(); folders.at(-1) !== folder; folder = dirname(folder)) folders.push(folder);
  // npm takes the nearest folder with one of these for the project, and the project's own programs are found too.
  const project = folders.find((folder) =>
    ['package.json', 'node_modules'].some((each) => existsSync(join(folder, each))),
  );
  if (project !== undefined && realPath(project) === realPath(packageFolder())) return true;
  const installed = folders
    .map((folder) => join(folder, 'node_modules', '.bin', name))
    .find((path) => existsSync(path));
  return installed !== undefined && isThisTool(installed);
}
