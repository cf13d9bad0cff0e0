/** Parts that are frozen (--freeze): what the recorded step lacks, what stays, and what the thaw begins. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import type { EngineSource } from '../../src/engine/engine.ts';
import { hyperparametersOf } from '../../src/engine/hyperparameters.ts';
import { entriesOf, frozenNow, tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { BODY_PARTS, type BodyPart } from '../../src/net/parts.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { parseNodeName } from '../../src/runtime/graph/signature.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState, laidOut, valuesOf } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

// Images so small that some taps of the last stage are dead.
const network = residualNetwork({ stageBlocks: [1, 1, 1], width: 4, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 9, 9]));
const dataset = columnsDataset(200, 9);
const BODY: readonly BodyPart[] = BODY_PARTS;
const hyperparameters = hyperparametersOf({ weightDecay: 2, ema: 0.5, clipNorm: 1, bodyRate: 0.5 });

function source(frozen: readonly BodyPart[], more: Partial<EngineSource> = {}): EngineSource {
  return { network, parameters, state: initialState(parameters), dataset, frozen, ...more };
}

describeWithTensorFlow('the recorded step', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  /** What an engine has recorded after a step: ops by layer, and the names of the moments. */
  async function recorded(engine: CompiledEngine) {
    const named = engine.nodes().flatMap(({ name }) => parseNodeName(name) ?? []);
    return {
      gradients: new Set(named.flatMap(({ scope }) => /^(.*)\/gradient$/.exec(scope)?.[1] ?? [])),
      batchNorms: named.filter(({ op }) => op === 'FusedBatchNormV3').length,
      updates: named.filter(({ op }) => op === 'ResourceApplyAdam').length,
      moments: engine.nodes().filter(({ name, op }) => op === 'VarHandleOp' && /\/adam\/first$/.test(name)).length,
    };
  }

  test('of a frozen body has gradients, moments and updates of the head alone', async () => {
    const engine = new CompiledEngine(runtime, source(BODY, { hyperparameters }));
    await engine.train(range(0, 8), 1e-3);
    const { gradients, ...counts } = await recorded(engine);
    expect([...gradients].filter((layer) => !['FC', 'Flatten', 'GlobalAvr'].includes(layer))).toEqual([]);
    expect(counts).toEqual({ batchNorms: 0, updates: 2, moments: 2 });
    const averaged = engine.nodes().filter(({ name, op }) => op === 'VarHandleOp' && /^train.*\/ema\//.test(name));
    expect(averaged).toHaveLength(2);
    engine.dispose();
  });

  test('with a frozen part between trained ones has the gradient that flows through it, and no update of it', async () => {
    const engine = new CompiledEngine(runtime, source(['stage2']));
    await engine.train(range(0, 8), 1e-3);
    const { gradients, batchNorms, updates, moments } = await recorded(engine);
    expect([...gradients].some((layer) => layer.startsWith('resnet_block2.'))).toBe(true);
    const trained = parameters.filter(({ trainable, part }) => trainable && part !== 'stage2');
    const updated = trained.filter(({ name }) => !/conv[12]?\.bias/.test(name));
    expect({ updates, moments }).toEqual({ updates: updated.length, moments: updated.length });
    expect(batchNorms).toBe(parameters.filter(({ kind, part }) => kind === 'scale' && part !== 'stage2').length);
    engine.dispose();
  });

  test('after the thaw has all gradients, moments and updates', async () => {
    const [thawed, usual] = [new CompiledEngine(runtime, source(BODY)), new CompiledEngine(runtime, source([]))];
    expect([thawed.thaw(), thawed.thaw(), usual.thaw()]).toEqual([true, false, false]);
    for (const engine of [thawed, usual]) await engine.train(range(0, 8), 1e-3);
    expect(await recorded(thawed)).toEqual(await recorded(usual));
    thawed.dispose();
    usual.dispose();
  });
});

