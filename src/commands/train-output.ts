/** How a training run is shown: lines and a table on standard output, or JSON events; a live line on a terminal. */
import { runtimeLine } from '../report/runtime.ts';
import {
  endLines,
  epochHead,
  epochRow,
  finishedLine,
  liveLine,
  networkLine,
  recipeLines,
  resumeCommand,
  resumedLines,
  trainLine,
} from '../report/training.ts';
import { jsonOf, type RunEvent } from '../training/events.ts';
import type { PreparedRun } from '../training/prepare-run.ts';
import type { LiveLine } from './live-line.ts';

export class TrainOutput {
  readonly #json: boolean;
  readonly #live: LiveLine;
  /** Whoever watches the live line on the same terminal needs no lines between the table's rows. */
  readonly #printsSteps: boolean;
  #run: PreparedRun | undefined;
  #saved: Extract<RunEvent, { type: 'saved' }> | undefined;

  constructor(live: LiveLine, json: boolean) {
    this.#json = json;
    this.#live = live;
    this.#printsSteps = json || !live.visible || !process.stdout.isTTY;
  }

  /** To be called before the run's events. */
  begin(run: PreparedRun): void {
    this.#run = run;
  }

  event(event: RunEvent): void {
    const { epochs = 0, logInterval = 1 } = this.#run?.plan ?? {};
    switch (event.type) {
      case 'start': {
        const resumed = event.resumed ? resumedLines(event.resumed, event.step) : '';
        const head = this.#printsSteps ? '' : epochHead();
        const recipe = this.#run ? recipeLines(this.#run.settings) : '';
        this.#print(`${runtimeLine(event)}\n${networkLine(event)}${recipe}${resumed}${head}`, event);
        break;
      }
      case 'step':
        this.#live.update(liveLine(event, epochs));
        if (this.#printsSteps && event.batch % logInterval === 0) this.#print(trainLine(event), event);
        break;
      case 'validation':
        this.#live.update(`epoch ${event.epoch}/${epochs}  validating ${event.done}/${event.total}`);
        break;
      case 'epoch':
        this.#print(`${this.#printsSteps ? epochHead() : ''}${epochRow(event)}`, event);
        break;
      case 'saved':
        this.#saved = event;
        this.#print('', event);
        break;
      case 'end':
        this.#print(endLines(event, this.#run?.settings.dataDir), event);
        break;
    }
  }

  /** All epochs of a run that was to be resumed are done. */
  finished({ progress, plan, resumed }: PreparedRun): void {
    const { epochs, step, best } = progress;
    const facts = { event: 'finished', step, epochs, best, checkpoint: resumed?.checkpoint };
    const text = finishedLine(resumed?.checkpoint ?? '', epochs, plan);
    this.#live.print(this.#json ? `${JSON.stringify(facts)}\n` : text);
  }

  /** What there is of a run that is stopped now. */
  kept(): string {
    if (this.#run === undefined) return 'training had not begun';
    if (this.#run.folder === undefined) return 'nothing was written';
    const resumed = this.#run.resumed?.checkpoint;
    if (this.#saved === undefined && resumed !== undefined)
      return `nothing was changed; to go on: ${resumeCommand(resumed)}`;
    if (this.#saved === undefined) return 'no step was taken, so nothing was saved';
    const { step, checkpoint } = this.#saved;
    return `saved up to step ${step}; to go on: ${resumeCommand(checkpoint)}`;
  }

  #print(text: string, event: RunEvent): void {
    this.#live.print(this.#json ? `${JSON.stringify(jsonOf(event))}\n` : text);
  }
}
