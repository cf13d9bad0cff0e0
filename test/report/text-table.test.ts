/** Tests of tables as plain text and Markdown. */
import { describe, expect, test } from '@jest/globals';
import { markdownTable, plainTable } from '../../src/report/text-table.ts';

const table = {
  columns: [
    { head: 'Name', align: 'left' },
    { head: 'Size', align: 'right' },
    { head: 'Kind', align: 'left' },
    { head: 'N', align: 'right' },
  ],
  rows: [
    ['a', '1', 'long word', '2'],
    ['longer', '1,234', '', '30'],
  ],
  total: ['Sum', '1,235', '', '32'],
} as const;

const WIDE = `\
Name     Size  Kind        N
──────  ─────  ─────────  ──
a           1  long word   2
longer  1,234             30
──────  ─────  ─────────  ──
Sum     1,235             32
`;

const FOLDED = `\
Name     Size  Kind
──────  ─────  ─────────
a           1  long word
longer  1,234
──────  ─────  ─────────
Sum     1,235

Name     N
──────  ──
a        2
longer  30
──────  ──
Sum     32
`;

describe('a plain table', () => {
  test('has aligned columns', () => expect(plainTable(table)).toBe(WIDE));

  test('is not folded if it just fits', () => expect(plainTable(table, 28)).toBe(WIDE));

  test.each([27, 24])('is folded to %i characters, and each part begins with the first column', (width) => {
    expect(plainTable(table, width)).toBe(FOLDED);
  });

  test('shows two columns even if they are wider than the line', () => {
    expect(plainTable(table, 1).match(/^Name/gm)).toHaveLength(3);
  });

  test('can have a single column', () => {
    expect(plainTable({ columns: [{ head: 'Name', align: 'left' }], rows: [['a']] }, 80)).toBe('Name\n────\na\n');
  });

  test('has only rows if no column has a heading', () => {
    const columns = [
      { head: '', align: 'left' },
      { head: '', align: 'right' },
    ] as const;
    const rows = [
      ['a', '1'],
      ['bc', '10'],
    ];
    expect(plainTable({ columns, rows })).toBe('a    1\nbc  10\n');
  });
});

test('a Markdown table has the alignment of its columns in its second line', () => {
  expect(markdownTable(table)).toBe(
    '| Name | Size | Kind | N |\n| --- | ---: | --- | ---: |\n' +
      '| a | 1 | long word | 2 |\n| longer | 1,234 |  | 30 |\n| Sum | 1,235 |  | 32 |\n',
  );
});
