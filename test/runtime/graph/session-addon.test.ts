/** Tests of the addon `graph_session` with arguments that `GraphSession` never passes to it. */
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from '@jest/globals';
import { encodeGraphDef } from '../../../src/runtime/graph/graph-def.ts';
import { runtimeLocations } from '../../../src/runtime/installed/locations.ts';
import type { GraphSessionAddon, NativeFeed } from '../../../src/runtime/native/addons.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { standardError } from '../../support/standard-error.ts';
import { binary, FLOAT, INT32, placeholder } from './nodes.ts';

describeWithTensorFlow('the addon graph_session', () => {
  const none = new Uint8Array();
  let native: GraphSessionAddon;
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
    native = createRequire(import.meta.url)(runtimeLocations().graphSession);
  });

  function open() {
    const session = new native.GraphSession(none, '');
    session.extend(encodeGraphDef([placeholder('x'), binary('Neg', 'negated', ['x'])]), []);
    return session;
  }
  const x = { name: 'x', dtype: FLOAT, shape: [], data: Float32Array.of(1) };

  test('throws for an invalid configuration and for a target that is not a server', async () => {
    expect(() => new native.GraphSession(Uint8Array.of(1, 2, 3), '')).toThrow('Unparseable ConfigProto');
    await standardError(async () =>
      expect(() => new native.GraphSession(none, 'nonsense://')).toThrow('No session factory registered'),
    );
  });

  test('throws for an invalid graph and for invalid run options', async () => {
    expect(() => open().extend(Uint8Array.of(1, 2, 3), [])).toThrow('Invalid GraphDef');
    await expect(open().run([x], ['negated'], [], Uint8Array.of(1, 2, 3))).rejects.toThrow('Unparseable RunOptions');
  });

  test.each<[string, Partial<NativeFeed>]>([
    ['with too few values', { shape: [2] }],
    ['whose number of values overflows', { shape: [2 ** 40, 2 ** 40] }],
    ['whose number of values overflows before it becomes 0', { shape: [2 ** 62, 2 ** 62, 0], data: none }],
    ['with a negative size', { shape: [-1] }],
    ['with two negative sizes', { shape: [-1, -1] }],
    ['with more dimensions than TensorFlow allows', { shape: Array(255).fill(1) }],
    ['without a type', { dtype: 0, data: none }],
    ['of an unknown type', { dtype: 99 }],
    ['of strings', { dtype: 7, shape: [0], data: none }],
    ['of handles', { dtype: 20 }],
  ])('throws for a feed %s', (_, wrong) => {
    expect(() => open().run([{ ...x, ...wrong }], ['negated'], [], none)).toThrow(
      'the data of a feed does not match its type and shape',
    );
  });

  test('throws for a feed whose data are detached while it is read', () => {
    const data = new Float32Array(1000);
    const shape = [1000];
    Object.defineProperty(shape, 0, { get: () => structuredClone(1000, { transfer: [data.buffer] }) });
    expect(() => open().run([{ ...x, shape, data }], ['negated'], [], none)).toThrow('the data of a feed');
  });

  test('throws for a list of feeds that changes while it is read', () => {
    const feeds = [x, x];
    Object.defineProperty(feeds, 1, { get: () => feeds.pop() && x });
    expect(() => open().run(feeds, ['negated'], [], none)).toThrow();
  });

  test('throws for a feed of another type than its placeholder', async () => {
    const feed = { ...x, dtype: INT32, data: Int32Array.of(1) };
    await expect(open().run([feed], ['negated'], [], none)).rejects.toThrow(/int32/i);
  });

  test('throws for outputs that do not exist', async () => {
    await expect(open().run([], ['x:1'], [], none)).rejects.toThrow('does not have output 1');
    await expect(open().run([], ['^x'], [], none)).rejects.toThrow('x:-1');
    await expect(open().run([{ ...x, name: 'x:7' }], ['negated'], [], none)).rejects.toThrow();
  });

  test('throws for fetched strings', async () => {
    const session = open();
    const text = { name: 'text', op: 'AsString', inputs: ['x'], attributes: { T: { type: FLOAT } } };
    session.extend(encodeGraphDef([text]), ['x']);
    await expect(session.run([x], ['text'], [], none)).rejects.toThrow("strings and handles can't be fetched");
  });

  test('throws for arguments of wrong types and for missing arguments', () => {
    const session = open() as unknown as Record<string, (...values: unknown[]) => unknown>;
    for (const method of ['extend', 'describe', 'run']) {
      for (const value of [undefined, null, 1, 'y', {}, [1], Symbol('x')]) {
        expect(() => session[method]?.(value)).toThrow();
        expect(() => session[method]?.(value, value, value, value)).toThrow();
      }
    }
  });

  test('throws for a run of a closed session', () => {
    const session = open();
    session.close();
    expect(() => session.run([x], ['negated'], [], none)).toThrow('the session is closed');
  });
});
