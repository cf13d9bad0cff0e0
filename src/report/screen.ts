/** The screen that a text is made for. */

/** What a screen can show. */
export interface Screen {
  /** Width in characters. */
  readonly width: number;
  /** Whether the screen should receive escapes for 256 colours. */
  readonly colours: boolean;
  /** Whether the screen shows characters beyond ASCII. */
  readonly unicode: boolean;
}
