/** The workers that train one model together, as an engine sees them. */
import type { Reduction } from '../../runtime/graph/collectives.ts';

/** The workers of a run, and this process's place among them. Every worker is given the same batches, and takes its part. */
export interface Peers {
  readonly rank: number;
  readonly count: number;
  /** host:port of each worker's TensorFlow server, by rank. The own one's port is that on which it listens. */
  readonly addresses: readonly string[];
  /** Whether batch norm takes its statistics from the whole batch; else from each worker's part, as PyTorch's DDP. */
  readonly syncBatchNorm: boolean;
  /** How gradients travel. */
  readonly reduce: Reduction;
  /** Aborted when a peer is lost, with the error to end with: runs that wait for it are given up. */
  readonly lost: AbortSignal;
  /** Seconds until every worker's server must be reachable. */
  readonly startLimit: number;
}

/** What the workers of a run agree on. */
export interface Agreement {
  /** Asks all workers to stop. They do after the next run that all take. */
  requestStop(): void;
  /** Aborted on all workers after the same run, by a `StopAgreed`, once one has asked. */
  readonly stopped: AbortSignal;
  /** Whether the last step's loss was not finite on some worker: `Engine.report` says on which. */
  readonly isAlarmed: boolean;
  /** Worker 0's answer to a question that all ask. */
  decide(mine: boolean): Promise<boolean>;
}

/** The reason of `Agreement.stopped`. */
export class StopAgreed extends Error {
  override readonly name = 'StopAgreed';
  /** The workers that asked, at least one. */
  readonly ranks: readonly number[];

  constructor(ranks: readonly number[]) {
    super(`asked by the workers ${ranks.join(', ')}`);
    this.ranks = ranks;
  }
}
