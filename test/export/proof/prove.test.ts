/** The pieces in which a proof computes its images. */
import { expect, test } from '@jest/globals';
import { inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { piecesOfImages } from '../../../src/export/proof/prove.ts';
import { type NetworkChoice, randomNetwork } from '../../support/random-network.ts';

const piecesOf = (count: number, choice: NetworkChoice) =>
  piecesOfImages({ count }, inferenceGraph(randomNetwork(choice), {}));

test('small images are computed at once', () => {
  expect(piecesOf(100, { sides: [28, 28] })).toEqual({ begins: [0], size: 100 });
});

test('large ones are computed in pieces, so that the largest map of one has 32 MiB at most', () => {
  const { begins, size } = piecesOf(100, { width: 8, stem: 'cifar', sides: [224, 224] }); // a map of 1.53 MiB
  expect([size, ...begins]).toEqual([20, 0, 20, 40, 60, 80]);
  expect(piecesOf(2, { width: 1, stem: 'cifar', sides: [5000, 4000] })).toEqual({ begins: [0, 1], size: 1 });
});
