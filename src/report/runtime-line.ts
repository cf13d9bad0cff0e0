/** The lines about backend and data, with which most commands begin their output. */

import { grouped } from '../numbers.ts';
import { printable } from '../printable.ts';
import { WASM_IMAGES_PER_SECOND } from '../runtime/choices.ts';
import type { Runtime } from '../runtime/open.ts';

/**
 * The line about the backend, for example `backend tensorflow: TensorFlow 2.21.0, device cpu`.
 *
 * @param about `workers`: how many share the work; default: 1
 */
export function runtimeLine({
  backend,
  device,
  version,
  workers = 1,
}: Pick<Runtime, 'backend' | 'device' | 'version'> & { readonly workers?: number }): string {
  if (backend === 'wasm') {
    const speed = `about ${WASM_IMAGES_PER_SECOND} images/s in training`;
    return `backend wasm: TensorFlow.js ${version} on WebAssembly, one CPU thread,\n  ${speed}`;
  }
  return `backend tensorflow: TensorFlow ${version}, device ${device}${workers === 1 ? '' : `, ${workers} workers`}`;
}

/** Columns that a line should have at most. */
const MAX_COLUMNS = 80;

/**
 * A line about data, for example `data MNIST, test split: 10,000 images`. It becomes two where a long path would make
 * it wider than 80 columns.
 *
 * @param source the data's folder, or `MNIST`
 * @param about what follows the source, for example `, test split`
 */
export function dataLine(source: string, about: string, images: string): string {
  const head = `data ${printable(source)}${about}:`;
  return `${head}${head.length + 1 + images.length > MAX_COLUMNS ? '\n  ' : ' '}${images}\n`;
}

/** A number of images, and of how many if not all are used: `500 of 10,000 images`. */
export function usedOf(used: number, all: number, unit: string): string {
  return `${grouped(used)}${used === all ? '' : ` of ${grouped(all)}`} ${unit}`;
}
