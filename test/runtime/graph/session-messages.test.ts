/** Tests of a graph session's log messages, traces and list of kernels. */
import { beforeAll, expect, test } from '@jest/globals';
import { GraphSession, registeredKernels } from '../../../src/runtime/graph/session.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { standardError } from '../../support/standard-error.ts';
import { INT32, SLOW } from './nodes.ts';

describeWithTensorFlow('a graph session', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  test('keeps TensorFlow’s messages off standard error', async () => {
    const traced = () => new GraphSession(SLOW).run({}, ['slow'], { trace: true });
    expect(await standardError(traced)).not.toMatch(/\.cc:\d+\]/);
  });

  test('records when each op runs', async () => {
    const { trace = [] } = await new GraphSession(SLOW).run({}, ['slow'], { trace: true });
    const nodes = trace.flatMap((device) => device.nodes);
    const find = (name: string) => nodes.find(({ node }) => node === name);
    expect(trace.map(({ device }) => device)).toContain('/job:localhost/replica:0/task:0/device:CPU:0');
    expect(find('cube')?.label).toMatch(/cube = (_Mkl)?MatMul\(/); // oneDNN’s own kernel where the CPU has AVX-512
    const [square, cube] = [find('square'), find('cube')];
    if (!square || !cube) throw new Error('two products were expected');
    expect(square.duration).toBeGreaterThan(2000);
    expect(square.outputBytes).toBe(4 * 2000 * 2000);
    expect(cube.start).toBeGreaterThanOrEqual(square.start + square.duration - 1);
    expect(Math.abs(cube.start / 1000 - Date.now())).toBeLessThan(10_000);
  });

  test('registeredKernels lists the library’s kernels for an op', () => {
    const kernels = registeredKernels('ResourceGather');
    expect(kernels).toContainEqual({
      device: 'CPU',
      types: { dtype: [4], Tindices: [INT32] },
      hostMemory: ['resource'],
    });
    expect(registeredKernels('Nonsense')).toEqual([]);
  });
});
