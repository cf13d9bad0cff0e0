/** Prints the answers of `resnet predict` batch by batch, with each fault at its picture's place. */
import { UserError } from '../../errors.ts';
import type { AnsweredPicture } from '../../evaluation/predict/pictures.ts';
import type { ReportError } from '../../flags/flag.ts';
import type { ImageSize } from '../../image/size.ts';
import type { PredictionFormat } from '../../report/predict/prediction-formats.ts';
import { refusalText } from '../../report/predict/predictions.ts';
import { seenLines } from '../../report/seen/lines.ts';
import type { Seen } from '../../report/seen/seen.ts';
import type { LiveLine } from '../live-line.ts';
import { screen } from '../terminal.ts';
import { seenOf } from './answered-picture.ts';
import { PREDICTION_WRITERS } from './prediction-format.ts';
import type { PredictionOutput } from './prediction-output.ts';
import type { ShownPictures } from './shown-pictures.ts';

/** How and where answers are printed. */
interface Printing {
  readonly format: PredictionFormat;
  readonly output: PredictionOutput;
  readonly live: LiveLine;
  readonly report: ReportError;
  /** Whether a table's lines may be followed by what the network saw, drawn for a terminal. */
  readonly drawn: boolean;
  /** Size and channels of the network's images. */
  readonly image: { readonly size: ImageSize; readonly channels: 1 | 3 };
}

/** Prints answers. */
export class AnswerPrinter {
  readonly #printing: Printing;
  #pictures = 0;
  #unanswered = 0;

  constructor(printing: Printing) {
    this.#printing = printing;
  }

  /** Prints a batch, and writes what the network saw of its pictures if `shown` is given. */
  async print(answered: readonly AnsweredPicture[], shown: ShownPictures | undefined): Promise<void> {
    const { image, live, output, format, report } = this.#printing;
    const seen = answered.map((each) => seenOf(each, { ...image.size, channels: image.channels }));
    const files = shown && (await shown.write(seen, live));
    const writer = PREDICTION_WRITERS[format];
    for (const [index, picture] of answered.entries()) {
      const { read, answer } = picture;
      live.clear();
      if ('problem' in answer) {
        report('error' in read ? read.error : new UserError(answer.problem, answer.code));
        this.#unanswered += 1;
      }
      const head = this.#pictures === 0 ? writer.head : '';
      const part = writer.part(picture, this.#pictures, files?.[index]);
      this.#pictures += 1;
      const text = head + part + this.#drawing(answer, seen[index]);
      if (text !== '') await output.write(text);
    }
  }

  /** Prints what stands after all answers. */
  async finish(): Promise<void> {
    const { output, format } = this.#printing;
    const { head, end } = PREDICTION_WRITERS[format];
    const rest = (this.#pictures === 0 ? head : '') + end;
    if (rest !== '') await output.write(rest);
    await output.finish(this.#pictures, this.#unanswered);
  }

  /** What the network saw, on a terminal that can show it. The line of a problem is on standard error. */
  #drawing(answer: AnsweredPicture['answer'], seen: Seen | undefined): string {
    const { drawn, format } = this.#printing;
    if (!drawn || format !== 'table' || seen === undefined) return '';
    const { width, colours, unicode } = screen();
    const lines = colours && unicode ? seenLines(seen, width) : '';
    return lines !== '' && 'problem' in answer ? refusalText(answer) + lines : lines;
  }
}
