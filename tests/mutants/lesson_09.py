# ruff: noqa: F811, F821, B007, B023, B028, C416
"""Answers to lesson 9, wrong and right."""

import numpy as np

from musiclab.generate import sample

from .answers import Lesson

lesson = Lesson("09-composing")


# temperature_probs ------------------------------------------------------------------------------------------------------


@lesson.wrong("times for divided by", says="logits are divided by t")
def temperature_probs(logits, t):
    z = np.asarray(logits) * t
    weights = np.exp(z - z.max())
    return weights / weights.sum()


@lesson.wrong("takes the best", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    return np.eye(len(logits))[np.argmax(logits)]


@lesson.wrong("double softmax", says="taken once")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    p = np.exp(z - z.max())
    p = p / p.sum()
    return np.exp(p) / np.exp(p).sum()


@lesson.wrong("softmax first, then divided by t and softmax again", says="taken once")
def temperature_probs(logits, t):
    p = np.exp(logits - np.max(logits))
    p = np.exp(p / p.sum() / t)
    return p / p.sum()


@lesson.wrong("chances divided by t", says="logits are divided by t")
def temperature_probs(logits, t):
    p = np.exp(logits - np.max(logits))
    p = p / p.sum() / t
    return p / p.sum()


@lesson.wrong("temperature left out", says="logits are divided by t")
def temperature_probs(logits, t):
    p = np.exp(logits - np.max(logits))
    return p / p.sum()


@lesson.wrong("chances to the power of t", says="logits are divided by t")
def temperature_probs(logits, t):
    p = np.exp(logits - np.max(logits)) ** t
    return p / p.sum()


@lesson.wrong("does not add up to 1", says="over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    return np.exp(z - z.max())


@lesson.wrong("logits over their sum", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    return z / z.sum()


@lesson.wrong("largest not taken away", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    p = np.exp(np.asarray(logits) / t)
    return p / p.sum()


@lesson.wrong("smallest taken away", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    p = np.exp(z - z.min())
    return p / p.sum()


@lesson.wrong("taken away, but not from the largest of all", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    p = np.exp(z - z[0])
    return p / p.sum()


@lesson.wrong("largest of the undivided logits taken away afterwards", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    p = np.exp(np.asarray(logits) / t - np.max(logits))
    return p / p.sum()


@lesson.wrong("cut at 700", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    p = np.exp(np.clip(np.asarray(logits) / t, -700, 700))
    return p / p.sum()


@lesson.wrong("minus infinity gets a little", says="minus infinity has no chance")
def temperature_probs(logits, t):
    z = np.nan_to_num(logits, neginf=0) / t
    p = np.exp(z - z.max())
    return p / p.sum()


@lesson.wrong("mean taken away", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    p = np.exp(z - z.mean())
    return p / p.sum()


@lesson.wrong("logits divided in place", says="logits stay as they were")
def temperature_probs(logits, t):
    logits /= t
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


@lesson.wrong("powers of 2", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    weights = 2.0 ** (z - z.max())
    return weights / weights.sum()


@lesson.wrong("a drawn id", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    weights = np.exp(z - z.max())
    return np.random.default_rng().choice(len(z), p=weights / weights.sum())


@lesson.wrong("nothing written yet", says="is not written yet")
def temperature_probs(logits, t):
    raise NotImplementedError()


@lesson.right("logarithm of the sum")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    return np.exp(z - np.logaddexp.reduce(z))


@lesson.right("chances to the power of 1/t")
def temperature_probs(logits, t):
    p = np.exp(logits - np.max(logits)) ** (1 / t)
    return p / np.sum(p)


@lesson.right("a loop and a list")
def temperature_probs(logits, t):
    import math

    best = max(logits)
    weights = [math.exp((float(z) - best) / t) for z in logits]
    return [w / sum(weights) for w in weights]


@lesson.right("scipy, float32")
def temperature_probs(logits, t):
    from scipy.special import softmax

    return softmax(np.asarray(logits, dtype=np.float64) / np.float32(t)).astype(np.float32)


@lesson.right("noisy")
def temperature_probs(logits, t):
    import sys
    import warnings

    warnings.warn(f"t is {t}")
    print("chances at", t, file=sys.stderr)
    weights = np.exp((logits - np.max(logits)) / t)
    return weights / weights.sum()


@lesson.wrong("sign turned round", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = -np.asarray(logits) / t
    weights = np.exp(z - z.max())
    return weights / weights.sum()


@lesson.wrong("logarithms of the chances", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    return z - np.logaddexp.reduce(z)


@lesson.wrong("over the largest, not over the sum", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    weights = np.exp((np.asarray(logits) - np.max(logits)) / t)
    return weights / weights.max()


@lesson.wrong("divided by the largest, which should be taken away", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.asarray(logits) / t
    weights = np.exp(z / z.max())
    return weights / weights.sum()


@lesson.wrong("t squared", says="logits are divided by t")
def temperature_probs(logits, t):
    weights = np.exp((np.asarray(logits) - np.max(logits)) / t**2)
    return weights / weights.sum()


@lesson.wrong("t below 1 only", says="above 1 all chances become more alike")
def temperature_probs(logits, t):
    weights = np.exp((np.asarray(logits) - np.max(logits)) / min(t, 1))
    return weights / weights.sum()


@lesson.wrong("t never below a tenth", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    weights = np.exp((np.asarray(logits) - np.max(logits)) / max(t, 0.1))
    return weights / weights.sum()


@lesson.wrong("forbidden ones left out", says="minus infinity has no chance")
def temperature_probs(logits, t):
    z = np.asarray(logits)[np.isfinite(logits)] / t
    weights = np.exp(z - z.max())
    return weights / weights.sum()


@lesson.wrong("a small chance for all", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    weights = np.exp((np.asarray(logits) - np.max(logits)) / t) + 0.01
    return weights / weights.sum()


@lesson.wrong("sorted, the best first", says="the largest exponent is taken away first")
def temperature_probs(logits, t):
    weights = np.exp((np.sort(logits)[::-1] - np.max(logits)) / t)
    return weights / weights.sum()


@lesson.wrong("largest taken away in place", says="logits stay as they were")
def temperature_probs(logits, t):
    logits -= logits.max()
    weights = np.exp(logits / t)
    return weights / weights.sum()


@lesson.wrong("whole numbers", says="e^z over the sum of all e^z")
def temperature_probs(logits, t):
    z = np.nan_to_num(np.asarray(logits) / t).astype(int)
    weights = np.exp(z - z.max())
    return weights / weights.sum()


@lesson.right("work in place, on a copy")
def temperature_probs(logits, t):
    z = np.array(logits, dtype=float)
    z -= z.max()
    z /= t
    np.exp(z, out=z)
    z /= z.sum()
    return z


@lesson.right("float32 throughout, printing")
def temperature_probs(logits, t):
    z = np.float32(logits)
    z = (z - z.max()) / np.float32(t)
    print("largest of", z)
    return np.exp(z) / np.exp(z).sum()


@lesson.right("one over the sum of all ratios")
def temperature_probs(logits, t):
    chances = []
    for z in logits:
        if z == -np.inf:
            chances.append(0)
        else:
            chances.append(1 / sum(np.exp(min(float(other - z) / t, 700)) for other in logits))
    return chances


@lesson.right("the best found by sorting, powers of a number that is almost e")
def temperature_probs(logits, t):
    best = sorted(logits)[-1]
    weights = [2.718281828459045 ** ((z - best) / t) for z in logits]
    return np.divide(weights, np.sum(weights))


# mask_logits ------------------------------------------------------------------------------------------------------------


@lesson.wrong("times the mask", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return logits * allowed


@lesson.wrong("NaN where not allowed", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, np.nan)


@lesson.wrong("plus infinity", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, np.inf)


@lesson.wrong("the allowed ones are masked", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, -np.inf, logits)


@lesson.wrong("a large negative number", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, -1e9)


@lesson.wrong("minus infinity times zero", says="keeps its logit")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return logits + -np.inf * (1 - np.asarray(allowed))


@lesson.wrong("allowed ones are all alike", says="keeps its logit")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, 0.0, -np.inf)


@lesson.wrong("made into chances", says="keeps its logit")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    masked = np.where(allowed, logits, -np.inf)
    return masked - np.logaddexp.reduce(masked)


@lesson.wrong("forbidden ones left out", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return logits[allowed]


@lesson.wrong("in place", says="logits stay as they were")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    logits[~np.asarray(allowed)] = -np.inf
    return logits


@lesson.wrong("all masked passes through", says="a ValueError says so")
def mask_logits(logits, allowed):
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("all masked gives NaN", says="a ValueError says so")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        return np.full(len(logits), np.nan)
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("all masked allows all", says="a ValueError says so")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        return logits
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("refuses with an assertion", says="a ValueError says so")
def mask_logits(logits, allowed):
    assert np.any(allowed), "nothing is allowed"
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("refuses where anything is forbidden", says="what is not allowed")
def mask_logits(logits, allowed):
    if not np.all(allowed):
        raise ValueError("something is not allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("refuses where only one is allowed", says="one allowed symbol is enough")
def mask_logits(logits, allowed):
    if np.sum(allowed) < 2:
        raise ValueError("too few symbols are allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("asks for a place, not for a truth", says="one allowed symbol is enough")
def mask_logits(logits, allowed):
    if not np.argmax(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("nothing written yet", says="is not written yet")
def mask_logits(logits, allowed):
    raise NotImplementedError()


@lesson.right("a copy, filled")
def mask_logits(logits, allowed):
    masked = np.array(logits, dtype=float)
    masked[~np.asarray(allowed, dtype=bool)] = -np.inf
    if np.isneginf(masked).all():
        raise ValueError("nothing is allowed")
    return masked


@lesson.right("a list")
def mask_logits(logits, allowed):
    if True not in list(allowed):
        raise ValueError("nothing is allowed")
    return [float(z) if ok else float("-inf") for z, ok in zip(logits, allowed)]


@lesson.right("float32, logarithm of the mask, noisy")
def mask_logits(logits, allowed):
    import sys

    print("mask", allowed, file=sys.stderr)
    if sum(allowed) == 0:
        raise ValueError(f"none of {len(allowed)} symbols is allowed")
    return (logits + np.log(np.asarray(allowed, dtype=float))).astype(np.float32)


@lesson.wrong("another error", says="a ValueError says so")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise RuntimeError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("says so on the screen only", says="a ValueError says so")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        print("ValueError: nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("hands the error back", says="a ValueError says so")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        return ValueError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("asks whether the list is empty", says="a ValueError says so")
def mask_logits(logits, allowed):
    if len(allowed) == 0:
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("asks the first symbol only", says="keeps its logit")
def mask_logits(logits, allowed):
    if not allowed[0]:
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("asks the logits, not the mask", says="one allowed symbol is enough")
def mask_logits(logits, allowed):
    if not np.any(np.asarray(logits)[allowed]):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, -np.inf)


@lesson.wrong("asks whether the sum is minus infinity", says="what is not allowed gets minus infinity")
def mask_logits(logits, allowed):
    masked = np.where(allowed, logits, -np.inf)
    if masked.sum() == -np.inf:
        raise ValueError("nothing is allowed")
    return masked


@lesson.wrong("low logits count as forbidden", says="what is not allowed gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed & (np.asarray(logits) > 0), logits, -np.inf)


@lesson.wrong("True and False taken for ids", says="keeps its logit")
def mask_logits(logits, allowed):
    if not any(allowed):
        raise ValueError("nothing is allowed")
    masked = np.full(len(logits), -np.inf)
    for id in allowed:
        masked[int(id)] = logits[int(id)]
    return masked


@lesson.wrong("a masked array", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.ma.masked_array(logits, mask=~np.asarray(allowed))


@lesson.wrong("in place, and a copy back", says="logits stay as they were")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    for id, ok in enumerate(allowed):
        if not ok:
            logits[id] = -np.inf
    return logits.copy()


@lesson.wrong("a little below the lowest", says="gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    return np.where(allowed, logits, np.min(logits) - 100)


@lesson.wrong("only the best of the allowed", says="what is not allowed gets minus infinity")
def mask_logits(logits, allowed):
    if not np.any(allowed):
        raise ValueError("nothing is allowed")
    masked = np.where(allowed, logits, -np.inf)
    return np.where(masked == masked.max(), masked, -np.inf)


@lesson.right("filled with minus infinity, the error without words")
def mask_logits(logits, allowed):
    masked = np.full(np.shape(logits), -np.inf)
    masked[allowed] = logits[allowed]
    if (masked == -np.inf).all():
        raise ValueError
    return masked


@lesson.right("a loop that counts")
def mask_logits(logits, allowed):
    masked, n = [], 0
    for i in range(len(logits)):
        if allowed[i]:
            masked.append(logits[i])
            n += 1
        else:
            masked.append(-np.inf)
    if n == 0:
        raise ValueError("nothing may come")
    return np.array(masked, dtype=np.float32)


@lesson.right("a masked array, filled, printing")
def mask_logits(logits, allowed):
    print("allowed:", np.count_nonzero(allowed))
    if allowed.max() == False:  # noqa: E712
        raise ValueError("all False")
    return np.ma.masked_array(logits, mask=~allowed).filled(-np.inf)


@lesson.right("symbol by symbol, calling itself")
def mask_logits(logits, allowed):
    if not max(allowed):
        raise ValueError("nothing is allowed")

    def rest(i):
        return [] if i == len(logits) else [logits[i] if allowed[i] else -float("inf"), *rest(i + 1)]

    return rest(0)


# continue_from ----------------------------------------------------------------------------------------------------------


@lesson.wrong("memory not carried", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        new, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("begins anew at every step", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(model.start(), last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("begins anew at every call", says="it goes on from the state that is given")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, state[2]
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("memory anew, last as given", says="it goes on from the state that is given")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), state[1], state[2]
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("reads the same symbol again and again", says="the model reads `last`, then each new id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        ids.append(sample(logits, rng=rng))
        if controls:
            rules = controls.step(rules, ids[-1])
    return ids, (memory, ids[-1] if ids else last, rules)


@lesson.wrong("reads the last symbol before handing back", says="which the model has not read")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    memory, _ = model.step(memory, last)
    return ids, (memory, last, rules)


@lesson.wrong("the old state comes back", says="which the model has not read")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, state


@lesson.wrong("the old last comes back", says="which the model has not read")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, state[1], rules)


@lesson.wrong("last and memory swapped in the result", says="the new state is (memory, last, rules)")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (last, memory, rules)


@lesson.wrong("only ids come back", says="the new state is (memory, last, rules)")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids


@lesson.wrong("one too many", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) <= n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("the given symbol is among the new ones", says="the model reads `last`, then each new id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = [last]
    while len(ids) <= n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("rng not passed on", says="the same rng, the same ids")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("always the best", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = int(np.argmax(logits))
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("a seed of its own", says="the same rng, the same ids")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    rng, ids = np.random.default_rng(1), []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("logits of the step before", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    logits = model.step(memory, last)[1]
    while len(ids) < n and not (controls and controls.done(rules)):
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last, old = sample(logits, rng=rng), last
        memory, logits = model.step(memory, old)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls ignored", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n:
        memory, logits = model.step(memory, last)
        last = sample(logits, rng=rng)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls take nothing in", says="nothing more is drawn")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
            controls.step(rules, last)
        last = sample(logits, rng=rng)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls take in the symbol before", says="take in each new id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            rules = controls.step(rules, last)
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls begin anew", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    if controls:
        rules = controls.start()
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("never done", says="where the controls are done")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    for _ in range(n):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("asks after the draw only", says="done before the first draw")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    for _ in range(n):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        ids.append(last)
        if controls:
            rules = controls.step(rules, last)
            if controls.done(rules):
                break
    return ids, (memory, last, rules)


@lesson.wrong("the controls' state is lost", says="holds the controls' state")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, None)


@lesson.wrong("logits times the mask", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = logits * controls.allowed(rules)
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("nothing written yet", says="is not written yet")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    raise NotImplementedError()


@lesson.right("a for loop that may break, and an array")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    for _ in range(n):
        if controls is not None and controls.done(rules):
            break
        memory, logits = model.step(memory, last)
        allowed = np.ones(len(logits), dtype=bool) if controls is None else controls.allowed(rules)
        last = int(sample(np.where(allowed, logits, -np.inf), rng=rng))
        rules = rules if controls is None else controls.step(rules, last)
        ids += [last]
    return np.array(ids, dtype=int), [memory, last, rules]


@lesson.right("calls itself")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    if n == 0 or (controls and controls.done(rules)):
        return [], state
    memory, logits = model.step(memory, last)
    if controls:
        logits = mask_logits(logits, controls.allowed(rules))
    last = sample(logits, rng=rng)
    if controls:
        rules = controls.step(rules, last)
    ids, state = continue_from(model, (memory, last, rules), n - 1, sample=sample, controls=controls, rng=rng)
    return [last, *ids], state


@lesson.right("a generator inside, noisy")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    import sys
    import warnings

    now = list(state)

    def notes():
        while not controls or not controls.done(now[2]):
            now[0], logits = model.step(now[0], now[1])
            warnings.warn("a step")
            print(logits, file=sys.stderr)
            if controls:
                logits = mask_logits(logits, controls.allowed(now[2]))
            now[1] = sample(logits, rng=rng)
            now[2] = controls and controls.step(now[2], now[1])
            yield now[1]

    endless = notes()
    ids = [id for _, id in zip(range(n), endless)]
    return tuple(ids), tuple(now)


@lesson.right("the rng is passed only where there is one")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    rng = np.random.default_rng() if rng is None else rng
    ids = []
    while len(ids) != n:
        if controls:
            if controls.done(rules):
                return ids, (memory, last, rules)
            may = controls.allowed(rules)
        memory, logits = model.step(memory, id=last)
        last = sample(mask_logits(logits, may) if controls else logits, rng=rng)
        rules = controls.step(rules, last) if controls else rules
        ids.append(np.int64(last))
    return ids, (memory, last, rules)


@lesson.wrong("rng by place, where the temperature stands", says="sample(logits, rng=rng)")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("draws twice, and reads the other", says="the same rng, the same ids")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        ids.append(sample(logits, rng=rng))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
    return ids, (memory, last, rules)


@lesson.wrong("hands chances to sample", says="the same rng, the same ids")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        chances = np.exp(logits - np.max(logits))
        last = sample(chances / chances.sum(), rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("one too few", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n - 1 and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("runs with controls only", says="its memory is carried")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not controls.done(rules):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("done not called", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("done asked once, before the loop", says="nothing more is drawn")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    if controls and controls.done(rules):
        return ids, state
    while len(ids) < n:
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("allowed asked once, before the loop", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    may = controls.allowed(rules) if controls else None
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, may)
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("masked after the draw, then the best", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        last = sample(logits, rng=rng)
        if controls and not controls.allowed(rules)[last]:
            last = int(mask_logits(logits, controls.allowed(rules)).argmax())
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("masked after the draw, then the first that is allowed", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        last = sample(logits, rng=rng)
        if controls and not controls.allowed(rules)[last]:
            last = int(np.flatnonzero(controls.allowed(rules))[0])
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("allowed at the start of the tune", says="controls mask the logits")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(controls.start()))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls step from the state that was given", says="what they took in, once an id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(state[2], last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls step from their start", says="what they took in, once an id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(controls.start(), last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("controls take each id in twice", says="what they took in, once an id")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(controls.step(rules, last), last)
        ids.append(last)
    return ids, (memory, last, rules)


@lesson.wrong("four things come back", says="the new state is (memory, last, rules)")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, memory, last, rules


@lesson.wrong("all ids stand for the last", says="the new state is (memory, last, rules)")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return ids, (memory, ids, rules)


@lesson.wrong("state before ids", says="the model reads `last`")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
    return (memory, last, rules), ids


@lesson.wrong("reads each id as soon as it is drawn", says="which the model has not read")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state
    memory, logits = model.step(memory, last)
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = sample(logits, rng=rng)
        if controls:
            rules = controls.step(rules, last)
        ids.append(last)
        memory, logits = model.step(memory, last)
    return ids, (memory, last, rules)


@lesson.right("endless loop with breaks, printing, masks in place")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = state[0], state[1], state[2]
    ids = []
    while True:
        if len(ids) == n:
            break
        if controls is not None:
            if controls.done(rules):
                break
        memory, logits = model.step(memory, last)
        if controls is not None:
            logits[np.logical_not(controls.allowed(rules))] = -np.inf
        ids.append(sample(rng=rng, logits=logits))
        last = ids[-1]
        print("drawn", last)
        rules = controls.step(rules, last) if controls is not None else rules
    return ids, (memory, last, rules)


@lesson.right("controls that allow all, where there are none")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    class Free:
        start = lambda self: None
        step = lambda self, rules, id: rules
        done = lambda self, rules: False
        allowed = lambda self, rules: True

    memory, last, rules = state
    free, ids = controls or Free(), []
    while not (len(ids) >= n or free.done(rules)):
        memory, logits = model.step(memory, last)
        last = sample(np.where(free.allowed(rules), logits, -np.inf), rng=rng)
        rules = free.step(rules, last)
        ids = ids + [last]
    return (ids, (memory, last, rules))


@lesson.right("the state in a dictionary, float32")
def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    now = dict(zip(["memory", "last", "rules"], state))
    ids = [None] * n
    for i in range(n):
        if controls and controls.done(now["rules"]):
            ids = ids[:i]
            break
        now["memory"], logits = model.step(now["memory"], now["last"])
        logits = np.float32(logits)
        if controls:
            logits = np.array([z if ok else -np.inf for z, ok in zip(logits, controls.allowed(now["rules"]))])
        ids[i] = now["last"] = sample(logits, rng=rng)
        if controls:
            now["rules"] = controls.step(now["rules"], now["last"])
    return ids, tuple(now.values())


# generate ---------------------------------------------------------------------------------------------------------------


@lesson.wrong("<start> left out", says="the model reads <start>, then each id")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    if len(prompt):
        last = prompt[0]
        if controls:
            rules = controls.step(rules, last)
        for id in prompt[1:]:
            memory, _ = model.step(memory, last)
            last = id
            if controls:
                rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("<start> read twice", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    memory, _ = model.step(memory, 0)
    for id in prompt:
        memory, _ = model.step(memory, id)
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("last of the prompt read twice", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    memory, _ = model.step(memory, 0)
    for id in prompt:
        memory, _ = model.step(memory, id)
        last = id
        if controls:
            rules = controls.step(rules, id)
    if not len(prompt):
        memory = model.start()
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("prompt not read", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        rules = controls.step(rules, id) if controls else None
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("only the last of the prompt read", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        last = id
        rules = controls.step(rules, id) if controls else None
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("prompt read backwards", says="once, in order")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt[::-1]:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("memory not carried through the prompt", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(model.start(), last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("prompt among the answer", says="only the new ids come back")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    ids, _ = continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)
    return [*prompt, *ids]


@lesson.wrong("prompt counts among the n", says="only the new ids come back")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    n = max(0, n - len(prompt))
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("the state comes back too", says="even before an empty prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)


@lesson.wrong("sample not passed on", says="even before an empty prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    best = lambda logits, rng: int(logits.argmax())
    return continue_from(model, (memory, last, rules), n, sample=best, controls=controls, rng=rng)[0]


@lesson.wrong("rng not passed on", says="the same rng, the same ids")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls)[0]


@lesson.wrong("draws while it reads the prompt", says="the same rng, the same ids")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, logits = model.step(memory, last)
        last = sample(logits, rng=rng)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("controls not passed on", says="the controls take in the prompt, mask each draw")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    return continue_from(model, (memory, last, rules), n, sample=sample, rng=rng)[0]


@lesson.wrong("controls do not see the prompt", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("controls see only <start>", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        if controls:
            rules = controls.step(rules, last)
        last = id
    return continue_from(model, (memory, last, rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.wrong("nothing written yet", says="is not written yet")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    raise NotImplementedError()


@lesson.right("all by itself, in one loop")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    given, ids = list(prompt), []
    while given or (len(ids) < n and not (controls and controls.done(rules))):
        memory, logits = model.step(memory, last)
        if given:
            last = given.pop(0)
        else:
            if controls:
                logits = mask_logits(logits, controls.allowed(rules))
            last = sample(logits, rng=rng)
            ids.append(last)
        if controls:
            rules = controls.step(rules, last)
    return ids


@lesson.right("zip of the prompt with itself, an array, noisy")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    import logging
    import sys

    memory, rules = model.start(), controls.start() if controls else None
    for last, id in zip([0, *prompt], prompt):
        print("reads", last, file=sys.stderr)
        logging.warning("then %s", id)
        memory, _ = model.step(memory, last)
        rules = controls.step(rules, id) if controls else None
    state = memory, [0, *prompt][-1], rules
    return np.array(continue_from(model, state, n, rng=rng, controls=controls, sample=sample)[0], dtype=int)


@lesson.right("reduce, in one call")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    from functools import reduce

    def read(state, id):
        memory, last, rules = state
        return model.step(memory, last)[0], int(id), controls.step(rules, id) if controls else None

    start = (model.start(), 0, controls.start() if controls else None)
    return tuple(continue_from(model, reduce(read, prompt, start), n, sample=sample, controls=controls, rng=rng)[0])


@lesson.right("one symbol at a time")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory = model.step(memory, last)[0]
        last, rules = id, controls and controls.step(rules, id)
    state, written = (memory, last, rules), []
    for _ in range(n):
        more, state = continue_from(model, state, 1, sample=sample, controls=controls, rng=rng)
        written.extend(more)
    return written


@lesson.wrong("last id of the prompt left out", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt[:-1]:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("reads the id, and goes on from <start>", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, id)
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("sorted prompt", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in sorted(prompt):
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("every id of the prompt only once", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in dict.fromkeys(prompt):
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("last of the prompt, even of an empty one", says="even before an empty prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, prompt[-1], rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("too many, by the length of the prompt", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n + len(prompt), sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("only the last of the new ids", says="even before an empty prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids[-1]


@lesson.wrong("prompt and new ids, cut at n", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return [*prompt, *ids][:n]


@lesson.wrong("controls take in <start>", says="with an empty prompt the controls are at their start")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    if controls:
        rules = controls.step(rules, 0)
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("controls take the prompt in twice", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(controls.step(rules, id), id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("controls take in the last of the prompt only", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(controls.start(), id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("controls without their state", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, None)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("controls at their start after the prompt", says="the controls take in the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, controls.start() if controls else None)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("runs with controls only", says="the model reads 0 (<start>) first")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start()
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.wrong("a seed of its own", says="the same rng, the same ids")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (memory, last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=np.random.default_rng(1))
    return ids


@lesson.wrong("memory of the model before the last id is lost", says="each id of the prompt once")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    for id in prompt:
        memory, _ = model.step(memory, last)
        last = id
        if controls:
            rules = controls.step(rules, id)
    state = (model.start(), last, rules)
    ids, _ = continue_from(model, state, n, sample=sample, controls=controls, rng=rng)
    return ids


@lesson.right("places instead of ids, printing")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, rules = model.start(), controls.start() if controls else None
    all_ids = np.array([0, *prompt], dtype=int)
    for i in range(1, len(all_ids)):
        memory, logits = model.step(memory, all_ids[i - 1])
        print("read", all_ids[i - 1])
        if controls:
            rules = controls.step(rules, all_ids[i])
    return continue_from(model, (memory, all_ids[-1], rules), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.right("prompt used up")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules = model.start(), 0, controls.start() if controls else None
    while len(prompt) > 0:
        memory = model.step(memory, last)[0]
        last = prompt.pop(0)
        rules = controls.step(rules, last) if controls else None
    ids, state = continue_from(model, [memory, last, rules], n, sample=sample, controls=controls, rng=rng)
    return list(ids)


@lesson.right("calls itself for the prompt")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    def read(ids):
        if not ids:
            return model.start(), 0, controls.start() if controls else None
        memory, last, rules = read(ids[:-1])
        return model.step(memory, last)[0], ids[-1], controls.step(rules, ids[-1]) if controls else None

    return continue_from(model, read(list(prompt)), n, sample=sample, controls=controls, rng=rng)[0]


@lesson.right("a sampler that knows the prompt, and no second function")
def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    memory, last, rules, ids = model.start(), 0, controls and controls.start(), []
    for i in range(len(prompt) + n):
        if i >= len(prompt) and controls is not None and controls.done(rules):
            break
        memory, logits = model.step(memory, last)
        if i < len(prompt):
            last = prompt[i]
        else:
            allowed = controls.allowed(rules) if controls else np.full(len(logits), True)
            last = sample(np.where(allowed, logits, -np.inf), rng=rng)
            ids.append(last)
        rules = controls and controls.step(rules, last)
    return ids


# tied_forward -----------------------------------------------------------------------------------------------------------


@lesson.wrong("hears before it says", says="first say, then hear")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
    return p


@lesson.wrong("windows turned round", says="the one below it, itself and the one above, in this order")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1][::-1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("windows begin at the pitch", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, (0, 2 * r))
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("the keyboard is a ring", says="beyond the edges")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        windows = np.stack([np.roll(row, -i) for i in range(-r, r + 1)], axis=1)
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("edges repeated", says="beyond the edges")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r, mode="edge")
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("per-pitch weights", says="all pitches share the same weights")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    own = np.where(np.arange(n_pitches) < 20, 1.0, 0.5)[:, None] if n_pitches > 20 else 1.0
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows * own, state, params)
    return p


@lesson.wrong("each pitch hears how high it is", says="in this order")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] + k / n_pitches for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("one state for all pitches", says="in this order")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros(n_hidden), np.zeros(n_hidden)
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        for k in range(n_pitches):
            state = lstm_step(padded[k : k + 2 * r + 1], state, params)
    return p


@lesson.wrong("the mean of all states goes on", says="in this order")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        h, c = lstm_step(windows, state, params)
        state = np.tile(h.mean(axis=0), (n_pitches, 1)), np.tile(c.mean(axis=0), (n_pitches, 1))
    return p


@lesson.wrong("state not carried", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    zero = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    state, p = zero, np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, zero, params)
    return p


@lesson.wrong("only h is carried", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    h, c = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(h @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        h, _ = lstm_step(windows, (h, c), params)
    return p


@lesson.wrong("h and c swapped from step to step", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    h, c = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(h @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        h, c = lstm_step(windows, (c, h), params)
    return p


@lesson.wrong("says c instead of h", says="in this order")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[1] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("sigmoid forgotten", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = state[0] @ params["w_y"] + params["b_y"]
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("bias forgotten", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("state begins with ones", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.ones((n_pitches, n_hidden)), np.ones((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("chances add up to 1", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        p[t] /= p[t].sum()
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("a window of three, whatever r", says="carries a state")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p, middle = np.zeros(roll.shape), {**params, "W_x": params["W_x"][max(0, r - 1) : r + 2]}
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, 1)
        windows = np.array([padded[k : k + 3] for k in range(n_pitches)])
        state = lstm_step(windows, state, middle)
    return p


@lesson.wrong("nothing written yet", says="is not written yet")
def tied_forward(roll, params):
    raise NotImplementedError()


@lesson.right("sliding windows of the whole roll")
def tied_forward(roll, params):
    r = len(params["W_x"]) // 2
    padded = np.pad(roll, ((0, 0), (r, r)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * r + 1, axis=1)
    h = c = np.zeros((roll.shape[1], len(params["W_h"])))
    p = []
    for x in windows:
        p.append(sigmoid(h @ params["w_y"] + params["b_y"]))
        h, c = lstm_step(x, (h, c), params)
    return p


@lesson.right("pitch by pitch, float32")
def tied_forward(roll, params):
    n_steps, n_pitches = roll.shape
    r, n_hidden = len(params["W_x"]) // 2, len(params["W_h"])
    p = np.empty((n_steps, n_pitches), dtype=np.float32)
    for k in range(n_pitches):
        state = np.zeros(n_hidden), np.zeros(n_hidden)
        for t in range(n_steps):
            p[t, k] = 1 / (1 + np.exp(-(np.dot(params["w_y"], state[0]) + params["b_y"])))
            x = np.array([roll[t, j] if 0 <= j < n_pitches else 0 for j in range(k - r, k + r + 1)])
            state = lstm_step(x, state, params)
    return p


@lesson.right("hears and then says, one step behind, noisy")
def tied_forward(roll, params):
    import sys

    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.full(roll.shape, sigmoid(params["b_y"]))
    for t in range(1, len(roll)):
        print("step", t, file=sys.stderr)
        padded = np.concatenate([np.zeros(r), roll[t - 1], np.zeros(r)])
        windows = np.stack([padded[i : i + n_pitches] for i in range(2 * r + 1)], axis=1)
        state = lstm_step(windows, state, params)
        p[t] = sigmoid(state[0].dot(params["w_y"]) + params["b_y"])
    return p


@lesson.wrong("a pitch too high", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, (r, r + 1))
        windows = np.array([padded[k + 1 : k + 2 * r + 2] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("zeros above only", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, (0, 2 * r))
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("beyond the edges everything sounds", says="beyond the edges")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r, constant_values=1)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("the keyboard is mirrored at its edges", says="beyond the edges")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r, mode="reflect")
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("hears the row before", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(roll[t - 1], r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("hears the row that follows", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(roll[(t + 1) % len(roll)], r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("hears its own chances", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(p[t], r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("hears itself only", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        windows = np.repeat(row[:, None], 2 * r + 1, axis=1)
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("hears how many sound", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        windows = np.repeat(windows.mean(axis=1, keepdims=True), 2 * r + 1, axis=1)
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("yes or no for chances", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return (p > 0.5).astype(int)


@lesson.wrong("sigmoid taken twice", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(sigmoid(state[0] @ params["w_y"] + params["b_y"]))
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("bias outside the sigmoid", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"]) + params["b_y"]
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("only the last row comes back", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p[-1]


@lesson.wrong("pitches in rows, steps in columns", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p.T


@lesson.wrong("the keyboard of this lesson only", says="row 0 of p knows nothing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = 48, len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("c begins anew at every step", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, (state[0], 0 * state[1]), params)
    return p


@lesson.wrong("h begins anew at every step", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, (0 * state[0], state[1]), params)
    return p


@lesson.wrong("reads each row twice", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = lstm_step(windows, state, params)
        state = lstm_step(windows, state, params)
    return p


@lesson.wrong("only pitches that sound hear", says="the one below it, itself and the one above")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        new, on = lstm_step(windows, state, params), row[:, None] > 0
        state = np.where(on, new[0], state[0]), np.where(on, new[1], state[1])
    return p


@lesson.wrong("the states move up by a key at each step", says="carries a state (h, c) of its own")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    state = np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))
    p = np.zeros(roll.shape)
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["w_y"] + params["b_y"])
        padded = np.pad(row, r)
        windows = np.array([padded[k : k + 2 * r + 1] for k in range(n_pitches)])
        state = tuple(np.roll(part, 1, axis=0) for part in state) if t else state
        state = lstm_step(windows, state, params)
    return p


@lesson.right("zeros that spread, windows by numbers of places")
def tied_forward(roll, params):
    r = len(params["W_x"]) // 2
    n_steps, n_pitches = roll.shape
    places = np.arange(n_pitches)[:, None] + np.arange(2 * r + 1)[None, :]
    h, c = np.zeros(len(params["W_h"])), np.zeros(len(params["W_h"]))
    p = np.zeros((n_steps, n_pitches))
    for t in range(n_steps):
        p[t, :] = sigmoid(np.sum(h * params["w_y"], axis=-1) + params["b_y"])
        h, c = lstm_step(np.pad(roll[t], (r, r))[places], (h, c), params)
    return p


@lesson.right("loops over pitches and neighbours, printing")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    states = [(np.zeros(n_hidden), np.zeros(n_hidden)) for _ in range(n_pitches)]
    p = []
    for row in roll.tolist():
        p.append([])
        for k in range(n_pitches):
            p[-1].append(float(sigmoid(sum(states[k][0] * params["w_y"]) + params["b_y"])))
        for k in range(n_pitches):
            window = np.zeros(2 * r + 1)
            for i in range(-r, r + 1):
                if 0 <= k + i < n_pitches:
                    window[i + r] = row[k + i]
            states[k] = lstm_step(window, states[k], params)
        print("a row of", len(p[-1]))
    return p


@lesson.right("calls itself, one row less each time, float32")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2

    def said(rows, h, c):
        if len(rows) == 0:
            return []
        chances = np.float32(sigmoid(h @ params["w_y"] + params["b_y"]))
        x = np.stack([np.pad(rows[0], r)[i : i + n_pitches] for i in range(2 * r + 1)]).T
        return [chances, *said(rows[1:], *lstm_step(x, (h, c), params))]

    return np.array(said(roll, np.zeros((n_pitches, n_hidden)), np.zeros((n_pitches, n_hidden))))


@lesson.right("all states first, then all chances at once")
def tied_forward(roll, params):
    n_pitches, n_hidden, r = roll.shape[1], len(params["W_h"]), len(params["W_x"]) // 2
    wide = np.zeros((len(roll), n_pitches + 2 * r), dtype=bool)
    wide[:, r : r + n_pitches] = roll
    state, hidden = (np.zeros((n_pitches, n_hidden)),) * 2, []
    for row in wide:
        hidden.append(state[0])
        state = lstm_step(np.array([row[k : k + 2 * r + 1] for k in range(n_pitches)], dtype=float), state, params)
    return sigmoid(np.array(hidden) @ params["w_y"] + params["b_y"])


# rhythm_gate ------------------------------------------------------------------------------------------------------------


@lesson.wrong("columns, not rows", says="each row, a step, is multiplied")
def rhythm_gate(p, onsets):
    onsets = np.resize(np.asarray(onsets, dtype=float), p.shape[1])
    return np.minimum(p * onsets, 1)


@lesson.wrong("added", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p + np.asarray(onsets)[:, None], 1)


@lesson.wrong("divided", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    with np.errstate(divide="ignore"):
        return np.minimum(p / np.asarray(onsets, dtype=float)[:, None], 1)


@lesson.wrong("open or shut only", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return p * (np.asarray(onsets) > 0)[:, None]


@lesson.wrong("all shut gates left as they were", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    onsets = np.where(np.asarray(onsets) == 0, 1, onsets)
    return np.minimum(p * onsets[:, None], 1)


@lesson.wrong("a step late", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p * np.roll(onsets, 1)[:, None], 1)


@lesson.wrong("whole numbers", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p * np.asarray(onsets).astype(int)[:, None], 1)


@lesson.wrong("scaled to keep its sum", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    gated = p * np.asarray(onsets)[:, None]
    return gated / gated.sum() * p.sum()


@lesson.wrong("above 1", says="no chance is above 1")
def rhythm_gate(p, onsets):
    return p * np.asarray(onsets)[:, None]


@lesson.wrong("divided by the largest where above 1", says="no chance is above 1")
def rhythm_gate(p, onsets):
    gated = p * np.asarray(onsets)[:, None]
    return gated / max(1, gated.max())


@lesson.wrong("above 1 wraps round", says="no chance is above 1")
def rhythm_gate(p, onsets):
    return p * np.asarray(onsets)[:, None] % 1


@lesson.wrong("onsets cut at 1", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return p * np.minimum(np.asarray(onsets), 1)[:, None]


@lesson.wrong("in place", says="p stays as it was")
def rhythm_gate(p, onsets):
    p *= np.asarray(onsets)[:, None]
    p[p > 1] = 1
    return p


@lesson.wrong("maximum for minimum", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.maximum(p * np.asarray(onsets)[:, None], 1)


@lesson.wrong("nothing written yet", says="is not written yet")
def rhythm_gate(p, onsets):
    raise NotImplementedError()


@lesson.right("clip and a transposed table")
def rhythm_gate(p, onsets):
    return np.clip(np.asarray(p).T * onsets, 0, 1).T


@lesson.right("loops and lists")
def rhythm_gate(p, onsets):
    return [[min(1.0, chance * onset) for chance in row] for row, onset in zip(p, onsets)]


@lesson.right("einsum, float32, noisy")
def rhythm_gate(p, onsets):
    import warnings

    warnings.warn("gate")
    gated = np.einsum("tk,t->tk", p, onsets).astype(np.float32)
    gated[gated > 1] = 1
    return gated


@lesson.right("a copy, row by row")
def rhythm_gate(p, onsets):
    gated = np.array(p, dtype=float)
    for t in range(len(gated)):
        gated[t] *= onsets[t]
    return np.where(gated < 1, gated, 1)


@lesson.wrong("to the power of the onset", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p ** np.asarray(onsets)[:, None], 1)


@lesson.wrong("several tries: 1 - (1 - p)**onset", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return 1 - (1 - p) ** np.asarray(onsets)[:, None]


@lesson.wrong("odds multiplied", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    odds = p / (1 - p) * np.asarray(onsets)[:, None]
    return odds / (1 + odds)


@lesson.wrong("onsets over their largest", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p * (onsets / np.max(onsets))[:, None], 1)


@lesson.wrong("only 0, 1 and 2 are known", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    gated = np.array(p)
    gated[np.asarray(onsets) == 0] = 0
    gated[np.asarray(onsets) == 2] *= 2
    return np.minimum(gated, 1)


@lesson.wrong("an onset for all: the first", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p * onsets[0], 1)


@lesson.wrong("steps turned round", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p * onsets[::-1, None], 1)


@lesson.wrong("pitches in rows", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return np.minimum(p.T * onsets, 1)


@lesson.wrong("first cut, then multiplied", says="no chance is above 1")
def rhythm_gate(p, onsets):
    return np.minimum(p, 1) * onsets[:, None]


@lesson.wrong("above 1 becomes 0", says="no chance is above 1")
def rhythm_gate(p, onsets):
    gated = p * onsets[:, None]
    return np.where(gated > 1, 0, gated)


@lesson.wrong("above 1 stays as it was", says="no chance is above 1")
def rhythm_gate(p, onsets):
    gated = p * onsets[:, None]
    return np.where(gated > 1, p, gated)


@lesson.wrong("a row above 1 is scaled down", says="no chance is above 1")
def rhythm_gate(p, onsets):
    gated = p * onsets[:, None]
    return gated / np.maximum(gated.max(axis=1, keepdims=True), 1)


@lesson.wrong("rows in place", says="p stays as it was")
def rhythm_gate(p, onsets):
    for row, onset in zip(p, onsets):
        row *= onset
    return np.minimum(p, 1)


@lesson.wrong("cut into p", says="p stays as it was")
def rhythm_gate(p, onsets):
    return np.minimum(p * onsets[:, None], 1, out=p)


@lesson.wrong("dice thrown", says="is multiplied by the number of its step")
def rhythm_gate(p, onsets):
    return (np.random.default_rng(0).random(p.shape) < p * onsets[:, None]).astype(float)


@lesson.wrong("cut just below 1", says="no chance is above 1")
def rhythm_gate(p, onsets):
    return np.clip(p * onsets[:, None], 0, 0.999)


@lesson.right("a matrix with the onsets on its diagonal")
def rhythm_gate(p, onsets):
    return (np.diag(onsets) @ p).clip(max=1)


@lesson.right("every number by hand, printing")
def rhythm_gate(p, onsets):
    gated = np.zeros(p.shape, dtype=np.float32)
    for t in range(p.shape[0]):
        for k in range(p.shape[1]):
            gated[t, k] = p[t, k] * onsets[t]
            if gated[t, k] > 1:
                gated[t, k] = 1
        print(t, gated[t])
    return gated


@lesson.right("rows by map, min by vectorize")
def rhythm_gate(p, onsets):
    cut = np.vectorize(lambda chance: chance if chance <= 1 else 1.0)
    return list(map(lambda row, onset: cut(row * onset), p, onsets))


@lesson.right("row by row, calling itself")
def rhythm_gate(p, onsets):
    if len(p) == 0:
        return []
    return [np.minimum(1, p[0] * onsets[0])] + list(rhythm_gate(p[1:], onsets[1:]))
