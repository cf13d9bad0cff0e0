/** How a training run is shown: lines and a table on standard output, or JSON events; a live line on a terminal. */
import { countTrainable } from '../net/parameters.ts';
import { printable } from '../printable.ts';
import { percentage } from '../report/numbers.ts';
import { runtimeLine } from '../report/runtime.ts';
import { epochHead, epochRow, evalCommand, liveLine, networkLine, trainLine } from '../report/training.ts';
import type { Runtime } from '../runtime/open.ts';
import type { PreparedRun } from '../training/run.ts';
import type { EpochEvent, TrainingEvent } from '../training/train.ts';
import type { LiveLine } from './live-line.ts';

export interface TrainOutputOptions {
  readonly json: boolean;
  readonly epochs: number;
  /** Steps between two progress lines. */
  readonly logInterval: number;
}

export class TrainOutput {
  readonly #options: TrainOutputOptions;
  readonly #live: LiveLine;
  /** Whoever watches the live line on the same terminal needs no lines between the table's rows. */
  readonly #printsSteps: boolean;
  readonly #began = performance.now();
  #bestEpoch: number | undefined;

  constructor(live: LiveLine, options: TrainOutputOptions) {
    this.#options = options;
    this.#live = live;
    this.#printsSteps = options.json || !live.visible || !process.stdout.isTTY;
  }

  start(runtime: Runtime, { plan, architecture, parameters }: PreparedRun): void {
    const { epochs, batchSize, learningRate, seed, train, validation } = plan;
    const { backend, device, version } = runtime;
    const lines = `${runtimeLine(runtime)}\n${networkLine(architecture, countTrainable(parameters))}`;
    this.#print(`${lines}${this.#printsSteps ? '' : epochHead()}`, {
      event: 'start',
      ...{ backend, device, version, epochs, batchSize, learningRate, seed },
      architecture,
      trainImages: train.length,
      validationImages: validation.length,
    });
  }

  event(event: TrainingEvent): void {
    const { epochs, logInterval } = this.#options;
    if (event.type === 'epoch') {
      if (event.best) this.#bestEpoch = event.epoch;
      this.#print(`${this.#printsSteps ? epochHead() : ''}${epochRow(event)}`, jsonOf(event));
    } else if (event.type === 'validation') {
      this.#live.update(`epoch ${event.epoch}/${epochs}  validating ${event.done}/${event.total}`);
    } else {
      this.#live.update(liveLine(event, epochs));
      if (this.#printsSteps && event.batch % logInterval === 0) this.#print(trainLine(event), jsonOf(event));
    }
  }

  /** @param saved where the best epoch lies, and the data it was trained on; absent where nothing was saved */
  end(best: EpochEvent, saved?: { path: string; dataDir?: string | undefined }): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    const { epoch, validation } = best;
    const found = `validation loss ${validation.loss.toFixed(4)}, accuracy ${percentage(validation.accuracy)}`;
    const kept = saved
      ? `best epoch ${epoch}: ${found}, in ${printable(saved.path)}\ntest it: ${evalCommand(saved.path, saved.dataDir)}\n`
      : `dry run: ${found}; nothing was written\n`;
    this.#print(`${seconds.toFixed(1)} s, peak memory ${Math.round(peakMemoryBytes / 2 ** 20)} MiB\n${kept}`, {
      event: 'end',
      best: { epoch, loss: validation.loss, accuracy: validation.accuracy },
      checkpoint: saved?.path,
      seconds,
      peakMemoryBytes,
    });
  }

  /** What there is of a run that is stopped now. */
  kept(folder: string | undefined): string {
    if (folder === undefined) return 'nothing was written';
    return this.#bestEpoch === undefined
      ? 'no epoch was finished, so nothing was saved'
      : `the best of the finished epochs, ${this.#bestEpoch}, is in ${folder}`;
  }

  #print(text: string, event: Readonly<Record<string, unknown>>): void {
    this.#live.print(this.#options.json ? `${JSON.stringify(event)}\n` : text);
  }
}

function jsonOf({ type, ...facts }: TrainingEvent): Record<string, unknown> {
  return { event: type, ...facts };
}
