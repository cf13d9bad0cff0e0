/** The JSON of evaluations and predictions, as `--json` prints it. */
import { printableJson } from '../printable.ts';

/**
 * Documented field names, by the names of the code: scripts rely on them, so they stay when the code's names change.
 */
const DOCUMENTED_NAMES: Readonly<Record<string, string>> = {
  correct: 'hits',
  predicted: 'guess',
  predictedName: 'guessName',
};

/** One line of JSON in which the fields of `facts`, at any depth, have their documented names. */
export function jsonLine(facts: object): string {
  const documented = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [DOCUMENTED_NAMES[name] ?? name, each]));
  };
  return `${printableJson(facts, documented)}\n`;
}
