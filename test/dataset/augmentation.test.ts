/** Tests of the random transforms for augmentation. */
import { expect, test } from '@jest/globals';
import { type Augmentation, CHANGE_SIZES, cropMap, drawChanges } from '../../src/dataset/augmentation.ts';
import { RandomGenerator } from '../../src/random.ts';

const MNIST = { height: 28, width: 28 };

/** The first two transforms of seed 1 for images as MNIST's. */
const SHIFTS = [
  [1, 0, -2, 0, 1, -1, 0, 0],
  [1, 0, -1, 0, 1, -1, 0, 0],
];
const AFFINE = [
  [
    1.0278693437576294, 0.03656300529837608, -1.5071147680282593, -0.03656300529837608, 1.0278693437576294,
    1.4299020767211914, 0, 0,
  ],
  [
    0.912382960319519, -0.040592093020677567, 2.8126885890960693, 0.040592093020677567, 0.912382960319519,
    0.6069454550743103, 0, 0,
  ],
];

/** The numbers of one change, image by image. */
function drawn(
  kind: Exclude<Augmentation, 'none'>,
  change: keyof typeof CHANGE_SIZES,
  count: number,
  sides = MNIST,
): number[][] {
  const all = drawChanges(RandomGenerator.seeded(1, 'augmentation'), kind, count, sides)[change] ?? new Float32Array();
  const size = CHANGE_SIZES[change];
  expect(all).toHaveLength(count * size);
  return Array.from({ length: count }, (_, image) => [...all.subarray(image * size, (image + 1) * size)]);
}

function transforms(kind: 'shift' | 'affine', count: number, sides = MNIST): number[][] {
  return drawn(kind, 'transforms', count, sides);
}

test('a shift moves by whole pixels up to a 14th of each side, which gives 25 shifts on MNIST', () => {
  const shifts = transforms('shift', 2000).map(([a, b, x, d, e, y, ...zeros]) => {
    expect([a, b, d, e, ...zeros]).toEqual([1, 0, 0, 1, 0, 0]);
    return `${x},${y}`;
  });
  expect(new Set(shifts).size).toBe(25);
  for (const shift of shifts) expect(shift).toMatch(/^-?[0-2],-?[0-2]$/);
  const wide = transforms('shift', 2000, { height: 14, width: 56 });
  expect(Math.max(...wide.map(([, , x = 0]) => Math.abs(x)))).toBe(4);
  expect(Math.max(...wide.map(([, , , , , y = 0]) => Math.abs(y)))).toBe(1);
});

test('an affine transform rotates by up to 10°, scales by up to 1.1 and moves the centre by up to 2 pixels', () => {
  const middle = 13.5;
  const found = transforms('affine', 2000).map(([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, ...zeros]) => {
    expect(zeros).toEqual([0, 0]);
    expect([a, b]).toEqual([e, -d]);
    return {
      angle: (Math.atan2(d, a) * 180) / Math.PI,
      scale: Math.hypot(a, d),
      x: a * middle + b * middle + c - middle,
      y: d * middle + e * middle + f - middle,
    };
  });
  for (const [name, least, most] of [
    ['angle', -10, 10],
    ['scale', 1 / 1.1, 1.1],
    ['x', -2, 2],
    ['y', -2, 2],
  ] as const) {
    const values = found.map((each) => each[name]);
    const slack = (most - least) / 50;
    expect(Math.min(...values)).toBeGreaterThan(least - 1e-4);
    expect(Math.max(...values)).toBeLessThan(most + 1e-4);
    expect(Math.min(...values)).toBeLessThan(least + slack);
    expect(Math.max(...values)).toBeGreaterThan(most - slack);
  }
});

test.each(['affine', 'photo'] as const)(
  'generators in the same state draw the same changes (%s), also after being restored',
  (kind) => {
    const one = RandomGenerator.seeded(7, 'augmentation');
    const [first, second] = [drawChanges(one, kind, 3, MNIST), drawChanges(one, kind, 3, MNIST)];
    expect(first).not.toEqual(second);
    const other = RandomGenerator.seeded(7, 'augmentation');
    expect(drawChanges(other, kind, 3, MNIST)).toEqual(first);
    expect(drawChanges(RandomGenerator.restore(other.state()), kind, 3, MNIST)).toEqual(second);
  },
);

test('the first transforms of a seed are those of every version: runs that are resumed depend on them', () => {
  const first = (kind: 'shift' | 'affine') => transforms(kind, 2).map((numbers) => numbers.map(Math.fround));
  expect(first('shift')).toEqual(SHIFTS);
  expect(first('affine')).toEqual(AFFINE);
});

