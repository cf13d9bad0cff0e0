/** `resnet report` of one small run, which serves every test. */
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { readOnlyFolder } from '../faults/files.ts';
import { seePage, testInBrowser } from '../support/chromium.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { readPage } from '../support/pages.ts';
import { BINARY, command, resnet, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

unblockDecoders();

const folder = temporaryFolder();
const written = ['confusion.png', 'curves.png', 'report.html'];
describeWithTensorFlow('the report of a run', () => {
  /** Folder of a run whose name contains markup. */
  const run = join(folder, '<script>alert(1)<_script> & co');
  const evaluation = ['--limit-test', '500', '--no-compile'];
  let figures: Record<string, unknown>;
  let page: string;
  beforeAll(async () => {
    await copySharedRun(run);
    const { code, stdout, stderr } = await resnet(['report', run, ...evaluation, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    figures = JSON.parse(stdout);
    page = readFileSync(join(run, 'report.html'), 'utf8');
  });

  /** A copy of the run, to be changed. */
  function copyOfRun(name: string): string {
    const copy = join(folder, name);
    cpSync(run, copy, { recursive: true });
    for (const file of written) rmSync(join(copy, file));
    return copy;
  }

  test('is a page and two pictures beside the checkpoints, with the figures of resnet eval', async () => {
    const words = ['eval', '--checkpoint', join(run, 'best.safetensors'), ...evaluation];
    const evaluated = JSON.parse((await resnet([...words, '--json'])).stdout);
    for (const name of [
      'split',
      'images',
      'hits',
      'loss',
      'accuracy',
      'interval',
      'balancedAccuracy',
      'macroF1',
      'temperature',
    ]) {
      expect([name, figures[name]]).toEqual([name, evaluated[name]]);
    }
    expect(figures).toMatchObject({ report: join(run, 'report.html'), curves: join(run, 'curves.png') });
    const { text } = readPage(page);
    expect(text).toContain(`${(100 * evaluated.accuracy).toFixed(2)} % (95 % interval`);
    for (const { label, support, recall } of evaluated.classes) {
      expect(text).toContain(`${label} ${support} `);
      expect(text).toContain(`${(100 * recall).toFixed(2)} %`);
    }
    for (const row of evaluated.confusionMatrix as number[][]) {
      for (const count of row.filter((each) => each > 0)) expect(page).toContain(`>${count}</text>`);
    }
  });

  test('has the calibration of the temperature, and with --no-temperature that of the network alone', async () => {
    const words = ['eval', '--checkpoint', join(run, 'best.safetensors'), ...evaluation, '--json', '--worst', '500'];
    const runs = await resnetMany([words, [...words, '--no-temperature']]);
    const [scaled, raw] = runs.map(({ stdout }) => JSON.parse(stdout));
    expect([scaled.temperature, raw.temperature]).toEqual([expect.any(Number), null]);
    expect(scaled.calibrationRaw).toEqual(raw.calibration);
    expect(scaled.calibration).not.toEqual(raw.calibration);
    expect([scaled.loss, scaled.accuracy]).toEqual([raw.loss, raw.accuracy]);
    const sum = ({ worst }: { worst: { probability: number }[] }) =>
      worst.reduce((all, each) => all + each.probability, 0);
    expect(Math.sign(sum(scaled) - sum(raw))).toBe(Math.sign(1 - scaled.temperature));
    expect(readPage(page).text).toMatch(/at the temperature [\d.]+; without it/);
  });

  test('is one well-formed file that loads nothing, and a run’s name is no markup in it', () => {
    const { faults, addresses, elements, text } = readPage(page);
    expect(faults).toEqual([]);
    expect(addresses.filter((address) => !/^(data:image\/png;base64,|#)/.test(address))).toEqual([]);
    expect(elements).not.toContain('script');
    expect(text).toContain('<script>alert(1)<_script> & co');
    expect(page).toContain('default-src &#39;none&#39;');
  });

  test('has its pictures as PNG, at twice the page’s size', async () => {
    const curves = await sharp(join(run, 'curves.png')).metadata();
    expect(curves).toMatchObject({ format: 'png', width: 1760 });
    expect((await sharp(join(run, 'confusion.png')).metadata()).width).toBeGreaterThan(1000);
  });

  test('is written to another folder, from another checkpoint, without config.json and with a log of damaged lines', async () => {
    const old = copyOfRun('old');
    const out = join(folder, 'new', 'out');
    rmSync(join(old, 'config.json'));
    appendFileSync(
      join(old, 'events.ndjson'),
      'no event\n{"event":"epoch","epoch":3,"train":{"loss":"x"}}\n{"event":"st',
    );
    const last = join(old, 'last.safetensors');
    const words = ['report', last, '--out', out, '--limit-test', '50', '--worst', '0', '--no-compile'];
    const { code, stdout, stderr } = await resnet(words);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\S+events\.ndjson: skipped what is not a valid event: lines \d+, \d+\n$/);
    expect(stdout).toMatch(
      /^backend tensorflow.*\ndata MNIST, test split: 50 of 10,000 images\n50 test images in .*\nloss .*\nbalanced accuracy .*\nexpected calibration error .*\n {2}at the temperature .*\n/,
    );
    const paths = ['report.html', 'curves.png', 'confusion.png'].map((file) => join(out, file));
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual(paths);
    expect([readdirSync(out).sort(), readdirSync(old)]).toEqual([written, expect.not.arrayContaining(written)]);
    const { elements, text } = readPage(readFileSync(join(out, 'report.html'), 'utf8'));
    expect(text).toMatch(/limit-train\s+32/); // as the checkpoint tells
    expect(text).toContain('last.safetensors');
    expect(elements).not.toContain('img');
  });

  test('is refused for a folder without a run (exit 4)', async () => {
    const missing = join(folder, 'missing');
    const { code, stdout, stderr } = await resnet(['report', missing]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(`resnet: ${missing}: no such run or checkpoint; `);
  });

  const testWithReadOnlyFolder = readOnlyFolder.impossible === undefined ? test : test.skip;
  testWithReadOnlyFolder(
    'is refused for a folder that cannot be written to (exit 5), before the model is evaluated',
    async () => {
      const copy = copyOfRun('read-only');
      const words = readOnlyFolder.wrap(copy, [process.execPath, BINARY, 'report', copy]);
      const { code, stdout, stderr } = await command(words);
      expect([code, stdout]).toEqual([5, '']);
      expect(stderr).toMatch(
        /^resnet: \S+read-only: not a folder that can be written to \(\w+\); choose another with --out\n$/,
      );
    },
  );

  testInBrowser(
    'opens in a browser without a complaint or a request, and can be read: wide and narrow, light and dark',
    async () => {
      const url = pathToFileURL(join(run, 'report.html')).href;
      const measure = readFileSync('test/support/measure-page.js', 'utf8');
      const views = [1280, 375].flatMap((width) => [false, true].map((dark) => ({ width, dark })));
      const pages = await seePage(url, measure, views);
      const backgrounds = pages.map(({ value, ...quiet }, index) => {
        expect(quiet).toEqual({ complaints: [], requests: [] });
        const seen = value as Measured;
        expect(seen.images).toEqual(Array.from({ length: 12 }, () => 28));
        expect(seen.charts).toHaveLength(3); // one of the two drawings of each chart
        expect(Math.min(...seen.charts)).toBeGreaterThan(views[index]!.width === 375 ? 300 : 600);
        expect([seen.overflow, seen.cut]).toEqual([0, []]);
        expect(seen.smallestText).toBeGreaterThanOrEqual(11);
        expect(seen.labels).toEqual(
          expect.arrayContaining(['Learning rate', 'training, logged steps', 'True class', 'Correct, %']),
        );
        // WCAG 2.1: 4.5 for texts, 3 for lines and marks.
        expect(seen.faintestText.contrast).toBeGreaterThanOrEqual(4.5);
        expect(seen.faintestLine.contrast).toBeGreaterThanOrEqual(3);
        return seen.page;
      });
      expect(backgrounds).toEqual(['255,255,255', '18,18,18', '255,255,255', '18,18,18']);
    },
  );
});

/** What `measure-page.js` finds. */
interface Measured {
  readonly images: readonly number[];
  readonly charts: readonly number[];
  readonly labels: readonly string[];
  readonly smallestText: number;
  readonly overflow: number;
  readonly cut: readonly string[];
  readonly faintestText: { readonly what: string; readonly contrast: number };
  readonly faintestLine: { readonly what: string; readonly contrast: number };
  readonly page: string;
}
