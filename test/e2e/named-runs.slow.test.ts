/** Several runs below one folder, each by its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { digitPicture } from '../support/pictures.ts';
import { BINARY, CALLED, command, resnet, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const SMALL = ['--width', '4', '--no-compile', '--epochs', '1', '--batch-size', '16', '--limit-train', '32'];

describeWithTensorFlow('a run with a name', () => {
  const named = (name: string, ...words: string[]) =>
    resnet(['train', '--checkpoint-dir', folder, '--name', name, '--limit-val', '16', ...words]);
  const epochsOf = (name: string) => {
    const [, ...rows] = readFileSync(join(folder, name, 'metrics.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    return rows.map((row) => row.split(',')[0]);
  };

  test('has a folder of its own beside the others, which the printed command names', async () => {
    await named('one', ...SMALL);
    const { code, stdout } = await named('the second', ...SMALL);
    expect([code, readdirSync(folder).sort()]).toEqual([0, ['one', 'the second']]);
    const best = join(folder, 'the second', 'best.safetensors');
    expect(stdout).toContain(`\ntest it: ${CALLED} eval --checkpoint '${best}'\n`);
  });

  test('is resumed by --resume --name, and the other runs are left alone', async () => {
    const { code, stdout } = await named('one', '--resume', '--epochs', '2');
    expect(code).toBe(0);
    expect(stdout).toContain(`resuming from ${join(folder, 'one', 'last.safetensors')}\n  at epoch 2`);
    expect([epochsOf('one'), epochsOf('the second')]).toEqual([['1', '2'], ['1']]);
  });

  test('is searched for in checkpoints/ where --checkpoint-dir is not given', async () => {
    const words = [process.execPath, BINARY, 'train', '--resume', '--name', 'none'];
    const { code, stderr } = await command(words, {}, folder);
    const message = `checkpoints/none: no such run or checkpoint; make one with \`${CALLED} train\``;
    expect([code, stderr]).toEqual([4, `resnet: ${message}\n`]);
  });

  test('is refused where --resume gives the path of another run (exit 2)', async () => {
    const { code, stderr } = await named('one', '--resume', join(folder, 'the second'));
    const [there, here] = [join(folder, 'the second'), join(folder, 'one')];
    const message = `resumes in its own folder, ${there}, but --checkpoint-dir and --name give ${here}; leave one out`;
    expect([code, stderr]).toEqual([2, `resnet: --resume ${there} ${message}\n`]);
  });

  test('is what eval, predict, report, verify, --resume and --init take for it', async () => {
    const digit = join(folder, 'digit.png');
    await digitPicture(0).png().toFile(digit);
    const best = join(folder, 'the second', 'best.safetensors');
    const here = ['--json', '--checkpoint-dir', folder];
    const [evaluated, predicted, reported, verified, resumed, started] = await resnetMany([
      ['eval', 'the second', '--limit-test', '20', '--no-compile', ...here],
      ['predict', digit, '--checkpoint', 'the second', '--no-compile', ...here],
      ['report', 'the second', '--limit-test', '20', '--no-compile', ...here],
      ['verify', 'the second', ...here],
      ['train', '--resume', 'the second', '--checkpoint-dir', folder],
      ['train', '--init', 'the second', '--name', 'third', ...SMALL, '--limit-val', '16', '--checkpoint-dir', folder],
    ]);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ checkpoint: best });
    expect(JSON.parse(predicted.stdout)).toMatchObject([{ path: digit }]);
    expect(JSON.parse(reported.stdout)).toMatchObject({ report: join(folder, 'the second', 'report.html') });
    const files = JSON.parse(verified.stdout).map(({ path }: { path: string }) => path);
    expect(files).toEqual([best, join(folder, 'the second', 'last.safetensors')]);
    expect(resumed.stdout).toContain(`${join(folder, 'the second', 'last.safetensors')} belongs to a finished run`);
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'third', 'config.json'), 'utf8')).settings.init).toBe(best);
  });
});
