/** The text of an export's description. */
import { expect, test } from '@jest/globals';
import { descriptionText } from '../../src/export/describe.ts';

test('a list of numbers or words is one line, and the text is the same JSON', () => {
  const description = {
    shape: ['batch', 1, 28],
    names: ['[ a ]', 'b,\n c'],
    none: [],
    examples: [{ output: [1, -2.5] }],
  };
  const text = descriptionText(description);
  expect(JSON.parse(text)).toEqual(description);
  expect(text).toContain('"shape": ["batch", 1, 28],\n');
  expect(text).toContain('      "output": [1, -2.5]\n');
});
