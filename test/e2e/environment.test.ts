/** TensorFlow's environment variables and memory, once the tool has loaded it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { command } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';

const open = fileURLToPath(new URL('../../dist/src/runtime/open.js', import.meta.url));

/** Opens the runtime in a process of its own; returns the environment afterwards, and the text on standard error. */
async function opened(device: string, environment: NodeJS.ProcessEnv) {
  const script = `
    const { openRuntime } = await import(${JSON.stringify(open)});
    const { version } = await openRuntime({ backend: 'tensorflow', device: ${JSON.stringify(device)} });
    console.log(JSON.stringify({ version, environment: process.env }));`;
  const clean = { TF_ENABLE_ONEDNN_OPTS: undefined, TF_CPP_MIN_LOG_LEVEL: undefined, CUDA_VISIBLE_DEVICES: undefined };
  const words = [process.execPath, '--input-type=module', '-e', script];
  const { stdout, stderr } = await command(words, { ...clean, ...environment });
  return { ...JSON.parse(stdout), stderr };
}

/** MiB of this kind that a process holds once it has opened the runtime and computed something. */
async function residentPages(kind: string): Promise<number> {
  const script = `
    const { openRuntime } = await import(${JSON.stringify(open)});
    const { tf } = await openRuntime({ backend: 'tensorflow' });
    const four = tf.matMul(tf.ones([1, 4]), tf.ones([4, 1])).dataSync()[0];
    const status = (await import('node:fs')).readFileSync('/proc/self/status', 'utf8');
    console.log(four, /${kind}:\\s+(\\d+) kB/.exec(status)[1]);`;
  const { stdout } = await command([process.execPath, '--input-type=module', '-e', script]);
  const [four, kilobytes] = stdout.split(' ').map(Number);
  expect(four).toBe(4);
  return (kilobytes ?? Number.NaN) / 1024;
}

(process.platform === 'linux' ? describeWithTensorFlow : describe.skip)('once TensorFlow is loaded', () => {
  test('the memory that only loading its libraries needed, about 250 MiB, is given back', async () => {
    expect(await residentPages('RssFile')).toBeLessThan(150);
  });
});

describeWithTensorFlow('loading TensorFlow', () => {
  test('asks for oneDNN on x86 and for GPU memory that grows, and prints nothing', async () => {
    const { environment, version, stderr } = await opened('auto', {});
    expect(version).toBe('2.21.0');
    expect(environment.TF_ENABLE_ONEDNN_OPTS).toBe(process.arch === 'x64' ? '1' : undefined);
    expect(environment.TF_FORCE_GPU_ALLOW_GROWTH).toBe('true');
    expect(environment.CUDA_VISIBLE_DEVICES).toBeUndefined();
    expect(stderr).toBe('');
  });

  test('keeps the variables that the user has set', async () => {
    const { environment } = await opened('auto', { TF_ENABLE_ONEDNN_OPTS: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'false' });
    expect(environment).toMatchObject({ TF_ENABLE_ONEDNN_OPTS: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'false' });
  });

  test('with --device cpu hides the GPU', async () => {
    const { environment } = await opened('cpu', {});
    expect(environment.CUDA_VISIBLE_DEVICES).toBe('-1');
  });

  test('with RESNET_DEBUG=1 prints TensorFlow’s own messages', async () => {
    const { stderr } = await opened('auto', { RESNET_DEBUG: '1' });
    expect(stderr).toMatch(/tensorflow|oneDNN|CPU/i);
  });
});
