/** Tests of reading files as PyTorch 2.13.0 wrote them (make_files.py), in both forms. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ELEMENT_BITS } from '../../../src/checkpoint/element-types.ts';
import { loadCheckpoint } from '../../../src/checkpoint/load-checkpoint.ts';
import { BEGINNING_BYTES, isPyTorch } from '../../../src/checkpoint/pytorch/beginning.ts';
import { TORCH_DTYPES } from '../../../src/checkpoint/pytorch/types.ts';
import { FILES, scanned } from './scanned.ts';

interface Golden {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const golden: Readonly<Record<string, Readonly<Record<string, Golden>>>> = JSON.parse(
  readFileSync(join(FILES, 'golden.json'), 'utf8'),
);
const files = readdirSync(FILES).filter((file) => file.endsWith('.pth'));
const stem = (file: string) => file.split('.')[0]!;
const readable = files.filter((file) => Object.hasOwn(golden, stem(file)));

test.each(files)('%s is told from other files by its first bytes', (file) => {
  expect(isPyTorch(readFileSync(join(FILES, file)).subarray(0, BEGINNING_BYTES))).toBe(true);
});

test.each(readable)('%s has the names, types, shapes and values that PyTorch reads', async (file) => {
  const { tensors, outline } = await scanned(join(FILES, file));
  const expected = Object.entries(golden[stem(file)]!);
  expect([...outline.tensors.keys()]).toEqual(expected.map(([name]) => name));
  for (const [name, { type, shape, values }] of expected) {
    const dtype = TORCH_DTYPES.get(`torch.${type}`)!;
    expect({ name, ...tensors.get(name) }).toMatchObject({ name, dtype, shape, values });
    expect(tensors.get(name)!.bytes).toHaveLength((values.length * ELEMENT_BITS[dtype]) / 8);
  }
  expect(outline.metadata).toEqual(new Map());
});

const REMEDY = 'in PyTorch save the state dict instead: torch.save(model.state_dict(), PATH)';
const REFUSALS: Readonly<Record<string, string>> = {
  'refused-complex.stream': 'tensor "w" is complex, which is not read; save its real part',
  'refused-conj.stream': 'tensor "w" has the mark "conj"; save its resolve_conj().resolve_neg()',
  'refused-neg.stream': 'tensor "w" has the mark "neg"; save its resolve_conj().resolve_neg()',
  'refused-quantised.stream': 'tensor "w" is quantised; save its dequantize()',
  'refused-sparse.stream': 'tensor "w" is sparse; save its to_dense()',
  'refused-expanded.stream': 'tensor "w" repeats its values; save its contiguous()',
  'refused-meta.stream': 'tensor "w" has no values: it is on the device meta; save it with values',
  'refused-float8.zip': 'tensor "w" is float8 (F8_E4M3), which is not read; save it as float32',
  'refused-module.zip': `holds a whole network, whose code is not run, of class "__main__.Network"; ${REMEDY}`,
  'refused-module.stream': `holds a whole network, whose code is not run, of class "torch.nn.modules.linear.Identity"; ${REMEDY}`,
  'refused-module-inside.zip': `holds a whole network, whose code is not run, of class "__main__.Network" under "model"; ${REMEDY}`,
  'refused-tensor.zip': `holds a single tensor; ${REMEDY}`,
  'refused-list.zip': `holds a list; ${REMEDY}`,
  'refused-nothing.zip': `holds no tensors, but "epoch"; ${REMEDY}`,
  'refused-optimizer.zip': `holds the state of an optimizer; ${REMEDY}`,
  'refused-torchscript.zip': `is a TorchScript archive, whose code is not run; ${REMEDY}`,
  'refused-compressed.zip':
    'entry "archive/data.pkl" is compressed, where torch.save stores it as it is; save it again by torch.save',
};

test('every file that is refused has a sentence below', () => {
  const refused = files.filter((file) => file.startsWith('refused-')).map((file) => file.replace('.pth', ''));
  expect(Object.keys(REFUSALS).toSorted()).toEqual(refused.toSorted());
});

test.each(Object.entries(REFUSALS))('%s.pth is refused: %s', async (name, message) => {
  const path = join(FILES, `${name}.pth`);
  await expect(scanned(path)).rejects.toMatchObject({ name: 'UserError', code: 4, message: `${path}: ${message}` });
});

const unread = Object.keys(REFUSALS).filter((name) => REFUSALS[name]!.startsWith('tensor'));

test.each(unread)('%s.pth is read where the tensor at fault is not wanted', async (name) => {
  const { tensors, outline } = await scanned(join(FILES, `${name}.pth`), { keep: (each) => each !== 'w' });
  expect(tensors.get('b')!.values).toEqual([-0.25, 0]);
  expect(`tensor "w" ${outline.tensors.get('w')!.problem}`).toBe(REFUSALS[name]);
});

test('the key of a state dict that is found is said', async () => {
  const path = join(FILES, 'beside.zip.pth');
  const { notices } = await scanned(path);
  expect(notices).toEqual([`${path}: the weights are those under "state_dict"`]);
});

test.each(['zip', 'stream'])('of several state dicts --from KEY names one (%s form)', async (form) => {
  const path = join(FILES, `several.${form}.pth`);
  await expect(scanned(path)).rejects.toMatchObject({
    code: 2,
    message: `${path}: tensors are under "model", "state_dict_ema"; choose by --from KEY`,
  });
  const { tensors } = await scanned(path, { from: 'state_dict_ema' });
  expect(tensors.get('w')!.values).toEqual([-0.25, 0, 0.25]);
  await expect(scanned(path, { from: 'ema' })).rejects.toMatchObject({
    code: 2,
    message: `--from "ema": ${path} has no tensors there; they are under "model", "state_dict_ema"`,
  });
});

test('--from KEY takes a state dict under a key that no trainer uses', async () => {
  const path = join(FILES, 'unusual-key.zip.pth');
  await expect(scanned(path)).rejects.toMatchObject({
    code: 2,
    message: `${path}: tensors are under "generator"; choose by --from KEY`,
  });
  expect((await scanned(path, { from: 'generator' })).tensors.get('w')!.values).toEqual([-0.25, 0]);
});

test('--from KEY is refused where the state dict is bare', async () => {
  const path = join(FILES, 'one.zip.pth');
  await expect(scanned(path, { from: 'w' })).rejects.toMatchObject({
    code: 2,
    message: `--from "w": ${path} has no tensors there; they are nowhere under a key; leave it out`,
  });
});

test('a key of the file that names a field of all objects changes no object', async () => {
  await scanned(join(FILES, 'beside.zip.pth'));
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('loadCheckpoint takes off the prefix of a wrapper, and converts to float32', async () => {
  const { tensors } = await loadCheckpoint(join(FILES, 'lightning.stream.pth'));
  expect([...tensors.keys()]).toContain('bn1.running_mean');
  const types = await loadCheckpoint(join(FILES, 'types.zip.pth'));
  expect([...types.tensors.get('bfloat16')!.data]).toEqual([-0.75, -0.5, -0.25, 0, 0.25, 0.5]);
});
