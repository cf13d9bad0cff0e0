/** Tests of reading 20,000 files of each form with random changes. */
import { test } from '@jest/globals';
import { readsNumbersThatFit, readsRightNumbers } from './mutations.ts';

test('a changed zip file with checksums has the right numbers, or is refused', async () => {
  await readsRightNumbers('tied.zip.pth', 10_000);
  await readsRightNumbers('one.zip.pth', 5000);
}, 120_000);

test(
  'a changed zip file without checksums has numbers that fill their shapes, or is refused',
  () => readsNumbersThatFit('no-crc.zip.pth', 5000),
  120_000,
);

test('a changed file of the stream form has numbers that fill their shapes, or is refused', async () => {
  await readsNumbersThatFit('tied.stream.pth', 10_000);
  await readsNumbersThatFit('beside.stream.pth', 5000);
  await readsNumbersThatFit('storage-view.stream.pth', 5000);
}, 120_000);
