/** Reads the pixels of a data set, in memory or in a file, for those who need not know where they are. */
import type { Image } from '../image/image.ts';
import { type Dataset, type DatasetInMemory, imageBytes, indicesUpTo } from './dataset.ts';

/** Images of a data set, a part of which is in memory. */
export interface Piece {
  /** [rows, height, width, channels] */
  readonly pixels: Uint8Array;
  /** The row in `pixels` of each image, in order. */
  readonly rows: Int32Array;
}

/** Bytes of a piece of a file, about. */
const PIECE_BYTES = 16 * 2 ** 20;

/** Whether the pixels are in memory. */
export function isInMemory(dataset: Dataset): dataset is DatasetInMemory {
  return dataset.pixels instanceof Uint8Array;
}

/** Bytes of the pixels that are in memory. */
export function pixelBytesInMemory({ pixels }: Pick<Dataset, 'pixels'>): number {
  return pixels instanceof Uint8Array ? pixels.byteLength : pixels.bytesInMemory;
}

/** Bytes of the pixels that are read from files; 0 if all are in memory. */
export function streamedBytes(dataset: Dataset): number {
  return isInMemory(dataset) ? 0 : dataset.count * imageBytes(dataset) - pixelBytesInMemory(dataset);
}

/**
 * The pixels of images, piece by piece: all at once if they are in memory.
 *
 * @param indices images of the data set; default: all
 * @throws UserError (io) if a file cannot be read
 */
export async function* piecesOf(dataset: Dataset, indices = indicesUpTo(dataset.count)): AsyncGenerator<Piece> {
  const { pixels } = dataset;
  if (pixels instanceof Uint8Array) {
    yield { pixels, rows: indices };
    return;
  }
  const most = Math.max(1, Math.floor(PIECE_BYTES / imageBytes(dataset)));
  for (let begin = 0; begin < indices.length; begin += most) {
    const images = indices.subarray(begin, begin + most);
    yield { pixels: await pixels.gather(images), rows: indicesUpTo(images.length) };
  }
}

/**
 * Images of a data set, in memory. Their pixels are no copy if those of the data set are in memory.
 *
 * @param indices images of the data set
 * @returns one piece with all of them
 * @throws UserError (io) if a file cannot be read
 */
export async function pieceOf({ pixels }: Pick<Dataset, 'pixels'>, indices: Int32Array): Promise<Piece> {
  if (pixels instanceof Uint8Array) return { pixels, rows: indices };
  return { pixels: await pixels.gather(indices), rows: indicesUpTo(indices.length) };
}

/**
 * One image of a data set, as a view on its pixels if they are in memory.
 *
 * @throws UserError (io) if a file cannot be read
 */
export async function imageOf(dataset: Dataset, index: number): Promise<Required<Image>> {
  if (isInMemory(dataset)) return imageIn(dataset, index);
  const { pixels } = await pieceOf(dataset, Int32Array.of(index));
  return imageIn({ ...dataset, pixels }, 0);
}

/** One image of a data set in memory, as a view on its pixels. */
export function imageIn(dataset: DatasetInMemory, index: number): Required<Image> {
  const { pixels, height, width, channels } = dataset;
  const size = imageBytes(dataset);
  return { pixels: pixels.subarray(index * size, (index + 1) * size), height, width, channels };
}
