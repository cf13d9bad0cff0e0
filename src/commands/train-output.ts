/** How a training run is shown: lines and a table on standard output, or JSON events; a live line on a terminal. */
import { epochHead, epochRow, liveLine, percentage, trainLine } from '../report/training.ts';
import type { EpochEvent, TrainingEvent } from '../training/train.ts';
import { LiveLine } from './live-line.ts';

export interface TrainOutputOptions {
  readonly json: boolean;
  readonly epochs: number;
  readonly logInterval: number;
}

export class TrainOutput {
  readonly #options: TrainOutputOptions;
  readonly #live: LiveLine;
  readonly #began = performance.now();

  private constructor(options: TrainOutputOptions, live: LiveLine) {
    this.#options = options;
    this.#live = live;
  }

  static async open(options: TrainOutputOptions): Promise<TrainOutput> {
    return new TrainOutput(options, await LiveLine.start('getting ready'));
  }

  /** @param text for people, `facts` for machines */
  start(text: string, facts: Readonly<Record<string, unknown>>): void {
    this.#print(`${text}\n${epochHead()}`, { event: 'start', ...facts });
  }

  event(event: TrainingEvent): void {
    if (event.type === 'epoch') {
      this.#print(epochRow(event), jsonOf(event));
    } else if (event.type === 'validation') {
      this.#live.update(`epoch ${event.epoch}/${this.#options.epochs}  validating ${event.done}/${event.total}`);
    } else {
      this.#live.update(liveLine(event, this.#options.epochs));
      const due = event.batch % this.#options.logInterval === 0;
      // whoever watches the live line on the same terminal needs no lines between the table's rows
      if (due && !(this.#live.visible && process.stdout.isTTY && !this.#options.json)) {
        this.#print(trainLine(event), jsonOf(event));
      }
    }
  }

  /** @param checkpoint where the best epoch lies; absent where nothing was saved */
  end(best: EpochEvent, checkpoint?: string): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    const { epoch, validation } = best;
    const found = `validation loss ${validation.loss.toFixed(4)}, accuracy ${percentage(validation.accuracy)}`;
    const kept =
      checkpoint === undefined
        ? `dry run: ${found}; nothing was written\n`
        : `best epoch ${epoch}: ${found}, in ${checkpoint}\ntest it: npx resnet eval --checkpoint ${checkpoint}\n`;
    const facts = { best: { epoch, loss: validation.loss, accuracy: validation.accuracy }, checkpoint };
    this.#print(`${seconds.toFixed(1)} s, peak memory ${Math.round(peakMemoryBytes / 2 ** 20)} MiB\n${kept}`, {
      event: 'end',
      ...facts,
      seconds,
      peakMemoryBytes,
    });
  }

  close(): void {
    this.#live.stop();
  }

  #print(text: string, event: Readonly<Record<string, unknown>>): void {
    this.#live.print(this.#options.json ? `${JSON.stringify(event)}\n` : text);
  }
}

function jsonOf({ type, ...facts }: TrainingEvent): Record<string, unknown> {
  return { event: type, ...facts };
}
