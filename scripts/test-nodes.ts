/**
 * `npm run test:nodes`: runs the compiled program, with one native binding, under every Node that `engines` allows. The
 * last line counts the Nodes.
 */
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../src/package-folder.ts';
import { runCommand } from '../src/setup/run-command.ts';
import { failure, fetchNode } from './nodes.ts';

/**
 * The oldest Node that works, and the newest 22, 24 and 26 that npm had for both Linux platforms when this was written.
 */
const VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];

/** Standard output of `resnet summary --format lines`. */
const ELEVEN_LINES = [
  'Conv2d output shape:\t torch.Size([1, 64, 112, 112])',
  'BatchNorm2d output shape:\t torch.Size([1, 64, 112, 112])',
  'ReLU output shape:\t torch.Size([1, 64, 112, 112])',
  'MaxPool2d output shape:\t torch.Size([1, 64, 56, 56])',
  'Sequential output shape:\t torch.Size([1, 64, 56, 56])',
  'Sequential output shape:\t torch.Size([1, 128, 28, 28])',
  'Sequential output shape:\t torch.Size([1, 256, 14, 14])',
  'Sequential output shape:\t torch.Size([1, 512, 7, 7])',
  'AdaptiveAvgPool2d output shape:\t torch.Size([1, 512, 1, 1])',
  'Flatten output shape:\t torch.Size([1, 512])',
  'Linear output shape:\t torch.Size([1, 10])',
];

/** A program in CommonJS that has the package by its own name. */
const REQUIRING = "process.exitCode = require('resnet').summary().parameters === 11178378 ? 0 : 1";

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort(new Error('interrupted')));
process.on('SIGTERM', () => interruption.abort(new Error('interrupted')));

/** Runs the program under one Node and returns what is wrong; undefined if all is right. */
async function findFault(node: string): Promise<string | undefined> {
  const tool = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url));
  const summary = await runCommand(node, [tool, 'summary', '--format', 'lines'], interruption.signal);
  if (summary.code !== 0) return `summary failed: ${failure(summary)}`;
  if (summary.stdout !== `${ELEVEN_LINES.join('\n')}\n`) return `summary printed other lines:\n${summary.stdout}`;
  const required = await runCommand(node, ['--eval', REQUIRING], interruption.signal, process.env, packageFolder());
  if (required.code !== 0) return `require('resnet') failed: ${failure(required)}`;
  // Without --backend, a binding that does not load is no failure: the program would run on WebAssembly.
  const words = ['train', '--dry-run', '--width', '4', '--backend', 'tensorflow'];
  const train = await runCommand(node, [tool, ...words], interruption.signal);
  return train.code === 0 ? undefined : `train --dry-run failed: ${failure(train)}`;
}

const faults = await Promise.all(
  VERSIONS.map((version) =>
    fetchNode(version, interruption.signal)
      .then(findFault)
      .catch((error: Error) => error.message),
  ),
);
for (const [index, version] of VERSIONS.entries()) {
  process.stdout.write(`Node ${version}: ${faults[index] ?? 'passed'}\n`);
}
const failed = faults.filter((fault) => fault !== undefined).length;
process.stdout.write(`${faults.length - failed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;
