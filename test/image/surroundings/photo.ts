/** How a sheet becomes a photograph: what the entries of the tables of kinds are made of. */
import type { Sharp } from 'sharp';
import type { Dice } from './dice.ts';
import type { Digit } from './digits.ts';
import { type Sheet, type SheetOptions, sheetOf, type Writing, write } from './sheet.ts';

/**
 * Draws a picture.
 *
 * @param dice all that is drawn by lot
 * @param digit the digit to write
 * @param another draws a second digit by lot, for pictures of two
 */
export type Draw = (dice: Dice, digit: Digit, another: () => Promise<Digit>) => Promise<Sharp>;

/** What is done to a sheet: the sheet that is returned says where there is room for a digit. */
export type Step = (sheet: Sheet) => Sheet;

/** How a picture is made, in this order. */
export interface PhotoOptions {
  readonly sheet?: SheetOptions;
  /** What the sheet has, or has around it, before someone writes on it. */
  readonly before?: readonly Step[];
  readonly writing?: Writing;
  /** Light and shade. */
  readonly after?: readonly Step[];
}

/** A sheet with a digit, photographed. */
export function photo({ sheet: options = {}, before = [], writing = {}, after = [] }: PhotoOptions = {}): Draw {
  return async (dice, { figure }) => {
    const sheet = done(before, sheetOf(dice, options));
    write(sheet, figure, writing);
    return photograph(done(after, sheet));
  };
}

/** Takes steps one after the other. */
export function done(steps: readonly Step[], sheet: Sheet): Sheet {
  return steps.reduce((before, step) => step(before), sheet);
}

/** A step that is taken with a probability. */
export function maybe(probability: number, step: Step): Step {
  return (sheet) => (sheet.dice.chance(probability) ? step(sheet) : sheet);
}

/** One of several steps. */
export function either(...steps: readonly Step[]): Step {
  return (sheet) => sheet.dice.of(steps)(sheet);
}

/** What a camera makes of a sheet: nearly sharp, little grain, a JPEG of fair quality. */
export async function photograph({ canvas, dice }: Sheet): Promise<Sharp> {
  const seen = await canvas.photograph(dice, { blur: dice.within([0, 1.3]), grain: dice.within([0.5, 4]) });
  return seen.jpeg({ quality: dice.whole([60, 93]) });
}
