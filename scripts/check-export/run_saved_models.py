"""Runs SavedModels by TensorFlow and Keras, and converted by LiteRT.

    run_saved_models.py JSON

The file JSON: a list of jobs. Standard output: what each runtime answers.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import importlib.metadata  # noqa: E402
import json  # noqa: E402

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from ai_edge_litert.interpreter import Interpreter  # noqa: E402
from jobs import answered, numbers_of  # noqa: E402


def by_tensorflow(job):
    signature = tf.saved_model.load(job["path"]).signatures["serving_default"]
    return signature(**{job["inputName"]: tf.constant(numbers_of(job))})[job["outputName"]]


def by_keras(job):
    layer = keras.layers.TFSMLayer(job["path"], call_endpoint="serving_default")
    return layer(numbers_of(job))[job["outputName"]]


def by_litert(job):
    converted = tf.lite.TFLiteConverter.from_saved_model(job["path"]).convert()
    run = Interpreter(model_content=converted).get_signature_runner()
    return run(**{job["inputName"]: numbers_of(job)})[job["outputName"]]


print(
    json.dumps(
        [
            answered("TensorFlow, Python", tf.__version__, by_tensorflow),
            answered("Keras, TFSMLayer", keras.__version__, by_keras),
            answered("LiteRT, converted", importlib.metadata.version("ai-edge-litert"), by_litert),
        ]
    )
)
