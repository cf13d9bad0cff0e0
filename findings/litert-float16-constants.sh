#!/usr/bin/env bash
# LiteRT's converter makes float32 of weights that a SavedModel holds as float16, so the converted file is twice as large.
#
# Versions: tensorflow-cpu 2.21.0, ai-edge-litert 2.3.0, numpy 2.4.6, Python 3.11, Linux.
#
# A reasonable guess: a SavedModel whose weights are constants of float16, each followed by a cast to float32, becomes a
# .tflite file of about the same size, because LiteRT knows float16 weights: its own quantization writes just such
# constants, each followed by an op that makes float32 of it.
#
# Behaviour seen: the converter computes the cast once and stores the result. The file is byte for byte as large as that
# of float32 weights, and holds no float16; nothing says so. Whoever made the weights float16 to save room has to ask the
# converter for it again: by `optimizations` and `supported_types` it writes float16 from either SavedModel, to the same
# size. As the numbers are float16 already, that rounds nothing.
#
# The script needs Python 3 with pip, and a minute once TensorFlow is fetched (about 300 MB).
#
# Output seen:
#   SavedModel: float32 1.06 MB, float16 0.53 MB
#   converted: float32 1.05 MB [float32], float16 1.05 MB [float32]
#   converted with supported_types float16: float32 0.53 MB [float16, float32], float16 0.53 MB [float16, float32]
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" tensorflow-cpu==2.21.0 ai-edge-litert==2.3.0 numpy==2.4.6
export PYTHONPATH=$folder/packages TF_CPP_MIN_LOG_LEVEL=3

cat > "$folder/half.py" <<'PY'
import os
import sys
import tempfile

import numpy
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

tf.get_logger().setLevel('ERROR')
SIDE = 512
numbers = numpy.random.default_rng(0).standard_normal((SIDE, SIDE)).astype(numpy.float16)

def saved(dtype):
    """Folder and bytes of a SavedModel of x · weights, whose weights are constants of a type."""
    weights = tf.constant(numbers.astype(dtype))

    @tf.function(input_signature=[tf.TensorSpec([None, SIDE], tf.float32)])
    def serve(x):
        return {'y': tf.matmul(x, tf.cast(weights, tf.float32))}

    module = tf.Module()
    module.serve = serve
    path = tempfile.mkdtemp(dir=sys.argv[1])
    tf.saved_model.save(module, path, signatures={'serving_default': serve})
    return path, os.path.getsize(os.path.join(path, 'saved_model.pb'))

def converted(path, half):
    """Bytes of the converted file, and the types of its tensors that are as large as the weights."""
    converter = tf.lite.TFLiteConverter.from_saved_model(path)
    if half:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    content = converter.convert()
    details = Interpreter(model_content=content).get_tensor_details()
    large = [each for each in details if numpy.prod(each['shape']) == SIDE * SIDE]
    return len(content), sorted(numpy.dtype(each['dtype']).name for each in large)

def line(results):
    parts = [f"{name} {size / 1e6:.2f} MB [{', '.join(types)}]" for name, (size, types) in results.items()]
    return ', '.join(parts)

models = {dtype: saved(dtype) for dtype in ('float32', 'float16')}
print('SavedModel: ' + ', '.join(f'{name} {size / 1e6:.2f} MB' for name, (_, size) in models.items()))
plain = {name: converted(path, False) for name, (path, _) in models.items()}
half = {name: converted(path, True) for name, (path, _) in models.items()}
print(f'converted: {line(plain)}')
print(f'converted with supported_types float16: {line(half)}')
holds = models['float16'][1] < 0.6 * models['float32'][1] and plain['float16'] == plain['float32'] \
    and plain['float16'][1] == ['float32'] and 'float16' in half['float16'][1] and half['float16'] == half['float32']
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 "$folder/half.py" "$folder" 2> "$folder/log" || { cat "$folder/log" >&2; exit 1; }
