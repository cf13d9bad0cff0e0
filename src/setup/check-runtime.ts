/** Checks the runtime in the folder that it is given: set-up runs this as a child process, which computes a product. */
import { locationsIn } from '../runtime/installed/locations.ts';
import { TENSORFLOW_VERSION } from '../runtime/installed/wheels.ts';
import { loadTensorFlow } from '../runtime/tensorflow.ts';

const { tf, version } = await loadTensorFlow('auto', locationsIn(process.argv[2] ?? ''));
if (version !== TENSORFLOW_VERSION)
  throw new Error(`TensorFlow ${TENSORFLOW_VERSION} was installed, ${version} was loaded`);
const [product] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
if (product !== 11) throw new Error(`[1, 2] times [3, 4] was ${product}, not 11`);
