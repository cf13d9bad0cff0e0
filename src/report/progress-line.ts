/** The text of the live line while a run trains. */
import type { LoadProgress } from '../dataset/load.ts';
import { lossText, percentage } from '../numbers.ts';
import type { StepEvent, ValidationEvent } from '../training/events.ts';
import type { Screen } from './screen.ts';

type LineScreen = Pick<Screen, 'width' | 'unicode'>;

/** Parts to shorten while the line is too long, in this order. A part without a shorter form is left out. */
const SHORTENING_ORDER = [
  'workers',
  'best',
  'accuracy',
  'left',
  'speed',
  'epoch',
  'rate',
  'speed',
  'best',
  'bar',
  'accuracy',
  'loss',
  'left',
] as const;

/** Space between two parts. */
const GAP = '  ';

/** Least and greatest width of the bar; on a narrow screen, that of decoding may have half of it. */
const BAR_CHARACTERS = { least: 4, min: 8, max: 20 };

/**
 * The line of a step: epoch, a bar of the epoch's steps, means of the epoch so far, learning rate, speed and time left. The
 * last two appear once the speed is known without the first step, which would make it many times too low.
 *
 * @param epochs number of epochs of the whole run, from which the time left is computed
 * @param beside the best epoch so far in words, the longest first, and the number of workers; default: neither is shown
 * @param screen its width is the line's: parts are shortened until the line fits
 */
export function progressLine(
  event: StepEvent,
  epochs: number,
  screen: LineScreen,
  { best = [], workers = 1 }: { readonly best?: readonly string[]; readonly workers?: number } = {},
): string {
  const { epoch, batch, batches, seen, total, epochMean, learningRate, steadyImagesPerSecond } = event;
  const imagesLeft = (epochs - epoch + 1) * total - seen - epochMean.images / (batch + 1);
  const accuracy = percentage(epochMean.accuracy);
  const forms = {
    epoch: [`epoch ${epoch}/${epochs}`, `${epoch}/${epochs}`],
    bar: ['#'.repeat(BAR_CHARACTERS.min)],
    loss: [`loss ${lossText(epochMean.loss)}`],
    accuracy: [`acc. ${accuracy}`, accuracy],
    rate: [`lr ${rateText(learningRate)}`],
    best: [...best],
    ...paceForms(steadyImagesPerSecond, Math.max(0, imagesLeft)),
    workers: workers === 1 ? [] : [`${screen.unicode ? '·' : '-'} ${workers} workers`],
  };
  const joined = () => Object.values(forms).flatMap(([form]) => form ?? []);
  for (const name of SHORTENING_ORDER) {
    if (joined().join(GAP).length <= screen.width) break;
    forms[name].shift();
  }
  const room = screen.width - joined().join(GAP).length + BAR_CHARACTERS.min;
  const drawn = bar((batch + 1) / batches, Math.min(room, BAR_CHARACTERS.max), screen.unicode);
  if (forms.bar.length > 0) forms.bar = [drawn];
  return joined().join(GAP);
}

/** Speed and time left; nothing as long as the speed is not known. */
function paceForms(imagesPerSecond: number | undefined, imagesLeft: number): Record<'speed' | 'left', string[]> {
  if (imagesPerSecond === undefined) return { speed: [], left: [] };
  const [speed, left] = [Math.round(imagesPerSecond), duration(imagesLeft / imagesPerSecond)];
  return { speed: [`${speed} images/s`, `${speed} img/s`], left: [`${left} left`, left] };
}

/** The line during an epoch's validation. */
export function validationLine({ epoch, done, total }: ValidationEvent, epochs: number, { unicode }: LineScreen) {
  return [
    `epoch ${epoch}/${epochs}`,
    bar(done / total, BAR_CHARACTERS.max, unicode),
    `validating ${done}/${total}`,
  ].join(GAP);
}

/** The line while others are waited for, each in words: as many as there is room for. */
export function waitingLine(others: readonly string[], { width }: Pick<LineScreen, 'width'>): string {
  const forms = others.map((_, index) => {
    const shown = others.slice(0, others.length - index).join(', ');
    return `waiting for ${shown}${index === 0 ? '' : ` and ${index} more`}`;
  });
  return forms.find(({ length }) => length <= width) ?? `waiting for ${others.length} workers`;
}

/**
 * The line while the pictures of a data set are read or decoded: a bar, and the time left. Where it would be too long,
 * the bar is shorter, then a word is left out, and at last the bar.
 *
 * @param seconds since this work began
 */
export function loadingLine({ doing, done, total }: LoadProgress, seconds: number, screen: LineScreen): string {
  const left = done === 0 ? '' : `${GAP}${duration((seconds / done) * (total - done))} left`;
  const [long, short] = [`${doing} pictures`, doing].map((what) => `${what} ${done}/${total}${left}`) as [
    string,
    string,
  ];
  const roomBeside = (text: string) => screen.width - text.length - GAP.length;
  const text = roomBeside(long) >= BAR_CHARACTERS.min ? long : short;
  const length = Math.min(roomBeside(text), BAR_CHARACTERS.max);
  return length < BAR_CHARACTERS.least ? text : [bar(done / total, length, screen.unicode), text].join(GAP);
}

function bar(fraction: number, length: number, unicode: boolean): string {
  const [full, empty] = unicode ? ['█', '░'] : ['#', '-'];
  const filled = Math.round(fraction * length);
  return full!.repeat(filled) + empty!.repeat(length - filled);
}

/** A learning rate as text: 0.001 → 0.001, 0.00098 → 9.8e-4. */
function rateText(rate: number): string {
  return rate < 0.001 ? rate.toExponential(1) : String(Number(rate.toPrecision(2)));
}

/** Seconds as text: 75.2 → 1:15, 3675.2 → 1:01:15. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = `${hours > 0 ? two(minutes) : minutes}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}
