/** Rank 0's side of the control connection: lets the workers in, gathers what they say, and tells all what came of it. */
import { createServer, type Server } from 'node:net';
import { ExitCode } from '../errors.ts';
import { printable } from '../printable.ts';
import { listeningHost } from './addresses.ts';
import { differenceOfFacts, differenceOfWeights, type Weights } from './differences.ts';
import { Gate, type Peer } from './gate.ts';
import { Heartbeat } from './heartbeat.ts';
import { MAX_TEXT, type WorkerFacts, type WorkerMessage } from './messages.ts';
import { Peers } from './peers.ts';
import { Rounds } from './rounds.ts';
import { Suspicion } from './suspicion.ts';
import {
  type Command,
  closeText,
  type Event,
  lossText,
  type Side,
  silenceText,
  type ThreadSetUp,
  workerName,
} from './thread-messages.ts';

/** The leader's side. */
export class Leader implements Side {
  readonly #setUp: ThreadSetUp;
  readonly #report: (event: Event) => void;
  readonly #gate: Gate;
  readonly #server: Server;
  readonly #heartbeat: Heartbeat<Peer>;
  readonly #peers: Peers;
  readonly #facts: Rounds<WorkerFacts>;
  readonly #weights: Rounds<Weights>;
  readonly #done: Rounds<true>;
  readonly #suspicion: Suspicion;
  readonly #limit: NodeJS.Timeout;
  #phase: 'waiting' | 'together' | 'over' = 'waiting';
  #state = '';

