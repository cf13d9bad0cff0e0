/**
 * `npm run check:gpu`: checks that every op of the recorded training and evaluation steps has a GPU kernel for its
 * types. The CUDA build lists its kernels without a GPU, so the check runs on any machine (with `RESNET_RUNTIME=gpu`).
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { benchSource } from '../src/bench/measure.ts';
import { drawChanges } from '../src/dataset/augmentation.ts';
import { loadDataset } from '../src/dataset/load.ts';
import { CompiledEngine } from '../src/engine/compiled-engine.ts';
import { hyperparametersOf } from '../src/engine/hyperparameters.ts';
import { ExitCode } from '../src/errors.ts';
import { RandomGenerator } from '../src/random.ts';
import { RECIPES } from '../src/run/recipes.ts';
import type { GraphNode } from '../src/runtime/graph/graph-def.ts';
import { type Kernel, registeredKernels } from '../src/runtime/graph/session.ts';
import { readRuntimeStatus } from '../src/runtime/installed/locations.ts';
import { openRuntime } from '../src/runtime/open.ts';

/**
 * Ops whose values come from the host: they are copied to the device once a step. Constants of int32 are shapes and axes,
 * which TensorFlow keeps there.
 */
const FED_OPS = new Set(['Placeholder', 'Const']);

/** Number of images in the recorded batch; any number gives the same ops. */
const BATCH_SIZE = 8;

if (readRuntimeStatus()?.kind !== 'gpu') {
  process.stderr.write('check:gpu needs the CUDA build of TensorFlow: RESNET_RUNTIME=gpu npm run check:gpu\n');
  process.exit(ExitCode.device);
}

/** All nodes of training steps, without and with what flags add to them, and of an evaluation step. */
async function recordSteps(): Promise<readonly GraphNode[]> {
  const runtime = await openRuntime({ backend: 'tensorflow' });
  const dataset = await loadDataset('test');
  const source = benchSource(dataset);
  const indices = Int32Array.from({ length: BATCH_SIZE }, (_, index) => index);
  const plain = new CompiledEngine(runtime, source);
  await plain.train(indices, 1e-3);
  await plain.evaluate(indices);
  const classWeights = new Float32Array(dataset.classes).fill(1);
  const hyperparameters = hyperparametersOf({ ...RECIPES.photo, clipNorm: 1, ema: 0.9 });
  const full = new CompiledEngine(runtime, { ...source, classWeights, hyperparameters });
  const generator = RandomGenerator.seeded(0, 'augmentation');
  for (const augmentation of ['affine', 'photo'] as const) {
    await full.train(indices, 1e-3, drawChanges(generator, augmentation, BATCH_SIZE, dataset));
  }
  const peers = { rank: 0, count: 1, addresses: [`127.0.0.1:${await freePort()}`], lost: new AbortController().signal };
  const joined = new CompiledEngine(runtime, {
    ...source,
    peers: { ...peers, syncBatchNorm: true, reduce: 'bfloat16', startLimit: 60 },
  });
  await joined.train(indices, 1e-3);
  await joined.evaluate(indices);
  return [...plain.nodes(), ...full.nodes(), ...joined.nodes()];
}

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Whether a kernel accepts the types of a node. */
function fits({ types }: Kernel, { attributes }: GraphNode): boolean {
  return Object.entries(types).every(([attribute, allowed]) => {
    const value = attributes[attribute];
    return value === undefined || !('type' in value) || allowed.includes(value.type);
  });
}

/**
 * Arguments that parametrise an op, such as shapes, axes and the value of a padding, and handles of variables. A GPU kernel
 * takes them from the host's memory.
 */
const HOST_ARGUMENTS = new Set(
  [
    'axis',
    'begin',
    'dims',
    'filter_sizes',
    'input_sizes',
    'orig_input_shape',
    'paddings',
    'perm',
    'reduction_indices',
  ].concat(
    ['dim', 'dimension', 'resource', 'shape', 'size'],
    ['size_splits', 'split_dim', 'group_size', 'group_key', 'instance_key'],
    ['constant_values', 'fill_value', 'output_shape'],
    ['var', 'm', 'v'], // of ResourceApplyAdam
  ),
);

/** Whether a kernel takes or returns data in the host's memory. */
function isOnHost({ hostMemory }: Kernel): boolean {
  return hostMemory.some((argument) => !HOST_ARGUMENTS.has(argument));
}

/** How a GPU executes a node; `fault` if it has no kernel, or one whose data are in the host's memory. */
function verdictOn(node: GraphNode): { text: string; fault: boolean } {
  if (FED_OPS.has(node.op)) return { text: 'fed from the host', fault: false };
  const kernels = registeredKernels(node.op).filter((kernel) => fits(kernel, node));
  const kernel = kernels.find(({ device }) => device === 'GPU' || device === 'DEFAULT');
  if (!kernel) return { text: 'NO GPU KERNEL', fault: true };
  if (isOnHost(kernel)) return { text: 'COMPUTED ON THE HOST', fault: true };
  return { text: `kernel on ${kernel.device}`, fault: false };
}

const byKind = new Map<string, GraphNode>();
for (const node of await recordSteps()) byKind.set(`${node.op} ${JSON.stringify(typesOf(node))}`, node);
let faults = 0;
for (const [kind, node] of [...byKind].sort()) {
  const { text, fault } = verdictOn(node);
  if (fault) faults += 1;
  process.stdout.write(`${kind}: ${text}\n`);
}
process.stdout.write(`${byKind.size} kinds of op, ${faults} that a GPU cannot compute\n`);
process.exitCode = faults > 0 ? ExitCode.bug : ExitCode.ok;

/** The type attributes of a node, as TensorFlow's numbers of types. */
function typesOf({ attributes }: GraphNode): Record<string, number> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => ('type' in value ? [[name, value.type]] : [])),
  );
}
