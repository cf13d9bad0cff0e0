import type { Dataset } from '../dataset/source.ts';
import type { ModelFile } from '../model/model-file.ts';
import { parametersOf } from '../net/parameters.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { Runtime } from '../runtime/open.ts';
import { CompiledSteps } from './compiled-engine.ts';
import { EagerSteps } from './eager-engine.ts';
import type { Steps, StepsSource } from './engine.ts';

/** @param compile whether to run each step as one graph, where the backend can */
export function openSteps(runtime: Runtime, source: StepsSource, compile: boolean): Steps {
  return compile && runtime.backend === 'tensorflow'
    ? new CompiledSteps(runtime, source)
    : new EagerSteps(runtime, source);
}

/**
 * The steps of a checkpoint's model on a data set, for as long as `work` takes.
 *
 * @param compile as in `openSteps`
 */
export async function withModelSteps<Result>(
  runtime: Runtime,
  { architecture, state }: ModelFile,
  dataset: Dataset,
  compile: boolean,
  work: (steps: Steps) => Promise<Result>,
): Promise<Result> {
  const network = resNet(architecture);
  const parameters = parametersOf(traceShapes(network, [dataset.channels, dataset.height, dataset.width]));
  const steps = openSteps(runtime, { network, parameters, state, dataset }, compile);
  try {
    return await work(steps);
  } finally {
    steps.dispose();
  }
}
