/** Predicts in a worker thread, so that the main thread stays free: node examples/worker.mjs [run] picture… */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  const [run, ...pictures] = process.argv.slice(2);
  const worker = new Worker(new URL(import.meta.url), { workerData: { run, pictures } });
  worker.on('message', (answer) => console.log(answer.problem ?? `${answer.path}: ${answer.guess}`));
  worker.on('error', (error) => {
    console.error(error.message); // of a UserError the message arrives, but not its code
    process.exitCode = 1;
  });
} else {
  const { predict } = await import('resnet');
  const { run: checkpoint, pictures } = workerData;
  for await (const answer of predict(pictures, { checkpoint })) parentPort.postMessage(answer);
}
