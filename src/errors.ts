/** Exit codes of the command line; a run ended by signal n exits with 128 + n. */
export const ExitCode = {
  ok: 0,
  bug: 1,
  usage: 2,
  data: 3,
  checkpoint: 4,
  io: 5,
  diverged: 6,
  locked: 7,
  device: 8,
} as const;

/** A mistake or misfortune that the reader of the message can do something about: one line, no stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: number;

  /**
   * @param message what was wrong, the value received, and what to do next, in one line
   * @param code the process's exit code, one of `ExitCode` or 128 + n
   * @param options the cause, shown with `RESNET_DEBUG=1`
   */
  constructor(message: string, code: number, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export interface FaultyFile {
  readonly path: string;
  /** What is wrong, with the file's name. */
  readonly problem: string;
  /** The exit code of that. */
  readonly code: number;
}

/** Tells the user what is not an error, but to be known. */
export type Notice = (message: string) => void;
