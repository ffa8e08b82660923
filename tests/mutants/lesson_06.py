# ruff: noqa: B006, B007, C402, C408, C409, F811, F821, F841
"""Answers to lesson 6, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("06-train-until")


# sgd_step ---------------------------------------------------------------------------------------------------------------


@lesson.wrong("+lr", says="a step goes downhill")
def sgd_step(params, grads, lr):
    return {name: p + lr * grads[name] for name, p in params.items()}


@lesson.wrong("no learning rate", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: p - grads[name] for name, p in params.items()}


@lesson.wrong("divides by the learning rate", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: p - grads[name] / lr for name, p in params.items()}


@lesson.wrong("the sign of the gradient only", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: p - lr * np.sign(grads[name]) for name, p in params.items()}


@lesson.wrong("the step, not where it leads", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: -lr * g for name, g in grads.items()}


@lesson.wrong("params and grads swapped", says="a step goes downhill")
def sgd_step(params, grads, lr):
    return {name: grads[name] - lr * p for name, p in params.items()}


@lesson.wrong("shrinks the weights as well", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: (1 - lr) * p - lr * grads[name] for name, p in params.items()}


@lesson.wrong("clips to one", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: p - lr * np.clip(grads[name], -5, 5) for name, p in params.items()}


@lesson.wrong("leaves the biases out", says="every parameter takes its own step")
def sgd_step(params, grads, lr):
    return {name: p if name.startswith("b") else p - lr * grads[name] for name, p in params.items()}


@lesson.wrong("only the names of our network", says="every parameter takes its own step")
def sgd_step(params, grads, lr):
    names = set(params) & {"w", "W_xh", "W_hh", "W_hy", "b_h", "b_y"}
    return {name: params[name] - lr * grads[name] for name in names}


@lesson.wrong("by order, not by name", says="every parameter takes its own step")
def sgd_step(params, grads, lr):
    return {name: p - lr * g for (name, p), g in zip(params.items(), grads.values())}


@lesson.wrong("mean of the gradient", says="a step goes downhill")
def sgd_step(params, grads, lr):
    return {name: p - lr * np.mean(grads[name]) * (p != 1) for name, p in params.items()}


@lesson.wrong("in place, nothing returned", says="does the function end in `return`?")
def sgd_step(params, grads, lr):
    for name in params:
        params[name] -= lr * grads[name]


@lesson.wrong("returns inside the loop", says="every parameter takes its own step")
def sgd_step(params, grads, lr):
    new = {}
    for name in params:
        new[name] = params[name] - lr * grads[name]
        return new


@lesson.right("in place")
def sgd_step(params, grads, lr):
    for name, g in grads.items():
        params[name] -= lr * g
    return params


@lesson.right("a loop, a number at a time, with warnings")
def sgd_step(params, grads, lr):
    import sys
    import warnings

    new = {}
    for name in sorted(params):
        new[name] = np.array(params[name], dtype=np.float32)
        for place in np.ndindex(new[name].shape):
            new[name][place] = params[name][place] - grads[name][place] * lr
        print(name, new[name], file=sys.stderr)
    warnings.warn("stepped", stacklevel=1)
    return new


@lesson.right("adds minus")
def sgd_step(params, grads, lr):
    return dict((name, np.add(params[name], -lr * grads[name])) for name in grads)


@lesson.wrong("only where it goes up", says="a step goes downhill")
def sgd_step(params, grads, lr):
    return {name: np.where(grads[name] > 0, p - lr * grads[name], p) for name, p in params.items()}


@lesson.wrong("never below zero", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: np.maximum(p - lr * grads[name], 0) for name, p in params.items()}


@lesson.wrong("clips by itself", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    length = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: p - lr * grads[name] / max(1, length) for name, p in params.items()}


@lesson.wrong("shared out between the numbers", says="the step is lr times the gradient")
def sgd_step(params, grads, lr):
    return {name: p - lr * grads[name] / np.size(p) for name, p in params.items()}


@lesson.wrong("all in one row", says="keeps its name and shape")
def sgd_step(params, grads, lr):
    return {name: (p - lr * grads[name]).ravel() for name, p in params.items()}


@lesson.wrong("arrays without names", says="the form asked for")
def sgd_step(params, grads, lr):
    return [p - lr * grads[name] for name, p in params.items()]


@lesson.right("uses up the gradients")
def sgd_step(params, grads, lr):
    for name in grads:
        grads[name] *= -lr
        grads[name] += params[name]
    return grads


@lesson.right("new arrays in the old dictionary")
def sgd_step(params, grads, lr):
    params |= {name: params[name] - np.multiply(grads[name], lr) for name in params}
    return params


@lesson.right("a deep copy, in single precision")
def sgd_step(params, grads, lr):
    import copy

    new = copy.deepcopy(params)
    for name in new:
        new[name] = np.subtract(new[name], np.float32(lr) * grads[name], dtype=np.float32)
    return new


# split_pieces -----------------------------------------------------------------------------------------------------------


@lesson.wrong("in the order of the list", says="dealt at random")
def split_pieces(ids, fractions, rng):
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    rng.random()
    return [ids[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("shuffles the caller's list", says="the list of ids stays as it was")
def split_pieces(ids, fractions, rng):
    rng.shuffle(ids)
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [ids[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("the global generator", says="all chance comes from rng")
def split_pieces(ids, fractions, rng):
    order = np.random.permutation(ids)
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("Python's own generator", says="all chance comes from rng")
def split_pieces(ids, fractions, rng):
    import random

    order = random.sample(ids, len(ids))
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("a generator of its own", says="all chance comes from rng")
def split_pieces(ids, fractions, rng):
    order = np.random.default_rng(0).permutation(ids)
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("cut, not rounded", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    order = list(rng.permutation(ids))
    cuts = [0] + [int(share * len(ids)) for share in np.cumsum(fractions)]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("sizes cut down, the rest lost", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    order, parts, start = list(rng.permutation(ids)), [], 0
    for share in fractions:
        n = int(share * len(ids) + 1e-9)
        parts.append(order[start : start + n])
        start += n
    return parts


@lesson.wrong("fractions taken for cuts", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    order = list(rng.permutation(ids))
    cuts = [0] + [round(share * len(ids)) for share in fractions]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("every part begins at the start", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    order = list(rng.permutation(ids))
    return [order[: round(share * len(ids))] for share in fractions]


@lesson.wrong("drawn for each part anew", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    return [list(rng.choice(ids, round(share * len(ids)), replace=False)) for share in fractions]


@lesson.wrong("drawn with replacement", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    order = list(rng.choice(ids, len(ids)))
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("each id throws a die: sizes by luck", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    parts = [[] for _ in fractions]
    for id in ids:
        parts[rng.choice(len(fractions), p=fractions)].append(id)
    return parts


@lesson.wrong("positions, not ids", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    order = rng.permutation(len(ids))
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end].tolist() for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("one id between the parts lost", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    order = list(rng.permutation(ids))
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start : end - 1] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("three parts whatever was asked", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    order, n = list(rng.permutation(ids)), len(ids)
    a, b = round(fractions[0] * n), round((fractions[0] + fractions[1]) * n)
    return order[:a], order[a:b], order[b:]


@lesson.right("shuffles a copy, arrays of strings, ends of the parts by numpy")
def split_pieces(ids, fractions, rng):
    import sys

    order = np.array(ids)
    rng.shuffle(order)
    print(order, file=sys.stderr)
    return np.split(order, np.rint(np.cumsum(fractions)[:-1] * len(ids)).astype(int))


@lesson.right("each part rounded, the rest goes to the last, parts sorted")
def split_pieces(ids, fractions, rng):
    left, parts = list(ids), []
    for share in fractions[:-1]:
        part = [left.pop(rng.integers(len(left))) for _ in range(round(share * len(ids)))]
        parts.append(sorted(part))
    return tuple([*parts, left])


@lesson.right("sorted by random keys")
def split_pieces(ids, fractions, rng):
    keys = rng.random(len(ids))
    order = [id for _, id in sorted(zip(keys, ids))]
    parts, total, start = [], 0.0, 0
    for share in fractions:
        total += share
        end = int(total * len(ids) + 0.5)
        parts.append(order[start:end])
        start = end
    return parts


@lesson.wrong("each part rounded by itself, the rest lost", says="every id stands in exactly one part")
def split_pieces(ids, fractions, rng):
    order, parts, start = list(rng.permutation(ids)), [], 0
    for share in fractions:
        n = round(share * len(ids))
        parts.append(order[start : start + n])
        start += n
    return parts


@lesson.wrong("the deck is only cut once", says="dealt at random")
def split_pieces(ids, fractions, rng):
    k = rng.integers(1, 15)
    order = ids[k:] + ids[:k]
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("shuffles inside the parts only", says="dealt at random")
def split_pieces(ids, fractions, rng):
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    parts = [ids[start:end] for start, end in zip(cuts, cuts[1:])]
    return [[part[i] for i in rng.permutation(len(part))] for part in parts]


@lesson.wrong("every second one", says="dealt at random")
def split_pieces(ids, fractions, rng):
    first = rng.integers(2)
    order = ids[first::2] + ids[1 - first :: 2]
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("deals from the caller's list", says="the list of ids stays as it was")
def split_pieces(ids, fractions, rng):
    n = len(ids)
    cuts = [0] + [round(share * n) for share in np.cumsum(fractions).tolist()]
    return [[ids.pop(rng.integers(len(ids))) for _ in range(end - start)] for start, end in zip(cuts, cuts[1:])]


@lesson.wrong("equal parts", says="a part has its fraction")
def split_pieces(ids, fractions, rng):
    return [list(part) for part in np.array_split(rng.permutation(ids), len(fractions))]


@lesson.right("cut down, the last gets the rest")
def split_pieces(ids, fractions, rng):
    order, parts, start = rng.permutation(ids).tolist(), [], 0
    for share in fractions[:-1]:
        end = start + int(share * len(ids))
        parts.append(order[start:end])
        start = end
    return parts + [order[start:]]


@lesson.right("labels shuffled")
def split_pieces(ids, fractions, rng):
    ends = np.rint(np.cumsum(fractions) * len(ids)).astype(int)
    labels = np.repeat(np.arange(len(fractions)), np.diff(ends, prepend=0))
    rng.shuffle(labels)
    return [[id for id, label in zip(ids, labels) if label == part] for part in range(len(fractions))]


@lesson.right("chosen part by part from what is left")
def split_pieces(ids, fractions, rng):
    left, parts = set(range(len(ids))), []
    for k, share in enumerate(fractions):
        n = len(left) if k == len(fractions) - 1 else min(len(left), int(np.ceil(share * len(ids) - 1e-9)))
        taken = rng.choice(sorted(left), n, replace=False)
        left -= set(taken.tolist())
        parts.append(np.array(ids)[taken])
    return parts


@lesson.right("swaps by hand, a generator seeded from rng")
def split_pieces(ids, fractions, rng):
    import random

    dice, order = random.Random(int(rng.integers(10**9))), [*ids]
    for i in range(len(order) - 1, 0, -1):
        j = dice.randrange(i + 1)
        order[i], order[j] = order[j], order[i]
    cuts = [0] + [round(share * len(ids)) for share in np.cumsum(fractions).tolist()]
    return tuple(tuple(order[start:end]) for start, end in zip(cuts, cuts[1:]))


# train_until ------------------------------------------------------------------------------------------------------------


@lesson.wrong("stops on E", says="the first epoch whose rmse_train is below the target")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    for _ in range(max_epochs):
        E = 0
        for i in rng.permutation(len(train)):
            inputs, targets = train[i]
            params.update(sgd_step(params, bptt(inputs, targets, h0, params), lr))
        for inputs, targets in train:
            E += squared_error(rnn_forward(inputs, h0, params)[1], targets)
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if target > E:
            history["converged"] = True
            break
    return history


@lesson.wrong("writes E into the history", says="rmse_train has one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        error = lambda pairs: sum(squared_error(rnn_forward(x, h0, params)[1], t) for x, t in pairs)
        history["rmse_train"].append(error(train))
        history["rmse_valid"].append(error(valid))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("no cap", says="training stops after max_epochs")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"]:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("no cap, on copies of the lists", says="training stops after max_epochs")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    train, valid, h0 = list(data[0]), data[1], np.zeros(len(params["b_h"]))
    history = {"rmse_train": [1.0], "rmse_valid": [], "converged": True}
    while history["rmse_train"][-1] >= target:
        rng.shuffle(train)
        for inputs, targets in train:
            params.update(sgd_step(params, clip_global_norm(bptt(inputs, targets, h0, params), 1), lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
    del history["rmse_train"][0]
    return history


@lesson.wrong("converged at the cap", says="it has not converged")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": []}
    for _ in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if history["rmse_train"][-1] < target:
            break
    history["converged"] = True
    return history


@lesson.wrong("not converged if the last epoch allowed reaches the goal", says="and has converged")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": []}
    for epoch in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if history["rmse_train"][-1] < target:
            break
    history["converged"] = len(history["rmse_train"]) < max_epochs
    return history


@lesson.wrong("never converged", says="and has converged")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    for epoch in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if history["rmse_train"][-1] < target:
            break
    return history


@lesson.wrong("trains to the cap whatever was reached", says="the first epoch whose rmse_train is below the target")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": []}
    for epoch in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
    history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("one history list shared", says="one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = dict.fromkeys(["rmse_train", "rmse_valid"], [])
    history["converged"] = False
    for epoch in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if history["rmse_train"][-2] < target:
            history["converged"] = True
            break
    return history


@lesson.wrong("one history for all calls", says="training stops after max_epochs")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500, history={"rmse_train": [], "rmse_valid": []}):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    for epoch in range(max_epochs):
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        if history["rmse_train"][-1] < target:
            break
    history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("training RMSE reported as validation", says="rmse_valid has one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        error = rmse_over(train, params)
        history["rmse_train"].append(error)
        history["rmse_valid"].append(error)
        history["converged"] = error < target
    return history


@lesson.wrong("learns from valid as well", says="which the network never learns from")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        for inputs, targets in valid:
            params.update(sgd_step(params, bptt(inputs, targets, h0, params), lr))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("stops on valid", says="the first epoch whose rmse_train is below the target")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_valid"][-1] < target
    return history


@lesson.wrong("params only renamed", says="params is changed in place")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params = sgd_step(params, grads, lr)
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("measures before it learns", says="when the epoch is over")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("epoch 0 in the history too", says="rmse_train has one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [rmse_over(train, params)], "rmse_valid": [rmse_over(valid, params)]}
    while history["rmse_train"][-1] >= target and len(history["rmse_train"]) <= max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
    history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("the mean of each piece's RMSE while it learns", says="when the epoch is over")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        errors = []
        for i in rng.permutation(len(train)):
            errors.append(rmse_over([train[i]], params))
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(np.mean(errors))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("the RMSE of the last piece", says="measure the network as it is when the epoch is over")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over([train[i]], params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("one piece an epoch", says="every piece once")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        i = rng.integers(len(train))
        grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
        params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("draws pieces with replacement", says="every piece once")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.integers(len(train), size=len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("leaves out the last piece", says="every piece once")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(max(1, len(train) - 1)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("uphill", says="when the epoch is over")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, -lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("always in the same order", says="the order of the pieces is drawn from rng")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for inputs, targets in train:
            grads = clip_global_norm(bptt(inputs, targets, h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("the global generator", says="the order of the pieces is drawn from rng")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in np.random.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.right("two for loops, a shuffled copy, noise")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    import sys
    import warnings

    train, valid = data
    h0 = np.zeros(params["W_hh"].shape[0])
    history = {"rmse_train": [], "rmse_valid": [], "converged": False, "seconds": 0}
    order = list(train)
    for epoch in range(max_epochs):
        rng.shuffle(order)
        for inputs, targets in order:
            grads = clip_global_norm(bptt(inputs, targets, h0, params), 1.0)
            new = sgd_step(params, grads, lr)
            for name in params:
                params[name] = new[name]
        history["rmse_train"].append(np.float64(rmse_over(train, params)))
        history["rmse_valid"].append(rmse_over(valid, params))
        print("epoch", epoch, history, file=sys.stderr)
        if history["rmse_train"][-1] < target:
            history["converged"] = True
            break
    else:
        warnings.warn("not converged", stacklevel=1)
    return history


@lesson.right("sgd in place, RMSE by pieces pooled, while True, arrays")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    def over(pairs):
        total = n = 0
        for inputs, targets in pairs:
            y = rnn_forward(inputs, h0, params)[1]
            total, n = total + rmse(y, targets) ** 2 * targets.size, n + targets.size
        return (total / n) ** 0.5

    h0, both, epoch = np.zeros_like(params["b_h"]), [], 0
    while True:
        for i in rng.choice(len(data[0]), len(data[0]), replace=False):
            grads = clip_global_norm(bptt(data[0][i][0], data[0][i][1], h0, params), 1.0)
            for name, g in grads.items():
                params[name] -= lr * g
        both.append([over(data[0]), over(data[1])])
        epoch += 1
        if both[-1][0] < target or epoch == max_epochs:
            break
    both = np.array(both)
    return {"rmse_train": both[:, 0], "rmse_valid": both[:, 1], "converged": both[-1, 0] < target}


@lesson.right("an order for all epochs, drawn once; step by lists")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    train, valid = data
    order = sorted(range(len(train)), key=lambda _: rng.random())
    rmse_train, rmse_valid, converged = [], [], False
    for _ in range(max_epochs):
        if converged:
            break
        for i in order:
            start = np.zeros(params["b_h"].shape)
            step = clip_global_norm(bptt(train[i][0], train[i][1], start, params), 1.0)
            params |= sgd_step(params, step, lr)
        rmse_train += [rmse_over(train, params)]
        rmse_valid += [rmse_over(valid, params)]
        converged = bool(rmse_train[-1] < target)
    return dict(rmse_train=rmse_train, rmse_valid=rmse_valid, converged=converged)


@lesson.wrong("no clipping", says="clipped to length 1")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            params.update(sgd_step(params, bptt(*train[i], h0, params), lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("clips each number, not the length", says="clipped to length 1")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = {k: np.clip(g, -1, 1) for k, g in bptt(*train[i], h0, params).items()}
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("clips after the step", says="when the epoch is over")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            params.update(clip_global_norm(sgd_step(params, bptt(*train[i], h0, params), lr), 1.0))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("adds up the gradients, one step an epoch", says="a step downhill for each")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        total = {name: np.zeros_like(p) for name, p in params.items()}
        for i in rng.permutation(len(train)):
            for name, g in bptt(*train[i], h0, params).items():
                total[name] += g
        params.update(sgd_step(params, clip_global_norm(total, 1.0), lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("adds up clipped gradients, one step an epoch", says="a step downhill for each")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        total = {name: np.zeros_like(p) for name, p in params.items()}
        for i in rng.permutation(len(train)):
            for name, g in clip_global_norm(bptt(*train[i], h0, params), 1.0).items():
                total[name] += g
        params.update(sgd_step(params, total, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("mean of the RMSEs of the pieces", says="both numbers measure")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(np.mean([rmse_over([pair], params) for pair in train]))
        history["rmse_valid"].append(np.mean([rmse_over([pair], params) for pair in valid]))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("the memory goes on from piece to piece", says="one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            h0 = rnn_forward(train[i][0], h0, params)[0][..., -1, :]
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("a smaller learning rate each epoch", says="one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        lr *= 0.9
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("learns from valid, measures train", says="one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(valid)):
            grads = clip_global_norm(bptt(*valid[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("measures valid before the epoch", says="rmse_valid has one number an epoch")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        history["rmse_valid"].append(rmse_over(valid, params))
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("one epoch too many", says="training stops after max_epochs")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) <= max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.wrong("always the goal 0.1", says="the first epoch whose rmse_train is below the target")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < 0.1
    return history


@lesson.wrong("forgets to take what sgd_step returns", says="with a step downhill for each")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            grads = clip_global_norm(bptt(*train[i], h0, params), 1.0)
            sgd_step(params, grads, lr)
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


@lesson.right("shuffles the caller's list, converged by numpy, more in the history")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    (train, valid), h0 = data, np.zeros_like(params["b_h"])
    history = {"rmse_train": [], "rmse_valid": [], "converged": np.False_, "epochs": 0, "lr": lr}
    while not history["converged"] and history["epochs"] < max_epochs:
        rng.shuffle(train)
        for inputs, targets in train:
            for name, p in sgd_step(params, clip_global_norm(bptt(inputs, targets, h0, params), 1), lr).items():
                params[name][...] = p
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["epochs"] += 1
        history["converged"] = np.less(history["rmse_train"][-1], target)
    return history


@lesson.right("single precision in the history, clips by itself")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    train, valid = data
    h0, history = [0.0] * len(params["b_h"]), {"rmse_train": (), "rmse_valid": (), "converged": 0}
    for _ in range(max_epochs):
        for inputs, targets in rng.permuted(np.array([*train, None], dtype=object)[:-1]):
            grads = bptt(inputs, targets, np.array(h0), params)
            length = np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
            params.update(sgd_step(params, {name: g / max(length, 1) for name, g in grads.items()}, lr))
        history["rmse_train"] += (np.float32(rmse_over(train, params)),)
        history["rmse_valid"] += (np.float32(rmse_over(valid, params)),)
        if history["rmse_train"][-1] < target:
            return history | {"converged": 1}
    return history


@lesson.right("measures by one long list of numbers, takes pieces out of a copy")
def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    def measure(pairs):
        missed = [(rnn_forward(x, h0, params)[1] - t).ravel() for x, t in pairs]
        return np.sqrt(np.mean(np.concatenate(missed) ** 2))

    h0, train_curve, valid_curve = np.zeros(params["W_hh"].shape[0]), [], []
    while len(train_curve) < max_epochs and not (train_curve and train_curve[-1] < target):
        left = list(data[0])
        while left:
            inputs, targets = left.pop(int(rng.integers(len(left))))
            step = sgd_step(params, clip_global_norm(bptt(inputs, targets, h0, params), 1.0), lr)
            params.clear()
            params.update(step)
        train_curve, valid_curve = train_curve + [measure(data[0])], valid_curve + [measure(data[1])]
    return {"rmse_train": train_curve, "rmse_valid": valid_curve, "converged": min(train_curve) < target}


# silence_rmse -----------------------------------------------------------------------------------------------------------


@lesson.wrong("no root", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.mean(targets**2)


@lesson.wrong("a sum for the mean", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.sum(targets**2))


@lesson.wrong("E", says="the root of the mean of t * t")
def silence_rmse(targets):
    return 0.5 * np.sum(targets**2)


@lesson.wrong("the root of the mean, not squared", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.mean(np.abs(targets)))


@lesson.wrong("the mean of the size", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.mean(np.abs(targets))


@lesson.wrong("squares the mean", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.mean(targets) ** 2)


@lesson.wrong("the standard deviation", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.std(targets)


@lesson.wrong("always 128 columns", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(1 / 128)


@lesson.wrong("trusts that every row holds a 1", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(1 / targets.shape[-1])


@lesson.wrong("ones for silence", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.mean((targets - 1) ** 2))


@lesson.wrong("a number for each step", says="has shape (2,), expected ()")
def silence_rmse(targets):
    return np.sqrt(np.mean(targets**2, axis=-1))


@lesson.wrong("steps that rest left out", says="rows of rests too")
def silence_rmse(targets):
    rows = targets.reshape(-1, targets.shape[-1])
    rows = rows[rows.any(axis=1)] if rows.any() and len(rows) > 2 else rows
    return np.sqrt(np.mean(rows**2))


@lesson.wrong("the first of the batch only", says="one number for all steps")
def silence_rmse(targets):
    first = targets[0] if targets.ndim == 3 else targets
    return np.sqrt(np.sum(first**2) / targets.size)


@lesson.wrong("the mean of each step's RMSE", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.mean(np.sqrt(np.mean(targets**2, axis=-1)))


@lesson.right("lesson 4's rmse against zeros, with a warning")
def silence_rmse(targets):
    import warnings

    warnings.warn("silence", stacklevel=1)
    return rmse(np.zeros_like(targets), targets)


@lesson.right("the length of all numbers in a row")
def silence_rmse(targets):
    return np.linalg.norm(targets) / targets.size**0.5


@lesson.right("number by number, single precision")
def silence_rmse(targets):
    total = np.float32(0)
    for t in targets.ravel():
        total += np.float32(t) ** 2
    return (total / targets.size) ** 0.5


@lesson.wrong("the sum shared between the steps", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.sum(targets**2) / len(targets))


@lesson.wrong("counts the ones", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.count_nonzero(targets) / targets.size)


@lesson.wrong("mean over what is not zero", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.mean(targets[targets != 0] ** 2))


@lesson.wrong("one less in the mean", says="the root of the mean of t * t")
def silence_rmse(targets):
    return np.sqrt(np.sum(targets**2) / (targets.size - 1))


@lesson.wrong("rounded to two places", says="the root of the mean of t * t")
def silence_rmse(targets):
    return round(float(np.sqrt(np.mean(targets**2))), 2)


@lesson.wrong("counts the steps of the first piece", says="every cell counts")
def silence_rmse(targets):
    return np.sqrt(np.sum(targets**2) / (targets.shape[0] * targets.shape[-1]))


@lesson.right("mean and spread together")
def silence_rmse(targets):
    return np.hypot(np.mean(targets), np.std(targets))


@lesson.right("a list of Python numbers")
def silence_rmse(targets):
    numbers = [float(t) ** 2 for t in np.asarray(targets).flat]
    return (sum(numbers) / len(numbers)) ** 0.5


@lesson.right("dot product, an array without axes, in single precision")
def silence_rmse(targets):
    t = np.float32(targets).ravel()
    return np.array((t @ t / t.size) ** 0.5)


@lesson.right("by the error E")
def silence_rmse(targets):
    return np.sqrt(2 * squared_error(0 * targets, targets) / targets.size)
