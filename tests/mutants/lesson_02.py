# ruff: noqa: F811, B028, C416
"""Answers to lesson 2, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("02-music-into-numbers")


# standardise ------------------------------------------------------------------------------------------------------------


@lesson.wrong("wrong axis", says="down the rows (axis 0)")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=1) if mean is None else mean
    std = X.std(axis=1) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("each row by itself", says="down the rows (axis 0)")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=1, keepdims=True) if mean is None else mean
    std = X.std(axis=1, keepdims=True) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("one mean for the whole table", says="one number for each column")
def standardise(X, mean=None, std=None):
    mean = X.mean() if mean is None else mean
    std = X.std() if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("a constant column gives NaN", says="never NaN")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / std, mean, std


@lesson.wrong("if any column is constant, nothing is divided", says="each column gets mean 0 and standard deviation 1")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / max(1, std.min()), mean, std


@lesson.wrong("a constant column becomes 1", says="divide by 1 instead")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return np.where(std == 0, 1, (X - mean) / np.where(std == 0, 1, std)), mean, std


@lesson.wrong("NaN becomes 0 everywhere once a column is constant", says="spoils no other")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    if np.any(std == 0):
        return np.zeros(X.shape), mean, std
    return (X - mean) / std, mean, std


@lesson.wrong("refitted on every call", says="never by their own")
def standardise(X, mean=None, std=None):
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("moved by the old mean, stretched by its own std", says="never by their own")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0)
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("old mean and std used, own ones returned", says="returned as they are")
def standardise(X, mean=None, std=None):
    own_mean, own_std = X.mean(axis=0), X.std(axis=0)
    used_mean = own_mean if mean is None else mean
    used_std = own_std if std is None else std
    return (X - used_mean) / np.where(used_std == 0, 1, used_std), own_mean, own_std


@lesson.wrong("a mean of zeros is taken for none", says="never by their own")
def standardise(X, mean=None, std=None):
    if mean is None or not np.any(mean):
        mean = X.mean(axis=0)
    if std is None:
        std = X.std(axis=0)
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("asks `if not mean`", says="ambiguous")
def standardise(X, mean=None, std=None):
    if not mean:
        mean = X.mean(axis=0)
    if not std:
        std = X.std(axis=0)
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("divided by n - 1", says="divided by n")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0, ddof=1) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("variance for standard deviation", says="std is sqrt(mean of (X - mean) ** 2)")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.var(axis=0) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("mean distance for standard deviation", says="std is sqrt(mean of (X - mean) ** 2)")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = np.abs(X - mean).mean(axis=0) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("only moved", says="each column gets mean 0 and standard deviation 1")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return X - mean, mean, std


@lesson.wrong("stretched before it is moved", says="Z = (X - mean) / std")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return X / np.where(std == 0, 1, std) - mean, mean, std


@lesson.wrong("brackets forgotten", says="Z = (X - mean) / std")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return X - mean / np.where(std == 0, 1, std), mean, std


@lesson.wrong("squeezed between 0 and 1", says="Z = (X - mean) / std")
def standardise(X, mean=None, std=None):
    old = mean is not None
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    width = np.ptp(X, axis=0)
    return ((X - mean) / std if old else (X - X.min(axis=0)) / np.where(width == 0, 1, width)), mean, std


@lesson.wrong("X changed in place", says="X itself stays as it was")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    X -= mean
    X /= np.where(std == 0, 1, std)
    return X, mean, std


@lesson.wrong("returns Z alone", says="three things")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std)


@lesson.wrong("returns std before mean", says="one number for each column")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), std, mean


@lesson.wrong("return forgotten", says="`return`")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    print((X - mean) / std)


@lesson.wrong("nothing written yet", says="is not written yet")
def standardise(X, mean=None, std=None):
    raise NotImplementedError()


@lesson.right("std of a constant column returned as 1")
def standardise(X, mean=None, std=None):
    if mean is None:
        mean = np.mean(X, axis=0)
    if std is None:
        std = np.std(X, axis=0)
        std[std == 0] = 1
    return (X - mean) / std, mean, std


@lesson.right("cell by cell, plain lists")
def standardise(X, mean=None, std=None):
    n, n_features = len(X), len(X[0])
    if mean is None:
        mean = [sum(row[k] for row in X) / n for k in range(n_features)]
    if std is None:
        std = [(sum((row[k] - mean[k]) ** 2 for row in X) / n) ** 0.5 for k in range(n_features)]
    Z = [[(row[k] - mean[k]) / (std[k] or 1) for k in range(n_features)] for row in X]
    return Z, mean, std


@lesson.right("column by column into a copy")
def standardise(X, mean=None, std=None):
    Z = np.array(X, dtype=float)
    mean = Z.mean(axis=0) if mean is None else mean
    std = Z.std(axis=0) if std is None else std
    for k in range(Z.shape[1]):
        Z[:, k] -= mean[k]
        if std[k] != 0:
            Z[:, k] /= std[k]
    return [Z, mean, std]


@lesson.right("a pinch added to std")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / (std + 1e-9), mean, std


@lesson.right("NaN turned into 0, float32, with its warning")
def standardise(X, mean=None, std=None):
    X = X.astype(np.float32)
    mean = X.mean(axis=0) if mean is None else mean
    std = np.sqrt(((X - mean) ** 2).mean(axis=0)) if std is None else std
    return np.nan_to_num((X - mean) / std), mean, std


@lesson.right("columns made rows and back, noisy")
def standardise(X, mean=None, std=None):
    import sys
    import warnings

    print("standardise", X.shape, file=sys.stderr)
    warnings.warn("an experiment")
    mean = np.average(X, axis=0) if mean is None else mean
    std = np.var(X, axis=0) ** 0.5 if std is None else std
    rows = [(column - m) / s if s > 0 else column - m for column, m, s in zip(X.T, mean, std)]
    return np.transpose(rows), mean, std


@lesson.wrong("a constant column is cared for in the library only", says="a new tune has 0 there too")
def standardise(X, mean=None, std=None):
    if mean is None:
        mean, std = X.mean(axis=0), X.std(axis=0)
        return (X - mean) / np.where(std == 0, 1, std), mean, std
    return (X - mean) / std, mean, std


@lesson.wrong("never divided by less than 1", says="never by their own")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / np.maximum(std, 1), mean, std


@lesson.wrong("a small std is taken for none", says="each column gets mean 0 and standard deviation 1")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / np.where(std < 0.1, 1, std), mean, std


@lesson.wrong("mean minus X", says="Z = (X - mean) / std")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (mean - X) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("median for mean", says="mean goes down the rows")
def standardise(X, mean=None, std=None):
    mean = np.median(X, axis=0) if mean is None else mean
    std = X.std(axis=0) if std is None else std
    return (X - mean) / np.where(std == 0, 1, std), mean, std


@lesson.wrong("rounded to two places", says="std is sqrt(mean of (X - mean) ** 2)")
def standardise(X, mean=None, std=None):
    mean = X.mean(axis=0).round(2) if mean is None else mean
    std = X.std(axis=0).round(2) if std is None else std
    return ((X - mean) / np.where(std == 0, 1, std)).round(2), mean, std


@lesson.right("calls itself for what was not given")
def standardise(X, mean=None, std=None):
    if mean is None or std is None:
        return standardise(X, X.mean(axis=0), X.std(axis=0))
    return np.divide(X - mean, std, out=np.zeros(np.shape(X)), where=std != 0), mean, std


@lesson.right("root of mean square minus square of mean, a tuple of tuples")
def standardise(X, mean=None, std=None):
    if mean is None:
        mean = tuple(X.mean(axis=0).tolist())
    if std is None:
        std = tuple(np.sqrt(np.maximum((X**2).mean(axis=0) - np.square(mean), 0)).tolist())
    safe = [s if s > 1e-6 else 1 for s in std]
    return tuple(map(tuple, (X - np.array(mean)) / safe)), mean, std


@lesson.right("matrix product with one over std")
def standardise(X, mean=None, std=None):
    mean = np.ones(len(X)) @ X / len(X) if mean is None else mean
    std = np.linalg.norm(X - mean, axis=0) / len(X) ** 0.5 if std is None else std
    return (X - mean) @ np.diag([1 / s if s else 0.0 for s in std]), mean, std


@lesson.right("the statistics module")
def standardise(X, mean=None, std=None):
    from statistics import fmean, pstdev

    if mean is None:
        mean = np.array([fmean(column) for column in X.T])
    if std is None:
        std = np.array([pstdev(column.tolist()) for column in X.T])
    return (X - mean) / np.where(np.isclose(std, 0), 1, std), mean, std


# minmax_score -----------------------------------------------------------------------------------------------------------


@lesson.wrong("a constant column gives NaN", says="every score is 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("a constant cost scores 1", says="every score is 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    score = (x - low) / (high - low if high > low else 1)
    return (score if kind == "benefit" else 1 - score), low, high


@lesson.wrong("a constant column scores a half", says="every score is 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.full(len(x), 0.5), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("a constant column scores a single 0", says="every score is 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return 0, low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("one new value is taken for a constant column", says="never by their own")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if x.max() == x.min():
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("refitted on every call", says="never by their own")
def minmax_score(x, kind, low=None, high=None):
    low, high = x.min(), x.max()
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("a limit of 0 is taken for none", says="a limit of 0 is a limit too")
def minmax_score(x, kind, low=None, high=None):
    low = low or x.min()
    high = high or x.max()
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("cut to 0 and 1", says="leave it so")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return np.clip((x - low if kind == "benefit" else high - x) / (high - low), 0, 1), low, high


@lesson.wrong("old limits widened by new values", says="beyond old limits")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else min(low, x.min())
    high = x.max() if high is None else max(high, x.max())
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("old limits used, own ones returned", says="returned as they are")
def minmax_score(x, kind, low=None, high=None):
    a = x.min() if low is None else low
    b = x.max() if high is None else high
    if a == b:
        return np.zeros(len(x)), a, b
    return (x - a if kind == "benefit" else b - x) / (b - a), x.min(), x.max()


@lesson.wrong("kind ignored", says="cost: the smallest number scores 1")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low) / (high - low), low, high


@lesson.wrong("benefit and cost the wrong way round", says="benefit: the smallest number scores 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "cost" else high - x) / (high - low), low, high


@lesson.wrong("cost below zero", says="cost: the smallest number scores 1")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else low - x) / (high - low), low, high


@lesson.wrong("cost as one over benefit", says="cost: the smallest number scores 1")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return ((x - low) / (high - low) if kind == "benefit" else low / x), low, high


@lesson.wrong("limits swapped for a cost", says="low is the smallest of x")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    if kind == "cost":
        low, high = high, low
    return (x - low) / (high - low), low, high


@lesson.wrong("divided by high", says="benefit: the smallest number scores 0")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return (x / high if kind == "benefit" else low / x), low, high


@lesson.wrong("first and last for smallest and largest", says="the smallest number scores 0")
def minmax_score(x, kind, low=None, high=None):
    low = x[0] if low is None else low
    high = x[-1] if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("scores in percent", says="the largest 1")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return 100 * (x - low if kind == "benefit" else high - x) / (high - low), low, high


@lesson.wrong("score alone", says="three things")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x))
    return (x - low if kind == "benefit" else high - x) / (high - low)


@lesson.wrong("return forgotten", says="`return`")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    print((x - low) / (high - low))


@lesson.wrong("nothing written yet", says="is not written yet")
def minmax_score(x, kind, low=None, high=None):
    raise NotImplementedError()


@lesson.wrong("x changed in place", says="x itself stays as it was")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    x -= low
    score = x / (high - low)
    return (score if kind == "benefit" else 1 - score), low, high


@lesson.right("number by number, a list")
def minmax_score(x, kind, low=None, high=None):
    if low is None:
        low = min(x)
    if high is None:
        high = max(x)
    score = []
    for value in x:
        if high == low:
            score.append(0)
        elif kind == "benefit":
            score.append((value - low) / (high - low))
        else:
            score.append((high - value) / (high - low))
    return score, low, high


@lesson.right("cost as one minus benefit")
def minmax_score(x, kind, low=None, high=None):
    low = np.min(x) if low is None else low
    high = np.max(x) if high is None else high
    if high == low:
        return 0 * x, low, high
    score = (x - low) / (high - low)
    return (1 - score if kind == "cost" else score), low, high


@lesson.right("cost by the other end")
def minmax_score(x, kind, low=None, high=None):
    low = sorted(x)[0] if low is None else low
    high = sorted(x)[-1] if high is None else high
    worst, best = (low, high) if kind == "benefit" else (high, low)
    return [(value - worst) / (best - worst) if best != worst else 0.0 for value in x], low, high


@lesson.right("straight line, float32")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if low == high:
        return np.zeros_like(x, dtype=np.float32), low, high
    slope = (1 if kind == "benefit" else -1) / (high - low)
    return np.float32(slope * (x - (low if kind == "benefit" else high))), low, high


@lesson.right("NaN turned into 0, noisy")
def minmax_score(x, kind, low=None, high=None):
    import logging
    import sys

    print(kind, file=sys.stderr)
    logging.warning("limits %s %s", low, high)
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    better = x - low if kind == "benefit" else high - x
    score = better / np.float64(high - low) if high != low else better / np.float64(0) * 0
    return np.nan_to_num(score), low, high


@lesson.wrong("constant limits are cared for only when they are its own", says="every score is 0")
def minmax_score(x, kind, low=None, high=None):
    if low is None and high is None and x.max() == x.min():
        return np.zeros(len(x)), x.min(), x.max()
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    return (x - low if kind == "benefit" else high - x) / np.float64(high - low), low, high


@lesson.wrong("the distance from the worst, never below 0", says="beyond old limits")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    return np.abs(x - (low if kind == "benefit" else high)) / (high - low), low, high


@lesson.wrong("a cost is cut at 0", says="beyond old limits")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    if kind == "benefit":
        return (x - low) / (high - low), low, high
    return np.maximum((high - x) / (high - low), 0), low, high


@lesson.wrong("only smallest and largest are scored right", says="in proportion")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    score = ((x - low) / (high - low)) ** 2
    return (score if kind == "benefit" else 1 - score), low, high


@lesson.wrong("ranks for numbers", says="in proportion")
def minmax_score(x, kind, low=None, high=None):
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros(len(x)), low, high
    if (low, high) != (x.min(), x.max()):
        return (x - low if kind == "benefit" else high - x) / (high - low), low, high
    rank = np.argsort(np.argsort(x)) / (len(x) - 1)
    return (rank if kind == "benefit" else 1 - rank), low, high


@lesson.right("a cost is the benefit of minus x")
def minmax_score(x, kind, low=None, high=None):
    low = np.amin(x) if low is None else low
    high = np.amax(x) if high is None else high
    if kind == "cost":
        return minmax_score(-x, "benefit", -high, -low)[0], low, high
    return (x - low) / ((high - low) or np.inf), low, high


@lesson.right("np.divide where it may, a list of three")
def minmax_score(x, kind, low=None, high=None):
    low, high = (np.min(x) if low is None else low), (np.max(x) if high is None else high)
    better = {"benefit": np.subtract(x, low), "cost": np.subtract(high, x)}[kind]
    width = np.full(len(x), float(high) - float(low))
    return [np.divide(better, width, out=np.zeros(len(x)), where=width > 0), low, high]


@lesson.right("the zeros last, limits as plain floats")
def minmax_score(x, kind, low=None, high=None):
    low = float(min(x.tolist())) if low is None else float(low)
    high = float(max(x.tolist())) if high is None else float(high)
    width = high - low if high > low else 1.0
    score = (x - low) / width
    if kind == "cost":
        score = 1 - score
    return score * (high > low), low, high


@lesson.right("tuple of scores, match for kind")
def minmax_score(x, kind, low=None, high=None):
    low = x[np.argmin(x)] if low is None else low
    high = x[np.argmax(x)] if high is None else high
    if np.isclose(low, high):
        return tuple(0 for _ in x), low, high
    match kind:
        case "benefit":
            return tuple((v - low) / (high - low) for v in x), low, high
        case "cost":
            return tuple(1 - (v - low) / (high - low) for v in x), low, high


# sublevel_score ---------------------------------------------------------------------------------------------------------


@lesson.wrong("sorted by the alphabet", says="not as in the alphabet")
def sublevel_score(label, levels):
    return sorted(levels).index(label) / (len(levels) - 1)


@lesson.wrong("a set, which numpy sorts", says="not as in the alphabet")
def sublevel_score(label, levels):
    return int(np.searchsorted(np.unique(levels), label)) / (len(levels) - 1)


@lesson.wrong("counts the labels that come before in the alphabet", says="not as in the alphabet")
def sublevel_score(label, levels):
    return sum(other < label for other in levels) / (len(levels) - 1)


@lesson.wrong("sorted by length", says="not as in the alphabet")
def sublevel_score(label, levels):
    return sorted(levels, key=len).index(label) / (len(levels) - 1)


@lesson.wrong("divided by m", says="divide by m - 1")
def sublevel_score(label, levels):
    return levels.index(label) / len(levels)


@lesson.wrong("counted from 1", says="k is counted from 0")
def sublevel_score(label, levels):
    return (levels.index(label) + 1) / len(levels)


@lesson.wrong("counted from 1, divided by m - 1", says="k is counted from 0")
def sublevel_score(label, levels):
    return (levels.index(label) + 1) / (len(levels) - 1)


@lesson.wrong("the middle of each stair", says="the lowest level scores 0")
def sublevel_score(label, levels):
    return (levels.index(label) + 0.5) / len(levels)


@lesson.wrong("highest first", says="the lowest level scores 0")
def sublevel_score(label, levels):
    return 1 - levels.index(label) / (len(levels) - 1)


@lesson.wrong("the number of the level", says="the highest level scores 1")
def sublevel_score(label, levels):
    return levels.index(label)


@lesson.wrong("divided as integers", says="score = k / (m - 1)")
def sublevel_score(label, levels):
    return levels.index(label) // (len(levels) - 1)


@lesson.wrong("brackets forgotten", says="the lowest level scores 0")
def sublevel_score(label, levels):
    return levels.index(label) / len(levels) - 1


@lesson.wrong("knows dynamics only", says="KeyError")
def sublevel_score(label, levels):
    return {"pp": 0, "p": 0.25, "mf": 0.5, "f": 0.75, "ff": 1}[label]


@lesson.wrong("return forgotten", says="`return`")
def sublevel_score(label, levels):
    print(levels.index(label) / (len(levels) - 1))


@lesson.wrong("nothing written yet", says="is not written yet")
def sublevel_score(label, levels):
    raise NotImplementedError()


@lesson.right("climbs the stairs")
def sublevel_score(label, levels):
    for k, level in enumerate(levels):
        if level == label:
            return k / (len(levels) - 1)


@lesson.right("table of all levels")
def sublevel_score(label, levels):
    return dict(zip(levels, np.linspace(0, 1, len(levels))))[label]


@lesson.right("numpy, float32, an array without axes")
def sublevel_score(label, levels):
    place = np.flatnonzero(np.array(levels) == label)[0]
    return np.array(place / (len(levels) - 1), dtype=np.float32)


@lesson.right("adds equal stairs, noisy")
def sublevel_score(label, levels):
    import sys
    import warnings

    warnings.warn(label)
    print(levels, file=sys.stderr)
    score, remaining = 0, list(levels)
    while remaining.pop(0) != label:
        score += 1 / (len(levels) - 1)
    return score


@lesson.wrong("finds the label inside another", says="not as in the alphabet")
def sublevel_score(label, levels):
    for k, level in enumerate(levels):
        if label in level:
            return k / (len(levels) - 1)


@lesson.wrong("compares first letters", says="not as in the alphabet")
def sublevel_score(label, levels):
    return [level[0] for level in levels].index(label[0]) / (len(levels) - 1)


@lesson.wrong("rounded to one place", says="score = k / (m - 1)")
def sublevel_score(label, levels):
    return round(levels.index(label) / (len(levels) - 1), 1)


@lesson.wrong("in percent", says="the highest level scores 1")
def sublevel_score(label, levels):
    return 100 * levels.index(label) / (len(levels) - 1)


@lesson.wrong("a list of all scores", says="the lowest level scores 0")
def sublevel_score(label, levels):
    return [k / (len(levels) - 1) for k in range(len(levels))]


@lesson.wrong("the list sorted in place first", says="not as in the alphabet")
def sublevel_score(label, levels):
    levels.sort()
    return levels.index(label) / (len(levels) - 1)


@lesson.right("minmax_score of the places")
def sublevel_score(label, levels):
    places = np.arange(len(levels))
    low, high = places.min(), places.max()
    return ((places - low) / (high - low))[levels.index(label)]


@lesson.right("counted from the top")
def sublevel_score(label, levels):
    return 1 - levels[::-1].index(label) / (len(levels) - 1)


@lesson.right("divided by the place of the last, whole numbers at the ends")
def sublevel_score(label, levels):
    if label == levels[0]:
        return 0
    if label == levels[-1]:
        return 1
    return np.float64(levels.index(label)) / levels.index(levels[-1])


@lesson.right("share of levels that are passed")
def sublevel_score(label, levels):
    *below, top = levels
    return len(below) / len(below) if label == top else below.index(label) / len(below)


# one_hot ----------------------------------------------------------------------------------------------------------------


@lesson.wrong("a key treated as ordinal", says="a row of n numbers with a single 1")
def one_hot(i, n):
    return i / (n - 1)


@lesson.wrong("a key treated as ordinal, in a row", says="a row of n numbers with a single 1")
def one_hot(i, n):
    return np.full(n, i / (n - 1))


@lesson.wrong("a thermometer: ones up to i", says="sqrt(2)")
def one_hot(i, n):
    row = np.zeros(n)
    row[: i + 1] = 1
    return row


@lesson.wrong("a hill that falls off with the distance", says="equally far")
def one_hot(i, n):
    return np.clip(1 - np.abs(np.arange(n) - i) / n, 0, 1)


@lesson.wrong("the number at its place", says="a single 1, at place i")
def one_hot(i, n):
    row = np.zeros(n)
    row[i] = i
    return row


@lesson.wrong("counted from 1", says="at place i counted from 0")
def one_hot(i, n):
    row = np.zeros(n)
    row[i - 1] = 1
    return row


@lesson.wrong("one column too many", says="a row of n numbers")
def one_hot(i, n):
    row = np.zeros(n + 1)
    row[i] = 1
    return row


@lesson.wrong("as long as it must be", says="a row of n numbers")
def one_hot(i, n):
    row = np.zeros(i + 1)
    row[i] = 1
    return row


@lesson.wrong("zeros and ones exchanged", says="and 0 elsewhere")
def one_hot(i, n):
    row = np.ones(n)
    row[i] = 0
    return row


@lesson.wrong("minus one elsewhere", says="and 0 elsewhere")
def one_hot(i, n):
    row = np.full(n, -1.0)
    row[i] = 1
    return row


@lesson.wrong("a column", says="a row of n numbers")
def one_hot(i, n):
    row = np.zeros((n, 1))
    row[i] = 1
    return row


@lesson.wrong("a row in a table", says="a row of n numbers")
def one_hot(i, n):
    return np.eye(n)[[i]]


@lesson.wrong("the whole table", says="a row of n numbers")
def one_hot(i, n):
    return np.eye(n)


@lesson.wrong("returns the 1", says="a row of n numbers")
def one_hot(i, n):
    row = np.zeros(n)
    row[i] = 1
    return row[i]


@lesson.wrong("counted from the end", says="at place i counted from 0")
def one_hot(i, n):
    row = np.zeros(n)
    row[n - 1 - i] = 1
    return row


@lesson.wrong("n and i exchanged", says="a row of n numbers")
def one_hot(n, i):
    row = np.zeros(n)
    row[i] = 1
    return row


@lesson.wrong("binary digits", says="a row of n numbers")
def one_hot(i, n):
    return np.array([int(digit) for digit in format(i, "b").zfill(n)], dtype=float)


@lesson.wrong("return forgotten", says="`return`")
def one_hot(i, n):
    np.zeros(n)[i] = 1


@lesson.wrong("nothing written yet", says="is not written yet")
def one_hot(i, n):
    raise NotImplementedError()


@lesson.right("list, place by place")
def one_hot(i, n):
    return [1 if k == i else 0 for k in range(n)]


@lesson.right("row of the unit matrix")
def one_hot(i, n):
    return np.eye(n)[i]


@lesson.right("true and false")
def one_hot(i, n):
    return np.arange(n) == i


@lesson.right("glued from three parts, whole numbers")
def one_hot(i, n):
    return [0] * i + [1] + [0] * (n - i - 1)


@lesson.right("put, float32, noisy")
def one_hot(i, n):
    import sys
    import warnings

    warnings.warn("an experiment")
    print(i, n, file=sys.stderr)
    row = np.zeros(n, dtype=np.float32)
    np.put(row, i, 1)
    return row


@lesson.wrong("ones from i on", says="a single 1, at place i")
def one_hot(i, n):
    row = np.zeros(n)
    row[i:] = 1
    return row


@lesson.wrong("words for numbers", says="expected numbers")
def one_hot(i, n):
    return ["1" if k == i else "0" for k in range(n)]


@lesson.wrong("scaled so that distances are 1", says="a single 1, at place i")
def one_hot(i, n):
    row = np.zeros(n)
    row[i] = 2**-0.5
    return row


@lesson.wrong("a neighbour gets a half", says="a single 1, at place i")
def one_hot(i, n):
    row = np.zeros(n)
    row[i], row[(i + 1) % n] = 1, 0.5
    return row


@lesson.wrong("the last place left out, as in statistics", says="a row of n numbers")
def one_hot(i, n):
    return np.eye(n)[i][:-1]


@lesson.right("counted by bincount")
def one_hot(i, n):
    return np.bincount([i], minlength=n)


@lesson.right("a 1 rolled to its place, small whole numbers without sign")
def one_hot(i, n):
    return np.roll(np.array([1] + [0] * (n - 1), dtype=np.uint8), i)


@lesson.right("a 1 put between zeros")
def one_hot(i, n):
    return np.insert(np.zeros(n - 1), i, 1)


@lesson.right("true and false in a tuple")
def one_hot(i, n):
    return tuple(k == i for k in range(n))
