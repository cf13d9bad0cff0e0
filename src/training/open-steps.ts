import type { Runtime } from '../runtime/open.ts';
import { CompiledSteps } from './compiled-steps.ts';
import { EagerSteps } from './eager-steps.ts';
import type { Steps, StepsSource } from './steps.ts';

/** @param compile whether to run each step as one graph, where the backend can */
export function openSteps(runtime: Runtime, source: StepsSource, compile: boolean): Steps {
  return compile && runtime.backend === 'tensorflow'
    ? new CompiledSteps(runtime, source)
    : new EagerSteps(runtime, source);
}
