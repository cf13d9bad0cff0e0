/** How much a file may declare that it holds: checked before memory is taken. */

/** Most that is read of each kind. Tests lower them. */
export interface Limits {
  /** Bytes of one array, file of records or page, decompressed. Default: 4 GiB, the most that Node 20 has in one buffer. */
  readonly arrayBytes: number;
  /** Rows of a part. Default: 100 million. */
  readonly rows: number;
  /** Bytes of one picture file. Default: 512 MiB. */
  readonly pictureBytes: number;
  /** Characters of one line of a CSV file. Default: 16 million, which are 2,000 × 2,000 grey pixels. */
  readonly lineCharacters: number;
}

export const LIMITS: Limits = {
  arrayBytes: 2 ** 32,
  rows: 100_000_000,
  pictureBytes: 2 ** 29,
  lineCharacters: 16_000_000,
};
