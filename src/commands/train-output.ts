/** The output of `resnet train`: lines and a table, or JSON events, on standard output; a live line on a terminal. */
import { underFlagNames } from '../api/settings.ts';
import type { FinishedEvent, PreparedEvent, TrainEvent } from '../api/train-events.ts';
import type { LoadProgress } from '../dataset/load.ts';
import { printable, printableJson } from '../printable.ts';
import { bestForms } from '../report/best-epoch.ts';
import { bestRow, epochHead, epochRow } from '../report/epoch-table.ts';
import { lossCurve } from '../report/loss-curve.ts';
import { LossHistory } from '../report/loss-history.ts';
import { progressLine, validationLine } from '../report/progress-line.ts';
import { runtimeLine } from '../report/runtime-line.ts';
import {
  chanceLine,
  classWeightsLine,
  earlierBest,
  endLines,
  finishedLine,
  frozenLine,
  networkLine,
  recipeLines,
  resumeCommand,
  resumedLines,
  skippedText,
  thawLine,
  trainingDataLine,
  trainLine,
  workersLine,
} from '../report/training.ts';
import { isLogged, jsonOf, type RunEvent } from '../run/run-events.ts';
import { type RunSettings, settingsOf } from '../run/settings.ts';
import type { BestMeasure } from '../training/best-measure.ts';
import { isUnsettled } from '../training/chance.ts';
import type { EpochEvent } from '../training/events.ts';
import type { LiveLine } from './live-line.ts';
import { loadingOn } from './load-hooks.ts';
import { screen } from './terminal.ts';
import { tellLauncher } from './workers/launched.ts';
import { waitingOn } from './workers/waiting.ts';

/** Prints the events of one run. */
export class TrainOutput {
  readonly #json: boolean;
  readonly #together: string;
  readonly #live: LiveLine;
  /**
   * Whether progress lines are printed. On a terminal the live line replaces them, and the table's rows stay together.
   */
  readonly #printsSteps: boolean;
  readonly #screen = screen();
  readonly #losses = new LossHistory();
  /** The best epoch since the run was started or resumed. */
  #best: EpochEvent | undefined;
  #run: PreparedEvent | undefined;
  #settings: Partial<RunSettings> = {};
  readonly #loading: (progress: LoadProgress) => void;
  readonly #waiting: ReturnType<typeof waitingOn>;
  #saved: Extract<RunEvent, { type: 'saved' }> | undefined;
  #hasStepped = false;

  /** @param together the words of a command line that say who the workers are; default: none */
  constructor(live: LiveLine, json: boolean, together = '') {
    this.#json = json;
    this.#together = together === '' ? '' : ` ${together}`;
    this.#live = live;
    this.#loading = loadingOn(live);
    this.#waiting = waitingOn(live);
    this.#printsSteps = json || !live.visible || !process.stdout.isTTY;
  }

