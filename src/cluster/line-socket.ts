/** A socket whose bytes are lines of JSON. */
import type { Socket } from 'node:net';
import { MAX_STRANGER_LINE } from './messages.ts';

const LINE_FEED = 10;

/** What happens on a connection. Nothing more does after `closed`. */
export interface LineEvents {
  /** A line without its end. */
  line(text: string): void;
  /**
   * The connection is closed.
   *
   * @param cause a system error's code, or what was wrong with its lines; undefined if the other side ended it
   */
  closed(cause: string | undefined): void;
}

/** A connection. A line that is too long closes it. */
export class LineSocket {
  /** Longest line that is taken (bytes). */
  maxLine = MAX_STRANGER_LINE;
  readonly #socket: Socket;
  /** Pieces of the line that has not ended yet, and their length together. */
  #pieces: Buffer[] = [];
  #length = 0;
  #cause: string | undefined;

  constructor(socket: Socket, events: LineEvents) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk, events));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#cause ??= error.code ?? error.message;
    });
    socket.on('close', () => events.closed(this.#cause));
  }

  #take(chunk: Buffer, events: LineEvents): void {
    let begin = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, begin)) {
      this.#keep(chunk.subarray(begin, end));
      if (this.#socket.destroyed) return;
      const line = Buffer.concat(this.#pieces).toString('utf8');
      this.#pieces = [];
      this.#length = 0;
      begin = end + 1;
      events.line(line);
      if (this.#socket.destroyed) return;
    }
    this.#keep(chunk.subarray(begin));
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    this.#pieces.push(piece);
    if (this.#length > this.maxLine) this.destroy('it sent a line that is too long');
  }

  send(message: object): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends the connection after all that was sent. Resolves when the other side has ended it too. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.end();
    });
  }

  /** Closes the connection at once; what was not sent is lost. */
  destroy(cause?: string): void {
    this.#cause ??= cause;
    this.#socket.destroy();
  }
}
