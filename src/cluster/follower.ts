/** The side of a worker that follows: reaches the leader, tells it what happens here, and hears what came of it. */
import { connect } from 'node:net';
import { ExitCode } from '../errors.ts';
import { printable } from '../printable.ts';
import { addressOf, addressText } from './addresses.ts';
import { Heartbeat } from './heartbeat.ts';
import { Introduction, type Outcome } from './introduction.ts';
import { LineSocket } from './line-socket.ts';
import { type LeaderMessage, leaderMessage, MAX_LINE, type WorkerMessage } from './messages.ts';
import {
  type Command,
  closeText,
  type Event,
  isSystemError,
  type Side,
  silenceText,
  type ThreadSetUp,
  workerName,
} from './thread-messages.ts';
import { within } from './timing.ts';

/** A follower's side. */
export class Follower implements Side {
  readonly #setUp: ThreadSetUp;
  readonly #report: (event: Event) => void;
  readonly #deadline: number;
  readonly #limit: NodeJS.Timeout;
  readonly #heartbeat: Heartbeat<LineSocket>;
  readonly #notices = new Set<string>();
  #phase: 'reaching' | 'waiting' | 'together' | 'over' = 'reaching';
  /** The leader's connection; undefined until it has shown that it is the leader's. */
  #leader: LineSocket | undefined;
  #attempt: LineSocket | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Why the last attempt was refused. */
  #refusal: string | undefined;
  /** Why the last attempt failed, if that is known. */
  #cause: string | undefined;
  #state = '';

  constructor(setUp: ThreadSetUp, report: (event: Event) => void) {
    this.#setUp = setUp;
    this.#report = report;
    this.#deadline = performance.now() + setUp.startLimit * 1000;
    // While the leader is there it is the leader that says how long the others are waited for.
    this.#limit = setTimeout(() => this.#phase === 'reaching' && this.#giveUp(), setUp.startLimit * 1000);
    this.#heartbeat = new Heartbeat(setUp.timing, {
      beat: () => this.#send({ type: 'beat', state: this.#state }),
      silent: (lines) => lines.destroy(silenceText(setUp.timing)),
    });
    this.#report({ type: 'missing', ranks: [0] });
    this.#reach();
  }

  command(command: Command): void {
    if (command.type === 'state') this.#state = command.state;
    else if (command.type === 'close') {
      this.#over();
      this.#attempt?.destroy();
    } else {
      this.#send(command);
      if (command.type === 'failed') this.#leaveWith({ type: 'sent' });
    }
  }

  #send(message: WorkerMessage): void {
    if (this.#phase !== 'over') this.#leader?.send(message);
  }

  /** Where the leader is. */
  get #place(): { host: string; port: number } {
    return { host: addressOf(this.#setUp.addresses[0] ?? '')?.host ?? '', port: this.#setUp.controlPort };
  }

  #reach(): void {
    const { strangerMs } = this.#setUp.timing;
    const lines: LineSocket = new LineSocket(connect(this.#place), {
      line: (line) => {
        const message = leaderMessage(line);
        if (message === undefined) lines.destroy('it sent what is no message');
        else this.#hear(lines, introduction, message);
      },
      closed: (cause) => {
        clearTimeout(timer);
        this.#leave(lines, cause);
      },
    });
    const introduction = new Introduction(this.#setUp, lines);
    const timer = setTimeout(() => {
      if (lines !== this.#leader) lines.destroy();
    }, strangerMs);
    this.#attempt = lines;
  }

  #hear(lines: LineSocket, introduction: Introduction, message: LeaderMessage): void {
    if (this.#phase === 'over') return;
    if (lines === this.#leader) {
      this.#heartbeat.heard(lines);
      this.#obey(message);
      return;
    }
    const outcome = introduction.hear(message);
    if (outcome?.type === 'refused') this.#refused(outcome);
    else if (outcome?.type === 'stranger') lines.destroy('it did not answer as a leader');
    else if (outcome?.type === 'leader') {
      lines.maxLine = MAX_LINE;
      this.#leader = lines;
      this.#phase = 'waiting';
      this.#refusal = undefined;
      this.#heartbeat.heard(lines);
    }
  }

  /** Another version or count of workers stays wrong; all else may be another cluster's leader, whose port gets free. */
  #refused({ why, message }: Extract<Outcome, { readonly type: 'refused' }>): void {
    if (why === 'different') this.#end(ExitCode.usage, message);
    else {
      this.#refusal = message;
      this.#notice(`${addressText(this.#place)} does not take this worker in: ${this.#refusal}; trying again`);
    }
  }

  /** What the leader says. */
  #obey(message: LeaderMessage): void {
    switch (message.type) {
      case 'joined':
        this.#phase = 'together';
        clearTimeout(this.#limit);
        this.#report(message);
        break;
      case 'missing':
      case 'go':
      case 'same':
        this.#report(message);
        break;
      case 'beat':
        this.#report({ type: 'state', rank: 0, state: printable(message.state) });
        break;
      case 'end':
        this.#end(message.code, printable(message.message));
        break;
      case 'done':
        this.#leaveWith(message);
        break;
      default:
        this.#leader?.destroy('it sent a message that has no place');
    }
  }

  #leave(lines: LineSocket, cause: string | undefined): void {
    this.#heartbeat.forget(lines);
    if (this.#phase === 'over') return;
    const { addresses, timing } = this.#setUp;
    if (this.#phase === 'together') {
      this.#end(ExitCode.lost, `${workerName(0, addresses)} was lost: ${closeText(cause)}`);
      return;
    }
    if (this.#phase === 'waiting') this.#report({ type: 'missing', ranks: [0] });
    else if (cause !== undefined && !isSystemError(cause)) {
      this.#notice(`${addressText(this.#place)} is no leader of this cluster: ${cause}; trying again`);
    }
    this.#phase = 'reaching';
    this.#leader = undefined;
    this.#cause = cause;
    if (performance.now() >= this.#deadline) this.#giveUp();
    else this.#retry = setTimeout(() => this.#reach(), timing.retryMs);
  }

  #notice(message: string): void {
    if (this.#notices.has(message)) return;
    this.#notices.add(message);
    this.#report({ type: 'notice', message });
  }

  #giveUp(): void {
    const { startLimit, addresses } = this.#setUp;
    const name = `${workerName(0, addresses)}, control port ${this.#place.port},`;
    if (this.#refusal === undefined) {
      const cause = this.#cause === undefined ? '' : ` (${this.#cause})`;
      const advice = 'start it, let its control port through, or raise --start-limit';
      this.#end(ExitCode.lost, `${name} was not reached within ${startLimit} s${cause}: ${advice}`);
    } else this.#end(ExitCode.usage, `${name} did not take this worker in within ${startLimit} s: ${this.#refusal}`);
  }

  #end(code: number, message: string): void {
    if (this.#phase === 'over') return;
    this.#report({ type: 'end', code, message });
    this.#leaveWith(undefined);
  }

  /** Ends the connection, and reports an event when the leader has done so too. */
  #leaveWith(event: Event | undefined): void {
    this.#over();
    const last = this.#leader ? [this.#leader.end()] : [];
    if (this.#leader === undefined) this.#attempt?.destroy();
    void within(this.#setUp.timing.flushMs, last).then(() => {
      if (event) this.#report(event);
    });
  }

  #over(): void {
    this.#phase = 'over';
    clearTimeout(this.#limit);
    clearTimeout(this.#retry);
    this.#heartbeat.stop();
  }
}
