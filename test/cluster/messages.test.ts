/** The messages between workers: what is taken, what is refused, and what is said of differences. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differenceOfFacts, differenceOfWeights } from '../../src/cluster/differences.ts';
import { leaderMessage, MAX_STATE, type WorkerMessage, workerMessage } from '../../src/cluster/messages.ts';
import { TurnedAway } from '../../src/cluster/turned-away.ts';
import { mutated } from '../support/mutations.ts';
import { FACTS } from './workers.ts';

const VALID: readonly WorkerMessage[] = [
  { type: 'hello', rank: 1, world: 2, version: '1.0.0', nonce: '0'.repeat(32), proof: 'f'.repeat(64) },
  { type: 'beat', state: 'step 120' },
  { type: 'facts', facts: FACTS },
  { type: 'weights', step: 120, hash: 'abc' },
  { type: 'failed', message: 'the disk is full', code: 5 },
  { type: 'done' },
];

describe('a line', () => {
  test.each(VALID)('is read as the message that it is: %j', (message) => {
    expect(workerMessage(JSON.stringify({ ...message, more: 1 }))).toEqual(message);
  });

  test.each([
    '',
    'null',
    '[]',
    '{"type":"constructor"}',
    '{"type":["done"]}',
    '{"type":"beat"}',
    '{"type":"weights","step":-1,"hash":"a"}',
    '{"type":"failed","message":"m","code":256}',
    '{"type":"facts","facts":{"settings":[],"data":"","graph":"","start":""}}',
    JSON.stringify({ type: 'beat', state: 'x'.repeat(MAX_STATE + 1) }),
    JSON.stringify({ ...VALID[0], nonce: '0'.repeat(31) }),
  ])('is no message: %s', (line) => expect(workerMessage(line)).toBeUndefined());

  test('that is damaged is no message, or one whose fields can be used', () => {
    const line = fc
      .constantFrom(...VALID)
      .chain((message) => mutated(Buffer.from(JSON.stringify(message)), [{ at: 0, encode: () => Buffer.alloc(0) }]));
    fc.assert(
      fc.property(line, (bytes) => {
        const text = bytes.toString('utf8');
        const message = workerMessage(text);
        if (message !== undefined) expect(workerMessage(JSON.stringify(message))).toEqual(message);
        expect(leaderMessage(text) === undefined || /"type" *: *"(beat|done)"/.test(text)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what differs', () => {
  test.each([
    ['nothing', {}, undefined],
    [
      'a setting that one lacks',
      { settings: { learningRate: 0.1, width: [4] } },
      'width ([4], not given for worker 0)',
    ],
    ['a setting that is null', { settings: { learningRate: null } }, 'learningRate (not given, and 0.1 for worker 0)'],
    ['data', { data: 'd2', graph: 'g2' }, 'data (hash d2, not d1), network (hash g2, not g1)'],
    ['the start', { start: '\n' }, 'starting weights (hash \\n, not s1)'],
    [
      'much',
      { settings: { learningRate: 0.1, a: 1, b: 2, c: 3, d: 4, e: 5 } },
      'a (1, not given for worker 0), b (2, not given for worker 0), c (3, not given for worker 0), d (4, not given for worker 0), 1 more',
    ],
  ])('is named: %s', (_, change, text) => {
    const expected =
      text &&
      `worker 2 differs from worker 0 in ${text}: start all workers with the same command line, data and checkpoint`;
    const message = differenceOfFacts([FACTS, FACTS, { ...FACTS, ...change }]);
    expect(message).toBe(expected);
  });

  test('is named without an end to the stack if a worker nests its settings deeply', () => {
    const deep = JSON.parse(
      `{"type":"facts","facts":{"data":"","graph":"","start":"","settings":{"a":${'['.repeat(9e4)}${']'.repeat(9e4)}}}}`,
    );
    expect(differenceOfFacts([FACTS, deep.facts])).toContain('a (["…"], not given for worker 0)');
  });

  test('is the step, where the hash is the same', () => {
    const message = differenceOfWeights([
      { step: 1, hash: 'a' },
      { step: 2, hash: 'a' },
    ]);
    expect(message).toContain('the weights of worker 1 after step 2 are not those of worker 0 after step 1');
  });
});

describe('connections that are turned away', () => {
  test('are named once for each host and fault, and explain why workers did not come', () => {
    const notices: string[] = [];
    const turnedAway = new TurnedAway((message) => notices.push(message));
    expect(turnedAway.add('taken', '::1', 2)).toBe('it has a worker 2 already');
    expect(turnedAway.explanation).toBe('');
    for (let time = 0; time < 2; time++) turnedAway.add('unexpected', '::ffff:192.0.2.1', 1);
    expect(notices).toEqual([
      'a connection from ::1 came as worker 2, which is there already: refused',
      'a connection from 192.0.2.1 gave a RESNET_CLUSTER_SECRET, which is not set here: refused',
    ]);
    expect(turnedAway.explanation).toContain('with a RESNET_CLUSTER_SECRET, which is not set here, were refused');
    for (let host = 0; host < 100; host++) turnedAway.add('another', `192.0.2.${host}`, 1);
    expect(notices.length).toBe(20);
  });
});
