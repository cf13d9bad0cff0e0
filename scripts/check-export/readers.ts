/** Runs the programs of docs/export.md beside an export: what a reader of that page does. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { outputOf } from '../python.ts';
import { seen } from './browser.ts';
import type { Row } from './judge.ts';
import { PROJECT, scriptFolders } from './packages.ts';
import { readersOf } from './readers-of-page.ts';
import { withServer } from './server.ts';

/** Largest difference: the page's numbers are rounded to six digits. */
const BOUND = 1e-4;

/** What the readers run with. */
interface Environment {
  /** Holds best.onnx and best-tfjs with their descriptions. */
  readonly folder: string;
  /** Folder of the fetched packages of npm. */
  readonly packages: string;
  /** In which Python finds its libraries. */
  readonly python: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs the readers, and judges what they print. */
export async function triedReaders({ folder, packages, python, signal }: Environment): Promise<Row[]> {
  const { js, html, python: script } = readersOf(readFileSync(join(PROJECT, 'docs/export.md'), 'utf8'));
  mkdirSync(join(folder, 'node_modules'));
  for (const [name, from] of [['onnxruntime-node', packages] as const, ['onnxruntime-web', PROJECT] as const]) {
    symlinkSync(join(from, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const node = async (name: string) => {
    write('reader.mjs', js.replaceAll('onnxruntime-node', name));
    return outputOf(process.execPath, ['reader.mjs'], signal, process.env, folder);
  };
  const inBrowser = () => {
    write('reader.html', html);
    return withServer([folder, ...scriptFolders(packages)], async (address) =>
      String(await seen(`${address}/reader.html`, WHEN_PRINTED, folder, signal)),
    );
  };
  const byPython = () => {
    write('reader.py', script);
    return outputOf('python3', ['reader.py'], signal, python, folder);
  };
  const [onnx, tfjs] = [join(folder, 'best.onnx.json'), join(folder, 'best-tfjs.json')];
  const readers = [
    ['JavaScript, onnxruntime-node', onnx, () => node('onnxruntime-node')],
    ['JavaScript, onnxruntime-web', onnx, () => node('onnxruntime-web')],
    ['JavaScript in Chromium', tfjs, inBrowser],
    ['Python', onnx, byPython],
  ] as const;
  const rows: Row[] = [];
  for (const [language, description, run] of readers) {
    signal.throwIfAborted();
    rows.push(await tried(language, description, run));
  }
  return rows;
}

/** The page's text once it ends with the program's last line; after a minute, whatever it is. */
const WHEN_PRINTED = `(async () => {
  const text = () => document.body.innerText;
  for (let second = 0; second < 60 && !text().includes('largest difference'); second += 0.1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return text();
})()`;

/** @param description path of the description whose examples are read */
async function tried(language: string, description: string, run: () => Promise<string>): Promise<Row> {
  const label = basename(description);
  const row = { runtime: 'a reader of docs/export.md', version: language, label, weightType: 'float32' } as const;
  try {
    const printed = await run();
    const { examples } = JSON.parse(readFileSync(description, 'utf8'));
    const wanted: number[] = examples.map((example: { readonly class: number }) => example.class);
    const classes = [...printed.matchAll(/class (\d+)/g)].map(([, digits]) => Number(digits));
    const difference = Number(/largest difference (\S+)/.exec(printed)?.[1] ?? NaN);
    const same = wanted.filter((each, index) => each === classes[index]).length;
    const isRight = difference <= BOUND && same === wanted.length;
    return { ...row, images: wanted.length, same, difference, fault: isRight ? undefined : `printed ${printed}` };
  } catch (error) {
    return { ...row, images: 0, same: 0, difference: 0, fault: (error as Error).message };
  }
}
