"""The jobs of the programs here: exported networks, and images to run them on."""

import json
import sys
from pathlib import Path

import numpy as np

JOBS = json.loads(Path(sys.argv[1]).read_text())


def numbers_of(job):
    """The input of a job, in the shape and type that its network takes."""
    return np.fromfile(job["input"], job["type"]).reshape(job["shape"])


def answered(runtime, version, run):
    """What a runtime answers for every job, or why it does not.

    run: takes a job; returns its output, or None if it has none
    """
    return {"runtime": runtime, "version": version, "results": [result(run, job) for job in JOBS]}


def result(run, job):
    try:
        answers = run(job)
    except Exception as error:  # a fault of one network is a line of the table, whatever it is
        return {"fault": f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"}
    return {"answers": None if answers is None else np.asarray(answers, np.float64).flatten().tolist()}
