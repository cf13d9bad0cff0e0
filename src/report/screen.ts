/** What a text is shown on. */
export interface Screen {
  /** In characters. */
  readonly width: number;
  /** Whether escapes for 256 colours are understood and wanted. */
  readonly colours: boolean;
  /** Whether it shows characters beyond ASCII. */
  readonly unicode: boolean;
}
