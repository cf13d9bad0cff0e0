/** Test of traces in the Trace Event Format. */
import { expect, test } from '@jest/globals';
import { chromeTrace } from '../../src/report/chrome-trace.ts';

const ran = (node: string, start: number, duration: number) => ({ node, label: `${node} = Op()`, start, duration });

test('a Chrome trace names the devices, counts time from the first op, and has no overlapping ops in a lane', () => {
  const nodes = [ran('b', 1005, 10), ran('a', 1000, 8), ran('c', 1009, 2), ran('d', 1015, 1)];
  const { traceEvents } = JSON.parse(chromeTrace([{ device: 'CPU:0', nodes }]));
  expect(traceEvents[0]).toEqual({ ph: 'M', name: 'process_name', pid: 0, args: { name: 'CPU:0' } });
  expect(traceEvents.slice(1)).toEqual([
    { ph: 'X', name: 'a', pid: 0, tid: 0, ts: 0, dur: 8, args: { label: 'a = Op()' } },
    { ph: 'X', name: 'c', pid: 0, tid: 0, ts: 9, dur: 2, args: { label: 'c = Op()' } },
    { ph: 'X', name: 'd', pid: 0, tid: 0, ts: 15, dur: 1, args: { label: 'd = Op()' } },
    { ph: 'X', name: 'b', pid: 0, tid: 1, ts: 5, dur: 10, args: { label: 'b = Op()' } },
  ]);
});
