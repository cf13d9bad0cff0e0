/** Weights of another tool that expect another normalisation: what is assumed, --normalize, and what is recorded. */
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { digitPicture } from '../support/pictures.ts';
import { type Finished, resnet, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { readSafetensors, writeSafetensors } from '../support/safetensors.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const [MEAN, STD] = [0.1307, 0.3081];
const NORMALIZE = ['--normalize', `${MEAN},${STD}`];

/** Weights for pixels normalised by 0.5 and 0.5, and the same function of a picture for MEAN and STD. */
const usual = join(folder, 'usual.safetensors');
const other = join(folder, 'other.safetensors');
const picture = join(folder, 'seven.png');

/** The tensors of other weights: the first layer takes the difference up. */
function adapted(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const [kernel, bias] = [floats(tensors, 'conv.weight'), floats(tensors, 'conv.bias')];
  const taps = kernel.length / bias.length;
  const shifts = bias.map((value, channel) => {
    const sum = kernel.subarray(channel * taps, (channel + 1) * taps).reduce((total, tap) => total + tap, 0);
    return value + ((MEAN - 0.5) / 0.5) * sum;
  });
  return changed(tensors, { 'conv.weight': kernel.map((tap) => tap * (STD / 0.5)), 'conv.bias': shifts });
}

function floats(tensors: ReadonlyMap<string, Tensor>, name: string): Float32Array {
  const data = tensors.get(name)?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(`no ${name}`);
}

function changed(tensors: ReadonlyMap<string, Tensor>, data: Record<string, Float32Array>): Map<string, Tensor> {
  const entries = [...tensors].map(([name, tensor]) => [name, name in data ? { ...tensor, data: data[name] } : tensor]);
  return new Map(entries as [string, Tensor][]);
}

/** The object that a command printed with --json, and its standard error. */
function answered({ code, stdout, stderr }: Finished): { answer: ReturnType<typeof JSON.parse>; stderr: string } {
  expect([code, stderr]).toEqual([0, stderr]);
  return { answer: JSON.parse(stdout), stderr };
}

describeWithTensorFlow('weights of another tool', () => {
  beforeAll(async () => {
    const run = join(folder, 'run');
    await copySharedRun(run);
    const { tensors } = await readSafetensors(join(run, 'best.safetensors'));
    // Of each kernel only the centre is kept. It never meets the padding, which is 0 after the normalisation: the grey
    // of 0.5 for the one, of MEAN for the other.
    const kernel = floats(tensors, 'conv.weight').map((tap, index) => (index % 49 === 24 ? 20 * tap : 0));
    const centred = changed(tensors, { 'conv.weight': kernel });
    writeSafetensors(usual, centred);
    writeSafetensors(other, adapted(centred));
    await digitPicture(0).png().toFile(picture);
  });

  test('give the same answers under their own normalisation; without --normalize 0.5 is assumed, and said', async () => {
    const evaluate = (path: string, ...words: string[]) =>
      ['eval', '--checkpoint', path, '--limit-test', '1000', '--no-compile', '--json', ...words] as const;
    const evaluations = await resnetMany([evaluate(usual), evaluate(other, ...NORMALIZE), evaluate(other)]);
    const [wanted, found, assumed] = [answered(evaluations[0]), answered(evaluations[1]), answered(evaluations[2])];
    expect(found.answer.accuracy).toBeCloseTo(wanted.answer.accuracy, 3);
    expect(found.answer.loss).toBeCloseTo(wanted.answer.loss, 4);
    expect(Math.abs(assumed.answer.loss - wanted.answer.loss)).toBeGreaterThan(1e-3);
    const line =
      'does not say how its images were normalised: assumed is mean 0.5, standard deviation 0.5; give others with --normalize\n';
    for (const { stderr } of [wanted, assumed]) expect(stderr).toContain(line);
    // Four steps teach next to nothing.
    const chance = /^the accuracy is near that of guessing; .*normalisation .*order of the classes.*layout\n$/;
    expect(found.answer.accuracy).toBeLessThan(0.2);
    expect(found.stderr).toMatch(chance);
  });

  test('predict the same digits of a picture under their own normalisation', async () => {
    const words = ['predict', picture, '--no-compile', '--json', '--checkpoint'];
    const predictions = await resnetMany([
      [...words, usual],
      [...words, other, ...NORMALIZE],
    ]);
    const predicted = (finished: Finished) => {
      const { answer, stderr } = answered(finished);
      return { probabilities: answer[0].top.map(({ probability }: { probability: number }) => probability), stderr };
    };
    const [wanted, found] = [predicted(predictions[0]), predicted(predictions[1])];
    expect(found.stderr).not.toContain('assumed');
    expect(wanted.stderr).toContain('assumed');
    for (const [index, probability] of found.probabilities.entries()) {
      expect(probability).toBeCloseTo(wanted.probabilities[index], 4);
    }
  });

  test('hand their normalisation on to the runs that start from them, and these record it', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const small = ['--recipe', 'lesson', '--width', '4', '--epochs', '1', '--limit-train', '32', '--limit-val', '16'];
    const train = (init: string, run: string, ...words: string[]) => {
      const size = ['--no-compile', '--batch-size', '16', ...small];
      return ['train', ...size, '--init', init, '--checkpoint-dir', run, ...words];
    };
    const recordedIn = async (run: string) => {
      const { metadata } = await readSafetensors(join(run, 'last.safetensors'));
      const { normalisation } = JSON.parse(metadata.get('resnet.settings') ?? '');
      return [JSON.parse(metadata.get('resnet.normalisation') ?? ''), normalisation];
    };
    const best = join(first, 'best.safetensors');
    for (const trained of await resnetMany([train(other, first, ...NORMALIZE), train(best, second)])) {
      expect(trained).toMatchObject({ code: 0, stderr: '' });
    }
    for (const run of [first, second]) expect(await recordedIn(run)).toEqual([{ mean: MEAN, std: STD }, [MEAN, STD]]);

    const another = ['--normalize', '0.5,0.5'];
    const refusal = `--normalize is 0.5,0.5, but the model in ${best} was trained with 0.1307,0.3081; leave it out`;
    const resume = ['train', '--resume', second, '--epochs', '2'];
    const [changed, resumed, ...attempts] = await resnetMany([
      [...resume, ...another],
      [...resume, ...NORMALIZE],
      ['eval', '--checkpoint', best, ...another],
      ['report', best, ...another],
      ['predict', picture, '--checkpoint', best, ...another],
      train(best, join(folder, 'third'), ...another),
    ]);
    for (const each of attempts) expect(each).toMatchObject({ code: 2, stderr: `resnet: ${refusal}\n` });
    const fixed = '--normalize is now 0.5,0.5, but the run had 0.1307,0.3081: it cannot change in a run; leave it out';
    expect(changed).toMatchObject({ code: 2, stderr: `resnet: --resume: ${fixed}\n` });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(await recordedIn(second)).toEqual([{ mean: MEAN, std: STD }, [MEAN, STD]]);
  });

  test('of other channels than --normalize has are refused (exit 2)', async () => {
    const three = ['--normalize', '0.485,0.456,0.406,0.229,0.224,0.225'];
    const advice = 'but the network of .* reads 1: give as many, or M,S\n$';
    const { code, stderr } = await resnet(['eval', '--checkpoint', other, ...three]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(`means and standard deviations of 3 channels, ${advice}`),
    ]);
  });
});
