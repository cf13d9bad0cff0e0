/** The values that a pickle is read into. None has code of the file; none is a JavaScript object with names of the file. */
import type { DType } from '../element-types.ts';

/** Bytes, or a text that is no UTF-8: of no use here. */
export class Bytes {
  readonly kind = 'bytes';
}

export class Tuple {
  readonly kind = 'a tuple';
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export class List {
  readonly kind = 'a list';
  readonly items: Value[] = [];
}

/** A `dict` or an `OrderedDict`. Keys other than texts and numbers are told apart by identity, and of no use here. */
export class Dict {
  readonly kind = 'a dictionary';
  readonly #items = new Map<Value, Value>();

  get items(): ReadonlyMap<Value, Value> {
    return this.#items;
  }

  /** Sets an item. V8 hashes a bigint by its lowest 64 bits alone: a million that share them would take hours. */
  set(key: Value, value: Value): void {
    this.#items.set(typeof key === 'bigint' ? new Opaque('int') : key, value);
  }
}

/** A class or a function, by its name: `torch._utils._rebuild_tensor_v2`. It is never looked up or called. */
export class Global {
  readonly kind = 'a class';
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a class or function that is not known here would have made. */
export class Opaque {
  readonly kind = 'an object';
  /** Name of the class or function. */
  readonly name: string;
  /** Whether a tensor or a storage was given to it, or PyTorch rebuilds tensors by it. */
  readonly isTensor: boolean;
  /** Whether it has the fields of a `torch.nn.Module`. */
  isModule = false;

  constructor(name: string, isTensor = false) {
    this.name = name;
    this.isTensor = isTensor;
  }
}

/** A row of bytes in the file, or a part of one, that tensors look into. */
export class Storage {
  readonly kind = 'a storage';
  /** Its name in the file. */
  readonly key: string;
  /** Type of its values; bytes if its class does not tell. */
  readonly dtype: DType;
  /** The first byte of the part. */
  readonly begin: number;
  /** Bytes of the part. */
  readonly bytes: number;
  /** Bytes of the whole row, as the pickle tells. */
  readonly rootBytes: number;

  constructor(
    key: string,
    dtype: DType,
    { begin, bytes, rootBytes }: Readonly<Record<'begin' | 'bytes' | 'rootBytes', number>>,
  ) {
    this.key = key;
    this.dtype = dtype;
    this.begin = begin;
    this.bytes = bytes;
    this.rootBytes = rootBytes;
  }
}

/** How a tensor's values lie in a storage, counted in values; not checked yet. */
interface TensorFields {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** See `TensorInfo.problem`. */
  readonly problem: string | undefined;
}

export class StoredTensor {
  readonly kind = 'a tensor';
  readonly fields: TensorFields;

  constructor(fields: TensorFields) {
    this.fields = fields;
  }
}

/** Any value of a pickle. A whole number is a bigint only beyond 2^53. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Bytes
  | Tuple
  | List
  | Dict
  | Global
  | Opaque
  | Storage
  | StoredTensor;

/** Words for what a value is, for messages. */
export function kindOf(value: Value | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return value.kind;
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** What is wrong with a pickle; who reads it puts the file's name before. */
export class PickleFault extends Error {}