  /** Keeps what the run is, and warns of its data: later, the warnings would stand in the table. */
  #begin(run: PreparedEvent): void {
    this.#run = run;
    this.#settings = settingsOf(underFlagNames(run.settings));
    for (const warning of run.warnings) this.#live.warn(warning);
    const [first] = run.skipped ?? [];
    if (first) this.#live.warn(skippedText(first, run.skipped?.length ?? 1));
    tellLauncher({ kept: this.kept() });
  }

  /** Whether the run has data and network, so that its steps begin. */
  get isPrepared(): boolean {
    return this.#run !== undefined;
  }

  /** Prints an event. */
  event(event: TrainEvent): void {
    if (event.type === 'loading') this.#loading(event);
    else if (event.type === 'notice') this.#live.note(`${printable(event.message)}\n`);
    else if (event.type === 'waiting') this.#waiting(event.for);
    else if (event.type === 'prepared') this.#begin(event);
    else if (event.type === 'finished') this.#finished(event);
    else this.#runEvent(event);
  }

  #runEvent(event: RunEvent): void {
    const { epochs = 0 } = this.#run ?? {};
    const { logInterval = 1 } = this.#settings;
    switch (event.type) {
      case 'start': {
        const resumed = event.resumed ? resumedLines(event.resumed, event.step) : '';
        const head = this.#printsSteps ? '' : epochHead('Best', this.#tableForm);
        const network = `${workersLine(event)}${networkLine(event)}${frozenLine(event)}${classWeightsLine(event)}`;
        const recipe = this.#run ? recipeLines(this.#settings) : '';
        this.#print(`${runtimeLine(event)}\n${trainingDataLine(event)}${network}${recipe}${resumed}${head}`, event);
        break;
      }
      case 'warning':
      case 'skipped':
        this.#print('', event);
        break;
      case 'thaw':
        if (!this.#json) this.#live.note(thawLine(event));
        this.#print('', event);
        break;
      case 'step':
        this.#hasStepped = true;
        this.#losses.add(event);
        this.#live.update(progressLine(event, epochs, this.#liveScreen(), this.#beside));
        if (this.#printsSteps && isLogged(event, logInterval)) {
          const isLessonLine = event.batch % logInterval === 0; // the lesson prints no line for an epoch's last step
          this.#print(isLessonLine ? trainLine(event) : '', event);
        }
        break;
      case 'validation':
        this.#live.update(validationLine(event, epochs, this.#liveScreen()));
        break;
      case 'epoch':
        this.#losses.add(event);
        if (event.best) this.#best = event;
        this.#print(this.#epochText(event), event);
        break;
      case 'saved':
        this.#saved = event;
        tellLauncher({ kept: this.kept() });
        this.#print('', event);
        break;
      case 'end':
        this.#print(`${this.#closing()}${endLines(event, this.#run?.workers)}`, event);
        if (event.chance && !isUnsettled(event.step, event.best, event.chance)) {
          this.#live.note(`${chanceLine(event.best, event.chance)}\n`);
        }
        break;
    }
  }

  /** The measure by which the best epoch is chosen. */
  get #bestBy(): BestMeasure {
    return this.#run?.bestBy ?? 'loss';
  }

  /** A line in a file is as long as it needs to be. */
  get #tableForm() {
    return { bestBy: this.#bestBy, ...(this.#printsSteps ? {} : { width: this.#screen.width }) };
  }

  /** What the live line shows beside a step. */
  get #beside() {
    const best = bestForms(this.#best?.validation ?? this.#run?.best, this.#bestBy);
    return { best, workers: this.#run?.workers?.count ?? 1 };
  }

  #liveScreen() {
    return { ...this.#screen, width: this.#live.width };
  }

  /**
   * A row of the table. On a terminal its last column is the number of the best epoch so far. The word `best` would
   * become wrong when a better epoch follows, and printed rows are never changed.
   */
  #epochText(event: EpochEvent): string {
    if (this.#printsSteps)
      return `${epochHead('', this.#tableForm)}${epochRow(event, event.best ? 'best' : '', this.#tableForm)}`;
    const { epoch: best } = this.#best ?? this.#run?.best ?? event;
    return epochRow(event, String(best), this.#tableForm);
  }

  /** The row of the best epoch, unless it was trained before the run resumed, and the loss curve. */
  #closing(): string {
    if (this.#printsSteps) return '';
    const row = this.#best === undefined ? '' : bestRow(this.#best, this.#tableForm);
    const curve = lossCurve(this.#losses, this.#screen);
    return `${row}${curve === '' ? '' : `\n${curve}\n`}`;
  }

  /** Prints that the run to resume has no epoch left to train. */
  #finished({ type, ...facts }: FinishedEvent): void {
    const { checkpoint, epochs } = facts;
    const { epochs: wanted = epochs, patience } = this.#settings;
    const text = finishedLine(checkpoint, epochs, { epochs: wanted, patience });
    this.#live.print(this.#json ? `${printableJson({ event: type, ...facts })}\n` : text);
  }

  /** The end of the message that the run was stopped: what was saved, and how to resume. */
  kept(): string {
    if (this.#run === undefined) return 'training had not begun';
    if (this.#run.folder === undefined) return 'no checkpoint was written';
    const { resumed } = this.#run;
    if (this.#saved === undefined && resumed !== undefined) {
      return `nothing was changed; resume with: ${resumeCommand(resumed)}${this.#together}`;
    }
    if (this.#saved === undefined && this.#hasStepped)
      return 'nothing was saved yet (--save-interval saves within an epoch)';
    if (this.#saved === undefined) return 'no step was taken, so nothing was saved';
    const { step, checkpoint, earlier } = this.#saved;
    const best = earlier === undefined ? '' : `${earlierBest(this.#run.folder, earlier)}; `;
    return `${best}saved up to step ${step}; resume with: ${resumeCommand(checkpoint)}${this.#together}`;
  }

  #print(text: string, event: RunEvent): void {
    this.#live.print(this.#json ? `${printableJson(jsonOf(event))}\n` : text);
  }
}
