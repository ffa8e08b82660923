# ruff: noqa: B028, F811, F821
"""Answers to lesson 5, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("05-learning-backwards")


# numerical_gradient -----------------------------------------------------------------------------------------------------


@lesson.wrong("one-sided difference", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        here, kept = f(), p[i]
        p[i] = kept + eps
        grad[i] = (f() - here) / eps
        p[i] = kept
    return grad


@lesson.wrong("one-sided difference, downwards", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        here, kept = f(), p[i]
        p[i] = kept - eps
        grad[i] = (here - f()) / eps
        p[i] = kept
    return grad


@lesson.wrong("p is not restored", says="put each number back")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        grad[i] = (above - below) / (2 * eps)
    return grad


@lesson.wrong("p goes up, then down by one eps only, and is left there", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        p[i] += eps
        above = f()
        p[i] -= eps
        below = f()
        grad[i] = (above - below) / (2 * eps)
    return grad


@lesson.wrong("put back by one eps too few", says="put each number back")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        p[i] += eps
        above = f()
        p[i] -= 2 * eps
        grad[i] = (above - f()) / (2 * eps)
    return grad


@lesson.wrong("put back at the end, all together", says="while all others are as they were")
def numerical_gradient(f, p, eps=1e-5):
    grad, kept = np.zeros_like(p), p.copy()
    for i in np.ndindex(p.shape):
        p[i] = kept[i] + eps
        above = f()
        p[i] = kept[i] - eps
        grad[i] = (above - f()) / (2 * eps)
    p[...] = kept
    return grad


@lesson.wrong("divided by eps", says="/ (2 eps)")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / eps
    return grad


@lesson.wrong("brackets forgotten", says="/ (2 eps)")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / 2 * eps
    return grad


@lesson.wrong("upside down", says="(f(p[i] + eps) - f(p[i] - eps))")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (below - above) / (2 * eps)
    return grad


@lesson.wrong("an eps of its own", says="the size of a wiggle is eps")
def numerical_gradient(f, p, eps=1e-5):
    grad, eps = np.zeros_like(p), 0.1
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / (2 * eps)
    return grad


@lesson.wrong("wiggles a copy", says="wiggle p, not a copy")
def numerical_gradient(f, p, eps=1e-5):
    grad, p = np.zeros_like(p), p.copy()
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / (2 * eps)
    return grad


@lesson.wrong("all numbers at once", says="one slope for each number in p")
def numerical_gradient(f, p, eps=1e-5):
    p += eps
    above = f()
    p -= 2 * eps
    below = f()
    p += eps
    return np.full_like(p, (above - below) / (2 * eps))


@lesson.wrong("one loop over the rows", says="one slope for each number in p")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in range(len(p)):
        p[i] += eps
        above = f()
        p[i] -= 2 * eps
        below = f()
        p[i] += eps
        grad[i] = (above - below) / (2 * eps)
    return grad


@lesson.wrong("hands p to f", says="stopped with TypeError")
def numerical_gradient(f, p, eps=1e-5):
    return (f(p + eps) - f(p - eps)) / (2 * eps)


@lesson.wrong("returns after the first number", says="one slope for each number in p")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / (2 * eps)
        return grad


@lesson.wrong("no return", says="`return`")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        grad[i] = (above - f()) / (2 * eps)
        p[i] = kept


@lesson.right("a flat view of p")
def numerical_gradient(f, p, eps=1e-5):
    flat, slopes = p.reshape(-1), []
    for i in range(flat.size):
        flat[i] += eps
        above = f()
        flat[i] -= 2 * eps
        below = f()
        flat[i] += eps
        slopes.append((above - below) / 2 / eps)
    return np.array(slopes).reshape(p.shape)


@lesson.right("the mean of both sides, in nested lists of numpy numbers, noisy")
def numerical_gradient(f, p, eps=1e-5):
    import sys
    import warnings

    here, kept = f(), p.copy()
    grad = np.empty(p.shape, dtype=np.float32)
    for i, _ in np.ndenumerate(kept):
        p[i] = kept[i] + eps
        right = (f() - here) / eps
        p[...] = kept
        p[i] -= eps
        left = (here - f()) / eps
        p[...] = kept
        grad[i] = (left + right) / 2
        print("slope", grad[i], file=sys.stderr)
    warnings.warn("done")
    return grad.tolist()


@lesson.right("wiggles of a whole table")
def numerical_gradient(f, p, eps=1e-5):
    grad, kept = {}, p.copy()
    for i in np.ndindex(*p.shape):
        wiggle = np.zeros(p.shape)
        wiggle[i] = eps
        np.copyto(p, kept + wiggle)
        grad[i] = f()
        np.copyto(p, kept - wiggle)
        grad[i] = (grad[i] - f()) / (2 * eps)
        np.copyto(p, kept)
    return np.reshape(list(grad.values()), p.shape)


# relative_error ---------------------------------------------------------------------------------------------------------


@lesson.wrong("NaN for zeros", says="two arrays of zeros are equal")
def relative_error(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@lesson.wrong("compared with one of them", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = np.linalg.norm(a)
    return np.linalg.norm(a - b) / size if size else 0.0


@lesson.wrong("compared with the larger one", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = max(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / size if size else 0.0


@lesson.wrong("the difference alone", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    return np.linalg.norm(a - b)


@lesson.wrong("no root", says="|a| the root of the sum of squares")
def relative_error(a, b):
    size = np.sum(a**2) + np.sum(b**2)
    return np.sum((a - b) ** 2) / size if size else 0.0


@lesson.wrong("length of the sum", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = np.linalg.norm(a + b)
    return np.linalg.norm(a - b) / size if size else 0.0


@lesson.wrong("sum of differences, with their signs", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = np.sum(np.abs(a)) + np.sum(np.abs(b))
    return np.sum(a - b) / size if size else 0.0


@lesson.wrong("sums of absolute values", says="|a| the root of the sum of squares")
def relative_error(a, b):
    size = np.sum(np.abs(a)) + np.sum(np.abs(b))
    return np.sum(np.abs(a - b)) / size if size else 0.0


@lesson.wrong("number by number", says="has shape")
def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    return np.abs(a - b) / np.where(size > 0, size, 1)


@lesson.wrong("largest numbers", says="|a| the root of the sum of squares")
def relative_error(a, b):
    size = np.max(np.abs(a)) + np.max(np.abs(b))
    return np.max(np.abs(a - b)) / size if size else 0.0


@lesson.wrong("a tiny number against zero", says="in other units")
def relative_error(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-3)


@lesson.wrong("spectral norm of a table", says="|a| the root of the sum of squares")
def relative_error(a, b):
    size = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)
    return np.linalg.norm(a - b, 2) / size if size else 0.0


@lesson.right("roots of sums of squares")
def relative_error(a, b):
    length = lambda x: np.sqrt(np.sum(np.square(x)))  # noqa: E731
    if not (np.any(a) or np.any(b)):
        return 0
    return np.array(length(a - b) / (length(a) + length(b)))


@lesson.right("plain Python, number by number")
def relative_error(a, b):
    import math

    a, b = a.ravel().tolist(), b.ravel().tolist()
    size = math.hypot(*a) + math.hypot(*b)
    return math.dist(a, b) / size if size > 0 else 0.0


@lesson.right("divides first, then mends NaN, noisy")
def relative_error(a, b):
    import logging

    error = np.linalg.norm(np.subtract(a, b).ravel()) / np.float64(np.linalg.norm(a) + np.linalg.norm(b))
    logging.warning("error %s", error)
    return np.float32(np.nan_to_num(error))


# bptt -------------------------------------------------------------------------------------------------------------------


@lesson.wrong("= for += over time", says="added over all steps by +=")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] = np.outer(states[t], dz_y[t])
        grads["b_y"] = dz_y[t]
        grads["W_xh"] = np.outer(inputs[t], dz_h)
        grads["W_hh"] = np.outer(before[t], dz_h)
        grads["b_h"] = dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("= for += in W_hh only", says="W_hh is added over all steps by +=")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] = np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("= for += in b_h only", says="b_h is added over all steps by +=")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] = dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("no error carried back", says="an error at the last step comes back")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    for t in reversed(range(len(inputs))):
        dz_h = dz_y[t] @ params["W_hy"].T * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
    return grads


@lesson.wrong("only the previous step's error", says="an error at the last step comes back, step by step")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        own = dz_y[t] @ params["W_hy"].T
        dz_h = (own + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = (own * sigmoid_grad(states[t])) @ params["W_hh"].T
    return grads


@lesson.wrong("missing transpose of W_hh", says="through W_hh.T")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"]
    return grads


@lesson.wrong("missing transpose of W_hy", says="stopped with ValueError")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"] + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("forward loop", says="an error at the last step comes back")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in range(len(inputs)):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("slope of the state forgotten", says="times the slope")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = dz_y[t] @ params["W_hy"].T + later
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("slope on the own error only", says="and each slope")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = dz_y[t] @ params["W_hy"].T * sigmoid_grad(states[t]) + later
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("the state after for the state before", says="W_hh gets outer(before[t], dz_h)")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(states[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("states[t - 1], which wraps round to the last", says="h0 enters the first step")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(states[t - 1], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("outer products turned round", says="stopped with ValueError")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(dz_y[t], states[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(dz_h, inputs[t])
        grads["W_hh"] += np.outer(dz_h, before[t])
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("outer product of W_hh turned round, where it does not show", says="W_hh gets outer(before[t], dz_h)")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(dz_h, before[t])
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("the state before into the output", says="W_hy gets outer(states[t], dz_y[t])")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(before[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("minus, as in the paper's delta", says="W_hy gets outer(states[t], dz_y[t])")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    delta = (targets - outputs) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        delta_h = (delta[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], delta[t])
        grads["b_y"] += delta[t]
        grads["W_xh"] += np.outer(inputs[t], delta_h)
        grads["W_hh"] += np.outer(before[t], delta_h)
        grads["b_h"] += delta_h
        later = delta_h @ params["W_hh"].T
    return grads


@lesson.wrong("mean over time", says="added over all steps by +=")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t]) / len(inputs)
        grads["b_y"] += dz_y[t] / len(inputs)
        grads["W_xh"] += np.outer(inputs[t], dz_h) / len(inputs)
        grads["W_hh"] += np.outer(before[t], dz_h) / len(inputs)
        grads["b_h"] += dz_h / len(inputs)
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("the first step left out", says="W_hh gets outer(before[t], dz_h)")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in range(len(inputs) - 1, 0, -1):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    return grads


@lesson.wrong("outputs done, states not begun", says="W_xh: dz_h is dz_y @ W_hy.T")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    for t in reversed(range(len(inputs))):
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
    return grads


@lesson.wrong("learns at once", says="params stay as they were")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    later = np.zeros(len(h0))
    for t in reversed(range(len(inputs))):
        dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        later = dz_h @ params["W_hh"].T
    for name in params:
        params[name] -= 0.1 * grads[name]
    return grads


@lesson.wrong("returns inside the loop", says="added over all steps by +=")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    for t in reversed(range(len(inputs))):
        dz_h = dz_y[t] @ params["W_hy"].T * sigmoid_grad(states[t])
        grads["W_hy"] += np.outer(states[t], dz_y[t])
        grads["b_y"] += dz_y[t]
        grads["W_xh"] += np.outer(inputs[t], dz_h)
        grads["W_hh"] += np.outer(before[t], dz_h)
        grads["b_h"] += dz_h
        return grads


@lesson.right("errors first, then products of whole tables")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    dz_h, later = np.zeros_like(states), 0
    for t in range(len(inputs))[::-1]:
        dz_h[t] = (params["W_hy"] @ dz_y[t] + later) * states[t] * (1 - states[t])
        later = params["W_hh"] @ dz_h[t]
    grads = {"W_hy": states.T @ dz_y, "W_xh": inputs.T @ dz_h, "W_hh": before.T @ dz_h}
    return {**grads, "b_h": dz_h.sum(0), "b_y": dz_y.sum(0)}


@lesson.right("number by number, in lists")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    grads = {name: np.zeros_like(p).tolist() for name, p in params.items()}
    n_in, n_hidden, n_out = inputs.shape[1], states.shape[1], outputs.shape[1]
    later = [0.0] * n_hidden
    for t in range(len(inputs) - 1, -1, -1):
        past = states[t - 1] if t else h0
        dy = [(y - wanted) * y * (1 - y) for y, wanted in zip(outputs[t], targets[t])]
        dh = [sum(dy[k] * params["W_hy"][j, k] for k in range(n_out)) + later[j] for j in range(n_hidden)]
        dz = [dh[j] * states[t, j] * (1 - states[t, j]) for j in range(n_hidden)]
        for k in range(n_out):
            grads["b_y"][k] += dy[k]
            for j in range(n_hidden):
                grads["W_hy"][j][k] += states[t, j] * dy[k]
        for j in range(n_hidden):
            grads["b_h"][j] += dz[j]
            for i in range(n_in):
                grads["W_xh"][i][j] += inputs[t, i] * dz[j]
            for i in range(n_hidden):
                grads["W_hh"][i][j] += past[i] * dz[j]
        later = [sum(dz[k] * params["W_hh"][j, k] for k in range(n_hidden)) for j in range(n_hidden)]
    return grads


@lesson.right("float32, columns for rows, noisy")
def bptt(inputs, targets, h0, params):
    import sys
    import warnings

    states, outputs = rnn_forward(inputs, h0, params)
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    grads = {name: np.zeros(p.shape, dtype=np.float32) for name, p in params.items()}
    comes_back = np.zeros((len(h0), 1))
    for t, (x, h, error) in reversed(list(enumerate(zip(inputs, states, dz_y)))):
        print("step", t, file=sys.stderr)
        warnings.warn("still going")
        at_state = (params["W_hy"] @ error[:, None] + comes_back) * sigmoid_grad(h)[:, None]
        grads["W_hy"] += h[:, None] * error
        grads["b_y"] += error
        grads["W_xh"] += (at_state * x).T
        grads["W_hh"] += np.einsum("i,j->ij", states[t - 1] if t > 0 else h0, at_state[:, 0])
        grads["b_h"] += at_state.ravel()
        comes_back = params["W_hh"] @ at_state
    return grads


# clip_global_norm -------------------------------------------------------------------------------------------------------


@lesson.wrong("elementwise clip", says="the direction stays")
def clip_global_norm(grads, c):
    return {name: np.clip(g, -c, c) for name, g in grads.items()}


@lesson.wrong("each array by its own length", says="one length for all arrays together")
def clip_global_norm(grads, c):
    return {name: g * min(1, c / max(np.linalg.norm(g), 1e-12)) for name, g in grads.items()}


@lesson.wrong("lengths added, not their squares", says="one length for all arrays together")
def clip_global_norm(grads, c):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("no root", says="multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = sum(np.sum(g**2) for g in grads.values())
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("short ones made longer", says="what is not longer than c stays as it is")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * c / norm if norm else g for name, g in grads.items()}


@lesson.wrong("zeros become NaN", says="zeros stay zeros")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g / norm * min(norm, c) for name, g in grads.items()}


@lesson.wrong("divided by n, c forgotten", says="what is longer than c gets the length c")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("thrown away when too long", says="multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * (norm <= c) for name, g in grads.items()}


@lesson.wrong("left as it is", says="the same c / n")
def clip_global_norm(grads, c):
    return grads


@lesson.wrong("mean of squares", says="the same c / n")
def clip_global_norm(grads, c):
    numbers = np.concatenate([g.ravel() for g in grads.values()])
    norm = np.sqrt(np.mean(numbers**2))
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("one long list", says="has not the form asked for")
def clip_global_norm(grads, c):
    numbers = np.concatenate([g.ravel() for g in grads.values()])
    norm = np.linalg.norm(numbers)
    return numbers * c / norm if norm > c else numbers


@lesson.wrong("flattened arrays", says="each array keeps its shape")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g.ravel() * (c / norm if norm > c else 1) for name, g in grads.items()}


@lesson.wrong("the last array's length", says="one length for all arrays together")
def clip_global_norm(grads, c):
    for g in grads.values():
        norm = np.linalg.norm(g)
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.right("one long list, cut again")
def clip_global_norm(grads, c):
    numbers = np.concatenate([np.ravel(g) for g in grads.values()])
    numbers = numbers * c / max(np.linalg.norm(numbers), c)
    cuts = np.cumsum([g.size for g in grads.values()])[:-1]
    return {name: part.reshape(grads[name].shape) for name, part in zip(grads, np.split(numbers, cuts))}


@lesson.right("in place")
def clip_global_norm(grads, c):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    if norm > c:
        for g in grads.values():
            g *= c / norm
    return grads


@lesson.right("plain Python, nested lists, noisy")
def clip_global_norm(grads, c):
    import sys

    squares = 0.0
    for g in grads.values():
        for number in g.flat:
            squares += float(number) ** 2
    print("length", squares**0.5, file=sys.stderr)
    factor = c / np.float64(squares) ** 0.5
    return {name: (g * min(1, factor)).tolist() if squares else g for name, g in grads.items()}


# grad_norm_by_lag -------------------------------------------------------------------------------------------------------


@lesson.wrong("slopes forgotten", says="by the slope h (1 - h)")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    return np.array([np.linalg.norm(np.linalg.matrix_power(params["W_hh"], k), 2) for k in range(n_steps)])


@lesson.wrong("weights forgotten", says="by W_hh")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = np.diag(slopes[t - k]) @ product
    return norms


@lesson.wrong("the state itself for its slope", says="by the slope h (1 - h)")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    norms = np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = (params["W_hh"] * states[t - k]) @ product
    return norms


@lesson.wrong("sum for mean", says="lag 0 is 1")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2)
            product = (params["W_hh"] * slopes[t - k]) @ product
    return norms


@lesson.wrong("always divided by n_steps", says="by the slope h (1 - h)")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / n_steps
            product = (params["W_hh"] * slopes[t - k]) @ product
    return norms


@lesson.wrong("from the last step only", says="the mean over all t from k on")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    product = np.eye(n_hidden)
    for k in range(n_steps):
        norms[k] = np.linalg.norm(product, 2)
        product = (params["W_hh"] * slopes[n_steps - 1 - k]) @ product
    return norms


@lesson.wrong("slope of the step before", says="the slope of the state that is reached")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k - 1]) @ product
    return norms


@lesson.wrong("lag 0 left out", says="lag 0 is 1")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            product = (params["W_hh"] * slopes[t - k]) @ product
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
    return norms


@lesson.wrong("Frobenius norm", says="the spectral norm is the largest stretch")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product) / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k]) @ product
    return norms


@lesson.wrong("largest number in the product", says="J[i, j] is W_hh[i, j]")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.abs(product).max() / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k]) @ product
    return norms


@lesson.wrong("product of the norms", says="not the product of the norms")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        stretch = 1.0
        for k in range(t + 1):
            norms[k] += stretch / (n_steps - k)
            stretch *= np.linalg.norm(params["W_hh"] * slopes[t - k], 2)
    return norms


@lesson.wrong("multiplied on the wrong side", says="earlier steps multiply from the left")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = product @ (params["W_hh"] * slopes[t - k])
    return norms


@lesson.wrong("slopes along the rows", says="the slope of unit j")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k][:, None]) @ product
    return norms


@lesson.wrong("missing transpose", says="J[i, j] is W_hh[i, j]")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = (params["W_hh"].T * slopes[t - k]) @ product
    return norms


@lesson.wrong("number by number for the product of tables", says="the norm of the product")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            step = params["W_hh"] * slopes[t - k]
            product = step if k == 0 else step * product
    return norms


@lesson.right("lag by lag, all t at once")
def grad_norm_by_lag(states, params):
    steps = params["W_hh"] * (states * (1 - states))[:, None, :]
    n_steps, n_hidden = states.shape
    reach, norms = np.broadcast_to(np.eye(n_hidden), (n_steps, n_hidden, n_hidden)), [1.0]
    for lag in range(1, n_steps):
        reach = reach[:-1] @ steps[lag:]
        norms.append(np.linalg.svd(reach, compute_uv=False)[:, 0].mean())
    return norms


@lesson.right("columns for rows, a list of lists, noisy")
def grad_norm_by_lag(states, params):
    import warnings

    by_lag = [[] for _ in states]
    for t in range(len(states)):
        jacobian = np.identity(states.shape[1])
        by_lag[0].append(np.float32(1))
        for k in range(1, t + 1):
            h = states[t - k + 1]
            jacobian = jacobian @ (np.diag(h * (1 - h)) @ params["W_hh"].T)
            by_lag[k].append(np.linalg.norm(jacobian, ord=2))
    warnings.warn("done")
    return [sum(norms) / len(norms) for norms in by_lag]


@lesson.right("from each start forward, by eigenvalues")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    sums, counts = np.zeros(n_steps), np.zeros(n_steps)
    for start in range(n_steps):
        product = np.eye(n_hidden)
        for t in range(start, n_steps):
            if t > start:
                product = product @ (params["W_hh"] * sigmoid_grad(states[t]))
            sums[t - start] += np.sqrt(max(np.linalg.eigvalsh(product.T @ product)))
            counts[t - start] += 1
    return sums / counts
