/** Evaluates a checkpoint: node examples/evaluate.mjs [run] [settings as JSON] */
import { evaluate, UserError } from 'resnet';

const [checkpoint, settings = '{}'] = process.argv.slice(2);

try {
  const facts = await evaluate({
    checkpoint,
    worst: 3,
    ...JSON.parse(settings),
    onNotice: (message) => console.error(message),
    onProgress: ({ doing, done, total }) => done === total && console.error(`${doing}: ${done} images`),
  });
  console.log(`${facts.hits} of ${facts.images} are right: ${(100 * facts.accuracy).toFixed(2)} %`);
  console.log(`95 % interval: ${facts.interval.map((end) => `${(100 * end).toFixed(2)} %`).join(' to ')}`);
  for (const { image, label, guess, probability } of facts.worst) {
    console.log(`image ${image}: ${label} taken for ${guess} with a probability of ${probability.toFixed(2)}`);
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