test('a flip exchanges left and right of about half of the images, by whole pixels', () => {
  const kinds = drawn('flip', 'crops', 2000, { height: 5, width: 7 }).map(String);
  expect(new Set(kinds)).toEqual(new Set(['1,0,0,0,1,0,0,0', '-1,0,6,0,1,0,0,0']));
  const mirrored = kinds.filter((kind) => kind.startsWith('-1')).length;
  expect(Math.abs(mirrored - 1000)).toBeLessThan(100); // 4.5 standard deviations
});

test('a crop’s map puts the edges of the crop on the edges of the image, mirrored or not', () => {
  const [sides, crop] = [
    { height: 10, width: 20 },
    { left: 4, top: 3, width: 5, height: 4 },
  ];
  const at = ([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: number[], x: number, y: number) => {
    return [a * x + b * y + c, d * x + e * y + f];
  };
  const [left, top, right, bottom] = [-0.5, -0.5, 19.5, 9.5]; // edges are half a pixel from the outermost centres
  const straight = cropMap(crop, false, sides);
  expect([at(straight, left, top), at(straight, right, bottom)]).toEqual([
    [3.5, 2.5],
    [8.5, 6.5],
  ]);
  const mirrored = cropMap(crop, true, sides);
  expect([at(mirrored, left, top), at(mirrored, right, bottom)]).toEqual([
    [8.5, 2.5],
    [3.5, 6.5],
  ]);
});

test.each([
  { height: 32, width: 32 },
  { height: 48, width: 96 },
])(
  'a photo is a crop of 0.35 to 1 of the area and of a ratio from 3/4 to 4/3, anywhere in %j, half of them mirrored',
  (sides) => {
    const { height, width } = sides;
    const crops = drawn('photo', 'crops', 4000, sides).map(([a = 0, b, c = 0, d, e = 0, f = 0, ...zeros]) => {
      expect([b, d, ...zeros]).toEqual([0, 0, 0, 0]);
      const [one, other] = [a * -0.5 + c + 0.5, a * (width - 0.5) + c + 0.5];
      const [top, bottom] = [e * -0.5 + f + 0.5, e * (height - 0.5) + f + 0.5];
      const whole = [one, other, top, bottom].map((edge) => Math.abs(edge - Math.round(edge)));
      expect(Math.max(...whole)).toBeLessThan(1e-4);
      const [left, right] = [Math.min(one, other), Math.max(one, other)];
      const [fractionX, fractionY] = [(right - left) / width, (bottom - top) / height];
      return {
        ...{ left, top, right: width - right, bottom: height - bottom, mirrored: Number(a < 0) },
        ...{ area: fractionX * fractionY, ratio: Math.log(fractionX / fractionY) },
      };
    });
    const of = (name: keyof (typeof crops)[number]) => crops.map((crop) => crop[name]);
    for (const edge of ['left', 'right', 'top', 'bottom'] as const) {
      expect(Math.min(...of(edge))).toBeCloseTo(0, 4);
      expect(Math.max(...of(edge))).toBeGreaterThan((edge === 'left' || edge === 'right' ? width : height) / 4);
    }
    const slack = 0.06; // a crop has whole pixels
    for (const [name, least, most] of [
      ['area', 0.35, 1],
      ['ratio', -Math.log(4 / 3), Math.log(4 / 3)],
    ] as const) {
      expect(Math.min(...of(name))).toBeGreaterThan(least - slack);
      expect(Math.min(...of(name))).toBeLessThan(least + slack);
      expect(Math.max(...of(name))).toBeLessThan(most + slack);
      expect(Math.max(...of(name))).toBeGreaterThan(most - slack);
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(of('mirrored')) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(mean(of('ratio')))).toBeLessThan(0.02); // evenly by its logarithm
  },
);

test('brightness and contrast of a photo are multiplied by 0.6 to 1.4', () => {
  const factors = drawn('photo', 'colours', 2000);
  for (const column of [0, 1]) {
    const values = factors.map((row) => row[column] ?? Number.NaN);
    expect(Math.min(...values)).toBeGreaterThan(0.6 - 1e-6);
    expect(Math.min(...values)).toBeLessThan(0.61);
    expect(Math.max(...values)).toBeLessThan(1.4 + 1e-6);
    expect(Math.max(...values)).toBeGreaterThan(1.39);
  }
});
