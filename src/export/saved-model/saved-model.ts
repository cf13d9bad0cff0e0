/** The format SavedModel: one file that TensorFlow, Keras, TensorFlow Serving and the converter of LiteRT read. */
import { tensorflowAdvice } from '../../runtime/open.ts';
import { loadSavedModel } from '../../runtime/saved-model.ts';
import type { NetworkFormatRoom } from '../network-format.ts';
import { encodeSavedModel, SIGNATURE, TAG } from './message.ts';

/** See `NetworkFormatRoom`. */
export const SAVED_MODEL: NetworkFormatRoom = {
  layout: 'NHWC',
  byteType: 'float32',
  write: (graph, facts) => [{ name: 'saved_model.pb', pieces: [encodeSavedModel(graph, facts)] }],
  open: async (path, { input }, { backend, tf, version }) => {
    if (backend !== 'tensorflow') return { missing: tensorflowAdvice() };
    const model = await loadSavedModel(tf, path, { tag: TAG, signature: SIGNATURE });
    const [channels, height, width] = input.shape;
    return {
      runtime: `TensorFlow ${version}`,
      run: async (numbers, count) => {
        const output = tf.tidy(() => {
          return model.predict(tf.tensor4d(Float32Array.from(numbers), [count, height, width, channels]));
        });
        const answers = (await output.data()) as Float32Array;
        output.dispose();
        return answers;
      },
      close: () => model.dispose(),
    };
  },
};
