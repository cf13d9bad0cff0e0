/**
 * Runs many command lines of the compiled tool in this one process, one after the other, whatever they end with.
 * Messages name the tool as if each had been called by its path.
 *
 * Usage: node many-command-lines.mjs JSON TOOL: a list of lists of words, and the folder of the tool
 *
 * Prints a JSON list of { code, stdout, stderr, written }, where `written` lists the working folder after the command.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , commandLines = '', tool = ''] = process.argv;
/** @type {{ main: (words: string[]) => Promise<void> }} */
const { main } = await import(pathToFileURL(join(tool, 'dist', 'src', 'cli.js')).href);

process.argv[1] = join(tool, 'bin', 'resnet.js');

/** @typedef {{ code: number, stdout: string, stderr: string, written: string[] }} Attempt */

const streams = { stdout: process.stdout, stderr: process.stderr };
const printed = { stdout: '', stderr: '' };
const print = process.stdout.write.bind(process.stdout);

for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
  streams[name].setMaxListeners(0); // each command adds its own
  streams[name].write = (/** @type {string | Uint8Array} */ text) => {
    printed[name] += text;
    return true;
  };
}

/**
 * @param {string[]} words
 * @returns {Promise<Attempt>}
 */
async function attempt(words) {
  Object.assign(printed, { stdout: '', stderr: '' });
  process.exitCode = undefined;
  await main(words);
  return { code: Number(process.exitCode ?? 0), ...printed, written: readdirSync('.') };
}

/** @type {Attempt[]} */
const attempts = [];
for (const words of JSON.parse(commandLines)) attempts.push(await attempt(words));
process.exitCode = 0;
print(JSON.stringify(attempts));
