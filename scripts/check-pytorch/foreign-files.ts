/** Gives files that Python's libraries wrote to `resnet export`, which should read or refuse each. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { bytesOfTensor } from '../../src/checkpoint/tensor.ts';
import type { Result } from './result.ts';
import type { Tools } from './tools.ts';

/** A file: what it should come out as if it is to be read, a part of the message if it is to be refused. */
interface Case {
  readonly what: string;
  readonly writer: string;
  readonly path: string;
  readonly words: readonly string[];
  /** What the notices must hold. */
  readonly says?: readonly string[];
  /** A safetensors file with the tensors. */
  readonly expected?: string;
  readonly sentence?: string;
  readonly code?: number;
}

/** Has Python write the files, and tries one after the other. */
export async function tryForeignFiles(folder: string, tools: Tools): Promise<Result[]> {
  await tools.python('write_files.py', folder);
  const cases: Case[] = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
  const results: Result[] = [];
  for (const each of cases) results.push(await tryFile(each, folder, tools));
  return results;
}

async function tryFile({ what, writer, path, words, ...wanted }: Case, folder: string, tools: Tools): Promise<Result> {
  const out = join(folder, 'out.safetensors');
  rmSync(out, { force: true });
  const { code, stderr } = await tools.attempt(
    ...['export', join(folder, path), '--format', 'safetensors', '--out', out, ...words],
  );
  const said = stderr
    .trim()
    .replaceAll(`${folder}/`, '')
    .replace(/^resnet: /, '')
    .replaceAll('\n', ' / ');
  const { expected, says = [], sentence = '', code: wantedCode = 0 } = wanted;
  const unsaid = (expected === undefined ? [sentence] : says).filter((text) => !said.includes(text));
  const faults = [
    ...(code === wantedCode ? [] : [`ended with ${code}, not with ${wantedCode}`]),
    ...unsaid.map((text) => `does not say "${text}"`),
    ...(expected !== undefined && code === 0 ? await differences(out, join(folder, expected)) : []),
  ];
  const verdict = code === 0 ? 'read' : `refused, exit ${code}`;
  return { what, writer, seen: said === '' ? verdict : `${verdict}: \`${said}\``, faults };
}

/** The tensors that are not equal to the last bit. */
async function differences(path: string, expected: string): Promise<string[]> {
  const { tensors: found } = await loadCheckpoint(path);
  const { tensors: wanted } = await loadCheckpoint(expected);
  const unknown = [...found.keys()].filter((name) => !wanted.has(name));
  const differing = [...wanted].filter(([name, tensor]) => {
    const seen = found.get(name);
    return (
      `${seen?.dtype} ${seen?.shape}` !== `${tensor.dtype} ${tensor.shape}` ||
      !seen ||
      Buffer.compare(bytesOfTensor(name, seen), bytesOfTensor(name, tensor)) !== 0
    );
  });
  return [...unknown.map((name) => `${name} is unknown`), ...differing.map(([name]) => `${name} differs`)];
}
