/** What a pickle has at hand while it is read: its bytes, the stack with its marks, and the memo. */
import { ByteReader } from './byte-reader.ts';
import type { Limits } from './limits.ts';
import { PickleFault, Storage, type Value } from './values.ts';

export class UnpicklingState {
  readonly input: ByteReader;
  /** The storages that were named, by their keys. Several may have the same: the first counts. */
  readonly storages = new Map<string, Storage>();
  readonly #limits: Limits;
  readonly #stack: Value[] = [];
  /** Heights of the stack at the open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, Value>();
  #pushed = 0;

  constructor(bytes: Buffer, position: number, limits: Limits) {
    this.input = new ByteReader(bytes, position);
    this.#limits = limits;
  }

  push(value: Value): void {
    this.#pushed = this.#atMost(this.#pushed + 1, 'values');
    this.#stack.push(value);
  }

  pop(): Value {
    return this.popMany(1)[0]!;
  }

  /** The topmost values, in the order in which they were pushed; never beyond a mark. */
  popMany(count: number): Value[] {
    if (this.#stack.length - count < (this.#marks.at(-1) ?? 0)) throw new PickleFault('its stack is empty too early');
    return this.#stack.splice(this.#stack.length - count);
  }

  popToMark(): Value[] {
    const height = this.#marks.pop();
    if (height === undefined) throw new PickleFault('a mark is missing');
    return this.#stack.splice(height);
  }

  /** Drops the topmost value, or the mark on top. */
  drop(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  top(): Value {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#atMost(this.#marks.length + 1, 'depth');
    this.#marks.push(this.#stack.length);
  }

  /** Notes the topmost value in the memo; default: under the next number. */
  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.top());
    this.#atMost(this.#memo.size, 'memo');
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new PickleFault(`memo ${index} is used before it is set`);
    this.push(value);
  }

  /** Pushes what a persistent id stands for. */
  pushPersistent(value: Value): void {
    if (value instanceof Storage && !this.storages.has(value.key)) this.storages.set(value.key, value);
    this.push(value);
  }

  /** A count of bytes that a whole number may have. */
  numberBytes(count: number): number {
    return this.#atMost(count, 'numberBytes');
  }

  #atMost(value: number, limit: 'values' | 'depth' | 'memo' | 'numberBytes'): number {
    const most = this.#limits[limit];
    if (value <= most) return value;
    throw new PickleFault(`${WORDS[limit]}: ${value}, which is more than any checkpoint needs (${most})`);
  }
}

/** What the limits of a pickle limit. */
const WORDS = {
  values: 'values',
  depth: 'nested collections',
  memo: 'values in the memo',
  numberBytes: 'bytes of a number',
} as const;
