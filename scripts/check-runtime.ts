/** Checks the installed runtime: set-up runs this as a child process, which loads TensorFlow and computes a product. */
import { loadTensorFlow } from '../src/runtime/tensorflow.ts';
import { TENSORFLOW_VERSION } from './wheels.ts';

const { tf, version } = await loadTensorFlow('auto');
if (version !== TENSORFLOW_VERSION)
  throw new Error(`TensorFlow ${TENSORFLOW_VERSION} was installed, ${version} was loaded`);
const [product] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
if (product !== 11) throw new Error(`[1, 2] times [3, 4] was ${product}, not 11`);
