/** Opens the engine that suits the backend and the user's choice. */
import type { Dataset } from '../dataset/dataset.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { parametersOf } from '../net/parameters.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { type Runtime, tensorflowAdvice } from '../runtime/open.ts';
import { CompiledEngine } from './compiled-engine.ts';
import { EagerEngine } from './eager-engine.ts';
import type { Engine, EngineSource } from './engine.ts';

/**
 * Opens an engine; the caller disposes it.
 *
 * @param compile whether to run each step as one graph; backends other than TensorFlow run it op by op all the same
 * @throws UserError (usage, device) if there are peers and no graph, (io) if the server's port is taken
 */
export function openEngine(runtime: Runtime, source: EngineSource, compile: boolean): Engine {
  if (compile && runtime.backend === 'tensorflow') return new CompiledEngine(runtime, source);
  if (source.peers === undefined) return new EagerEngine(runtime, source);
  const [backend, advice, code] = compile
    ? [runtime.backend, tensorflowAdvice(), ExitCode.device]
    : [`${runtime.backend}, op by op`, 'leave out --no-compile', ExitCode.usage];
  const needed = `several workers need TensorFlow's graphs, but the backend is ${backend}`;
  throw new UserError(`${needed}: ${advice}, or train in one process`, code);
}

/** A model, and the normalisation of the images that it expects. */
type NormalisedModel = Pick<ModelFile, 'architecture' | 'state'> & Required<Pick<EngineSource, 'normalisation'>>;

/**
 * Opens an engine for a checkpoint's model on a data set; the caller disposes it.
 *
 * @param compile as in `openEngine`
 */
export function openModelEngine(
  runtime: Runtime,
  { architecture, state, normalisation }: NormalisedModel,
  dataset: Dataset,
  compile: boolean,
): Engine {
  const network = resNet(architecture);
  const parameters = parametersOf(traceShapes(network, [dataset.channels, dataset.height, dataset.width]));
  return openEngine(runtime, { network, parameters, state, dataset, normalisation }, compile);
}

/**
 * Opens an engine for a checkpoint's model on a data set, and disposes it when `work` ends.
 *
 * @param compile as in `openEngine`
 */
export async function withModelEngine<Result>(
  runtime: Runtime,
  model: NormalisedModel,
  dataset: Dataset,
  compile: boolean,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = openModelEngine(runtime, model, dataset, compile);
  try {
    return await work(engine);
  } finally {
    engine.dispose();
  }
}
