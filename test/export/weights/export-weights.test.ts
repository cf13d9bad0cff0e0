/** Exported models: which weights they hold, and what is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { singleOfHalf } from '../../../src/checkpoint/half.ts';
import { loadCheckpoint } from '../../../src/checkpoint/load-checkpoint.ts';
import { saveCheckpoint } from '../../../src/checkpoint/save-checkpoint.ts';
import { halved } from '../../../src/checkpoint/tensor.ts';
import { ExitCode } from '../../../src/errors.ts';
import { WEIGHTS_FORMATS } from '../../../src/export/formats.ts';
import { exportWeights } from '../../../src/export/weights/export-weights.ts';
import type { ModelState } from '../../../src/model/model.ts';
import { readModelFile } from '../../../src/model/model-file.ts';
import { tensorsOf } from '../../../src/model/model-tensors.ts';
import { withDecayApplied } from '../../../src/model/parameter-layout.ts';
import { parametersOf } from '../../../src/net/parameters.ts';
import { type Architecture, LESSON, resNet } from '../../../src/net/resnet.ts';
import { traceShapes } from '../../../src/net/trace.ts';
import { METADATA, PROGRESS } from '../../checkpoint/example.ts';
import { readSafetensors } from '../../support/safetensors.ts';
import { initialState } from '../../support/states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

const architecture: Architecture = { ...LESSON, width: 2, channels: 1, classes: 3 };
const parameters = parametersOf(traceShapes(resNet(architecture), [1, 28, 28]));
const state: ModelState = { ...initialState(parameters), batchesTracked: 7 };
const metadata = { ...METADATA, architecture, classNames: ['ant', 'bee', 'cat'] };
const file = { architecture, state, metadata, checksum: undefined };
const plain = tensorsOf(parameters, state);

/** Copies of tensors whose data are there at once. */
function laidOut(tensors: typeof plain): object[] {
  return [...tensors].map(([name, { dtype, shape, data }]) => ({ name, dtype, shape, data }));
}

const STOPPED = new DOMException('stopped', 'AbortError');

/** The values of a tensor; those of the head are written last, and abort. */
function abortAt(name: string, controller: AbortController) {
  if (name.endsWith('FC.weight')) controller.abort(STOPPED);
  return state.values.get(name);
}

describe.each(WEIGHTS_FORMATS)('as %s', (format) => {
  const path = join(folder, `model.${format}`);

  test('all tensors are there, bit by bit, with what is known of the run', async () => {
    const { bytes, ...written } = await exportWeights(file, { format, path });
    expect(written).toEqual({ path, format, tensors: plain.size, type: 'float32' });
    expect(bytes).toBe(readFileSync(path).length);
    const found = await loadCheckpoint(path);
    const sorted = new Map([...plain.keys()].map((name) => [name, found.tensors.get(name)!]));
    expect(found.tensors.size).toBe(plain.size);
    expect(laidOut(sorted)).toEqual(laidOut(plain));
    expect(found.metadata).toEqual(metadata);
  });

  test('half the room: weights are the nearest float16, counters are exact', async () => {
    const { type } = await exportWeights(file, { format, path, half: true });
    expect(type).toBe('float16');
    const { tensors } = await loadCheckpoint(path);
    for (const [name, tensor] of plain) {
      const half = halved(tensor);
      expect(tensors.get(name)?.data).toEqual(half?.dtype === 'F16' ? singleOfHalf(half.data) : tensor.data);
    }
  });

  test('the same model gives the same bytes', async () => {
    await exportWeights(file, { format, path });
    const first = readFileSync(path);
    await exportWeights(file, { format, path });
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  test('an abort while it is written leaves no file', async () => {
    const controller = new AbortController();
    const reading = { ...file, state: { ...state, values: { get: (name: string) => abortAt(name, controller) } } };
    const stopped = join(folder, `stopped.${format}`);
    const writing = exportWeights(reading, { format, path: stopped, signal: controller.signal });
    await expect(writing).rejects.toBe(STOPPED);
    expect(readdirSync(folder).filter((each) => each.startsWith('stopped'))).toEqual([]);
  });

  test('a value beyond float16 is named, and the file before stays', async () => {
    await exportWeights(file, { format, path });
    const before = readFileSync(path);
    const large = new Map([...plain].map(([name, { data }]) => [name, data as Float32Array]));
    const [last = ''] = [...large.keys()].filter((each) => each.endsWith('.bias')).slice(-1);
    large.set(last, Float32Array.of(0, -65520, 4));
    const wrong = { ...file, state: { ...state, values: large } };
    await expect(exportWeights(wrong, { format, path, half: true })).rejects.toMatchObject({
      code: ExitCode.usage,
      message: `${path}: not written: tensor ${last} holds -65520, and float16 ends at 65504; leave out --half`,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((each) => each.endsWith('.tmp'))).toEqual([]);
  });

  test('weights of another tool stay without facts about a run', async () => {
    await exportWeights({ ...file, metadata: undefined }, { format, path });
    const found = await readModelFile(path);
    expect(found).toMatchObject({ metadata: undefined, architecture, state: { batchesTracked: 7 } });
    if (format === 'safetensors') expect([...(await readSafetensors(path)).metadata]).toEqual([['format', 'pt']]);
  });
});

test('of the last checkpoint of a run, the weights alone are exported, dead ones decayed as the others', async () => {
  const trained = parameters.filter(({ trainable }) => trainable);
  const moments = new Map(trained.map(({ name }) => [name, state.values.get(name)!.map(() => 0.25)]));
  const deadWeightScale = 0.5;
  const optimizer = { step: METADATA.step, deadWeightScale, first: moments, second: moments };
  const last = join(folder, 'last.safetensors');
  const progress = { ...PROGRESS, deadWeightScale };
  await saveCheckpoint(last, tensorsOf(parameters, { ...state, optimizer }), { ...metadata, progress });
  const path = join(folder, 'of-last.safetensors');
  await exportWeights(await readModelFile(last), { format: 'safetensors', path });
  const best = join(folder, 'best.safetensors');
  const values = withDecayApplied(state.values, parameters, { deadWeightScale });
  await saveCheckpoint(best, tensorsOf(parameters, { values, batchesTracked: 7 }), metadata);
  expect(readFileSync(path).equals(readFileSync(best))).toBe(true);
  const shrunk = parameters.filter(({ name }) => values.get(name) !== state.values.get(name));
  expect(shrunk.length).toBeGreaterThan(0);
});
