/** Numbers as people read them. */

/** 0.98765 → 98.77 % */
export function percentage(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

/** 11178378 → 11,178,378; with two digits behind the point 11,178,378.00. */
export function grouped(value: number, digits = 0): string {
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(\.|$))/g, ','); // toLocaleString costs 5 ms of start-up
}

/** 1 epoch, 2 epochs */
export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** 148568424 → 148.57 */
export function millions(value: number): string {
  return grouped(value / 1e6, 2);
}

/** 1048576 → 1.00 */
export function mebibytes(bytes: number): string {
  return grouped(bytes / 2 ** 20, 2);
}
