/** Reads CSV files whose rows are images, a label and the pixels, as Kaggle writes MNIST. */
import { basename } from 'node:path';
import { dataFault } from '../files.ts';
import type { FoundPart, ReadOptions } from '../found.ts';
import { bareLabels } from '../labels.ts';
import type { Limits } from '../limits.ts';
import type { CsvColumns } from './columns.ts';
import { csvRows } from './rows.ts';

/**
 * Reads a file of pixels.
 *
 * @throws UserError (data) naming the line and the column at fault
 */
export async function readPixelRows(
  path: string,
  columns: Extract<CsvColumns, { kind: 'pixels' }>,
  options: ReadOptions,
  limits: Limits,
): Promise<FoundPart> {
  const { height, width, channels } = columns;
  const imageBytes = height * width * channels;
  const labels: number[] = [];
  const lines: number[] = [];
  let pixels = new Uint8Array(imageBytes);
  let header = columns.header;
  for await (const { cells, line } of csvRows(path, limits)) {
    if (header) {
      header = false;
      continue;
    }
    const begin = labels.length * imageBytes;
    if (labels.length >= limits.rows || begin + imageBytes > limits.arrayBytes) {
      throw dataFault(path, `holds more than ${labels.length} images, too many to be read; give a smaller file`);
    }
    if (begin + imageBytes > pixels.length) pixels = grown(pixels, 2 * pixels.length);
    for (const [i, place] of columns.pixels.entries()) {
      const value = pixelValue(cells[place]!);
      if (!(value <= 255)) {
        const problem = `column ${place + 1} holds "${cells[place]}", expected a pixel from 0 to 255`;
        throw dataFault(`${path}: line ${line}`, `${problem}; correct it`);
      }
      pixels[begin + i] = value;
    }
    labels.push(labelIn(cells[columns.label]!, `${path}: line ${line}`));
    lines.push(line);
  }
  if (labels.length === 0) throw dataFault(path, 'holds no images; give a file with at least one row of pixels');
  return {
    labels: bareLabels(labels, options, (index) => `${path}: line ${lines[index]}`),
    images: { kind: 'pixels', pixels: pixels.slice(0, labels.length * imageBytes), height, width, channels },
    nameOf: (index) => `${basename(path)} line ${lines[index]}`,
  };
}

/** A longer copy of an array. */
function grown(values: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(length);
  longer.set(values);
  return longer;
}

/** The number of a pixel; NaN if the text is none. A data set has millions, nearly all of one to three digits. */
function pixelValue(text: string): number {
  if (text.length === 0 || text.length > 3) return wholeNumber(text);
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return wholeNumber(text);
    value = 10 * value + digit;
  }
  return value;
}

/** A number of digits alone, or with the zeros that Pandas puts behind numbers (`7.0`); NaN if the text is none. */
function wholeNumber(text: string): number {
  return /^\d{1,15}(\.0*)?$/.test(text) ? Number(text) : Number.NaN;
}

function labelIn(cell: string, title: string): number {
  const label = wholeNumber(cell);
  if (!Number.isNaN(label)) return label;
  throw dataFault(title, `label "${cell}", expected a whole number from 0; number the classes from 0 on`);
}
