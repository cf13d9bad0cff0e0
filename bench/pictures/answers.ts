/** What `resnet predict` answers to pictures, and how many of the answers are right. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { markdownTable } from '../../src/report/text-table.ts';

/** The answer to one picture: a guess, or the problem for which it was refused. */
export interface PictureAnswer {
  readonly path: string;
  readonly kind: string;
  /** The digit that the picture shows; undefined if it shows none. */
  readonly label: number | undefined;
  readonly guess?: number;
  /** Of the guess, 0 to 1. */
  readonly probability?: number;
  readonly problem?: string;
}

/** An entry of what `resnet predict --json` prints. */
interface PrintedAnswer {
  readonly path: string;
  readonly top?: readonly { readonly guess: number; readonly probability: number }[];
  readonly problem?: string;
  readonly code?: number;
}

/** A wrong guess above this probability is a sure one. */
const SURE = 0.8;
/** Exit code, and code of an entry, for pictures that are refused. */
const REFUSED = 3;

/**
 * Reads pictures with `resnet predict`.
 *
 * @param binary path of its `bin/resnet.js`
 * @param words further words of the command line
 * @throws Error if the command fails in another way than by refusing pictures
 */
export async function readAnswers(
  binary: string,
  words: readonly string[],
  kind: string,
  pictures: readonly { readonly path: string; readonly label: number | undefined }[],
): Promise<PictureAnswer[]> {
  const line = [binary, 'predict', '--json', ...words, ...pictures.map(({ path }) => path)];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const [printed, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0 && code !== REFUSED) throw new Error(`resnet predict ended with exit code ${code}: ${errors}`);
  const entries: PrintedAnswer[] = JSON.parse(printed);
  return pictures.map(({ path, label }, index) => {
    const { path: answered, top, problem, code: fault } = entries[index]!;
    if (answered !== path) throw new Error(`expected the answer to ${path}, got that to ${answered}`);
    if (problem !== undefined && fault !== REFUSED) throw new Error(`${problem} (code ${fault})`);
    return problem === undefined ? { path, kind, label, ...top![0]! } : { path, kind, label, problem };
  });
}

/** A Markdown table with a row for each kind. In a picture without a digit, no guess is right. */
export function answersTable(kinds: readonly string[], answers: readonly PictureAnswer[]): string {
  const rows = kinds.map((kind) => {
    const own = answers.filter((answer) => answer.kind === kind);
    const refused = own.filter(({ problem }) => problem !== undefined);
    const right = own.filter(({ guess, label }) => guess !== undefined && guess === label);
    const wrong = own.filter(({ guess, label }) => guess !== undefined && guess !== label);
    const sure = wrong.filter(({ probability = 0 }) => probability > SURE);
    const hasDigit = own.some(({ label }) => label !== undefined);
    return [
      kind,
      String(own.length),
      hasDigit ? String(right.length) : '',
      ...[refused, wrong, sure].map(({ length }) => String(length)),
    ];
  });
  const heads = ['pictures', 'right', 'refused', 'wrong', 'wrong and sure'] as const;
  return markdownTable({
    columns: [{ head: 'kind', align: 'left' }, ...heads.map((head) => ({ head, align: 'right' as const }))],
    rows,
  });
}
