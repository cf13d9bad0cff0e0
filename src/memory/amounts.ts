/** Amounts of memory as text. */

/** Bytes in GiB with one decimal, less than one GiB in MiB: 1.5 GiB, 300 MiB. */
export function gibibytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
