/** Makes images of a NumPy array: its shape tells height, width and channels. */
import { dataFault } from '../files.ts';
import type { PixelImages } from '../found.ts';
import { type NpyArray, type NpyHeader, shapeText } from './npy.ts';
import { isBytes } from './npy-types.ts';
import { npyBytes, permute } from './npy-values.ts';

/** The sizes that a shape tells. */
interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Whether the array is [count, channels, height, width], as PyTorch has it. */
  readonly channelsFirst: boolean;
}

/**
 * Sizes of the images in an array: N×H×W, N×H×W×C or N×C×H×W, where C is 1 or 3.
 *
 * @param title the array's name, for messages
 * @throws UserError (data) if the shape or the type of the values is another, or the channels may be first and last
 */
export function imageShape({ descr, shape }: NpyHeader, title: string): ImageShape {
  if (!isBytes({ descr })) throw dataFault(title, `holds images of type ${descr}, expected uint8; ${adviceFor(descr)}`);
  const [, second = 0, third = 0, fourth = 0] = shape;
  if (shape.length === 3) return { height: second, width: third, channels: 1, channelsFirst: false };
  const [first, last] = [asChannels(second), asChannels(fourth)];
  if (shape.length !== 4 || (first === undefined && last === undefined)) {
    throw dataFault(
      title,
      `images have shape ${shapeText(shape)}, expected N×H×W, N×H×W×1 or N×H×W×3; ${reshapeFor(shape)}`,
    );
  }
  if (last === undefined) return { height: third, width: fourth, channels: first!, channelsFirst: true };
  if (first !== undefined) {
    const advice = 'store larger images, or grey ones as N×H×W';
    throw dataFault(title, `images have shape ${shapeText(shape)}, whose channels may be first or last; ${advice}`);
  }
  return { height: second, width: third, channels: last, channelsFirst: false };
}

function asChannels(size: number): 1 | 3 | undefined {
  return size === 1 || size === 3 ? size : undefined;
}

/** How an array of another type becomes one of bytes. */
function adviceFor(descr: string): string {
  if (descr.endsWith('b1')) return "convert: (x * 255).astype('uint8')";
  const whole = "x.astype('uint8')";
  if (!/f\d$/.test(descr)) return `convert values from 0 to 255: ${whole}`;
  return `convert values from 0 to 1: (x * 255).astype('uint8'), values from 0 to 255: ${whole}`;
}

/** How an array of another shape becomes one of images. */
function reshapeFor(shape: readonly number[]): string {
  const side = Math.sqrt(shape[1] ?? 0);
  if (shape.length === 2 && Number.isInteger(side)) return `reshape: x.reshape(-1, ${side}, ${side})`;
  if (shape.length === 4 && shape[3] === 4) return 'leave the transparency out: x[..., :3]';
  return 'store grey or RGB images';
}

/**
 * Images of an array of bytes.
 *
 * @param title the array's name, for messages
 * @throws UserError (data) see `imageShape`
 */
export function imagePixels(array: NpyArray, title: string): PixelImages {
  const { height, width, channels, channelsFirst } = imageShape(array, title);
  const bytes = npyBytes(array);
  if (!channelsFirst || channels === 1) return { kind: 'pixels', pixels: bytes, height, width, channels };
  const plane = height * width;
  const pixels = new Uint8Array(bytes.length);
  permute(bytes, pixels, [array.shape[0]!, height, width, channels], [channels * plane, width, 1, plane]);
  return { kind: 'pixels', pixels, height, width, channels };
}
