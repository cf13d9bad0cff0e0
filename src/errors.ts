/** The errors that users see, and the exit codes of the command line. */

/** Exit codes of the command line. A command that signal n ended exits with 128 + n. */
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
  /** Another worker of the cluster was lost. */
  lost: 9,
} as const;

/** An error that the user can do something about. It is shown as one line without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: number;

  /**
   * @param message what was wrong, the value received, and what to do next, in one line
   * @param code the process's exit code: one of `ExitCode`, or 128 + n
   * @param options the error that caused this one, shown with `RESNET_DEBUG=1`
   */
  constructor(message: string, code: number, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A file of several that cannot be used; the command reports it and continues with the others. */
export interface FaultyFile {
  readonly path: string;
  /** The message for the user: the file's name, and what is wrong with it. */
  readonly problem: string;
  /** The exit code that belongs to the problem. */
  readonly code: number;
}

/** Shows the user a message that is not an error. */
export type Notice = (message: string) => void;
