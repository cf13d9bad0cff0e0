/** Tests of reading a thousand files of PyTorch with random changes. The slow tests take more. */
import { test } from '@jest/globals';
import { readsNumbersThatFit, readsRightNumbers } from './mutations.ts';

test('a changed zip file with checksums has the right numbers, or is refused', () =>
  readsRightNumbers('tied.zip.pth', 400));

test('a changed zip file without checksums has numbers that fill their shapes, or is refused', () =>
  readsNumbersThatFit('no-crc.zip.pth', 200));

test('a changed file of the stream form has numbers that fill their shapes, or is refused', () =>
  readsNumbersThatFit('tied.stream.pth', 400));
