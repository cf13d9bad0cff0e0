/** What the tests of readers share: the files that Python made, a part read whole, and how a refusal looks. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { FoundData, FoundPart, PartName } from '../../../src/dataset/formats/found.ts';

/** Folder of the files that `make_files.py` made. */
const FILES = join('test', 'dataset', 'formats', 'files');

/** Path of a file that Python made. */
export function file(name: string): string {
  return join(FILES, name);
}

/** What Python says that its files hold: arrays of more than two dimensions and pictures as SHA-256. */
export const EXPECTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = JSON.parse(
  readFileSync(file('expected.json'), 'utf8'),
);

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A part of a data set; the test fails if it isn't there. */
export async function part(data: FoundData, name: PartName = 'train'): Promise<FoundPart> {
  const open = data.parts[name];
  if (open === undefined) throw new Error(`no part ${name}`);
  return open();
}

/** The pixels of a part, and their sizes. */
export function pixelsOf({ images }: FoundPart) {
  if (images.kind !== 'pixels') throw new Error('no pixels');
  return images;
}

/** The pictures of a part, in order. */
export async function picturesOf({ images, labels }: FoundPart): Promise<Buffer[]> {
  if (images.kind !== 'pictures') throw new Error('no pictures');
  const pictures: Buffer[] = [];
  for (const index of labels.keys()) pictures.push(await images.read(index));
  return pictures;
}

/** Expects a UserError (data) of one line. */
export async function expectRefused(work: Promise<unknown>, message: string | RegExp): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'UserError', code: 3, message: expect.stringMatching(message) });
  expect((error as Error).message).not.toMatch(/[\n\r]/);
}

/**
 * Reads a damaged file.
 *
 * @returns what `read` gives; undefined if the file is refused with an error of one line
 */
export async function readOrRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'UserError', code: 3, message: expect.stringMatching(/^[^\n\r]+$/) });
    return undefined;
  }
}
