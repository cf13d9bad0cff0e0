/**
 * The project's Markdown pages (README, CONTRIBUTING, CHANGELOG, docs/, findings/, models/), and what their tests read from
 * them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Page {
  /** Path from the project's root. */
  readonly path: string;
  /** The lines outside fenced blocks of code. */
  readonly prose: string;
  /** The contents of the fenced blocks. */
  readonly fenced: readonly string[];
}

/** Every page for readers. */
export const PAGES: readonly Page[] = ['.', 'docs', 'findings', 'models'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readPage(join(folder, name))),
);

function readPage(path: string): Page {
  const parts = readFileSync(path, 'utf8').split(/^```.*\n/m); // prose and fenced blocks in turns
  const prose = parts.filter((_, index) => index % 2 === 0).join('\n');
  return { path, prose, fenced: parts.filter((_, index) => index % 2 === 1) };
}

/** The tables of a text: runs of lines that begin with a bar. */
export function tablesOf(prose: string): string[][] {
  return prose
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((rows) => rows.length > 0);
}

/**
 * How many cells a table's row has. GitHub separates cells at every bar that no backslash escapes, also inside code.
 */
export function cellsOf(row: string): number {
  return row
    .trimEnd()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/).length;
}

/** The contents of a text's inline code, with the bars that a table has to escape. */
export function inlineCodeOf(prose: string): string[] {
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => (match[1] ?? '').replaceAll('\\|', '|'));
}

/** The targets of a text's links and images. */
export function linksOf(prose: string): string[] {
  const withoutCode = prose.replace(/`[^`\n]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** The anchors that GitHub gives to a text's headings. */
export function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '');
    const anchor = words.trim().replaceAll(' ', '-');
    const earlier = seen.get(anchor) ?? 0;
    seen.set(anchor, earlier + 1);
    return earlier === 0 ? anchor : `${anchor}-${earlier}`;
  });
}

/**
 * The words after `npx resnet` wherever a text has it: in fenced blocks, in inline code, in messages of a screen. A
 * comment, an operator of the shell, a parenthesis or two spaces end the command; a backslash at a line's end continues
 * it.
 */
export function commandLinesOf({ prose, fenced }: Page): string[][] {
  const screens = fenced.map((block) => block.replace(/\\\n\s*/g, ''));
  const code = [...screens, ...inlineCodeOf(prose)].join('\n');
  const commands = code.matchAll(/(?:npx resnet|npm start --)((?: [^\s|&;<>#()]+)*)/g);
  return [...commands].map(([, words = '']) => words.split(' ').filter(Boolean));
}
