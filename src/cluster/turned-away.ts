/** Connections that the leader turns away: its user is told, since only the other side is told otherwise. */

/** Why a connection is turned away: what its secret is beside this cluster's, or that its rank is there already. */
export type Fault = 'another' | 'none' | 'unexpected' | 'taken';

/** A fault of a secret, in the words of each side. */
interface Words {
  /** What the connection did, for the leader's user. */
  readonly did: string;
  /** Which connections those were, for the leader's user when workers did not come. */
  readonly those: string;
  /** For the other side's user, of this leader. */
  readonly told: string;
}

const WORDS: Readonly<Record<Exclude<Fault, 'taken'>, Words>> = {
  another: {
    did: 'gave another RESNET_CLUSTER_SECRET',
    those: 'with another RESNET_CLUSTER_SECRET',
    told: 'its RESNET_CLUSTER_SECRET is another, so it leads another cluster',
  },
  none: {
    did: 'gave no RESNET_CLUSTER_SECRET, which is set here',
    those: 'without the RESNET_CLUSTER_SECRET that is set here',
    told: 'RESNET_CLUSTER_SECRET is set there and not here',
  },
  unexpected: {
    did: 'gave a RESNET_CLUSTER_SECRET, which is not set here',
    those: 'with a RESNET_CLUSTER_SECRET, which is not set here,',
    told: 'RESNET_CLUSTER_SECRET is set here and not there',
  },
};

/** How many notices there are at most: whoever reaches the port may come from many addresses. */
const MOST_NOTICES = 20;

/** Notes the connections that are turned away. */
export class TurnedAway {
  readonly #notice: (message: string) => void;
  readonly #noticed = new Set<string>();
  /** The last fault of a secret. */
  #secret: Exclude<Fault, 'taken'> | undefined;

  /** @param notice called once for each host and fault */
  constructor(notice: (message: string) => void) {
    this.#notice = notice;
  }

  /**
   * @param host the address that the connection came from
   * @param rank what it says which worker it is
   * @returns what it is told
   */
  add(fault: Fault, host: string, rank: number): string {
    if (fault !== 'taken') this.#secret = fault;
    const did = fault === 'taken' ? `came as worker ${rank}, which is there already` : WORDS[fault].did;
    const message = `a connection from ${host.replace(/^::ffff:/, '')} ${did}: refused`;
    if (!this.#noticed.has(message) && this.#noticed.size < MOST_NOTICES) {
      this.#noticed.add(message);
      this.#notice(message);
    }
    return fault === 'taken' ? `it has a worker ${rank} already` : WORDS[fault].told;
  }

  /** What may explain that workers did not come, after a semicolon; empty if nothing does. */
  get explanation(): string {
    return this.#secret === undefined ? '' : `; connections ${WORDS[this.#secret].those} were refused`;
  }
}
