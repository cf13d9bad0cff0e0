/** Heartbeats: they leave at intervals, and peers from which nothing comes are found. */
import type { Timing } from './timing.ts';

/** What a heartbeat does. */
interface HeartbeatEvents<Peer> {
  /** It is time to send a beat. */
  beat(): void;
  /** Nothing came from a peer for too long; it is watched no more. */
  silent(peer: Peer): void;
  /** Nothing has come from these peers for a few beats; called when they change. */
  quiet?(peers: readonly Peer[]): void;
}

/** Beats that may fail to come before a peer is quiet. */
const QUIET_BEATS = 3;

/** How often a silence is looked for between two beats. */
const CHECKS_PER_BEAT = 4;

/** A heartbeat among peers. */
export class Heartbeat<Peer> {
  /** When something last came from each peer (ms of `performance.now`). */
  readonly #heard = new Map<Peer, number>();
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #quiet: readonly Peer[] = [];

  constructor({ beatMs, silenceMs }: Timing, events: HeartbeatEvents<Peer>) {
    let beatAt = performance.now() + beatMs;
    this.#timer = setInterval(() => {
      const now = performance.now();
      // Who was frozen itself has heard nobody meanwhile: the others' beats are still to be read.
      const wasFrozen = now - this.#last > beatMs + silenceMs / 2;
      this.#last = now;
      if (wasFrozen) for (const peer of this.#heard.keys()) this.#heard.set(peer, now);
      if (now >= beatAt) {
        beatAt = now + beatMs;
        events.beat();
      }
      for (const [peer, heard] of [...this.#heard]) {
        if (now - heard > silenceMs && this.#heard.delete(peer)) events.silent(peer);
      }
      const quiet = [...this.#heard].flatMap(([peer, heard]) => (now - heard > QUIET_BEATS * beatMs ? [peer] : []));
      if (quiet.length !== this.#quiet.length) events.quiet?.(quiet);
      this.#quiet = quiet;
    }, beatMs / CHECKS_PER_BEAT);
  }

  /** Something came from a peer, which is watched from now on. */
  heard(peer: Peer): void {
    this.#heard.set(peer, performance.now());
  }

  /** The peer is watched no more. */
  forget(peer: Peer): void {
    this.#heard.delete(peer);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#heard.clear();
  }
}
