/** Evaluations and predictions as `--json` prints them. */

/** Field names that are documented for scripts, by the code's names: they outlive names in the code. */
const DOCUMENTED_NAMES: Readonly<Record<string, string>> = { correct: 'hits', predicted: 'guess' };

/** One line of JSON in which the fields of `facts`, at any depth, have their documented names. */
export function jsonLine(facts: object): string {
  const documented = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [DOCUMENTED_NAMES[name] ?? name, each]));
  };
  return `${JSON.stringify(facts, documented)}\n`;
}
