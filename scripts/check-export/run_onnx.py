"""Checks ONNX files by the onnx package's own checker, and runs them by ONNX Runtime.

    run_onnx.py JSON

The file JSON: a list of jobs. Standard output: what the checker and the runtime answer.
"""

import json

import onnx
import onnxruntime
from jobs import answered, numbers_of


def check(job):
    onnx.checker.check_model(onnx.load(job["path"]), full_check=True)


def run(job):
    session = onnxruntime.InferenceSession(job["path"], providers=["CPUExecutionProvider"])
    return session.run([job["outputName"]], {job["inputName"]: numbers_of(job)})[0]


print(
    json.dumps(
        [
            answered("onnx.checker, full check", onnx.__version__, check),
            answered("ONNX Runtime, Python", onnxruntime.__version__, run),
        ]
    )
)
