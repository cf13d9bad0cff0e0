#!/usr/bin/env bash
# TensorFlow's gradients of a convolution leave oneDNN when the padding is called EXPLICIT, though SAME pads just so.
#
# Versions: tensorflow-cpu 2.21.0, numpy 2.4.6, Python 3.11, Linux on x86-64 with AVX2.
#
# A reasonable guess: a 3x3 convolution of stride 1 is as fast with EXPLICIT padding of one pixel on each side as with
# SAME, which adds the very same pixels.
#
# Behaviour seen: with oneDNN on, the forward pass runs oneDNN's convolution under both names. The gradients of the
# input and of the filter run it under the name SAME only. Under EXPLICIT they fall back without a word to TensorFlow's
# other kernels. The numbers are the same up to rounding. On maps of 2x2 pixels the gradient of the input takes over ten
# times as long. With oneDNN off (TF_ENABLE_ONEDNN_OPTS=0) it takes that long under either name.
#
# The script counts oneDNN's calls, which do not depend on how busy the machine is. Of the times it asks only that
# EXPLICIT takes three times as long or more. It needs Python 3 with pip, 1.6 GB of disk and about two minutes.
#
# Output seen (the times differ from run to run):
#   oneDNN's convolutions in tensorflow-cpu 2.21.0:
#   forward SAME 1, forward EXPLICIT 1, input SAME 1, input EXPLICIT 0, filter SAME 1, filter EXPLICIT 0
#   Gradient of the input: SAME 15 ms, EXPLICIT 293 ms
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" tensorflow-cpu==2.21.0 numpy==2.4.6
export PYTHONPATH=$folder/packages TF_ENABLE_ONEDNN_OPTS=1

cat > "$folder/convolve.py" <<'PY'
import statistics, time
import numpy as np
import tensorflow as tf

random = np.random.default_rng(0)
image = tf.constant(random.standard_normal((128, 2, 2, 256)), tf.float32)
kernel = tf.constant(random.standard_normal((3, 3, 256, 256)), tf.float32)
paddings = {'SAME': [], 'EXPLICIT': [0, 0, 1, 1, 1, 1, 0, 0]}
ops = {
    'forward': (tf.raw_ops.Conv2D, {'input': image, 'filter': kernel}),
    'input': (tf.raw_ops.Conv2DBackpropInput, {'input_sizes': image.shape, 'filter': kernel, 'out_backprop': image}),
    'filter': (tf.raw_ops.Conv2DBackpropFilter, {'input': image, 'filter_sizes': kernel.shape, 'out_backprop': image}),
}

def run(name, padding):
    op, inputs = ops[name]
    start = time.perf_counter()
    result = op(**inputs, strides=[1, 1, 1, 1], padding=padding, explicit_paddings=paddings[padding]).numpy()
    return result, (time.perf_counter() - start) * 1000

# The two take turns, so that whatever else the machine does slows both down. Medians forget the slow first calls.
times = [[run('input', padding)[1] for padding in paddings] for _ in range(15)]
print('times', *(round(statistics.median(column)) for column in zip(*times)), flush=True)
for name in ops:
    results = []
    for padding in paddings:
        print('#', name, padding, flush=True)
        results.append(run(name, padding)[0])
    assert np.abs(results[0] - results[1]).max() < 1e-4 * np.abs(results[0]).max(), name
PY

# The record's first line has the times, the second the number of oneDNN's convolutions that each op ran.
record=$(ONEDNN_VERBOSE=1 python3 "$folder/convolve.py" 2> "$folder/errors" | awk -F, '
  /^times/
  /^# / { if (at) printf "%s %d, ", at, count; at = substr($0, 3); count = 0 }
  /,exec,cpu,convolution,/ { count++ }
  END { printf "%s %d", at, count }') || { cat "$folder/errors"; exit 1; }
read -r _ same explicit <<< "$record"
seen=$(tail -n 1 <<< "$record")
version=$(python3 -c 'import importlib.metadata; print(importlib.metadata.version("tensorflow-cpu"))')
echo "oneDNN's convolutions in tensorflow-cpu $version:"
echo "$seen"
echo "Gradient of the input: SAME $same ms, EXPLICIT $explicit ms"

expected='forward SAME 1, forward EXPLICIT 1, input SAME 1, input EXPLICIT 0, filter SAME 1, filter EXPLICIT 0'
[ "$seen" = "$expected" ] && ((explicit >= 3 * same)) || { echo 'The behaviour has changed.'; exit 1; }
echo 'As described.'
