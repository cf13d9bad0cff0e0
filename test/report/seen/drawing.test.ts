/** Tests of what the network saw, as a drawing. */
import { expect, test } from '@jest/globals';
import { seenDrawing, seenRasters } from '../../../src/report/seen/drawing.ts';
import type { Seen } from '../../../src/report/seen/seen.ts';
import { readPage } from '../../support/pages.ts';

const image = { pixels: Uint8Array.from({ length: 28 * 28 }, (_, index) => index % 256), height: 28, width: 28 };
const picture = { pixels: new Uint8Array(192 * 256), height: 192, width: 256, original: { height: 1536, width: 2048 } };
const answered: Seen = {
  ...{ name: 'a.png', picture, box: { left: 160, top: 80, width: 320, height: 400 }, image },
  ...{ answer: '7 (99.31 %)', problem: undefined },
};

function draw(seen: Seen): string {
  const pngs = { picture: Buffer.from('left'), image: seen.image && Buffer.from('right') };
  return seenDrawing(seen, seenRasters(seen), pngs, 'a font');
}

/** Left, top, width and height of each element of this name. */
function places(svg: string, name: string): number[][] {
  return [...svg.matchAll(new RegExp(`<${name} x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"`, 'g'))].map(
    ([, ...numbers]) => numbers.map(Number),
  );
}

test('both parts are enlarged by whole factors, each pixel a square', () => {
  const small = { ...picture, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), height: 2, width: 3 };
  const { picture: left, image: right } = seenRasters({ ...answered, picture: small });
  expect([left.height, left.width, right?.height, right?.width]).toEqual([2 * 85, 3 * 85, 8 * 28, 8 * 28]);
  const pixel = (row: number, column: number) => left.pixels[row * left.width + column];
  expect([pixel(0, 0), pixel(84, 84), pixel(84, 85), pixel(85, 0), pixel(169, 254)]).toEqual([1, 1, 2, 4, 6]);
  expect(right?.pixels[8 * 224 + 8]).toBe(image.pixels[29]);
  expect(seenRasters(answered).picture).toMatchObject({ height: 192, width: 256 }); // 256 pixels are enough
});

test('the image stands beside the picture, and the box is around the digit, orange on white', () => {
  const svg = draw(answered);
  const [[x = 0, y = 0] = [], right = []] = places(svg, 'image');
  expect(places(svg, 'image')).toEqual([
    [x, y, 256, 192],
    [expect.any(Number), y, 224, 224],
  ]);
  expect(right[0]).toBeGreaterThan(x + 256);
  const boxes = places(svg, 'rect').slice(2); // the first two are the edges of both parts
  const around = [x + 160 / 8 - 2, y + 80 / 8 - 2, 320 / 8 + 4, 400 / 8 + 4];
  expect(boxes).toEqual([around, around]);
  expect(svg.match(/stroke="[^"]+" stroke-width="\d"/g)).toEqual([
    'stroke="white" stroke-width="4"',
    'stroke="#d55e00" stroke-width="2"',
  ]);
  expect(readPage(svg).text).toContain('7 (99.31 %)');
});

test('a refused picture has its reason, in lines, and no box where no digit was found', () => {
  const problem = 'is blank: no digit stands out from its paper; give another picture';
  const refused = { ...answered, answer: undefined, problem };
  const withDigit = draw(refused);
  expect(readPage(withDigit).text).toContain('no answer');
  expect(places(withDigit, 'rect')).toHaveLength(4);
  const without = draw({ ...refused, box: undefined, image: undefined });
  const lines = [...without.matchAll(/<text [^>]+>([^<]+)</g)].map(([, line]) => line);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.slice(1).join(' ')).toBe(problem);
  expect([places(without, 'image').length, places(without, 'rect').length]).toEqual([1, 1]);
});

test('a name or a reason from a user is text, cut to its room', () => {
  const name = `</text><image href="x"/>${'n'.repeat(50)}\uffff`;
  const svg = draw({ ...answered, name, answer: undefined, problem: `${'r'.repeat(300)} \u0001<a href="x">` });
  const { elements, text } = readPage(svg);
  expect(elements.filter((each) => each === 'image' || each === 'a')).toEqual(['image', 'image']);
  expect(text).toContain('</text><image href="x"/>nnn');
  expect(text).toContain('…');
  expect(text).not.toContain('\uffff');
  const lines = svg.match(/>r+/g)?.map((line) => line.length - 1) ?? [];
  expect(lines.reduce((sum, length) => sum + length)).toBe(300);
  expect(Math.max(...lines)).toBeLessThan(66); // of 496 pixels
});

test('an answer with a long name is smaller, and the drawing as wide as it needs', () => {
  const [short, long] = ['automobile', 'n'.repeat(24)].map((name) =>
    draw({ ...answered, answer: `${name} (99.31 %)` }),
  );
  const widthOf = (svg = '') => Number(/^<svg [^>]*width="(\d+)"/.exec(svg)?.[1]);
  const sizeOf = (svg = '') => Number(/font-size="(\d+)">[^<]*\(99/.exec(svg)?.[1]);
  expect([sizeOf(draw(answered)), sizeOf(short), sizeOf(long)]).toEqual([20, 13, 13]);
  expect(widthOf(short)).toBe(widthOf(draw(answered)));
  expect(widthOf(long)).toBeGreaterThan(widthOf(short));
});
