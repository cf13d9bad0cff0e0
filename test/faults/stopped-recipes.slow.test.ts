/** The script itself, with the shortest recipe: it takes a minute, and RESNET_LONG=1 does it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { readResults } from '../../bench/recipes/results.ts';
import { jsonLines } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { noTensorFlow } from './small-run.ts';
import { launchProgram } from './trainer.ts';

const root = temporaryFolder();
const SCRIPT = fileURLToPath(new URL('../../dist/bench/recipes/main.js', import.meta.url));
const long = process.env.RESNET_LONG === '1';

testFault(
  'bench:recipes: SIGTERM inside a run, and started twice more',
  'exit 143; the run is resumed; then its result is only printed',
  async (see) => {
    const start = () => launchProgram([SCRIPT, '--recipes', 'sprint', '--seeds', '1', '--folder', root]);
    const log = () => readdirSync(root).map((name) => join(root, name, 'events.ndjson'));
    const stopped = start();
    const hasBegun = () => log().some((path) => existsSync(path) && readFileSync(path, 'utf8').includes('"step":101,'));
    while (!hasBegun()) await setTimeout(50);
    stopped.signal('SIGTERM');
    expect((await stopped.ended).code).toBe(143);
    expect(readResults(join(root, 'results.ndjson'))).toEqual([]);

    const resumed = await start().ended;
    expect(resumed.code).toBe(0);
    const results = readResults(join(root, 'results.ndjson'));
    expect(results).toEqual([expect.objectContaining({ recipe: 'sprint', seed: 1, seconds: null })]);
    expect(results[0]?.validationAccuracy).toBeGreaterThan(0.98);
    const [folder = ''] = readdirSync(root).filter((name) => name.startsWith('sprint-'));
    const starts = jsonLines(readFileSync(join(root, folder, 'events.ndjson'), 'utf8')).filter(
      ({ event }) => event === 'start',
    );
    expect(starts).toEqual([
      expect.objectContaining({ step: 0 }),
      expect.objectContaining({ resumed: expect.anything() }),
    ]);
    expect(readdirSync(join(root, folder)).filter((name) => name.endsWith('.safetensors'))).toEqual([
      'best.safetensors',
    ]);

    const again = await start().ended;
    see(`exit 143; resumed from step ${starts[1]?.step}; ${again.stdout.split('\n')[2]}`);
    expect(again).toEqual({ code: 0, stdout: resumed.stdout, stderr: '' });
  },
  { skip: long ? noTensorFlow : 'it takes a minute; RESNET_LONG=1 does it', timeoutSeconds: 600 },
);
