/** Tests of reading names of classes from a text file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readClassNames } from '../../../src/dataset/formats/class-names-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = join(folder, 'names.txt');

function namesIn(content: string | Uint8Array, mostBytes?: number): Promise<string[]> {
  writeFileSync(path, content);
  return readClassNames(path, mostBytes);
}

test('a name is a line, without the byte order mark, the line ends of Windows and empty lines at the end', async () => {
  expect(await namesIn('cat\ndog')).toEqual(['cat', 'dog']);
  expect(await namesIn('\ufeffcat\r\nguinea pig \r\néclair\r\n\r\n \r\n')).toEqual(['cat', 'guinea pig ', 'éclair']);
});

test.each([
  ['an empty file', '', 'holds no name of a class; write one name on each line'],
  ['a file of empty lines', '\n\n', 'holds no name of a class; write one name on each line'],
  ['an empty line between names', 'cat\n\ndog\n', 'line 2 is empty; write one name on each line'],
  ['a name that is there twice', 'cat\ndog\r\ncat', 'lines 1 and 3 are both cat; give each class once'],
  ['another encoding', Buffer.from('caf\xe9', 'latin1'), 'is no text in UTF-8; save it as UTF-8'],
  ['UTF-16', Buffer.from('\ufeffcat', 'utf16le'), 'is no text in UTF-8; save it as UTF-8'],
  [
    'more names than classes',
    Array.from({ length: 65_536 }, (_, index) => `${index}\n`).join(''),
    'holds 65536 names of classes; at most 65535 are possible',
  ],
])('%s is refused (exit 3)', async (_, content, problem) => {
  await expect(namesIn(content)).rejects.toMatchObject({ name: 'UserError', code: 3, message: `${path}: ${problem}` });
});

test('a file that is too large, a folder, a device and nothing are refused (exit 3)', async () => {
  const message = `${path}: holds 8 bytes, at most 7 are read; give a smaller file`;
  await expect(namesIn('cat\ndog\n', 7)).rejects.toMatchObject({ code: 3, message });
  for (const [name, problem] of [
    [folder, 'is a folder; give a file'],
    ['/dev/zero', 'is a device; give a file'],
    [join(folder, 'nothing'), 'no such file; check the path'],
    [join(path, 'below'), 'cannot be read (ENOTDIR); check its permissions'],
  ] as const) {
    await expect(readClassNames(name)).rejects.toMatchObject({ code: 3, message: `${name}: ${problem}` });
  }
});

test('any names come back as they were written', async () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/[\r\n]|^\ufeff/.test(text) && text.trim() !== '');
  const property = fc.asyncProperty(
    fc.uniqueArray(name, { minLength: 1 }),
    fc.constantFrom('\n', '\r\n'),
    async (names, end) => {
      expect(await namesIn(names.map((each) => each + end).join(''))).toEqual(names);
    },
  );
  await fc.assert(property);
});
