/** `resnet eval` of untrained narrow networks on small data sets of our own: what it shows, and where. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { BINARY, command, type Finished, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { initialState } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { uniformNumbers } from '../support/uniform-numbers.ts';

const folder = temporaryFolder();
const ESCAPE = '\u001b';

/** The backend that is loaded soonest, where the numbers do not matter. */
const QUICK = ['--backend', 'wasm'];

interface Case {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly height?: number;
  readonly width?: number;
  /** Scale γ of the batch norms; default: 1. */
  readonly scale?: number;
}

/** The flags that evaluate an untrained network on noise with these labels. */
function evalFlags(name: string, { classes, labels, height = 8, width = 8, scale = 1 }: Case): string[] {
  const directory = join(folder, name);
  mkdirSync(directory);
  const noise = uniformNumbers(1, labels.length * height * width);
  const pixels = [...noise].map((value) => Math.round(127.5 + 127.5 * value));
  writeFileSync(join(directory, 't10k-images-idx3-ubyte'), idxBytes([labels.length, height, width], pixels));
  writeFileSync(join(directory, 't10k-labels-idx1-ubyte'), idxBytes([labels.length], labels));
  const parameters = parametersOf(traceShapes(resNet({ depth: 18, width: 2, classes }), [1, height, width]));
  const state = initialState(parameters);
  for (const { name, kind } of parameters) if (kind === 'scale') state.values.get(name)?.fill(scale);
  const checkpoint = join(directory, 'untrained.safetensors');
  writeSafetensors(checkpoint, tensorsOf(parameters, state));
  return ['eval', '--checkpoint', checkpoint, '--data-dir', directory];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describeWithTensorFlow('resnet eval', () => {
  const labels = Array.from({ length: 60 }, (_, index) => index % 10);
  const flags = evalFlags('ten', { classes: 10, labels });

  const asJson = [...flags, '--json', '--worst=60'];
  let json: Finished;
  beforeAll(async () => {
    json = await resnet(asJson);
  });

  test('prints the same numbers in text and in JSON, and they add up', async () => {
    const text = await resnet([...flags, '--worst', '2']);
    const { images, hits, accuracy, loss, confusionMatrix, classes, calibration, ...more } = JSON.parse(json.stdout);
    const worst = more.worst.slice(0, 2);
    expect(confusionMatrix.map(sum)).toEqual(Array.from({ length: 10 }, () => 6));
    expect(classes.map(({ support }: { support: number }) => support)).toEqual(confusionMatrix.map(sum));
    expect(sum(confusionMatrix.map((row: number[], label: number) => row[label]))).toBe(hits);
    expect([images, accuracy]).toEqual([60, hits / 60]);
    expect(text.stdout).toMatch(/^backend tensorflow.*\ndata .*\ndata given by .*\n60 test images in .*\nloss /);
    expect(text.stdout).toContain(`\nloss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(2)} %`);
    expect(text.stdout).toContain(`calibration error ${(100 * calibration.error).toFixed(2)} % (15 bins`);
    const rows = text.stdout.split('\n').filter((line) => /^│ \d/.test(line));
    expect(rows.map((line) => line.split('│').slice(2, -1).map(Number))).toEqual(confusionMatrix);
    for (const { image, label, guess, probability } of worst) {
      expect(label).toBe(labels[image]);
      expect(text.stdout).toContain(`#${image}: ${label} → ${guess} (${(100 * probability).toFixed(2)} %)`);
    }
    expect(worst).toHaveLength(2);
    expect(text.stdout).toMatch(/\n\*{5} TEST_ACC = .*% \*{5}\n$/);
    expect(text.stdout).not.toContain(ESCAPE);
  });

  test('prints the same numbers op by op and on the portable backend', async () => {
    const compiled = JSON.parse(json.stdout);
    for (const way of [['--no-compile'], ['--backend', 'wasm']]) {
      const other = JSON.parse((await resnet([...asJson, ...way])).stdout);
      expect(other.confusionMatrix).toEqual(compiled.confusionMatrix);
      expect(other.loss).toBeCloseTo(compiled.loss, 5);
      expect(other.calibration.error).toBeCloseTo(compiled.calibration.error, 5);
      expect(other.worst).toHaveLength(compiled.worst.length);
    }
  });

  test('evaluates a single image', async () => {
    const { stdout } = await resnet([...flags, '--no-compile', '--limit-test', '1', '--json']);
    const { images, hits, topConfusions, confusionMatrix } = JSON.parse(stdout);
    expect([images, sum(confusionMatrix.flat())]).toEqual([1, 1]);
    expect(topConfusions).toHaveLength(1 - hits);
  });

  test.each([
    { height: 8, width: 8, lines: 4, columns: 8 },
    { height: 64, width: 48, lines: 20, columns: 30 },
  ])('shows images of $width × $height pixels in $columns columns and $lines lines', async (size) => {
    const sized = evalFlags(`${size.height}x${size.width}`, { classes: 2, labels: [0, 1, 0, 1], ...size });
    const { stdout } = await resnet([...sized, ...QUICK, '--worst', '1']);
    const lines = stdout.slice(stdout.indexOf('\n#', stdout.indexOf('#image')) + 1).split('\n');
    const picture = lines.slice(1, lines.indexOf('')); // below the caption
    expect(picture).toHaveLength(size.lines);
    expect(Math.max(...picture.map(({ length }) => length))).toBe(size.columns);
  });

  test('leaves the confusion matrix of 256 classes to JSON, and no line is wider than 80 columns', async () => {
    const many = evalFlags('many', { classes: 256, labels: Array.from({ length: 256 }, (_, label) => label) });
    const [text, json] = await Promise.all([
      resnet([...many, '--no-compile', '--worst', '3']),
      resnet([...many, ...QUICK, '--json']),
    ]);
    expect(text.stdout).toContain('\nconfusion matrix: 256 classes do not fit 80 columns; --json has it\n');
    expect(text.stdout).toMatch(/\nTop confusions .*\n.*\n\d+ → \d+ +1 +100\.00 %\n/);
    expect(Math.max(...text.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    const { confusionMatrix } = JSON.parse(json.stdout);
    expect(confusionMatrix.map(sum)).toEqual(Array.from({ length: 256 }, () => 1));
  });

  test('refuses weights whose logits are not finite (exit 4)', async () => {
    const broken = evalFlags('broken', { classes: 2, labels: [0, 1], scale: 1e30 });
    const { code, stderr } = await resnet([...broken, '--no-compile']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/ assumed .*\nresnet: the checkpoint's loss is NaN: use another checkpoint\n$/);
  });

  describe('printing digits in a terminal', () => {
    const words = [process.execPath, BINARY, ...flags, ...QUICK, '--worst', '1'];
    const terminal = ['python3', PRESS_CTRL_C, '(never printed)', ...words];
    const plain = { TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };

    test('draws half blocks in greys', async () => {
      const { code, stdout } = await command(terminal, plain);
      expect(code).toBe(0);
      const line = new RegExp(`(?:${ESCAPE}\\[38;5;\\d+;48;5;\\d+m▀){8}${ESCAPE}\\[0m\r\n`, 'g');
      expect(stdout.match(line)).toHaveLength(4);
    });

    test.each([{ NO_COLOR: '1' }, { CI: 'true' }, { TERM: 'dumb' }])('draws shades where %j is set', async (name) => {
      const { code, stdout } = await command(terminal, { ...plain, ...name });
      expect(code).toBe(0);
      expect(stdout).not.toContain('▀');
      expect(stdout).toMatch(/\r\n#\d+: \d → \d \(.* %\)\r\n[ .:=+*#%@-]{4,8}\r\n/);
    });
  });
});
