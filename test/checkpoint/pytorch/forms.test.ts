/** Tests of both forms' frames: what is around the pickle and the storages, and how much memory they take. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bufferBytes } from '../../support/mutations.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { stateDict, streamHead, zipFile } from './hand-made.ts';
import { FILES, scanned, scannedBytes } from './scanned.ts';

const folder = temporaryFolder();
const ROW = { count: 6, shape: [2, 3], strides: [3, 1] };
const VALUES = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
const PICKLE = stateDict({ w: ROW }, 'zip');
const ENTRIES = [
  ['any/data.pkl', PICKLE],
  ['any/data/0', VALUES],
] as const;
const refusal = (message: string) => ({ name: 'UserError', code: 4, message: `/tmp/file.pth: ${message}` });

test('the folder of a zip file may have any name, and no byte order', async () => {
  const { tensors } = await scannedBytes(zipFile(ENTRIES));
  expect(tensors.get('w')!.values).toEqual([1, 2, 3, 4, 5, 6]);
});

test('texts that this tool has put into a zip file are its metadata', async () => {
  const texts = JSON.stringify({ architecture: '{"depth":18}' });
  const { outline } = await scannedBytes(zipFile([...ENTRIES, ['any/.data/resnet.json', texts]]));
  expect(outline.metadata).toEqual(new Map([['architecture', '{"depth":18}']]));
});

test.each(['{"a":1}', '["a"]', 'null', '{', '"a"', `${'['.repeat(100_000)}`])(
  'metadata other than texts by name is refused: %.10s',
  async (texts) => {
    await expect(scannedBytes(zipFile([...ENTRIES, ['any/.data/resnet.json', texts]]))).rejects.toMatchObject(
      refusal('entry .data/resnet.json: expected a JSON object of texts; export the file again'),
    );
  },
);

const bigger = zipFile([ENTRIES[0], ['any/data/0', VALUES], ['any/data/0', VALUES]]);

const beyond = zipFile(ENTRIES);
beyond.writeUInt32LE(beyond.length, beyond.length - 6); // where the list begins, in the 22 bytes at the end

test.each([
  [
    'a list beyond its end',
    beyond,
    'is cut or damaged: it cannot be read as a zip file ("it tells a place beyond the end of the file"); fetch it again',
  ],
  ['an entry twice', bigger, 'entry "any/data/0" is there twice; save it again by torch.save'],
  ['an encrypted entry', zipFile(ENTRIES, 1), 'entry "any/data.pkl" is encrypted; save it again by torch.save'],
  [
    'two pickles',
    zipFile([...ENTRIES, ['other/data.pkl', PICKLE]]),
    'is a zip file with 2 entries data.pkl, where torch.save writes one; is it a checkpoint of PyTorch?',
  ],
  [
    'no pickle',
    zipFile([['picture.png', 'x']]),
    'is a zip file with 0 entries data.pkl, where torch.save writes one; is it a checkpoint of PyTorch?',
  ],
  ['no storage', zipFile([ENTRIES[0]]), `is damaged, or none of torch.save's: tensor "w": its storage "0" is missing`],
  [
    'a storage that is too short',
    zipFile([ENTRIES[0], ['any/data/0', VALUES.subarray(4)]]),
    `is damaged, or none of torch.save's: tensor "w" has values up to byte 24 of its storage, which ends at byte 20`,
  ],
  [
    'a byte order of its own',
    zipFile([...ENTRIES, ['any/byteorder', 'middle']]),
    'entry byteorder: "middle", expected little or big',
  ],
  [
    'a byte order that is too long',
    zipFile([...ENTRIES, ['any/byteorder', 'little ']]),
    'entry "any/byteorder": 7 bytes, which is more than any checkpoint needs (6)',
  ],
  [
    'a pickle without an end',
    zipFile([['any/data.pkl', PICKLE.subarray(0, -1)]]),
    'is cut or damaged: its pickle has no end; fetch it again',
  ],
])('a zip file with %s is refused', async (_, bytes, message) => {
  await expect(scannedBytes(bytes)).rejects.toMatchObject(refusal(message));
});

test('a bit that flipped in any entry is found by its checksum', async () => {
  const valid = readFileSync(join(FILES, 'one.zip.pth'));
  for (const inside of ['_rebuild_tensor_v2', 'little', '\0\0\x40\xbf']) {
    const bytes = Buffer.from(valid);
    bytes[bytes.indexOf(inside, 0, 'latin1') + 2]! ^= 1;
    const message = expect.stringMatching(/entry "[^"]+" is damaged: its checksum \(CRC-32\) differs from the one/);
    await expect(scannedBytes(bytes)).rejects.toMatchObject({ code: 4, message });
  }
});

test('a zip file with more entries, a longer pickle or longer texts than the limits is refused', async () => {
  await expect(scannedBytes(zipFile(ENTRIES), { limits: { entries: 1 } })).rejects.toMatchObject(
    refusal('entry "any/data/0" is one of more than 1; save it again by torch.save'),
  );
  await expect(scannedBytes(zipFile(ENTRIES), { limits: { pickleBytes: PICKLE.length - 1 } })).rejects.toMatchObject(
    refusal(
      `entry "any/data.pkl": ${PICKLE.length} bytes, which is more than any checkpoint needs (${PICKLE.length - 1})`,
    ),
  );
  const texts = zipFile([...ENTRIES, ['any/.data/resnet.json', '{"a":"b"}']]);
  await expect(scannedBytes(texts, { limits: { metadataBytes: 8 } })).rejects.toMatchObject({ code: 4 });
  await expect(scannedBytes(zipFile(ENTRIES), { limits: { pickleBytes: PICKLE.length } })).resolves.toBeDefined();
});

test('tensors that share a storage too often are refused before memory is taken', async () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`w${index}`, ROW]));
  const bytes = zipFile([['any/data.pkl', stateDict(many, 'zip')], ENTRIES[1]]);
  expect((await scannedBytes(bytes)).tensors.size).toBe(20);
  const message = expect.stringContaining('its tensors share storages so often that they take 480 bytes of');
  await expect(scannedBytes(bytes, { limits: { sharing: 0.1 } })).rejects.toMatchObject({ code: 4, message });
});

const stream = (count: number, keys = ['0']) => streamHead(stateDict({ w: ROW }, 'stream'), keys, count);

test('a file of the stream form made by hand is read, with what follows it', async () => {
  const { tensors } = await scannedBytes(Buffer.concat([stream(6), VALUES, Buffer.from('more')]));
  expect(tensors.get('w')!.values).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([
  [
    'another count than its pickle tells',
    Buffer.concat([stream(5), VALUES]),
    'storage "0" is damaged: it has 20 bytes, but 24 in the pickle',
  ],
  [
    'fewer values than its count',
    Buffer.concat([stream(6), VALUES.subarray(1)]),
    expect.stringMatching(/file length: \d+ bytes end before storage "0" does; it was cut, save or fetch it again$/),
  ],
  [
    'no values',
    stream(6).subarray(0, -1),
    expect.stringMatching(/file length: \d+ bytes end before storage "0" does; it was cut, save or fetch it again$/),
  ],
  [
    'a storage that no tensor names',
    Buffer.concat([stream(6, ['1']), VALUES]),
    "is damaged, or none of torch.save's: the list of its storages is not that of its tensors",
  ],
  [
    'no storage in its list',
    Buffer.concat([stream(6, []), VALUES]),
    `is damaged, or none of torch.save's: tensor "w": its storage "0" is missing`,
  ],
])('a file of the stream form with %s is refused', async (_, bytes, message) => {
  const expected = typeof message === 'string' ? `/tmp/file.pth: ${message}` : message;
  await expect(scannedBytes(bytes)).rejects.toMatchObject({ code: 4, message: expected });
});

test('pickles of the stream form are read on until they end, up to a limit', async () => {
  const long = { ...ROW, shape: [1, 2, 3], strides: [0, 3, 1] };
  const names = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`tensor-${index}`, long]));
  const bytes = Buffer.concat([streamHead(stateDict(names, 'stream'), ['0'], 6), VALUES]);
  expect(bytes.length).toBeGreaterThan(2 ** 18);
  const { tensors } = await scannedBytes(bytes, { keep: (name) => name === 'tensor-2999' });
  expect([...tensors.values()].map(({ values }) => values)).toEqual([[1, 2, 3, 4, 5, 6]]);
  await expect(scannedBytes(bytes, { limits: { pickleBytes: 2 ** 17 } })).rejects.toMatchObject(
    refusal("is damaged, or none of torch.save's: it is longer than any checkpoint needs (131072 bytes)"),
  );
});

test('memory follows the tensor, not the storage of 128 MB that it is a view of', async () => {
  const count = 2 ** 25;
  const view = { count, offset: count - 100_000, shape: [10, 3], strides: [10_000, 1] };
  const path = join(folder, 'view.pth');
  const head = streamHead(stateDict({ w: view }, 'stream'), ['0'], count);
  writeFileSync(path, head);
  truncateSync(path, head.length + count * 4); // zeros that take no room on the disk
  let values: readonly number[] = [];
  const memory = await bufferBytes(async () => {
    values = (await scanned(path)).tensors.get('w')!.values;
  });
  expect(values).toEqual(Array(30).fill(0));
  expect(memory).toBeLessThan(2 ** 23);
});
