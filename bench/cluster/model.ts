/**
 * A model of a step's time on several machines, from steps that were measured with two workers on one.
 *
 *     step = alone + copies + max(0, wire − hidden × alone)
 *
 * - alone: the time that a worker takes for its part of the batch if nothing is exchanged; linear in the images of the
 *   part.
 * - copies: what a worker's own processor spends on exchanging gradients. It grows as the bytes that it sends.
 * - wire: the bytes that a worker sends at the network's rate, and a fixed time for each hop of the ring, of which
 *   there are 2(n − 1).
 * - hidden: the fraction of `alone` beside which gradients are on their way.
 *
 * It knows no stragglers, no switch that many workers fill, and no memory that workers of one machine share.
 */

/** A measured step of two workers, one of which takes half of the batch. */
export interface MeasuredStep {
  /** Images of all workers in a step. */
  readonly batch: number;
  /** Milliseconds of a step on half of the batch, of two processes beside each other that exchange nothing. */
  readonly alone: number;
  /** Milliseconds of a step of both over loopback. */
  readonly loopback: number;
  /** Milliseconds of a step of both over the slow link. */
  readonly limited: number;
}

/** The slow link of a measurement, or a network to reckon for. */
export interface Network {
  readonly bitsPerSecond: number;
  /** Time from one machine to another and back, in milliseconds. */
  readonly roundTripMs: number;
}

/** The model's numbers, found by `fitModel`. */
export interface Model {
  /** `alone` in milliseconds: `fixed + perImage × images`. */
  readonly fixed: number;
  readonly perImage: number;
  /** Milliseconds of `copies` with two workers. */
  readonly copies: number;
  /** From 0 to 1. */
  readonly hidden: number;
  /** Bytes of all gradients and statistics as they are sent: with two workers each sends as many. */
  readonly bytes: number;
}

/**
 * Milliseconds of a hop of the ring beside the network's round trip: half of what a collective of 1 kB took two workers
 * over loopback (1.3 ms, two hops).
 */
export const HOP_MS = 0.65;

/** Fractions that are tried for `hidden`. */
const FRACTIONS = Array.from({ length: 101 }, (_, index) => index / 100);

/** How many times what two workers send each of `workers` sends. */
function growth(workers: number): number {
  return (2 * (workers - 1)) / workers;
}

/**
 * Fits the model to measured steps: `alone` and `copies` by their means, `hidden` by least squares of relative errors.
 *
 * @param steps at least two, of different batches
 * @param bytes that each of the two workers sent in a step
 * @param network of the limited steps
 */
export function fitModel(steps: readonly MeasuredStep[], bytes: number, network: Network): Model {
  const images = steps.map(({ batch }) => batch / 2);
  const meanImages = mean(images);
  const meanAlone = mean(steps.map(({ alone }) => alone));
  const perImage =
    sum(steps.map(({ alone }, index) => ((images[index] ?? 0) - meanImages) * (alone - meanAlone))) /
    sum(images.map((each) => (each - meanImages) ** 2));
  const base = {
    perImage,
    fixed: meanAlone - perImage * meanImages,
    copies: Math.max(0, mean(steps.map(({ alone, loopback }) => loopback - alone))),
    bytes,
  };
  const misfit = (hidden: number) => {
    const errors = steps.map(({ batch, limited }) => stepMs({ ...base, hidden }, batch, 2, network) / limited - 1);
    return sum(errors.map((error) => error ** 2));
  };
  const hidden = FRACTIONS.reduce((best, each) => (misfit(each) < misfit(best) ? each : best), 0);
  return { ...base, hidden };
}

/** Milliseconds of a step without any exchange. */
export function aloneMs({ fixed, perImage }: Model, images: number): number {
  return fixed + perImage * images;
}

/** Milliseconds in which a worker's gradients cross the network, if nothing else is in the way. */
export function wireMs({ bytes }: Model, workers: number, { bitsPerSecond, roundTripMs }: Network): number {
  return (8000 * bytes * growth(workers)) / bitsPerSecond + 2 * (workers - 1) * (HOP_MS + roundTripMs);
}

/**
 * Milliseconds of a step.
 *
 * @param batch images of all workers
 */
export function stepMs(model: Model, batch: number, workers: number, network: Network): number {
  const alone = aloneMs(model, batch / workers);
  const seen = Math.max(0, wireMs(model, workers, network) - model.hidden * alone);
  return alone + model.copies * growth(workers) + seen;
}

/** What fraction of the speed of so many workers without any exchange remains. */
export function efficiency(model: Model, batch: number, workers: number, network: Network): number {
  return aloneMs(model, batch / workers) / stepMs(model, batch, workers, network);
}

/**
 * The least batch of all workers that keeps an efficiency.
 *
 * @param kept below 1
 * @returns a multiple of `workers`
 */
export function batchFor(kept: number, model: Model, workers: number, network: Network): number {
  const most = 1 / kept - 1; // of copies and of what is seen of the wire, beside `alone`
  const copies = model.copies * growth(workers);
  const needed = Math.max(copies / most, (copies + wireMs(model, workers, network)) / (most + model.hidden));
  return workers * Math.max(1, Math.ceil((needed - model.fixed) / model.perImage));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
