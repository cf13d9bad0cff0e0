/** The command line of the real binary: mistakes, help, version, and what is not available. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { toolVersion } from '../../src/version.ts';
import { type Attempt, CALLED, command, resnet, resnetMany } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** All commands, as messages list them. */
const NAMES = 'summary, data, train, eval, report, predict, verify, export, bench, completion, setup, cache';

describe('a mistake on the command line is exit code 2 with one line that names it', () => {
  const MISTAKES: [words: string, message: string][] = [
    ['', `a command is needed; see ${CALLED} --help`],
    ['trian', `unknown command trian; did you mean train?; the commands are ${NAMES}; see ${CALLED} --help`],
    ['nope', `unknown command nope; the commands are ${NAMES}; see ${CALLED} --help`],
    [
      'bench now',
      `bench takes no word without a flag, got now: put its flag before it, or leave it out; see ${CALLED} bench --help`,
    ],
    ['train --epoch 3', `unknown option --epoch; did you mean --epochs?; see ${CALLED} train --help`],
    ['train --batch-sise=32', `unknown option --batch-sise=32; did you mean --batch-size?; see ${CALLED} train --help`],
    ['train --epochs', `--epochs needs a value; see ${CALLED} train --help`],
    ['train --epochs 0', '--epochs must be a whole number of at least 1, got "0"'],
    ['train --epochs 1.5', '--epochs must be a whole number of at least 1, got "1.5"'],
    ['train --lr -1', '--lr must be a number above 0, within single precision, got "-1"'],
    ['train --lr abc', '--lr must be a number above 0, within single precision, got "abc"'],
    ['train --lr 1e999', '--lr must be a number above 0, within single precision, got "1e999"'],
    ['train --seed -3', '--seed must be a whole number from 0 to 4294967295, got "-3"'],
    [
      'train --backend tensorflo',
      '--backend must be one of auto, tensorflow, wasm, got "tensorflo"; did you mean tensorflow?',
    ],
    ['train --batch-size 1e9', '--batch-size must be at most the 55000 training images, got 1000000000'],
    [
      'train --val-size 60000',
      '--val-size must be a whole number from 1 to 59999, got 60000: of 60000 training images at least one must be left',
    ],
    [
      'summary --input 1x0x28',
      '--input must be channels × height × width, each from 1 to 65536, like 1x224x224, got "1x0x28"',
    ],
    ['train --depth 20', '--depth must be one of 18, 34, 50, 101, 152, got "20"; did you mean 18?'],
    ['summary --depth fifty', '--depth must be one of 18, 34, 50, 101, 152, got "fifty"'],
    ['summary --depth 18.0', '--depth must be one of 18, 34, 50, 101, 152, got "18.0"; did you mean 18?'],
    ['summary --width 0', '--width must be a whole number from 1 to 1024, got "0"'],
    [
      'train --variant torch-vision',
      '--variant must be one of lesson, torchvision, got "torch-vision"; did you mean torchvision?',
    ],
    ['train --stem cifr', '--stem must be one of imagenet, cifar, got "cifr"; did you mean cifar?'],
    [
      'summary --format liens',
      '--format must be one of table, lines, markdown, json, got "liens"; did you mean lines?',
    ],
    ['train --backend cuda', '--backend must be one of auto, tensorflow, wasm, got "cuda"'],
    ['bench --trace x.json', '--trace goes with --profile, which writes a trace: add it, or leave --trace out'],
    ['bench --overwrite', '--overwrite goes with --profile, which writes a trace: add it, or leave --overwrite out'],
    ['bench --reduce bfloat16', '--reduce is about several workers: give --workers too, or leave it out'],
    ['bench --workers 2 --mode op-by-op', '--mode op-by-op goes with one process only: leave it out'],
    ['bench --workers 2 --profile', '--profile goes with one process only: leave it out'],
    [
      'bench --workers 4 --batch-size 7',
      '--batch-size 7 is shared by 4 workers, and each needs two images: give at least 8',
    ],
    [
      'bench --workers 2 --rank 1',
      '--workers 2 starts all workers itself, and --rank is about workers that are started one by one: leave one out',
    ],
    [
      'train --workers 4 --batch-size 3',
      'a batch has 3 images, fewer than 4 workers: give --batch-size 4 or more, or fewer workers',
    ],
    ['train --dry-run --keep-earlier 0', '--keep-earlier removes files, and --dry-run writes nothing: leave one out'],
    ['train --keep-earlier -1', '--keep-earlier must be a whole number of at least 0, got "-1"'],
    ['train --dry-run=yes', '--dry-run is a switch: give it no value, or true or false, got "yes"'],
    ['train --no-lr', `unknown option --no-lr; did you mean --lr?; see ${CALLED} train --help`],
    ['train --lr 1e-46', '--lr must be a number above 0, within single precision, got "1e-46"'],
    ['summary -- x', `unknown option --; see ${CALLED} summary --help`],
    ['tra\nin', `unknown command "tra\\nin"; did you mean train?; the commands are ${NAMES}; see ${CALLED} --help`],
    ['eval --split tset', '--split must be one of test, val, train, got "tset"; did you mean test?'],
  ];
  const output = join(folder, 'never');
  let attempts: Attempt[];
  beforeAll(async () => {
    attempts = await resnetMany(
      MISTAKES.map(([words]) => {
        const target = words.startsWith('train') ? ['--checkpoint-dir', output] : [];
        return [...words.split(' ').filter(Boolean), ...target];
      }),
    );
  });

  test.each(MISTAKES.map((mistake, index) => [...mistake, index] as const))('resnet %s', (_, message, index) => {
    const { code, stdout, stderr } = attempts[index] as Attempt;
    expect([code, stdout, stderr]).toEqual([2, '', `resnet: ${message}\n`]);
    expect(existsSync(output)).toBe(false);
  });

  test('in a process of its own, too', async () => {
    const [[words, message] = ['', '']] = MISTAKES.slice(2);
    expect(await resnet(words.split(' '))).toEqual({ code: 2, stdout: '', stderr: `resnet: ${message}\n` });
  });

  test('a batch of one image is refused where a map is one pixel', async () => {
    const { code, stderr } = await resnet(['train', '--batch-size', '1', '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--batch-size 1 .* gives resnet_block4\.residual_0\.bn1 one value per channel/);
  });
});

describe('resnet --help', () => {
  test('lists the commands and the exit codes', async () => {
    const { code, stdout } = await resnet(['--help']);
    expect(code).toBe(0);
    for (const word of ['summary', 'train', 'eval', '4 checkpoint']) expect(stdout).toContain(word);
  });
});

test('resnet --version prints one line', async () => {
  expect(await resnet(['--version'])).toEqual({ code: 0, stdout: `${toolVersion()}\n`, stderr: '' });
});

test('output that cannot be written is exit code 5 with one line', async () => {
  const { code, stderr } = await command(['bash', '-c', '"$NODE" bin/resnet.js summary >/dev/full'], {
    NODE: process.execPath,
  });
  expect([code, stderr]).toEqual([5, 'resnet: output cannot be written (ENOSPC): is the disk full?\n']);
});

describe('what is not available is refused at once, in one line', () => {
  test.each([
    ['train --data-dir nowhere', 3, /nowhere: no such file or folder; check its name/],
    ['train nowhere', 3, /nowhere: no such file or folder; check its name/],
    ['eval ./nothing.safetensors', 4, /nothing\.safetensors: no such checkpoint; make one with `.* train`/],
    ['train --init nothing.safetensors', 4, /nothing\.safetensors: no such checkpoint/],
    ['train --checkpoint-dir package.json', 5, /package\.json: not a folder that can be written to/],
    [
      'train --backend wasm --tensorboard --dry-run',
      8,
      /--tensorboard needs TensorFlow, .* the backend is wasm; leave/,
    ],
    ['train --backend wasm --device gpu --dry-run', 8, /--device gpu is not available: the wasm backend/],
    ['train --device gpu --dry-run', 8, /--device gpu is not available: /],
  ])('resnet %s is exit code %i', async (words, expected, message) => {
    // a machine with a GPU is made to look like one without
    const { code, stdout, stderr } = await resnet(words.split(' '), { CUDA_VISIBLE_DEVICES: '-1' });
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('--backend tensorflow is refused where TensorFlow is switched off, and no other backend takes its place', async () => {
    const off = { RESNET_RUNTIME: 'none' };
    const { code, stderr } = await resnet(['train', '--backend', 'tensorflow', '--dry-run'], off);
    expect([code, stderr]).toEqual([
      8,
      'resnet: --backend tensorflow is not available: TensorFlow is switched off by RESNET_RUNTIME=none\n',
    ]);
  });

  test('several workers are refused where TensorFlow is switched off, before any data are loaded', async () => {
    const commands = [
      'train --workers 2',
      'train --cluster 127.0.0.1:4000,127.0.0.1:4001 --rank 1',
      'bench --workers 2',
    ];
    const off = { RESNET_RUNTIME: 'none' };
    const data = ['--data-dir', 'nowhere'];
    const ends = await Promise.all(
      commands.map((words) => resnet([...words.split(' '), ...(words.startsWith('train') ? data : [])], off)),
    );
    const needed = 'resnet: several workers need TensorFlow, which RESNET_RUNTIME=none switches off';
    const refused = { code: 8, stdout: '', stderr: `${needed}: leave out RESNET_RUNTIME=none, or use one process\n` };
    expect(ends).toEqual(commands.map(() => refused));
  });

  test.each([1, 2])('--workers %i is refused where TF_CONFIG names several', async (count) => {
    const cluster = { worker: ['127.0.0.1:4000', '127.0.0.1:4001'] };
    const TF_CONFIG = JSON.stringify({ cluster, task: { type: 'worker', index: 0 } });
    expect(await resnet(['train', '--workers', String(count)], { TF_CONFIG })).toMatchObject({
      code: 2,
      stderr: `resnet: --workers ${count} starts all workers itself, and TF_CONFIG names a cluster of 2: unset it, or leave --workers out\n`,
    });
  });
});
