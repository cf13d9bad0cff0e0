/** What an export has to answer: what this tool's own network does. */
import { Model } from '../../model/model.ts';
import { parametersOf } from '../../net/parameters.ts';
import { resNet } from '../../net/resnet.ts';
import { traceShapes } from '../../net/trace.ts';
import type { Runtime } from '../../runtime/open.ts';
import type { GraphSource } from '../inference/build-graph.ts';
import type { OutputName } from '../inference/graph.ts';
import { normalisedImages, type ProofImages } from './images.ts';

/** Our own network, ready to answer. */
export interface OwnNetwork {
  /** The network's output for images, [count, classes]. */
  answers(images: ProofImages): Promise<Float32Array>;
  dispose(): void;
}

/** The network of the forward pass that training and evaluation use, in float32. */
export function ownNetwork(runtime: Runtime, source: GraphSource, output: OutputName): OwnNetwork {
  const { architecture, input, values, normalisation, temperature = 1 } = source;
  const network = resNet(architecture);
  const parameters = parametersOf(traceShapes(network, input));
  const model = new Model(runtime, network, parameters, { values, batchesTracked: 0 });
  const [channels, height, width] = input;
  const { tf } = runtime;
  return {
    async answers(images) {
      const logits = tf.tidy(() => {
        const x = tf.tensor4d(normalisedImages(images, normalisation), [images.count, height, width, channels]);
        return model.logits(x, false); // [count, classes]
      });
      const data = (await logits.data()) as Float32Array;
      logits.dispose();
      return output === 'logits' ? data : probabilitiesOf(data, architecture.classes, temperature);
    },
    dispose: () => model.dispose(),
  };
}

/** Softmax of logits [count, classes] at a temperature, computed in double precision. */
function probabilitiesOf(logits: Float32Array, classes: number, temperature: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let begin = 0; begin < logits.length; begin += classes) {
    const row = logits.subarray(begin, begin + classes);
    const largest = Math.max(...row);
    const powers = Array.from(row, (logit) => Math.exp((logit - largest) / temperature));
    const sum = powers.reduce((total, power) => total + power, 0);
    result.set(
      powers.map((power) => power / sum),
      begin,
    );
  }
  return result;
}
