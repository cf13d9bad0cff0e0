/** Reads one part of a data set in IDX files: its images and its labels. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type IdxKind, idxFault, parseIdx, UNSIGNED_BYTE } from '../../idx.ts';
import { readIdxFile } from '../../idx-file.ts';
import { transposeInPlace } from '../../transpose.ts';
import type { FoundPart, PixelImages } from '../found.ts';
import { classLabels, LABELS_KIND, type LabelRule, parseRawLabels } from './labels.ts';
import { expectHash } from './mnist-files.ts';

/** What a file of images may be like: with a fourth dimension the images have channels. */
const IMAGES_KIND: IdxKind = { ranks: [3, 4], types: [UNSIGNED_BYTE] };

/** How a part is read. */
export interface PartRule extends LabelRule {
  readonly transpose: boolean;
  /** SHA-256 that the decompressed files must have; default: any. */
  readonly hashes?: { readonly images: string; readonly labels: string } | undefined;
}

/**
 * Reads a part.
 *
 * @throws UserError (data) naming the file and the field at fault
 */
export function readIdxPart(imagesFile: string, labelsFile: string, rule: PartRule): FoundPart {
  const [imagesBytes, labelsBytes] = [readIdxFile(imagesFile, IMAGES_KIND), readIdxFile(labelsFile, LABELS_KIND)];
  const sha256 = createHash('sha256').update(imagesBytes);
  if (rule.hashes !== undefined) {
    expectHash(sha256.copy(), rule.hashes.images, imagesFile);
    expectHash(createHash('sha256').update(labelsBytes), rule.hashes.labels, labelsFile);
  }
  sha256.update(labelsBytes);

  const { count, images } = imagesOf(imagesBytes, imagesFile, rule.transpose);
  const labels = classLabels(parseRawLabels(labelsBytes, labelsFile), labelsFile, rule);
  if (labels.length !== count) {
    throw idxFault(labelsFile, 'dimension 0', `${labels.length} labels`, `${count}, one for each image`);
  }
  const name = basename(imagesFile);
  return {
    labels,
    images,
    nameOf: (index) => `${name}[${index}]`,
    sha256: sha256.digest('hex'),
    imagesFile,
    labelsFile,
    transposed: rule.transpose,
  };
}

/** The images of a file; their pixels are a view on `bytes`, which changes if they are transposed. */
function imagesOf(bytes: Uint8Array, file: string, transpose: boolean): { count: number; images: PixelImages } {
  const { dimensions, values: pixels } = parseIdx(bytes, IMAGES_KIND, file);
  const [count, height, width, channels = 1] = dimensions as [number, number, number, number?];
  if (channels !== 1 && channels !== 3) throw idxFault(file, 'dimension 3', channels, '1 (grey) or 3 (colour)');
  if (!transpose) return { count, images: { kind: 'pixels', pixels, height, width, channels } };
  transposeInPlace(pixels, height, width, channels);
  return { count, images: { kind: 'pixels', pixels, height: width, width: height, channels } };
}
