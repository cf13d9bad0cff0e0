/** The facts of evaluations and predictions under their documented names, as `--json` prints them. */
import { printableJson } from '../printable.ts';

/**
 * Documented field names, by the names of the code: scripts rely on them, so they stay when the code's names change.
 */
const DOCUMENTED_NAMES = {
  correct: 'hits',
  predicted: 'guess',
  predictedName: 'guessName',
} as const;

type DocumentedNames = typeof DOCUMENTED_NAMES;

/** The type of facts whose fields have their documented names, at any depth. */
export type Documented<Facts> = Facts extends readonly unknown[]
  ? { [Index in keyof Facts]: Documented<Facts[Index]> }
  : Facts extends object
    ? {
        [Name in keyof Facts as Name extends keyof DocumentedNames ? DocumentedNames[Name] : Name]: Documented<
          Facts[Name]
        >;
      }
    : Facts;

/** Facts whose fields have their documented names, at any depth; those that are undefined are left out. */
export function documented<Facts>(facts: Facts): Documented<Facts> {
  return withDocumentedNames(facts) as Documented<Facts>;
}

function withDocumentedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDocumentedNames);
  if (typeof value !== 'object' || value === null) return value;
  const names: Readonly<Record<string, string>> = DOCUMENTED_NAMES;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([name, each]) => [names[name] ?? name, withDocumentedNames(each)]));
}

/** Facts as one line of JSON under their documented names. */
export function jsonLine(facts: object): string {
  return `${printableJson(documented(facts))}\n`;
}
