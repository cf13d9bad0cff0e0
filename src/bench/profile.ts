/** Profile of a training step: TensorFlow's traces, summed up by op and by layer. */
import type { DatasetInMemory } from '../dataset/dataset.ts';
import { CompiledEngine } from '../engine/compiled-engine.ts';
import { type TracedLayer, traceShapes } from '../net/trace.ts';
import type { DeviceTrace, NodeTrace } from '../runtime/graph/session-messages.ts';
import { parseNodeName } from '../runtime/graph/signature.ts';
import type { Runtime } from '../runtime/open.ts';
import { BENCH_LEARNING_RATE, benchSource, RandomBatches, WARM_UP_STEPS } from './measure.ts';

/** Times of a training step, by op and by layer. */
export interface Profile {
  /** Sum over the kernels of a step: more than the step's time, where kernels run in parallel. */
  readonly milliseconds: number;
  readonly byOp: readonly OpTime[];
  readonly byLayer: readonly LayerTime[];
  /** Trace of the last traced step. */
  readonly trace: readonly DeviceTrace[];
}

/** Time of an op in one step. */
interface OpTime {
  readonly op: string;
  /** Number of the op's nodes in the step. */
  readonly count: number;
  readonly milliseconds: number;
}

/** Time of a layer in one step. */
interface LayerTime {
  /** Address of the layer, `adam`, or '' for nodes that belong to none. */
  readonly layer: string;
  /** Milliseconds of its forward pass. */
  readonly forward: number;
  /** Milliseconds of its backward pass. */
  readonly gradient: number;
}

/** End of the scope of a layer's backward pass. */
const GRADIENT_SUFFIX = '/gradient';

/**
 * Traces training steps.
 *
 * @param signal stops the profile between two steps, which then throws the signal's reason
 */
export async function profileTraining(
  runtime: Runtime,
  dataset: DatasetInMemory,
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

/** Addresses of all layers, in the order in which they compute. */
function pathsOf(traced: readonly TracedLayer[]): string[] {
  return traced.flatMap(({ path, children }) => [...pathsOf(children), path]);
}

/**
 * Sums traces up by op and by layer.
 *
 * @param traces one for each step; the profile is their mean
 * @param order addresses of the layers in the profile's order; others come last
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
    const isGradient = scope.endsWith(GRADIENT_SUFFIX);
    const layer = isGradient ? scope.slice(0, -GRADIENT_SUFFIX.length) : scope;
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

/**
 * Nodes of the devices that compute. A GPU's trace has the same work several times: as launched, and in each stream.
 */
function computed(trace: readonly DeviceTrace[]): readonly NodeTrace[] {
  const streams = trace.filter(({ device }) => device.endsWith('stream:all'));
  const devices = streams.length > 0 ? streams : trace.filter(({ device }) => !device.includes('stream'));
  return devices.flatMap(({ nodes }) => nodes);
}

/** The op of a label, which reads `node = Op(inputs)`. */
function opOfLabel(label: string): string {
  return / = (\w+)\(/.exec(label)?.[1] ?? 'other';
}

function getOrInsert<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