  constructor(setUp: ThreadSetUp, report: (event: Event) => void) {
    this.#setUp = setUp;
    this.#report = report;
    const { addresses, timing, startLimit } = setUp;
    const world = addresses.length;
    this.#peers = new Peers(world);
    [this.#facts, this.#weights, this.#done] = [new Rounds(world), new Rounds(world), new Rounds(world)];
    this.#suspicion = new Suspicion(timing.verdictMs, (message) => this.#end(ExitCode.lost, message));
    this.#gate = new Gate(setUp, {
      isFree: (rank) => this.#phase === 'waiting' && !this.#peers.has(rank),
      refused: (message) => {
        if (this.#phase === 'waiting') this.#end(ExitCode.usage, message);
      },
      notice: (message) => this.#report({ type: 'notice', message }),
      entered: (peer) => this.#enter(peer),
      message: (peer, message) => this.#hear(peer, message),
      closed: (peer, cause) => this.#leave(peer, cause),
    });
    this.#heartbeat = new Heartbeat(timing, {
      beat: () => this.#peers.tell({ type: 'beat', state: this.#state }),
      silent: (peer) => this.#missBeats(peer),
      quiet: (peers) => this.#report({ type: 'quiet', ranks: peers.map(({ rank }) => rank) }),
    });
    this.#limit = setTimeout(() => this.#giveUp(), startLimit * 1000);
    this.#server = createServer((socket) => this.#gate.take(socket));
    this.#listen();
    this.#reportMissing();
  }

  #listen(): void {
    const { controlPort, addresses } = this.#setUp;
    this.#server.on('error', ({ code }: NodeJS.ErrnoException) => {
      const fault = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be listened on (${code})`;
      this.#end(ExitCode.io, `port ${controlPort} ${fault}: choose another --control-port for all workers`);
    });
    this.#server.listen({ port: controlPort, host: listeningHost(addresses) });
  }

  command(command: Command): void {
    if (command.type === 'state') this.#state = command.state;
    else if (command.type === 'failed') this.#fail(command.message, command.code);
    else if (command.type === 'close') {
      this.#over();
      this.#peers.destroy();
    } else this.#gather(0, command);
  }

  #enter(peer: Peer): void {
    this.#peers.add(peer);
    this.#heartbeat.heard(peer);
    this.#reportMissing();
    if (this.#peers.missing().length > 0) return;
    this.#phase = 'together';
    clearTimeout(this.#limit);
    this.#announce({ type: 'joined' });
  }

  #reportMissing(): void {
    this.#announce({ type: 'missing', ranks: this.#peers.missing() });
  }

  /** Tells this worker's main thread and all others the same. */
  #announce(message: Extract<Event, { readonly type: 'missing' | 'joined' | 'go' | 'same' }>): void {
    this.#peers.tell(message);
    this.#report(message);
  }

  #giveUp(): void {
    const { addresses, startLimit } = this.#setUp;
    const names = this.#peers.missing().map((rank) => workerName(rank, addresses));
    const message = `${names.join(', ')} did not come within ${startLimit} s: start all workers, or raise --start-limit`;
    this.#end(ExitCode.lost, `${message}${this.#gate.explanation}`);
  }

  #hear(peer: Peer, message: WorkerMessage): void {
    if (this.#phase === 'over') return;
    const { rank } = peer;
    this.#heartbeat.heard(peer);
    if (message.type === 'beat') this.#report({ type: 'state', rank, state: printable(message.state) });
    else if (message.type === 'failed') {
      const text = printable(message.message);
      // A worker that only saw a loss is not its cause, and may know less of it than is known here in a moment.
      if (message.code === ExitCode.lost) this.#suspicion.add(rank, text, true);
      else this.#end(ExitCode.lost, lossText(rank, text, message.code));
    } else if (message.type !== 'hello') this.#gather(rank, message);
  }

  /** A connection is closed: while workers are waited for the worker may come again, later it is lost. */
  #leave(peer: Peer, cause: string | undefined): void {
    this.#heartbeat.forget(peer);
    this.#peers.remove(peer);
    if (this.#phase === 'waiting') this.#reportMissing();
    if (this.#phase !== 'together') return;
    const name = workerName(peer.rank, this.#setUp.addresses);
    this.#suspicion.add(peer.rank, `${name} was lost: ${closeText(cause)}`, false);
  }

  /** The worker may only be frozen: it is told too, for when it goes on. */
  #missBeats(peer: Peer): void {
    const { addresses, timing } = this.#setUp;
    if (this.#phase === 'waiting') peer.destroy(silenceText(timing));
    else this.#end(ExitCode.lost, `${workerName(peer.rank, addresses)} was lost: ${silenceText(timing)}`);
  }

  /** Takes what each worker says once a round. The last of them decides it. */
  #gather(rank: number, message: Extract<WorkerMessage, { readonly type: 'facts' | 'weights' | 'done' }>): void {
    if (this.#phase !== 'together') return;
    const rounds = { facts: this.#facts, weights: this.#weights, done: this.#done }[message.type];
    if (!rounds.hasRoom(rank)) this.#peers.drop(rank, 'it sent too much');
    else if (message.type === 'facts') this.#compareFacts(this.#facts.add(rank, message.facts));
    else if (message.type === 'weights') this.#compareWeights(this.#weights.add(rank, message));
    else if (this.#done.add(rank, true) !== undefined) this.#finish();
  }

  #compareFacts(all: readonly WorkerFacts[] | undefined): void {
    if (all === undefined) return;
    const difference = differenceOfFacts(all);
    if (difference === undefined) this.#announce({ type: 'go' });
    else this.#end(ExitCode.usage, difference);
  }

  #compareWeights(all: readonly Weights[] | undefined): void {
    if (all === undefined) return;
    const difference = differenceOfWeights(all);
    if (difference === undefined) this.#announce({ type: 'same', step: all[0]!.step });
    else this.#end(ExitCode.diverged, difference);
  }

  #finish(): void {
    this.#over();
    this.#peers.tell({ type: 'done' });
    void this.#peers.end(this.#setUp.timing.flushMs).then(() => this.#report({ type: 'done' }));
  }

  /** This worker fails. */
  #fail(message: string, code: number | undefined): void {
    if (this.#phase !== 'over') {
      const isSeen = code === ExitCode.lost;
      const text = isSeen ? (this.#suspicion.message ?? message) : lossText(0, message, code);
      this.#over();
      this.#tellEnd(ExitCode.lost, text);
    }
    void this.#peers.end(this.#setUp.timing.flushMs).then(() => this.#report({ type: 'sent' }));
  }

  /** The training ends for all: the first cause counts. */
  #end(code: number, message: string): void {
    if (this.#phase === 'over') return;
    this.#over();
    this.#report({ type: 'end', code, message });
    this.#tellEnd(code, message);
    void this.#peers.end(this.#setUp.timing.flushMs);
  }

  #tellEnd(code: number, message: string): void {
    this.#peers.tell({ type: 'end', code, message: message.slice(0, MAX_TEXT) });
  }

  #over(): void {
    this.#phase = 'over';
    clearTimeout(this.#limit);
    this.#suspicion.stop();
    this.#heartbeat.stop();
    this.#server.close();
    this.#gate.close();
  }
}
