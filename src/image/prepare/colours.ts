/** Changes the channels of images with Pillow's numbers. */
import { countOf, type Pixels } from './pixels.ts';

/** Pillow's weights of red, green and blue for grey, in 65,536ths (ITU-R 601-2). */
const [RED, GREEN, BLUE] = [19_595, 38_470, 7_471];

/**
 * An image with as many channels as are wanted: grey is repeated, colours become grey by Pillow's formula (`L`).
 *
 * @param image with 1 or 3 channels
 */
export function withChannels(image: Pixels, channels: 1 | 3): Pixels {
  if (image.channels === channels) return image;
  const { pixels, height, width } = image;
  const changed = new Uint8Array(countOf({ height, width, channels }));
  if (channels === 3) {
    for (let at = 0; at < pixels.length; at++) changed.fill(pixels[at]!, 3 * at, 3 * at + 3);
  } else {
    for (let at = 0, from = 0; at < changed.length; at++, from += 3) {
      changed[at] = (RED * pixels[from]! + GREEN * pixels[from + 1]! + BLUE * pixels[from + 2]! + 32_768) >> 16;
    }
  }
  return { pixels: changed, height, width, channels };
}

/** Whether any pixel of an image, or of many one after the other, is not grey. */
export function hasColour({ pixels, channels }: Pick<Pixels, 'pixels' | 'channels'>): boolean {
  if (channels === 1) return false;
  for (let at = 0; at < pixels.length; at += channels) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return true;
  }
  return false;
}

/**
 * Lays a picture on white paper, as `paste` on a white image with the alpha channel as mask does in Pillow.
 *
 * @param image red, green, blue and alpha
 * @returns red, green and blue
 */
export function overWhite({ pixels, height, width }: Pixels): Pixels {
  const laid = new Uint8Array(height * width * 3);
  for (let at = 0, from = 0; at < laid.length; at += 3, from += 4) {
    const alpha = pixels[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const mixed = pixels[from + channel]! * alpha + 255 * (255 - alpha) + 128;
      laid[at + channel] = ((mixed >> 8) + mixed) >> 8; // Pillow's division by 255, rounded
    }
  }
  return { pixels: laid, height, width, channels: 3 };
}

/**
 * Turns the inks of print into colours by the plain inverse, without a colour profile, as Pillow does.
 *
 * @param image cyan, magenta, yellow and black
 * @returns red, green and blue
 */
export function fromInks({ pixels, height, width, channels }: Pixels): Pixels {
  const colours = new Uint8Array(height * width * 3);
  for (let at = 0, from = 0; at < colours.length; at += 3, from += channels) {
    const light = 255 - pixels[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = pixels[from + channel]! * light + 128;
      colours[at + channel] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return { pixels: colours, height, width, channels: 3 };
}
