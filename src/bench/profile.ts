/** Where a training step's time goes: TensorFlow's traces, summed up by op and by layer. */
import type { Dataset } from '../dataset/source.ts';
import { CompiledEngine } from '../engine/compiled-engine.ts';
import { type TracedLayer, traceShapes } from '../net/trace.ts';
import type { DeviceTrace, NodeTrace } from '../runtime/graph/session-messages.ts';
import { parseNodeName } from '../runtime/graph/signature.ts';
import type { Runtime } from '../runtime/open.ts';
import { BENCH_LEARNING_RATE, benchSource, RandomBatches, WARM_UP_STEPS } from './measure.ts';

export interface Profile {
  /** Of the kernels of a step, one after the other: with two threads at work, more than the step takes. */
  readonly milliseconds: number;
  readonly byOp: readonly OpTime[];
  readonly byLayer: readonly LayerTime[];
  /** The last of the traced steps. */
  readonly trace: readonly DeviceTrace[];
}

/** Milliseconds of one step, like the next. */
export interface OpTime {
  readonly op: string;
  readonly count: number;
  readonly milliseconds: number;
}

export interface LayerTime {
  /** A layer's address, `adam`, or empty for what belongs to none. */
  readonly layer: string;
  readonly forward: number;
  readonly gradient: number;
}

const GRADIENT = '/gradient';

/** Trace a few training steps; `signal` stops between two of them by throwing its reason. */
export async function profileTraining(
  runtime: Runtime,
  dataset: Dataset,
  { steps, batchSize }: { steps: number; batchSize: number },
  signal: AbortSignal,
): Promise<Profile> {
  const source = benchSource(dataset);
  const { channels, height, width } = dataset;
  const order = pathsOf(traceShapes(source.network, [channels, height, width]));
  const engine = new CompiledEngine(runtime, source);
  const batches = new RandomBatches(dataset);
  try {
    for (let step = 0; step < WARM_UP_STEPS; step++) await engine.train(batches.next(batchSize), BENCH_LEARNING_RATE);
    const traces: (readonly DeviceTrace[])[] = [];
    for (let step = 0; step < steps; step++) {
      traces.push(await engine.traceTraining(batches.next(batchSize), BENCH_LEARNING_RATE));
      signal.throwIfAborted();
    }
    return summarise(traces, order);
  } finally {
    engine.dispose();
  }
}

/** The addresses of all layers, in the order in which they compute. */
function pathsOf(traced: readonly TracedLayer[]): string[] {
  return traced.flatMap(({ path, children }) => [...pathsOf(children), path]);
}

/**
 * @param traces of several steps, of which the means are given
 * @param order of the layers; others come last
 */
export function summarise(traces: readonly (readonly DeviceTrace[])[], order: readonly string[]): Profile {
  const ops = new Map<string, { count: number; milliseconds: number }>();
  const layers = new Map<string, { forward: number; gradient: number }>();
  let total = 0;
  for (const node of traces.flatMap(computed)) {
    const { op, scope } = parseNodeName(node.node) ?? { op: opOfLabel(node.label), scope: '' };
    const milliseconds = node.duration / 1000 / traces.length;
    total += milliseconds;
    const byOp = getOrInsert(ops, op, () => ({ count: 0, milliseconds: 0 }));
    byOp.count += 1 / traces.length;
    byOp.milliseconds += milliseconds;
    const isGradient = scope.endsWith(GRADIENT);
    const layer = isGradient ? scope.slice(0, -GRADIENT.length) : scope;
    getOrInsert(layers, layer, () => ({ forward: 0, gradient: 0 }))[isGradient ? 'gradient' : 'forward'] +=
      milliseconds;
  }
  const place = (layer: string) => (order.includes(layer) ? order.indexOf(layer) : order.length);
  return {
    milliseconds: total,
    byOp: [...ops]
      .map(([op, { count, milliseconds }]) => ({ op, count: Math.round(count), milliseconds }))
      .sort((a, b) => b.milliseconds - a.milliseconds),
    byLayer: [...layers]
      .map(([layer, times]) => ({ layer, ...times }))
      .sort((a, b) => place(a.layer) - place(b.layer) || a.layer.localeCompare(b.layer)),
    trace: traces.at(-1) ?? [],
  };
}

/** A GPU tells the same work several times: by op as it is launched, and by stream as it is carried out. */
function computed(trace: readonly DeviceTrace[]): readonly NodeTrace[] {
  const streams = trace.filter(({ device }) => device.endsWith('stream:all'));
  const devices = streams.length > 0 ? streams : trace.filter(({ device }) => !device.includes('stream'));
  return devices.flatMap(({ nodes }) => nodes);
}

/** `node = Op(inputs)` */
function opOfLabel(label: string): string {
  return / = (\w+)\(/.exec(label)?.[1] ?? 'other';
}

function getOrInsert<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
