import { describe, expect, test } from '@jest/globals';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { METADATA } from './example.ts';

/** The example as it is in a file, with some of its fields changed, or removed where undefined is given. */
function encodedWith(changes: Record<string, string | undefined>): Map<string, string> {
  const entries = Object.entries<string | undefined>({ ...encodeMetadata(METADATA), ...changes });
  return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

test('what is written is text, each field under its own key', () => {
  expect(encodeMetadata(METADATA)).toEqual({
    format: 'pt',
    'resnet.format_version': '1',
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
    'resnet.data_hash': '"c5097fdd"',
    'resnet.training': '{"learningRate":0.001,"batchSize":128,"epochs":2}',
  });
});

test('what is written is what is read', () => {
  expect(decodeMetadata(encodedWith({}), 'file')).toEqual(METADATA);
});

test('a field that this version does not know is passed over', () => {
  const known = encodedWith({ 'resnet.mood': '"good"', 'resnet.normalisation': '{"mean":0.5,"std":0.5,"why":1}' });
  expect(decodeMetadata(known, 'file')).toEqual(METADATA);
});

test('a file from when there was only one network is of that one', () => {
  const old = encodedWith({ 'resnet.architecture': '{"depth":18,"channels":1,"classes":10}' });
  expect(decodeMetadata(old, 'file')).toEqual(METADATA);
});

test("PyTorch's files have none of it", () => {
  expect(decodeMetadata(new Map([['format', 'pt']]), 'file')).toBeUndefined();
  expect(decodeMetadata(new Map(), 'file')).toBeUndefined();
});

describe('a fault is exit code 4 and names the field', () => {
  test.each([
    ['format_version', '2', '2 is newer than the 1 known here; upgrade resnet to read it'],
    ['format_version', '0', 'expected an integer of at least 1, got 0'],
    ['format_version', 'one', 'expected JSON, got "one"'],
    ['tool_version', undefined, 'is missing'],
    ['tool_version', '1', 'expected text, got 1'],
    ['architecture', '[18, 1, 10]', 'expected an object, got [18,1,10]'],
    ['architecture.depth', '{"channels":1,"classes":10}', 'expected an integer of at least 1, got undefined'],
    ['architecture.width', '{"depth":18,"width":0}', 'expected an integer of at least 1, got 0'],
    ['input', '[28,28]', 'expected a list of 3, got [28,28]'],
    ['input[2]', '[1,28,0]', 'expected an integer of at least 1, got 0'],
    ['input', '[3,28,28]', '3 channels, but the architecture has 1'],
    ['normalisation.std', '{"mean":0.5,"std":null}', 'expected a finite number, got null'],
    ['seed', '-1', 'expected an integer of at least 0, got -1'],
    ['validation_size', '"5000"', 'expected an integer of at least 1, got "5000"'],
    ['epoch', '1.5', 'expected an integer of at least 0, got 1.5'],
    ['step', '1e99', 'expected an integer of at least 0, got 1e+99'],
    ['validation_loss', '1e999', 'expected a finite number, got null'],
    ['validation_accuracy', '98.5', 'expected a number from 0 to 1, got 98.5'],
    ['data_hash', '{', 'expected JSON, got "{"'],
    ['training.batchSize', '{"learningRate":0.001,"epochs":2}', 'expected an integer of at least 1, got undefined'],
  ])('%s: %s', (field, json, problem) => {
    const key = `resnet.${field.replace(/[.[].*/, '')}`;
    expect(() => decodeMetadata(encodedWith({ [key]: json }), 'file')).toThrow(
      expect.objectContaining({ code: 4, message: `file: metadata resnet.${field}: ${problem}` }),
    );
  });
});

test('a number that is not finite is not written: exit code 6', () => {
  for (const [changes, message] of [
    [{ validationLoss: Number.NaN }, 'validationLoss is NaN: nothing non-finite is saved'],
    [
      { training: { ...METADATA.training, learningRate: Number.POSITIVE_INFINITY } },
      'training.learningRate is Infinity: nothing non-finite is saved',
    ],
  ] satisfies [Partial<CheckpointMetadata>, string][]) {
    expect(() => encodeMetadata({ ...METADATA, ...changes })).toThrow(expect.objectContaining({ code: 6, message }));
  }
});
