/** Numbers as text for people. */

/** A fraction as a percentage: 0.98765 → 98.77 %. */
export function percentage(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

/** A temperature with three digits: 0.54002 → 0.540. */
export function temperatureText(temperature: number): string {
  return temperature.toPrecision(3);
}

/** From this loss on, the exponent is shown: the digits would not fit a column of a table. */
const LONG_LOSS = 1e5;

/** A loss (nats): 0.1234, and with an exponent where digits are too many or all 0: 4.7e+9, 3.1e-12. */
export function lossText(loss: number, digits = 4): string {
  const fixed = loss.toFixed(digits);
  const vanishes = loss !== 0 && Number(fixed) === 0;
  return vanishes || Number(fixed) >= LONG_LOSS ? loss.toExponential(1) : fixed;
}

/** A number with its thousands grouped: 11178378 → 11,178,378, or with two decimals 11,178,378.00. */
export function grouped(value: number, digits = 0): string {
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(\.|$))/g, ','); // toLocaleString takes 5 ms of start-up
}

/** A count with its unit: 1 epoch, 2 epochs. */
export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A number in millions: 148568424 → 148.57. */
export function millions(value: number): string {
  return grouped(value / 1e6, 2);
}

/** Bytes in MiB: 1048576 → 1.00. */
export function mebibytes(bytes: number): string {
  return grouped(bytes / 2 ** 20, 2);
}

/** Significant digits that people write; a number's further digits come from binary rounding. */
const WRITTEN_DIGITS = 12;

/** A number without the digits of binary rounding: 0.8999999999999999 → 0.9. Whole numbers keep all their digits. */
export function shortest(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(WRITTEN_DIGITS)));
}

/** Number of members that are shown of a list. */
const MEMBERS_SHOWN = 12;

/**
 * A setting's value as text: a list as its members, of a long one the first, as of weights of a thousand classes. Deeper
 * nesting is shown as `…`, because no setting has it.
 *
 * @param separator text between the members of a list; default: as the command line has it
 */
export function settingText(value: unknown, separator = ','): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MEMBERS_SHOWN).map((each) => (typeof each === 'object' ? '…' : settingText(each)));
    return [...shown, ...(value.length > MEMBERS_SHOWN ? ['…'] : [])].join(separator);
  }
  if (typeof value === 'number') return shortest(value);
  return typeof value === 'object' ? '…' : String(value);
}
