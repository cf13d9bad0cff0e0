/** The type of a screen, for which a text is made. */

/** The abilities of a screen. */
export interface Screen {
  /** Width in characters. */
  readonly width: number;
  /** Whether the screen should receive escapes for 256 colours. */
  readonly colours: boolean;
  /** Whether the screen shows characters beyond ASCII. */
  readonly unicode: boolean;
}
