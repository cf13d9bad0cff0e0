/** Traces in the Trace Event Format, which chrome://tracing and https://ui.perfetto.dev show. */
import type { DeviceTrace, NodeTrace } from '../runtime/graph/session-messages.ts';

/**
 * A trace as JSON, its times in microseconds. TensorFlow does not say which thread of the CPU ran a kernel, so the
 * kernels are laid into the fewest lanes in which none overlap.
 */
export function chromeTrace(trace: readonly DeviceTrace[]): string {
  const began = Math.min(...trace.flatMap(({ nodes }) => nodes.map(({ start }) => start)));
  const events = trace.flatMap(({ device, nodes }, process) => [
    { ph: 'M', name: 'process_name', pid: process, args: { name: device } },
    ...lanes(nodes).flatMap((lane, thread) =>
      lane.map(({ node, label, start, duration }) => {
        return { ph: 'X', name: node, pid: process, tid: thread, ts: start - began, dur: duration, args: { label } };
      }),
    ),
  ]);
  return JSON.stringify({ displayTimeUnit: 'ms', traceEvents: events });
}

/** Nodes in lanes without overlaps, in the order of their start. */
function lanes(nodes: readonly NodeTrace[]): NodeTrace[][] {
  const all: { nodes: NodeTrace[]; end: number }[] = [];
  for (const node of nodes.toSorted((a, b) => a.start - b.start)) {
    const free = all.find(({ end }) => end <= node.start);
    const lane = free ?? { nodes: [], end: 0 };
    if (!free) all.push(lane);
    lane.nodes.push(node);
    lane.end = node.start + node.duration;
  }
  return all.map((lane) => lane.nodes);
}
