/** Who the workers are: flags, TF_CONFIG, and what is said of those that cannot be. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, addressText, listeningHost } from '../../src/cluster/addresses.ts';
import { clusterOf } from '../../src/cluster/cluster.ts';
import { workersOfTfConfig } from '../../src/cluster/tf-config.ts';
import { UserError } from '../../src/errors.ts';

const LOCAL = '127.0.0.1:4000,127.0.0.1:4002';
const ipv6 = fc.ipV6().filter((host) => URL.canParse(`http://[${host}]/`)); // fast-check also makes 1:2:3:4:5:6:7::
const host = fc.oneof(fc.ipV4(), ipv6, fc.domain());
const port = fc.integer({ min: 1, max: 65_535 });

/** What a reader does with any text: it returns, or says what is wrong in one line. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 2 || /[\n\u202e]|\.$/.test(error.message)) throw error;
    return error.message;
  }
}

describe('an address', () => {
  test('is read back from its text, with an IPv6 host in brackets', () => {
    fc.assert(
      fc.property(host, port, (name, number) => {
        const address = { host: name.toLowerCase(), port: number };
        expect(addressOf(addressText(address))).toEqual(address);
      }),
    );
  });

  test.each([
    '',
    ':',
    'a',
    'a:',
    'a:0',
    'a:65536',
    'a:1e3',
    'a:-1',
    '::1:4000',
    '[::1]',
    '[a]:1',
    'a b:1',
    '1.2.3.4.5:1',
  ])('is not %p', (text) => expect(addressOf(text)).toBeUndefined());
});

describe("the leader's control port", () => {
  test.each([
    [['127.0.0.5:1', 'localhost:2'], '127.0.0.5'],
    [['[::1]:1', '127.0.0.1:2'], '::1'],
    [['localhost:1', '127.0.0.1:2'], '127.0.0.1'],
    [['127.0.0.1:1', '192.0.2.1:2'], undefined],
  ])('of %j listens on %p', (addresses, host) => expect(listeningHost(addresses)).toBe(host));
});

describe('--cluster and --rank', () => {
  test("give addresses, rank, the port after the leader's, five minutes, and no secret on one machine", () => {
    const expected = { rank: 1, controlPort: 4001, startLimit: 300, secret: undefined };
    expect(clusterOf({ cluster: LOCAL, rank: 1 }, {})).toEqual({ ...expected, addresses: LOCAL.split(',') });
  });

  test("leave the control port to the next one that no worker of the leader's machine has", () => {
    const cluster = '127.0.0.1:4000,127.0.0.2:4001,localhost:4002';
    expect(clusterOf({ cluster, rank: 0 }, {})?.controlPort).toBe(4003);
  });

  test('win over TF_CONFIG', () => {
    const TF_CONFIG = '{"cluster":{"ps":["a:1"]},"task":{"type":"ps","index":0}}';
    expect(clusterOf({ cluster: LOCAL, rank: 0 }, { TF_CONFIG })?.rank).toBe(0);
  });

  test('of one worker are no cluster', () => {
    expect(clusterOf({ cluster: 'far.example:4000', rank: 0 }, {})).toBeUndefined();
    expect(clusterOf({}, {})).toBeUndefined();
  });

  test('take the secret from the environment, without the line break of its file', () => {
    const flags = { cluster: 'a:1,b:1', rank: 0, controlPort: 9, startLimit: 5 };
    expect(clusterOf(flags, { RESNET_CLUSTER_SECRET: 'hidden\n' })).toMatchObject({
      secret: 'hidden',
      controlPort: 9,
      startLimit: 5,
    });
  });

  test.each([
    [{ cluster: 'a:1,b:1', rank: 0 }, 'worker 0 (a:1) is on another machine, and RESNET_CLUSTER_SECRET is not set'],
    [{ cluster: LOCAL }, '--cluster names 2 workers: give --rank too, a whole number from 0 to 1'],
    [{ cluster: LOCAL, rank: 2 }, '--rank 2 is not in the cluster of 2 workers'],
    [{ cluster: 'a:1', rank: 1 }, '--rank 1 is not in the cluster of 1 worker: give 0'],
    [{ rank: 1 }, '--rank 1 names no cluster'],
    [{ cluster: '127.0.0.1:4000,127.0.0.1:04000', rank: 0 }, 'the address 127.0.0.1:4000 twice'],
    [
      { cluster: '127.0.0.2:1,[::1]:1', rank: 0 },
      'the addresses 127.0.0.2:1 and [::1]:1, which are one port of one machine: give each',
    ],
    [{ cluster: '127.0.0.1:4000,localhost:4000', rank: 0 }, '127.0.0.1:4000 and localhost:4000, which are one port'],
    [{ cluster: '127.0.0.1:4000,\u202e:1', rank: 0 }, '--cluster has the address "\\u202e:1"'],
    [{ cluster: LOCAL, rank: 0, controlPort: 4002 }, "--control-port 4002 is a worker's port"],
    [{ cluster: LOCAL, rank: 0, controlPort: 70_000 }, '--control-port 70000 is no port'],
    [{ cluster: '127.0.0.1:65535,127.0.0.1:1', rank: 0 }, 'choose one by --control-port'],
    [{ controlPort: 4001 }, '--control-port 4001 is of no use without a cluster: give --cluster and --rank too'],
  ])('are refused (exit 2): %j', (flags, message) => {
    expect(outcome(() => clusterOf(flags, {}))).toContain(message);
  });

  test('take any text, or refuse it in one line', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('127.0.0.1:1', '[::1]:2', ',', '\n', '\u202e'));
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: -1, max: 3 }), (pieces, rank) => {
        outcome(() => clusterOf({ cluster: pieces.join(''), rank }, {}));
      }),
    );
  });
});

describe('TF_CONFIG', () => {
  const cluster = { chief: ['boss:2222'], worker: ['one:2222', 'two:2222'] };
  const config = (fields: object) => JSON.stringify({ cluster, task: { type: 'worker', index: 0 }, ...fields });

  test.each([
    [{ type: 'chief', index: 0 }, 0],
    [{ type: 'worker', index: '0' }, 1],
    [{ type: 'worker', index: 1 }, 2],
  ])('has the chief first and then the workers, and takes an index as text: %j', (task, rank) => {
    const expected = { addresses: ['boss:2222', 'one:2222', 'two:2222'], rank };
    expect(workersOfTfConfig(config({ task, environment: 'cloud' }))).toEqual(expected);
  });

  test.each(['', '{}', '{"cluster":{}}'])('names no cluster: %p', (text) => {
    expect(workersOfTfConfig(text)).toBeUndefined();
  });

  test.each([
    ['{"cluster":', 'TF_CONFIG is not JSON ("{\\"cluster\\":")'],
    ['[]', 'TF_CONFIG is []: write an object in braces'],
    [config({ task: undefined }), 'TF_CONFIG names no task: say which of its cluster'],
    [config({ task: {} }), 'TF_CONFIG names no type of its task'],
    [config({ cluster: { worker: 'one:1' } }), 'TF_CONFIG has as worker "one:1": write an array of texts host:port'],
    [config({ cluster: { worker: ['one'] } }), 'TF_CONFIG has the address "one"'],
    [
      config({ cluster: { worker: ['a:1'], ps: [] } }),
      'every worker holds all weights, so leave the parameter servers',
    ],
    [config({ task: { type: 'evaluator', index: 0 } }), 'the workers share the validation, so leave the evaluator out'],
    [config({ cluster: { 'a/b\n': [] } }), 'has the role "a/b\\n": resnet trains on a chief and workers alone'],
    [config({ cluster: { chief: ['a:1', 'b:1'] } }), 'has several chiefs'],
    [config({ task: { type: 'worker', index: 2 } }), 'has the task index 2: give a whole number from 0 to 1'],
    [config({ task: { type: 'worker', index: '1.0' } }), 'has the task index "1.0"'],
    [
      config({ cluster: { worker: ['a:1'] }, task: { type: 'chief', index: 0 } }),
      'of a chief, and its cluster has none',
    ],
    [config({ cluster: undefined, sparseCluster: {} }), 'set enableDynamicWorker: false'],
  ])('is refused (exit 2): %s', (text, message) => {
    expect(outcome(() => workersOfTfConfig(text))).toContain(message);
  });

  test('is any JSON, or refused in one line', () => {
    const role = fc.constantFrom('chief', 'worker', 'ps', '__proto__');
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ cluster: fc.dictionary(role, fc.jsonValue()), task: fc.jsonValue() }),
    );
    fc.assert(fc.property(value, (json) => void outcome(() => workersOfTfConfig(JSON.stringify(json)))));
  });
});
