/** A picture in the making: colours are laid on it, light falls on it, and a camera or a screen makes a file of it. */
import sharp, { type Sharp } from 'sharp';
import type { Dice } from './dice.ts';

// Under Jest each look-up of a global takes as long as a hundred of these calls, so the files of this folder keep them.
const { max, min, sqrt } = Math;

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** How much of a colour covers a pixel, 0 to 1, by the position of the pixel's centre. */
export type Coverage = (x: number, y: number) => number;

/** A part of a picture, in pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How much of a colour covers the pixels of a region. */
export interface Layer extends Region {
  /** [height, width], 0 to 1 */
  readonly cover: Float32Array;
}

/** A picture in colour. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 0 to 255; light may lift them above */
  readonly levels: Float32Array;

  constructor(width: number, height: number, colour: Colour) {
    this.width = width;
    this.height = height;
    this.levels = new Float32Array(width * height * 3);
    this.levels.set(colour);
    for (let done = 3; done < this.levels.length; done *= 2) this.levels.copyWithin(done, 0, done);
  }

  /** Lays a colour on the picture. */
  paint(colour: Colour | ((x: number, y: number) => Colour), coverage: Coverage): void {
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        const cover = coverage(column + 0.5, row + 0.5);
        if (cover <= 0) continue;
        this.#blend(row * this.width + column, typeof colour === 'function' ? colour(column, row) : colour, cover);
      }
    }
  }

  /** Lays a colour on the region of a layer; what lies outside the picture is left out. */
  paintLayer(colour: Colour, { left, top, width, height, cover }: Layer): void {
    for (let row = max(0, -top); row < min(height, this.height - top); row++) {
      for (let column = max(0, -left); column < min(width, this.width - left); column++) {
        const value = cover[row * width + column]!;
        if (value > 0) this.#blend((row + top) * this.width + column + left, colour, value);
      }
    }
  }

  #blend(pixel: number, colour: Colour, cover: number): void {
    const { levels } = this;
    const at = 3 * pixel;
    levels[at] = levels[at]! + cover * (colour[0] - levels[at]!);
    levels[at + 1] = levels[at + 1]! + cover * (colour[1] - levels[at + 1]!);
    levels[at + 2] = levels[at + 2]! + cover * (colour[2] - levels[at + 2]!);
  }

  /** Lets light fall on the picture; `gain` is what each level is multiplied with. */
  light(gain: (x: number, y: number) => number): void {
    const { levels } = this;
    for (let row = 0, at = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++, at += 3) {
        const factor = gain(column + 0.5, row + 0.5);
        levels[at] = levels[at]! * factor;
        levels[at + 1] = levels[at + 1]! * factor;
        levels[at + 2] = levels[at + 2]! * factor;
      }
    }
  }

  /** The picture as it is, without a camera. */
  flat(): Sharp {
    return this.#sharp(Buffer.from(new Uint8ClampedArray(this.levels).buffer));
  }

  /** The picture as a camera sees it: slightly out of focus, with grain. */
  async photograph(dice: Dice, { blur, grain }: { blur: number; grain: number }): Promise<Sharp> {
    const seen = blur < 0.3 ? this.flat() : this.flat().blur(blur); // 0.3 is the least that sharp takes
    const pixels = new Uint8ClampedArray(await seen.raw().toBuffer());
    const nextRow = dice.grain(this.width, grain);
    for (let row = 0, at = 0; row < this.height; row++) {
      const values = nextRow();
      for (let column = 0; column < this.width; column++, at += 3) {
        const value = values[column]!;
        pixels[at] = pixels[at]! + value;
        pixels[at + 1] = pixels[at + 1]! + value;
        pixels[at + 2] = pixels[at + 2]! + value;
      }
    }
    return this.#sharp(Buffer.from(pixels.buffer));
  }

  #sharp(pixels: Buffer): Sharp {
    return sharp(pixels, { raw: { width: this.width, height: this.height, channels: 3 } });
  }
}

/** Length of the way to a point. `hypot`, which guards against overflow, takes several times as long. */
export function away(x: number, y: number): number {
  return sqrt(x * x + y * y);
}

/**
 * Coverage of a pixel by a shape with smooth edges.
 *
 * @param outside distance of the pixel's centre from the shape's edge, in pixels; negative inside
 */
export function covered(outside: number): number {
  return max(0, min(1, 0.5 - outside));
}