describe.each([
  { how: 'one graph', backend: 'tensorflow', Engine: CompiledEngine },
  { how: 'op by op', backend: 'tensorflow', Engine: EagerEngine },
  { how: 'op by op', backend: 'wasm', Engine: EagerEngine },
] as const)('an engine that runs $how on $backend', ({ backend, Engine }) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('with frozen parts', () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
    });

    test('keeps their weights, statistics and averages to the last bit, and trains all others', async () => {
      const engine = new Engine(runtime, source(['stem', 'stage2'], { hyperparameters }));
      await engine.startEpoch();
      for (const step of [0, 1, 2]) await engine.train(range(16 * step, 16), 1e-2);
      const state = await engine.state();
      const [before, after] = [initialState(parameters).values, state.values];
      for (const { name, kind, part, trainable } of parameters) {
        if (kind === 'batchCount') continue;
        const isFrozen = part === 'stem' || part === 'stage2';
        if (!isFrozen && !trainable) continue; // a statistic that happens to be what it was
        for (const values of [after, state.averaged?.values]) {
          expect([name, Buffer.compare(bytes(values?.get(name)), bytes(before.get(name))) === 0]).toEqual([
            name,
            isFrozen,
          ]);
        }
      }
      expect(state.optimizer).toMatchObject({
        step: 3,
        frozen: { parts: ['stem', 'stage2'], steps: 0, deadWeightScale: 1 },
      });
      expect(frozenNow(state.optimizer?.frozen)).toEqual(['stem', 'stage2']);
      const saved = [...tensorsOf(parameters, state).keys()].filter((name) => name.startsWith('adam.'));
      expect(saved.some((name) => /exp_avg\.(conv|batchnorm|resnet_block2)\./.test(name))).toBe(false);
      expect(saved).toHaveLength(
        2 * parameters.filter(({ part, trainable }) => trainable && !['stem', 'stage2'].includes(part)).length,
      );
      engine.dispose();
    });

    test('counts their steps from the thaw, and saves their moments from the first of them on', async () => {
      const engine = new Engine(runtime, source(BODY, { hyperparameters }));
      await engine.startEpoch();
      for (const step of [0, 1]) await engine.train(range(16 * step, 16), 1e-2);
      engine.thaw();
      const whole = entriesOf(parameters, { optimizer: true, averaged: true }).length;
      expect(tensorsOf(parameters, await engine.state()).size).toBeLessThan(whole);
      await engine.train(range(32, 16), 1e-2);
      const { optimizer, averaged, ...state } = await engine.state();
      expect(tensorsOf(parameters, { ...state, optimizer: optimizer!, averaged: averaged! }).size).toBe(whole);
      expect(optimizer).toMatchObject({ step: 3, frozen: { steps: 1, deadWeightScale: 1 - 1e-2 * 0.5 * 2 } });
      expect(averaged?.frozen?.deadWeightScale).toBeGreaterThan(0.99);
      engine.dispose();
    });

    test.each([1, 3])('continues from the state after step %i as one that never stopped', async (stop) => {
      const reach = async (engine: InstanceType<typeof Engine>, from: number, to: number) => {
        for (let step = from; step < to; step++) {
          if (step >= 2) engine.thaw();
          await engine.train(range(16 * step, 16), 1e-2);
        }
      };
      const whole = new Engine(runtime, source(['stem', 'stage2'], { hyperparameters }));
      await whole.startEpoch();
      await reach(whole, 0, stop);
      const state = await whole.state();
      await reach(whole, stop, 4);
      const resumed = new Engine(runtime, source(['stem', 'stage2'], { hyperparameters, state }));
      await resumed.startEpoch();
      await reach(resumed, stop, 4);
      const [one, other] = [await resumed.state(), await whole.state()];
      expect(laidOut(parameters, one)).toEqual(laidOut(parameters, other));
      expect(valuesOf(parameters, one.averaged!.values)).toEqual(valuesOf(parameters, other.averaged!.values));
      whole.dispose();
      resumed.dispose();
    });
  });
});

test('backends without fused ops compute what TensorFlow computes, through a frozen part', async () => {
  const weights = [];
  for (const backend of ['wasm', 'tensorflow'] as const) {
    const runtime = await openRuntime({ backend }).catch(() => undefined);
    if (!runtime) return; // no TensorFlow here
    const engine = new EagerEngine(runtime, source(['stage2', 'stage3'], { hyperparameters }));
    await engine.startEpoch();
    await engine.train(range(0, 16), 1e-3);
    weights.push((await engine.state()).optimizer);
    engine.dispose();
  }
  for (const { name, part, trainable } of parameters) {
    if (!trainable || ['stage2', 'stage3'].includes(part)) continue;
    const [one = [], other = []] = weights.map((optimizer) => optimizer?.first.get(name) ?? []);
    expect([name, relativeError(one, other) < 1e-3]).toEqual([name, true]);
  }
});

function bytes(values: Float32Array | undefined): Buffer {
  if (!values) throw new Error('no value');
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
