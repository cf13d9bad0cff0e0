/** The output of a worker that follows: what it does, on standard error alone; worker 0 prints the results. */
import type { PreparedEvent, TrainEvent } from '../../api/train-events.ts';
import { printable } from '../../printable.ts';
import { progressLine, validationLine } from '../../report/progress-line.ts';
import type { LiveLine } from '../live-line.ts';
import { loadingOn } from '../load-hooks.ts';
import { screen } from '../terminal.ts';
import { waitingOn } from './waiting.ts';

/** Shows the events of one worker. */
export class FollowerOutput {
  readonly #live: LiveLine;
  readonly #loading: ReturnType<typeof loadingOn>;
  readonly #waiting: ReturnType<typeof waitingOn>;
  readonly #screen = screen();
  #run: PreparedEvent | undefined;

  constructor(live: LiveLine) {
    this.#live = live;
    this.#loading = loadingOn(live);
    this.#waiting = waitingOn(live);
  }

  /** Whether the run has data and network, so that its steps begin. */
  get isPrepared(): boolean {
    return this.#run !== undefined;
  }

  /** Shows an event. */
  event(event: TrainEvent): void {
    const { epochs = 0, workers: { count = 1, rank = 0 } = {} } = this.#run ?? {};
    const width = { ...this.#screen, width: this.#live.width };
    switch (event.type) {
      case 'loading':
        this.#loading(event);
        break;
      case 'notice':
        this.#live.note(`${printable(event.message)}\n`);
        break;
      case 'waiting':
        this.#waiting(event.for);
        break;
      case 'prepared':
        this.#run = event;
        this.#live.note(`worker ${event.workers?.rank} of ${event.workers?.count}: worker 0 prints and writes\n`);
        break;
      case 'step':
        this.#live.update(progressLine(event, epochs, width, { workers: count }));
        break;
      case 'validation':
        this.#live.update(validationLine(event, epochs, width));
        break;
      case 'end':
      case 'finished':
        this.#live.note(`worker ${rank} of ${count}: done at step ${event.step}\n`);
        break;
      default:
        break;
    }
  }

  /** The end of the message that the run was stopped. */
  kept(): string {
    return this.#run === undefined ? 'training had not begun' : 'worker 0 saves';
  }
}
