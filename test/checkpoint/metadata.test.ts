/** Tests of encoding and decoding a checkpoint's metadata. */
import { describe, expect, test } from '@jest/globals';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { storedProgress } from '../../src/checkpoint/progress.ts';
import { METADATA, PROGRESS } from './example.ts';

const RESUMABLE = { ...METADATA, progress: PROGRESS };

/** The encoded example with some fields changed, or removed if the change is undefined. */
function encodedWith(changes: Record<string, string | undefined>): Map<string, string> {
  const entries = Object.entries<string | undefined>({ ...encodeMetadata(RESUMABLE), ...changes });
  return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

test('metadata are encoded as JSON texts, each field under its own key', () => {
  expect(encodeMetadata(RESUMABLE)).toEqual({
    format: 'pt',
    'resnet.format_version': '3',
    'resnet.sha256': '0'.repeat(64),
    'resnet.tool_version': '"0.1.0"',
    'resnet.architecture': '{"depth":18,"width":64,"variant":"lesson","stem":"imagenet","channels":1,"classes":10}',
    'resnet.input': '[1,28,28]',
    'resnet.normalisation': '{"mean":0.5,"std":0.5}',
    'resnet.seed': '42',
    'resnet.validation_size': '5000',
    'resnet.epoch': '2',
    'resnet.step': '860',
    'resnet.validation_loss': '0.046875',
    'resnet.validation_accuracy': '0.985',
    'resnet.data_hash': `"${'c5097fdd'.repeat(8)}"`,
    'resnet.background': '"dark"',
    'resnet.settings': '{"epochs":2,"learningRate":0.001,"batchSize":128}',
    'resnet.computed_on': '{"backend":"tensorflow","device":"cpu","version":"2.21.0","compiled":true}',
    'resnet.progress':
      '{"epochs":2,"step":860,"shuffle":[1,-2,3,-4],"augmentation":[5,6,-7,8],' +
      '"best":{"epoch":1,"step":430,"loss":0.0625,"accuracy":0.98},' +
      '"batch":3,"sums":{"images":384,"lossSum":12.5,"hits":380}}',
  });
});

test('decoded metadata equal the encoded ones', () => {
  expect(decodeMetadata(encodedWith({}), 'file')).toEqual(RESUMABLE);
});

test('decoding ignores a field that this version does not know', () => {
  const known = encodedWith({ 'resnet.mood': '"good"', 'resnet.normalisation': '{"mean":0.5,"std":0.5,"why":1}' });
  expect(decodeMetadata(known, 'file')).toEqual(RESUMABLE);
});

test('a file without width, variant and stem is of the network that older versions trained', () => {
  const old = encodedWith({ 'resnet.architecture': '{"depth":18,"channels":1,"classes":10}' });
  expect(decodeMetadata(old, 'file')).toEqual(RESUMABLE);
});

test('a file of format 1, without checksum, settings and progress, is decoded', () => {
  const first = encodedWith({
    'resnet.format_version': '1',
    'resnet.sha256': undefined,
    'resnet.background': undefined,
    'resnet.settings': undefined,
    'resnet.computed_on': undefined,
    'resnet.progress': undefined,
    'resnet.training': '{"learningRate":0.001,"batchSize":128,"epochs":2}',
  });
  const { background, settings, computedOn, ...known } = METADATA;
  expect(decodeMetadata(first, 'file')).toEqual(known);
});

test('a file of format 2, without threads and processor, is decoded', () => {
  expect(decodeMetadata(encodedWith({ 'resnet.format_version': '2' }), 'file')).toEqual(RESUMABLE);
});

test('means and deviations by channel come back, and so do threads and processor', () => {
  const metadata: CheckpointMetadata = {
    ...METADATA,
    architecture: { ...METADATA.architecture, channels: 3 },
    input: [3, 28, 28],
    normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    computedOn: { ...METADATA.computedOn!, threads: 2, processor: 'avx avx2' },
  };
  expect(decodeMetadata(new Map(Object.entries(encodeMetadata(metadata))), 'file')).toEqual(metadata);
});

test('a file of PyTorch has no metadata', () => {
  expect(decodeMetadata(new Map([['format', 'pt']]), 'file')).toBeUndefined();
  expect(decodeMetadata(new Map(), 'file')).toBeUndefined();
});

describe('decoding a wrong field', () => {
  const changed = (changes: object) => JSON.stringify({ ...storedProgress(PROGRESS), ...changes });

  test.each([
    ['format_version', '5', '5 is newer than the 4 known here; upgrade resnet to read it'],
    ['format_version', '0', 'expected an integer of at least 1, got 0'],
    ['format_version', 'one', 'expected JSON, got "one"'],
    ['format_version', undefined, 'is missing, expected an integer of at least 1'],
    ['sha256', undefined, 'is missing'],
    ['tool_version', undefined, 'is missing, expected text'],
    ['tool_version', '1', 'expected text, got 1'],
    ['architecture', '[18, 1, 10]', 'expected an object, got [18,1,10]'],
    ['architecture.depth', '{"channels":1,"classes":10}', 'is missing, expected an integer of at least 1'],
    ['architecture.width', '{"depth":18,"width":0}', 'expected an integer of at least 1, got 0'],
    ['input', '[28,28]', 'expected a list of 3, got [28,28]'],
    ['input[2]', '[1,28,0]', 'expected an integer of at least 1, got 0'],
    ['input', '[1,2000000000,2]', '1×2000000000×2, but no data set has an image of more than 2147483648 bytes'],
    ['input', '[3,28,28]', '3 channels, but the architecture has 1'],
    ['normalisation.std', '{"mean":0.5,"std":null}', 'expected a number from 0.000001 to 1000000, got null'],
    ['normalisation.std', '{"mean":0.5,"std":0}', 'expected a number from 0.000001 to 1000000, got 0'],
    ['normalisation.std', '{"mean":0.5,"std":-1}', 'expected a number from 0.000001 to 1000000, got -1'],
    ['normalisation.std[0]', '{"mean":0.5,"std":[0]}', 'expected a number from 0.000001 to 1000000, got 0'],
    ['normalisation.std', '{"mean":0.5,"std":[]}', '0 values, but the architecture has 1 channels'],
    ['normalisation.mean', '{"mean":1e39,"std":1}', 'expected a number from -1000 to 1000, got 1e+39'],
    ['normalisation.std', '{"mean":0.5,"std":1e-38}', 'expected a number from 0.000001 to 1000000, got 1e-38'],
    ['normalisation.mean', '{"mean":1001,"std":1}', 'expected a number from -1000 to 1000, got 1001'],
    ['normalisation.mean', '{"mean":[0,0,0],"std":1}', '3 values, but the architecture has 1 channels'],
    ['seed', '-1', 'expected an integer from 0 to 4294967295, got -1'],
    ['seed', '4294967296', 'expected an integer from 0 to 4294967295, got 4294967296'],
    ['validation_size', '"5000"', 'expected an integer of at least 1, got "5000"'],
    ['epoch', '1.5', 'expected an integer from 0 to 2^40, got 1.5'],
    ['step', '1e99', 'expected an integer from 0 to 2^40, got 1e+99'],
    ['validation_loss', '1e999', 'expected a number of at least 0, got null'],
    ['validation_loss', '-0.5', 'expected a number of at least 0, got -0.5'],
    ['validation_accuracy', '98.5', 'expected a number from 0 to 1, got 98.5'],
    ['data_hash', '{', 'expected JSON, got "{"'],
    ['data_hash', '"abc"', 'expected 64 hexadecimal digits, got "abc"'],
    ['background', '"grey"', 'expected light or dark, got "grey"'],
    ['settings', '[]', 'expected an object, got []'],
    ['computed_on.compiled', '{"backend":"b","device":"d","version":"v"}', 'is missing, expected true or false'],
    ['progress.epochs', '{}', 'is missing, expected an integer from 0 to 2^40'],
    ['progress.sums.lossSum', changed({ sums: { images: 0, lossSum: null } }), 'expected a finite number, got null'],
    ['progress.shuffle', changed({ shuffle: [1, 2] }), 'expected a list of 4, got [1,2]'],
    ['progress.shuffle', changed({ shuffle: [0, 0, 0, 0] }), 'all 0, a state that no generator reaches'],
    [
      'progress.shuffle[3]',
      changed({ shuffle: [1, 2, 3, 2 ** 31] }),
      'expected a signed 32-bit integer, got 2147483648',
    ],
    ['progress.best.epoch', changed({ best: { epoch: 0 } }), 'expected an integer of at least 1, got 0'],
    [
      'progress.best.loss',
      changed({ best: { ...PROGRESS.best, loss: -1 } }),
      'expected a number of at least 0, got -1',
    ],
    ['progress.best', changed({ best: undefined }), 'is missing, expected an object'],
  ])('refuses %s = %s (exit 4) and names the field', (field, json, problem) => {
    const key = `resnet.${field.replace(/[.[].*/, '')}`;
    expect(() => decodeMetadata(encodedWith({ [key]: json }), 'file')).toThrow(
      expect.objectContaining({ code: 4, message: `file: metadata resnet.${field}: ${problem}` }),
    );
  });
});

test('encoding refuses a number that is not finite (exit 6)', () => {
  for (const [changes, message] of [
    [{ validationLoss: Number.NaN }, 'validationLoss is NaN: only finite values are saved'],
    [
      { settings: { learningRate: Number.POSITIVE_INFINITY } },
      'settings.learningRate is Infinity: only finite values are saved',
    ],
  ] satisfies [Partial<CheckpointMetadata>, string][]) {
    expect(() => encodeMetadata({ ...METADATA, ...changes })).toThrow(expect.objectContaining({ code: 6, message }));
  }
});
