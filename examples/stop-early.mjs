/**
 * Trains until the validation accuracy is good enough: node examples/stop-early.mjs [accuracy] [settings as JSON]
 */
import { train, UserError } from 'resnet';

const wanted = Number(process.argv[2] ?? 0.97);
const settings = JSON.parse(process.argv[3] ?? '{}');

/** Whether training has done what it is for: your own code decides. */
const isEnough = (event) => event.type === 'epoch' && event.validation.accuracy >= wanted;

try {
  for await (const event of train({ name: 'stop-early', ...settings })) {
    if (event.type === 'notice') console.error(event.message);
    if (event.type === 'step') console.log(`step ${event.step}: loss ${event.loss.toFixed(3)}`);
    if (event.type === 'epoch') console.log(`epoch ${event.epoch}: accuracy ${event.validation.accuracy}`);
    if (isEnough(event)) break; // the run is saved, and can be resumed, when the loop has ended
  }
  console.log('done');
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
