"""Prints what scikit-learn and SciPy compute for the tests of figures and of the temperature, as JSON.

    pip install scikit-learn==1.9.1
    python test/evaluation/scikit_learn_reference.py > test/evaluation/scikit-learn-reference.json
"""
import json

import numpy
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import balanced_accuracy_score, f1_score, log_loss, top_k_accuracy_score


def answers(images, classes, kinds, seed):
    """Unequal classes, of which only some have images, and answers that are often right."""
    random = numpy.random.RandomState(seed)
    weights = numpy.arange(1, kinds + 1) ** 2
    labels = random.choice(kinds, images, p=weights / weights.sum())
    logits = random.normal(0, 1, (images, classes)).astype(numpy.float32)
    logits[numpy.arange(images), labels] += 1.5
    return labels, numpy.round(logits * 512) / 512


def temperature(logits, labels):
    """The temperature of the least cross-entropy, where the logits' own probabilities count as one image more."""
    double = logits.astype(numpy.float64)
    count = len(labels)
    wanted = numpy.eye(logits.shape[1])[labels] * count / (count + 1) + softmax(double, axis=1) / (count + 1)

    def loss(inverse):
        return -(wanted * log_softmax(double * inverse, axis=1)).sum(axis=1).mean()

    found = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-12})
    return 1 / found.x


def case(images, classes, kinds, seed, scale):
    labels, logits = answers(images, classes, kinds, seed)
    logits = logits * numpy.float32(scale)
    guesses = logits.argmax(axis=1)
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logits": logits.flatten().tolist(),
        "balancedAccuracy": balanced_accuracy_score(labels, guesses),
        "macroF1": f1_score(labels, guesses, average="macro", zero_division=0),
        "top5Accuracy": top_k_accuracy_score(labels, logits, k=5, labels=range(classes)),
        "loss": log_loss(labels, numpy.exp(log_softmax(logits.astype(numpy.float64), axis=1)), labels=range(classes)),
        "temperature": temperature(logits, labels),
    }


print(json.dumps([case(60, 4, 3, 1, 1), case(40, 12, 7, 2, 4), case(30, 12, 12, 3, 0.25)]))
