/**
 * One of the workers of a test: takes one step, evaluates, and prints what it has, with tensors in base64.
 *
 * Usage: node dist/test/engine/joined-worker.js JSON, of the type `JoinedWork`
 */
import { createHash } from 'node:crypto';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { type Hyperparameters, PLAIN_ADAM } from '../../src/engine/hyperparameters.ts';
import { StopAgreed } from '../../src/engine/peers/peers.ts';
import type { Values } from '../../src/model/parameter-layout.ts';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork, type Variant } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import type { Reduction } from '../../src/runtime/graph/collectives.ts';
import { exitNow } from '../../src/runtime/graph/server.ts';
import { openRuntime } from '../../src/runtime/open.ts';

const SIDE = 28;
const IMAGES = 200;

/** What a worker does. */
export interface JoinedWork {
  readonly rank: number;
  /** Of the workers' servers, by rank. */
  readonly ports: readonly number[];
  /** First image of the batch, and the one behind its last. */
  readonly batch: readonly [number, number];
  readonly syncBatchNorm: boolean;
  readonly reduce: Reduction;
  readonly variant: Variant;
  readonly hyperparameters?: Partial<Hyperparameters>;
  readonly classWeights?: readonly number[];
}

const work: JoinedWork = JSON.parse(process.argv[2] ?? '');
const { rank, ports, batch, syncBatchNorm, reduce, hyperparameters, classWeights, variant } = work;
const pixels = Uint8Array.from({ length: IMAGES * SIDE ** 2 }, (_, index) => (index * 2654435761) >>> 24);
const labels = Uint8Array.from({ length: IMAGES }, (_, index) => (index * 7) % 10);
const names = { source: 'a test', imagesFile: 'images', labelsFile: 'labels' };
const shape = { count: IMAGES, height: SIDE, width: SIDE, channels: 1, classes: 10 } as const;
const dataset: DatasetInMemory = { pixels, labels, ...shape, format: 'idx', sha256: '', transposed: false, ...names };
const network = residualNetwork({ stageBlocks: [1, 1, 1, 2], width: 8, classes: 10, variant });
const parameters = parametersOf(traceShapes(network, [1, SIDE, SIDE]));
const values = initialValues(parameters, RandomGenerator.seeded(1, 'initialisation'));
const range = ([begin, end]: readonly [number, number]) =>
  Int32Array.from({ length: end - begin }, (_, index) => begin + index);

const runtime = await openRuntime({ backend: 'tensorflow', device: 'cpu' });
const addresses = ports.map((port) => `127.0.0.1:${port}`);
const others = { syncBatchNorm, reduce, lost: new AbortController().signal, startLimit: 30 };
const engine = new CompiledEngine(runtime, {
  ...{ network, parameters, dataset, state: { values, batchesTracked: 0 } },
  hyperparameters: { ...PLAIN_ADAM, ...hyperparameters },
  ...(classWeights ? { classWeights: Float32Array.from(classWeights) } : {}),
  ...(ports.length > 1 ? { peers: { rank, count: ports.length, addresses, ...others } } : {}),
});
await engine.startEpoch();
await engine.train(range(batch), 1e-3);
const { loss, sums } = await engine.report();
const state = await engine.state();
const evaluated = await engine.evaluate(range([0, 101]));
const few = await engine.evaluate(range([0, 3])); // with four workers one has nothing to do
const answers = engine.agreement && [
  await engine.agreement.decide(rank === 0),
  await engine.agreement.decide(rank > 0),
];
if (rank === 1) engine.agreement?.requestStop();
await engine.train(range(batch), 1e-3);
const reason: unknown = engine.agreement?.stopped.reason;
const stopped = reason instanceof StopAgreed ? reason.ranks : undefined;

const hash = createHash('sha256');
const end = await engine.state();
for (const { name } of parameters) {
  for (const value of [end.values, end.optimizer?.first, end.optimizer?.second, end.averaged?.values]) {
    hash.update(value?.get(name) ?? '');
  }
}
const encoded = (tensors: Values | undefined) =>
  Object.fromEntries(
    parameters.flatMap(({ name }) => {
      const value = tensors?.get(name);
      return value ? [[name, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')]] : [];
    }),
  );
const seen = { loss, sums, moments: encoded(state.optimizer?.first), values: encoded(state.values) };
const told = { evaluated: { ...evaluated, logits: [...evaluated.logits] }, few: few.correct, answers, stopped };
const line = JSON.stringify({ ...seen, ...told, hash: hash.digest('hex') });
await new Promise((resolve) => process.stdout.write(line, resolve));
await new Promise((resolve) => process.stdin.once('end', resolve).resume()); // the others may still need the last sums
exitNow(0);
