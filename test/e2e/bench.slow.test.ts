/** The measuring itself is tested here, never a speed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { BODY_PARTS } from '../../src/net/parts.ts';
import { resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describeWithTensorFlow('resnet bench', () => {
  test('measures the compiled steps, op by op and a layers model, and makes one native call a compiled step', async () => {
    const { code, stdout, stderr } = await resnet(['bench', '--steps', '2', '--batch-size', '16', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const { others, ...compiled } = JSON.parse(stdout);
    expect(compiled).toMatchObject({ mode: 'compiled', nativeCallsPerStep: 1, device: 'cpu', version: '2.21.0' });
    expect(others.map(({ mode }: { mode: string }) => mode)).toEqual(['op-by-op', 'layers']);
    for (const result of [compiled, ...others]) {
      const { median, least, most } = result.millisecondsPerStep;
      expect(result.trainImagesPerSecond).toBeCloseTo(16_000 / median, 6);
      expect(least).toBeLessThanOrEqual(median);
      expect(most).toBeGreaterThanOrEqual(median);
      expect(Object.keys(result.evalByBatchSize)).toEqual(['128', '500', '1000']);
      expect(result.evalImagesPerSecond).toBe(Math.max(...(Object.values(result.evalByBatchSize) as number[])));
      expect(result.startToFirstStepSeconds).toBeGreaterThan(0);
      expect(result.peakMemoryBytes).toBeGreaterThanOrEqual(result.trainPeakMemoryBytes);
    }
    expect(others[0].firstLoss / compiled.firstLoss).toBeCloseTo(1, 4);
    expect(others[0].nativeCallsPerStep).toBeGreaterThan(100);
    expect(others[1].nativeCallsPerStep).toBeGreaterThan(others[0].nativeCallsPerStep);
  }, 240_000); // on busy cores a layers model takes minutes

  test('measures a step with frozen parts beside the one that trains all', async () => {
    const words = ['bench', '--mode', 'compiled', '--freeze', 'body', '--steps', '2', '--batch-size', '16', '--json'];
    const { code, stdout, stderr } = await resnet(words);
    expect([code, stderr]).toEqual([0, '']);
    const { others, ...frozen } = JSON.parse(stdout);
    const [full] = others;
    expect(frozen).toMatchObject({ mode: 'compiled', frozen: BODY_PARTS, nativeCallsPerStep: 1 });
    expect([others.length, full.mode, full.frozen]).toEqual([1, 'compiled', undefined]);
    expect(frozen.trainPeakMemoryBytes).toBeLessThan(full.trainPeakMemoryBytes);
  }, 240_000);

  test('measures two workers, which begin with the loss of one process, and says what they wait and send', async () => {
    const words = ['bench', '--mode', 'compiled', '--steps', '2', '--batch-size', '16', '--json'];
    const [one, two] = await Promise.all([
      resnet(words),
      resnet([...words, '--workers', '2', '--sync-batch-norm', '--reduce', 'bfloat16']),
    ]);
    expect([two.code, two.stdout.split('\n').length]).toEqual([0, 2]); // the other worker prints nothing
    const { firstLoss, millisecondsPerStep, waitingFraction, bytesSentPerStep, ...rest } = JSON.parse(two.stdout);
    expect(rest).toMatchObject({ workers: 2, batchSize: 16, syncBatchNorm: true, reduce: 'bfloat16', device: 'cpu' });
    expect(firstLoss / JSON.parse(one.stdout).firstLoss).toBeCloseTo(1, 5);
    expect(rest.trainImagesPerSecond).toBeCloseTo(16_000 / millisecondsPerStep.median, 6);
    expect(waitingFraction).toBeGreaterThan(0);
    expect(waitingFraction).toBeLessThan(1);
    expect(bytesSentPerStep / 8.5e6).toBeCloseTo(1, 1); // two bytes for each of 4.2 million weights that meet a pixel
  }, 240_000);

  test('refuses frozen parts where there are none (exit 2)', async () => {
    const [layers, profile] = await Promise.all([
      resnet(['bench', '--freeze', 'stem', '--mode', 'layers']),
      resnet(['bench', '--freeze', 'stem', '--profile']),
    ]);
    const trainsAll = '--freeze is not for --mode layers, which trains all of its model: leave one out';
    expect([layers.code, layers.stderr]).toEqual([2, `resnet: ${trainsAll}\n`]);
    const traced = '--profile traces the step that trains all: leave --freeze out';
    expect([profile.code, profile.stderr]).toEqual([2, `resnet: ${traced}\n`]);
  });

  test('profiles a step by op and by layer, and writes a Chrome trace', async () => {
    const trace = join(folder, 'trace.json');
    const words = ['bench', '--profile', '--steps', '2', '--batch-size', '16', '--trace', trace];
    const { code, stdout } = await resnet(words);
    expect(code).toBe(0);
    for (const word of ['Conv2DBackpropFilter', 'resnet_block4.residual_1.conv2', 'adam', 'Total', trace]) {
      expect(stdout).toContain(word);
    }
    const tables = stdout.split('\n').filter((line) => !line.includes(trace));
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(80);
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8'));
    expect(traceEvents.length).toBeGreaterThan(150);
  });

  test('refuses to replace an older trace (exit 5) before it measures', async () => {
    const trace = join(folder, 'older.json');
    writeFileSync(trace, 'older');
    const { code, stdout, stderr } = await resnet(['bench', '--profile', '--trace', trace]);
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(/older\.json exists; give --overwrite to replace it, or another file with --trace\n$/);
    expect(readFileSync(trace, 'utf8')).toBe('older');
  });

  test('refuses a trace file that it cannot write (exit 5) before it measures', async () => {
    const trace = join(folder, 'no-such-folder', 'trace.json');
    const { code, stdout, stderr } = await resnet(['bench', '--profile', '--trace', trace]);
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toBe(`resnet: the trace cannot be written to ${trace} (ENOENT); choose another file with --trace\n`);
    expect(existsSync(trace)).toBe(false);
  });

  test('refuses to profile another step than the compiled one (exit 2)', async () => {
    const { code, stderr } = await resnet([
      'bench',
      '--profile',
      '--mode',
      'layers',
      '--trace',
      join(folder, 'never.json'),
    ]);
    expect([code, stderr]).toEqual([2, 'resnet: --profile traces the compiled step: leave --mode out, got "layers"\n']);
    expect(existsSync(join(folder, 'never.json'))).toBe(false);
  });

  test('refuses a device that is not there (exit 8)', async () => {
    const { code, stderr } = await resnet(['bench', '--device', 'gpu'], { CUDA_VISIBLE_DEVICES: '-1' });
    expect(code).toBe(8);
    expect(stderr).toMatch(/^resnet: --device gpu is not available: .*\n$/);
  });
});
