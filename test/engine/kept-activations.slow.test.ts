/** The activations of the cost table are the values of the forward pass that the recorded backward pass reads. */
import { beforeAll, expect, test } from '@jest/globals';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { costsOf, sumCosts } from '../../src/net/cost.ts';
import { initialValues, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { BODY_PARTS } from '../../src/net/parts.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import type { GraphNode } from '../../src/runtime/graph/graph-def.ts';
import { parseOutput } from '../../src/runtime/graph/names.ts';
import { GraphSession } from '../../src/runtime/graph/session.ts';
import { parseNodeName } from '../../src/runtime/graph/signature.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';

const BATCH = 3;

/** Ops whose output shares their input's memory if both have as many values. */
const ALIASES = new Set(['Reshape', 'ExpandDims', 'Slice']);

/** The nodes that a step runs: those that its assignments depend on. A gradient that nobody reads is left out. */
function running(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const found = new Set<GraphNode>();
  const visit = (node: GraphNode | undefined): void => {
    if (!node || found.has(node)) return;
    found.add(node);
    for (const input of node.inputs) visit(byName.get(parseOutput(input.replace(/^\^/, '')).node));
  };
  for (const node of nodes) if (/^(Assign|ResourceApply)/.test(node.op)) visit(node);
  return [...found];
}

/** Number of values, of images and layers' outputs, that gradients of layers read; weights do not count. */
function keptValues(all: readonly GraphNode[]): number {
  const nodes = running(all);
  const session = new GraphSession(nodes);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const valuesOf = (output: string): number => {
    const { node, index } = parseOutput(output);
    const shape = session.outputsOf(node)[index]?.shape;
    return shape ? sizeOf(shape) : 0; // batch norm's last output, which its kernel uses internally, has no shape
  };
  const source = (output: string): string => {
    const node = byName.get(parseOutput(output).node);
    const input = node?.inputs[0] ?? '';
    return node && ALIASES.has(node.op) && valuesOf(input) === valuesOf(output) ? source(input) : output;
  };
  const isGradient = (name: string) => parseNodeName(name)?.scope.endsWith('/gradient') ?? false;
  const read = nodes.filter(({ name }) => isGradient(name)).flatMap(({ inputs }) => inputs.map(source));
  const kept = [...new Set(read)].filter((output) => {
    const { node } = parseOutput(output);
    const made = parseNodeName(node); // undefined for variables and constants
    const ofLayer = made?.scope !== '' || made.op === 'GatherV2'; // which outputs the images
    return made && ofLayer && made.op !== 'ReadVariableOp' && !isGradient(node);
  });
  const values = kept.reduce((sum, output) => sum + valuesOf(output), 0);
  session.close();
  return values;
}

describeWithTensorFlow('the activations of the cost table', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test.each([
    { side: 1 },
    { side: 5 },
    { side: 28 },
    { side: 33 },
    { side: 64 },
    { side: 28, block: 'bottleneck' },
    { side: 28, block: 'bottleneck', variant: 'torchvision', stem: 'cifar' },
    { side: 9, variant: 'torchvision', stem: 'cifar' },
    { side: 8, stem: 'cifar' },
    { side: 28, frozen: BODY_PARTS },
    { side: 28, frozen: ['stem', 'stage1', 'stage2'] },
    { side: 28, frozen: ['stage3'] },
    { side: 64, frozen: ['stage1', 'stage3', 'stage4'] },
    { side: 28, frozen: ['stem'], block: 'bottleneck', variant: 'torchvision', stem: 'cifar' },
    { side: 28, frozen: ['stage2'], block: 'bottleneck', variant: 'torchvision', stem: 'cifar' },
  ] as const)(
    'are the values that the recorded step keeps, with $side pixels, $block, $variant, $stem, frozen $frozen',
    async ({ side, ...chosen }) => {
      const { frozen, ...options } = { frozen: [], ...chosen };
      const network = residualNetwork({ stageBlocks: [1, 1, 1, 2], width: 4, classes: 10, ...options });
      const traced = traceShapes(network, [1, side, side]);
      const parameters = parametersOf(traced);
      const state = {
        values: initialValues(parameters, RandomGenerator.seeded(1, 'initialisation')),
        batchesTracked: 0,
      };
      const dataset = columnsDataset(BATCH, side);
      const engine = new CompiledEngine(runtime, { network, parameters, state, dataset, frozen });
      await engine.train(range(0, BATCH), 1e-3);
      const { activationBytes } = sumCosts(costsOf(traced, BATCH, frozen).map(({ cost }) => cost));
      expect(4 * keptValues(engine.nodes())).toBe(activationBytes);
      engine.dispose();
    },
  );
});
