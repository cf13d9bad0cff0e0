/** The names of classes beside their numbers: `labelName` beside `label`, `predictedName` beside `predicted`. */

/** Names of the classes in the order of the labels; undefined if they are bare numbers. */
export type ClassNames = readonly string[] | undefined;

/** What has a true class, a predicted class, or both. */
interface Classed {
  readonly label?: number;
  readonly predicted?: number;
}

/** The same with the classes' names, if they have any. */
export function named<T extends Classed>(
  each: T,
  names: ClassNames,
): T & { labelName?: string; predictedName?: string } {
  if (names === undefined) return each;
  const nameOf = (label: unknown) => names[Number(label)] ?? String(label);
  const fields = Object.entries(each).flatMap(([field, value]) => {
    return field === 'label' || field === 'predicted'
      ? [
          [field, value],
          [`${field}Name`, nameOf(value)],
        ]
      : [[field, value]];
  });
  return Object.fromEntries(fields);
}

/**
 * Names as text, of many the first: `ant, bee and 12 others`.
 *
 * @param most names that are listed
 */
export function listedNames(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  const rest = names.length - most;
  return rest > 0 ? `${shown} and ${rest.toLocaleString('en')} ${rest === 1 ? 'other' : 'others'}` : shown;
}

/** A class as it is shown: its name, or its number. */
export function classText(label: number, name: string | undefined): string {
  return name ?? String(label);
}
