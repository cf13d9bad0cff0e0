/** Counts what is left out of a folder of pictures, kind by kind. */
import type { LeftOut } from '../found.ts';

/** Most kinds that are listed; what is of the rarest kinds is counted together. */
const MOST_KINDS = 20;

/** Counts of what is left out. */
export class LeftOutCounts {
  readonly #counts = new Map<string, number>();

  /** @param what the kind, in the plural; see `LeftOut` */
  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** The kinds, the most frequent first; of the same folder always the same list. */
  list(): LeftOut[] {
    const kinds = [...this.#counts].map(([what, count]) => ({ what, count }));
    kinds.sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
    const rest = kinds.splice(MOST_KINDS);
    const count = rest.reduce((sum, each) => sum + each.count, 0);
    return count === 0 ? kinds : [...kinds, { what: 'files and folders of other kinds', count }];
  }
}
