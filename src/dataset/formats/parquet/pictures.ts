/** Reads picture after picture out of Parquet files, page by page. */
import { dataFault } from '../files.ts';
import type { Limits } from '../limits.ts';
import { namesWithoutPicture } from './columns.ts';
import { type LabelledFile, placeOf, rowTitle } from './labels.ts';
import type { PageValues } from './page-values.ts';
import { ColumnReader, type Page } from './pages.ts';

/** Pages that are kept: as many as are read at the same time when pictures are decoded in parallel. A page is 1 MB. */
const KEPT_PAGES = 4;

/**
 * Makes a reader of the pictures of a part. Pictures are best read in order: each page is then read once.
 *
 * @param files of the part
 * @throws UserError (data) if what a file declares doesn't fit together; the reader throws for a row without a picture
 */
export async function pictureReader(
  files: readonly LabelledFile[],
  limits: Limits,
): Promise<(index: number) => Promise<Buffer>> {
  const columns = new Map<LabelledFile, { reader: ColumnReader; pages: Page[] }>();
  for (const each of files) {
    const reader = new ColumnReader(each.file, each.columns.picture, limits);
    columns.set(each, { reader, pages: await reader.pages() });
  }
  const kept = new Map<Page, Promise<PageValues>>();

  /** Values of a page; the page that was used longest ago makes room. */
  const valuesOf = (reader: ColumnReader, page: Page): Promise<PageValues> => {
    const values = kept.get(page) ?? reader.values(page);
    kept.delete(page);
    kept.set(page, values);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_PAGES && oldest !== undefined) kept.delete(oldest);
    return values;
  };
  return async (index) => {
    const { file, row } = placeOf(files, index);
    const column = columns.get(file);
    const page = column && pageOf(column.pages, row);
    const bytes = page && (await valuesOf(column.reader, page))[row - page.firstRow];
    if (!(bytes instanceof Uint8Array)) {
      throw dataFault(rowTitle(file.file.path, row), namesWithoutPicture("holds a file's name and no picture"));
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  };
}

/** The page that holds a row's value. */
function pageOf(pages: readonly Page[], row: number): Page | undefined {
  let [low, high] = [0, pages.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (pages[middle]!.firstRow <= row) low = middle;
    else high = middle;
  }
  return pages[low];
}

/**
 * Checks that a file holds pictures: Hugging Face's `to_parquet` of a folder of pictures writes their names only.
 *
 * @throws UserError (data) if no row of the first page has a picture
 */
export async function checkPictures({ file, columns }: LabelledFile, limits: Limits): Promise<void> {
  const reader = new ColumnReader(file, columns.picture, limits);
  const [page] = await reader.pages();
  const values = page && (await reader.values(page));
  if (values?.some((value) => value !== null) !== false) return;
  throw dataFault(file.path, namesWithoutPicture(`row 0 holds a file's name and no picture`));
}
