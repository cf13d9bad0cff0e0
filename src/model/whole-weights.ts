/** The weights of a model as PyTorch would have them. */
import { type Parameter, parametersOf } from '../net/parameters.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { ModelFile } from './model-file.ts';
import { type Values, withDecayApplied } from './parameter-layout.ts';

/**
 * The network's parameters and their values. Dead weights, which training keeps aside, are decayed as the others were:
 * which are dead depends on the size of the images that the model was trained on.
 */
export function wholeWeights({
  architecture,
  state,
  metadata,
}: Pick<ModelFile, 'architecture' | 'state' | 'metadata'>): {
  readonly parameters: readonly Parameter[];
  readonly values: Values;
} {
  const input = metadata?.input ?? ([architecture.channels, 28, 28] as const); // other tools' files tell of no decay
  const parameters = parametersOf(traceShapes(resNet(architecture), input));
  return { parameters, values: withDecayApplied(state.values, parameters, state.optimizer) };
}
