/** Finds the columns of pictures and labels in a Parquet file, and the names that the Hub's writer notes for labels. */
import type { SchemaTree } from 'hyparquet';
import { dataFault } from '../files.ts';
import type { ReadOptions } from '../found.ts';
import { LABEL_COLUMNS, shown, unknownColumn } from '../names.ts';
import type { ColumnPath, ParquetFile } from './file.ts';

const PICTURE_COLUMNS = ['image', 'img', 'picture', 'photo', 'jpg', 'png'];

/** What a column's labels are. */
export type LabelKind = 'numbers' | 'texts';

/** The columns of a data set in a Parquet file. */
export interface ParquetColumns {
  /** Bytes of picture files. */
  readonly picture: ColumnPath;
  readonly label: ColumnPath;
  readonly labelKind: LabelKind;
  /** Name of the column of labels if nothing but its type says that it is one; else undefined. */
  readonly guessedLabel: string | undefined;
  /** Names of the classes in the order of the labels, from the file's own metadata. */
  readonly classNames: readonly string[] | undefined;
}

/**
 * Finds the columns: by the names that the user gave, by the usual names, or else by their types.
 *
 * @throws UserError (data) naming the columns that there are
 */
export function parquetColumns(
  { path, schema, metadata }: ParquetFile,
  chosen: ReadOptions['columns'],
): ParquetColumns {
  const columns = schema.children;
  const names = columns.map(({ element }) => element.name);
  /** The column that the user gave, else the first usual one that fits, else the only one that fits. */
  const find = (given: string | undefined, usual: readonly string[], fits: (column: SchemaTree) => boolean) => {
    if (given !== undefined) {
      const column = columns.find(({ element }) => element.name === given);
      if (column === undefined) throw unknownColumn(path, given, names);
      return column;
    }
    const fitting = columns.filter(fits);
    const named = usual.map((name) => fitting.find(({ element }) => element.name.toLowerCase() === name));
    return named.find((column) => column !== undefined) ?? (fitting.length === 1 ? fitting[0] : undefined);
  };
  const picture = find(chosen?.file, PICTURE_COLUMNS, (column) => picturePath(schema, column) !== undefined);
  const pictureColumn = picture && picturePath(schema, picture);
  if (pictureColumn === undefined) throw noPictures(path, columns, picture);
  const label = find(chosen?.label, LABEL_COLUMNS, (column) => column !== picture && labelKindOf(column) !== undefined);
  const lists = columns.find(({ element, children }) => LABEL_COLUMNS.includes(element.name) && children.length > 0);
  const labelKind = label && labelKindOf(label);
  if (label === undefined || labelKind === undefined) {
    const several = label ?? lists;
    if (several !== undefined && several.children.length > 0) {
      const advice = 'choose one of them, and write it to a column of its own';
      throw dataFault(path, `column ${several.element.name} holds several labels for each picture; ${advice}`);
    }
    const expected = 'name one of integers or texts with --label-column';
    throw dataFault(path, `has no column of labels among ${shown(names)}; ${expected}`);
  }
  const classNames = hubClassNames(metadata.key_value_metadata ?? [], label.element.name);
  const { name } = label.element;
  const guessedLabel = chosen?.label === undefined && !LABEL_COLUMNS.includes(name.toLowerCase()) ? name : undefined;
  return { picture: pictureColumn, label: [schema, label], labelKind, guessedLabel, classNames };
}

/** The bytes of a column of pictures: its field `bytes`, or the column itself; undefined if it holds none. */
function picturePath(schema: SchemaTree, column: SchemaTree): ColumnPath | undefined {
  if (column.element.repetition_type === 'REPEATED') return undefined;
  const bytes = column.children.find(({ element }) => element.name === 'bytes');
  if (bytes !== undefined) return isBinary(bytes) ? [schema, column, bytes] : undefined;
  return isBinary(column) && !isText(column) ? [schema, column] : undefined;
}

function isBinary({ element, children }: SchemaTree): boolean {
  return element.type === 'BYTE_ARRAY' && children.length === 0 && element.repetition_type !== 'REPEATED';
}

function isText({ element }: SchemaTree): boolean {
  return element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
}

/** What a column may be as labels; undefined if it holds lists, times or fractions. */
function labelKindOf(column: SchemaTree): LabelKind | undefined {
  const { type, repetition_type, converted_type } = column.element;
  if (column.children.length > 0 || repetition_type === 'REPEATED') return undefined;
  if (type === 'BYTE_ARRAY') return isText(column) || converted_type === 'ENUM' ? 'texts' : undefined;
  const isNumber = type === 'INT32' || type === 'INT64' || type === 'DOUBLE' || type === 'FLOAT' || type === 'BOOLEAN';
  return isNumber && !/^(?:DECIMAL|DATE|TIME)/.test(converted_type ?? '') ? 'numbers' : undefined;
}

/** What is said of a file without pictures. Names of files in the place of pictures have a message of their own. */
function noPictures(path: string, columns: readonly SchemaTree[], chosen: SchemaTree | undefined) {
  const texts = columns.filter(({ element }) => PICTURE_COLUMNS.includes(element.name.toLowerCase())).find(isText);
  const named = chosen && isText(chosen) ? chosen : texts;
  if (named !== undefined) {
    return dataFault(path, `column ${named.element.name} ${namesWithoutPicture("holds files' names and no pictures")}`);
  }
  const found = shown(columns.map(({ element }) => element.name));
  return dataFault(path, `has no column of pictures among ${found}; expected image, with the bytes of picture files`);
}

/** What to do about names in the place of pictures. */
export function namesWithoutPicture(what: string): string {
  return `${what}; write it again with embed_table_storage`;
}

/** Names that Hugging Face's writer notes for a column of labels, in JSON under the key `huggingface`. */
function hubClassNames(
  notes: readonly { readonly key: string; readonly value?: string }[],
  column: string,
): readonly string[] | undefined {
  const text = notes.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  try {
    const names = fieldOf(fieldOf(fieldOf(fieldOf(JSON.parse(text), 'info'), 'features'), column), 'names');
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    return undefined; // what another writer noted under that key
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
