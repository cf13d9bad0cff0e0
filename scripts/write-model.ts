/**
 * `npm run model -- RUN`: makes `models/mnist.safetensors`, the model that comes with the tool, of the best checkpoint of a
 * run, and writes `models/README.md` with what a real evaluation of it says. The same run gives the same files.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportWeights } from '../src/export/weights/export-weights.ts';
import { countTrainable, parametersOf } from '../src/net/parameters.ts';
import { resNet } from '../src/net/resnet.ts';
import { traceShapes } from '../src/net/trace.ts';
import { grouped, percentage } from '../src/numbers.ts';
import { networkText } from '../src/report/files/verified.ts';
import { BOXED_MODEL } from '../src/run/folder/boxed-model.ts';
import { findRun, modelAt } from '../src/run/folder/find-run.ts';
import { RUNS_FOLDER } from '../src/run/folder/run-files.ts';
import { readSoundModel } from '../src/run/read-model.ts';
import { type ModelFacts, modelPage } from './model-page.ts';

/** Most bytes of the model: it is in everyone's install. */
const MOST_BYTES = 3_000_000;

const root = fileURLToPath(new URL('../../', import.meta.url)); // from dist/scripts
const path = join(root, BOXED_MODEL.path);

const checkpoint = modelAt(await findRun(process.argv[2], RUNS_FOLDER, () => {}));
const file = await readSoundModel(checkpoint);
const { architecture, metadata } = file;
if (metadata === undefined) throw new Error(`${checkpoint} was not saved by resnet`);
const { computedOn, settings = {}, seed, epoch, input, toolVersion, ...rest } = metadata;
if (settings.dataDir !== undefined) throw new Error(`${checkpoint} names a folder: ${settings.dataDir}`);

// What computed the weights concerns only those who resume the run; the page says it.
const kept = { ...rest, settings, seed, epoch, input, toolVersion };
mkdirSync(dirname(path), { recursive: true });
const { bytes } = await exportWeights({ ...file, metadata: kept }, { format: 'safetensors', path });
if (bytes > MOST_BYTES) throw new Error(`${path}: has ${bytes} bytes, more than ${MOST_BYTES}`);

const evaluated = execFileSync(process.execPath, [join(root, 'bin', 'resnet.js'), 'eval', path, '--json'], {
  encoding: 'utf8',
});
const { images, hits, accuracy } = JSON.parse(evaluated) as Record<'images' | 'hits' | 'accuracy', number>;

const facts: ModelFacts = {
  network: `${networkText(architecture)}, ${grouped(countTrainable(parametersOf(traceShapes(resNet(architecture), input))))} parameters, float32`,
  recipe: String(settings.recipe),
  seed,
  epoch,
  accuracy: `${percentage(accuracy)} (${grouped(hits)} of ${grouped(images)} images)`,
  bytes,
  sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  madeBy: [
    `resnet ${toolVersion}`,
    ...(computedOn ? [`${computedOn.backend} ${computedOn.version} on the ${computedOn.device}`] : []),
    ...(computedOn?.threads ? [`${computedOn.threads} threads`] : []),
    ...(computedOn?.processor ? [`processor with ${computedOn.processor}`] : []),
  ].join(', '),
};
writeFileSync(join(dirname(path), 'README.md'), modelPage(facts));
process.stdout.write(`${BOXED_MODEL.path}: ${grouped(bytes)} bytes, ${facts.accuracy}\n`);
if (accuracy !== BOXED_MODEL.testAccuracy) {
  process.stdout.write(`write its accuracy into src/run/folder/boxed-model.ts: ${accuracy}\n`);
}
