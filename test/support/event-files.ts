/** TensorBoard's event files, read by what they are documented to be: TFRecords of `Event` messages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decode,
  type Field,
  int64,
  message,
  messages,
  string,
  strings,
} from '../../src/runtime/graph/protocol-buffers.ts';

/** A point of a curve (`value`), or a histogram in TensorFlow's own bytes. */
export interface Summary {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  readonly histogram: readonly string[];
}

const float = (number: number): Field<number> => ({
  number,
  absent: () => 0,
  read: (reader) => (reader as typeof reader & { readFloat(): number }).readFloat(),
});

const EVENT = {
  step: int64(2),
  version: string(3),
  summary: message(5, { values: messages(1, { tag: string(1), value: float(2), histogram: strings(5) }) }),
};

/**
 * The summaries in the event files of a folder, file by file in the order in which they were begun. A name holds the
 * second, the process and a count of its files, which tells apart those of one second: `…1000.host.7.9`, then `….7.10`.
 */
export function summariesIn(folder: string): Summary[] {
  return readdirSync(folder)
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .flatMap((name) => {
      const [first, ...events] = recordsOf(readFileSync(join(folder, name))).map((bytes) => decode(bytes, EVENT));
      if (first?.version !== 'brain.Event:2') throw new Error(`${name} does not begin as an event file`);
      return events.flatMap(({ step, summary }) => summary.values.map((value) => ({ step, ...value })));
    });
}

function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const end = begin + 12 + Number(bytes.readBigUInt64LE(begin));
    records.push(bytes.subarray(begin + 12, end));
    begin = end + 4;
  }
  return records;
}
