/** Loads a data set, and compares it with what Python reads of it. */
import { isDeepStrictEqual } from 'node:util';
import { type DatasetInMemory, imageBytes } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import type { Case, Expected } from './case.ts';
import { differences } from './differences.ts';
import type { ReadResult } from './result.ts';

/** Loads a data set twice, the second time from the cache of prepared images where there is one. */
export async function readCase({ path, part, choice, ...rest }: Case, expected: Expected): Promise<ReadResult> {
  const { size, ...others } = choice;
  const chosen = { ...others, path, ...(size && { size: { height: size[0], width: size[1] } }) };
  const notices: string[] = [];
  const hooks = { notice: (text: string) => notices.push(text) };
  try {
    const found = await loadDataset(part, chosen, hooks);
    const again = await loadDataset(part, chosen);
    const faults = faultsOf(found, expected, notices);
    if (!isDeepStrictEqual(plain(found), plain(again))) faults.push('loaded again, it is another data set');
    const { mean, most } = faults.length === 0 ? differences(found.pixels, expected.pixels) : { mean: 0, most: 0 };
    const { bounds } = expected;
    if (mean > bounds.mean || most > bounds.most)
      faults.push(`levels differ by ${mean.toFixed(2)} in the mean, ${most} at most`);
    return { ...rest, kind: 'read', images: found.count, mean, most, faults };
  } catch (error) {
    return { ...rest, kind: 'read', images: 0, mean: 0, most: 0, faults: [(error as Error).message] };
  }
}

/** A data set without its functions. */
function plain({ nameOf, ...rest }: DatasetInMemory): object {
  return { ...rest, names: Array.from({ length: rest.count }, (_, index) => nameOf?.(index)) };
}

/** What differs from Python, but for the levels of pixels. */
function faultsOf(found: DatasetInMemory, expected: Expected, notices: readonly string[]): string[] {
  const { classNames, givenValidation = 0 } = found;
  const labels = Array.from(found.labels, (label) => classNames?.[label] ?? label);
  const shape = [found.count, found.height, found.width, found.channels];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['shape', shape, expected.shape],
    ['labels', labels, expected.labels],
    ['names of classes', classNames ?? null, expected.classNames],
    ['images of the validation part', givenValidation, expected.givenValidation],
    ['bytes', found.pixels.length, found.count * imageBytes(found)],
  ];
  const differing = pairs.filter(([, seen, wanted]) => !isDeepStrictEqual(seen, wanted));
  const unsaid = expected.says.filter((text) => !notices.some((notice) => notice.includes(text)));
  return [
    ...differing.map(
      ([what, seen, wanted]) => `${what}: ${JSON.stringify(seen)}, Python has ${JSON.stringify(wanted)}`,
    ),
    ...unsaid.map((text) => `no notice says "${text}"; there are: ${notices.join(' / ')}`),
  ];
}
