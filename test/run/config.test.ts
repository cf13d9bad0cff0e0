/** `config.json`: the configuration of a run, read back from its folder or from its checkpoint. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { configOf, dataDirOf, readRunConfig } from '../../src/run/config.ts';
import { METADATA } from '../checkpoint/example.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

async function read(text: string | undefined) {
  const folder = mkdtempSync(join(root, 'run-'));
  if (text !== undefined) writeFileSync(join(folder, 'config.json'), text);
  const notices: string[] = [];
  return { config: await readRunConfig(folder, (message) => notices.push(message)), notices };
}

test('config.json is read back, and names the folder of the data', async () => {
  const { config, notices } = await read('{"schema":1,"settings":{"lr":0.1,"data-dir":"/data"}}');
  expect(config).toEqual({ schema: 1, settings: { lr: 0.1, 'data-dir': '/data' } });
  expect([dataDirOf(config ?? {}), notices]).toEqual(['/data', []]);
});

test('a folder of an older version has no config.json, which is not reported', async () => {
  expect(await read(undefined)).toEqual({ config: undefined, notices: [] });
});

test.each(['{', '[]', 'null'])('a config.json that holds %s is passed over, and that is reported', async (text) => {
  const { config, notices } = await read(text);
  expect(config).toBeUndefined();
  expect(notices).toEqual([
    expect.stringMatching(/config\.json: cannot be read as JSON; the settings in the checkpoint/),
  ]);
});

test('the settings in a checkpoint are named by their flags; a checkpoint of PyTorch has none', () => {
  const computedOn = { backend: 'tensorflow', device: 'cpu', version: '2.21.0', compiled: true };
  expect(configOf({ ...METADATA, settings: { batchSize: 8 }, computedOn })).toMatchObject({
    settings: { 'batch-size': 8 },
    network: METADATA.architecture,
    versions: { tensorflow: '2.21.0' },
    device: 'cpu',
  });
  expect(configOf(undefined)).toEqual({});
  expect(dataDirOf(configOf({ ...METADATA, settings: { dataDir: '/data' } }))).toBe('/data');
});
