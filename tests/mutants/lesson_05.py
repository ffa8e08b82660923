# ruff: noqa: B028, F811, F821
"""Answers to lesson 5, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("05-learning-backwards")


def changed(function, source, *changes):
    """A right answer's source with one slip: each of `changes` is (what stands there, what a student writes)."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return function, source


WIGGLE = """
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
"""

BPTT = """
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
    return grads
"""

BY_LAG = """
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            norms[k] += np.linalg.norm(product, 2) / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k]) @ product
    return norms
"""


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


lesson.wrong("eps as a share of the number", says="one slope for each number in p")(
    changed(
        "numerical_gradient",
        WIGGLE,
        ("        kept = p[i]\n", "        kept = p[i]\n        step = eps * max(1, abs(kept))\n"),
        ("kept + eps", "kept + step"),
        ("kept - eps", "kept - step"),
        ("2 * eps", "2 * step"),
    )
)

lesson.wrong("kept too late", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")(
    changed(
        "numerical_gradient",
        WIGGLE,
        (
            "        kept = p[i]\n        p[i] = kept + eps\n        above = f()\n",
            "        p[i] = p[i] + eps\n        above = f()\n        kept = p[i]\n",
        ),
    )
)

lesson.wrong("kept is p itself, not a copy", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")(
    changed(
        "numerical_gradient",
        WIGGLE,
        ("        kept = p[i]\n", "        kept = p\n"),
        ("p[i] = kept + eps", "p[i] = kept[i] + eps"),
        ("p[i] = kept - eps", "p[i] = kept[i] - eps"),
        ("p[i] = kept\n", "p[...] = kept\n"),
    )
)

lesson.wrong("slopes as whole numbers", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")(
    changed("numerical_gradient", WIGGLE, ("zeros_like(p)", "zeros(p.shape, dtype=int)"))
)

lesson.wrong("a flat list", says="one slope for each number in p")(
    changed("numerical_gradient", WIGGLE, ("    return grad", "    return grad.ravel()"))
)

lesson.wrong("works for one row only", says="one slope for each number in p")(
    changed("numerical_gradient", WIGGLE, ("i in np.ndindex(p.shape)", "i in range(p.size)"))
)

lesson.wrong("numbers set back rounded", says="put each number back")(
    changed("numerical_gradient", WIGGLE, ("        p[i] = kept\n", "        p[i] = round(kept)\n"))
)

lesson.wrong("numbers set to zero afterwards", says="put each number back")(
    changed("numerical_gradient", WIGGLE, ("        p[i] = kept\n", "        p[i] = 0\n"))
)

lesson.wrong("returns p", says="(f(p[i] + eps) - f(p[i] - eps)) / (2 eps)")(
    changed("numerical_gradient", WIGGLE, ("return grad", "return p"))
)


@lesson.right("places by p.flat, steps up and down and up")
def numerical_gradient(f, p, eps=1e-5):
    slopes = np.empty(p.size)
    for i in range(p.size):
        p.flat[i] += eps
        slopes[i] = f()
        p.flat[i] -= eps + eps
        slopes[i] = (slopes[i] - f()) / eps / 2
        p.flat[i] += eps
    return slopes.reshape(p.shape)


@lesson.right("np.nditer, and always put back")
def numerical_gradient(f, p, eps=1e-5):
    grad = np.full(p.shape, np.nan)
    places = np.nditer(p, flags=["multi_index"])
    for _ in places:
        i, sides = places.multi_index, []
        kept = float(p[i])
        for side in (-1, 1):
            try:
                p[i] = kept + side * eps
                sides.append(f())
            finally:
                p[i] = kept
        grad[i] = np.diff(sides).item() / (2 * eps)
    return grad


@lesson.right("a function in the function, for tables in tables")
def numerical_gradient(f, p, eps=1e-5):
    if p.ndim > 1:
        return [numerical_gradient(f, row, eps) for row in p]

    def at(i, value):
        kept, p[i] = p[i], value
        height, p[i] = f(), kept
        return height

    return [(at(i, p[i] + eps) - at(i, p[i] - eps)) / (2 * eps) for i in range(len(p))]


@lesson.right("downwards first, the mean of two slopes in float32")
def numerical_gradient(f, p, eps=1e-5):
    start, here = np.copy(p), f()
    grad = np.zeros(np.shape(p), "float32")
    for i in list(np.ndindex(*p.shape))[::-1]:
        p[i] = start[i] - eps
        grad[i] += (here - f()) / eps / 2
        p[i] = start[i] + eps
        grad[i] += (f() - here) / eps / 2
        p[:] = start
    return grad


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


@lesson.wrong("a changed in place", says="a and b stay as they were")
def relative_error(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    a -= b
    return np.linalg.norm(a) / size if size else 0.0


@lesson.wrong("b changed in place", says="a and b stay as they were")
def relative_error(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    b -= a
    return np.linalg.norm(b) / size if size else 0.0


@lesson.wrong("twice the length of a", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = 2 * np.linalg.norm(a)
    return np.linalg.norm(a - b) / size if size else 0.0


@lesson.wrong("twice the larger length", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = 2 * max(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / size if size else 0.0


@lesson.wrong("difference of the lengths", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return abs(np.linalg.norm(a) - np.linalg.norm(b)) / size if size else 0.0


@lesson.wrong("0 as soon as one of them is zero", says="nothing against something has relative error 1")
def relative_error(a, b):
    if np.linalg.norm(a) == 0 or np.linalg.norm(b) == 0:
        return 0.0
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@lesson.wrong("0 as soon as one number is zero", says="|a - b| / (|a| + |b|)")
def relative_error(a, b):
    if not a.all():
        return 0.0
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@lesson.wrong("equal when nearly so", says="in other units")
def relative_error(a, b):
    if np.allclose(a, b, atol=1e-3):
        return 0.0
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@lesson.wrong("mean number by number", says="|a| the root of the sum of squares")
def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    return np.mean(np.abs(a - b) / np.where(size > 0, size, 1))


@lesson.wrong("columns apart", says="has shape")
def relative_error(a, b):
    size = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.linalg.norm(a - b, axis=0) / np.maximum(size, 1e-12)


@lesson.wrong("zeros are far apart", says="two arrays of zeros are equal")
def relative_error(a, b):
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size else 1.0


@lesson.right("a tiny floor below the sum of the lengths")
def relative_error(a, b):
    return np.linalg.norm(np.ravel(a - b)) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(b))


@lesson.right("a tiny number added to the sum of the lengths")
def relative_error(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)


@lesson.right("equal arrays first")
def relative_error(a, b):
    if (a == b).all():
        return False
    long = lambda x: (x * x).sum() ** 0.5  # noqa: E731
    return long(a - b) / (long(a) + long(b))


@lesson.right("divides, and catches what fails, in float32")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=np.float32).flatten(), np.asarray(b, dtype=np.float32).flatten()
    try:
        return float(np.sqrt((a - b) @ (a - b))) / (float(np.sqrt(a @ a)) + float(np.sqrt(b @ b)))
    except ZeroDivisionError:
        return 0


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


lesson.wrong("slopes of the sums for slopes of the outputs", says="W_hy gets outer(states[t], dz_y[t])")(
    changed("bptt", BPTT, ("sigmoid_grad(outputs)", 'sigmoid_grad(states @ params["W_hy"] + params["b_y"])'))
)

lesson.wrong("what comes back is added up and never replaced", says="an error at the last step comes back")(
    changed("bptt", BPTT, ("later = dz", "later = later + dz"))
)

lesson.wrong("W_xh and W_hh get the sum of both errors without the slope", says="dz_h is dz_y @ W_hy.T times the slope")(
    changed(
        "bptt",
        BPTT,
        (
            'dz_h = (dz_y[t] @ params["W_hy"].T + later) * sigmoid_grad(states[t])',
            'dh = dz_y[t] @ params["W_hy"].T + later\n        dz_h = dh * sigmoid_grad(states[t])',
        ),
        ("np.outer(inputs[t], dz_h)", "np.outer(inputs[t], dh)"),
        ("np.outer(before[t], dz_h)", "np.outer(before[t], dh)"),
    )
)

lesson.wrong("h0 taken for zeros", says="h0 enters the first step")(changed("bptt", BPTT, ("[h0, states", "[0 * h0, states")))

lesson.wrong("the slope of the state before", says="times the slope")(
    changed("bptt", BPTT, ("sigmoid_grad(states[t])", "sigmoid_grad(before[t])"))
)

lesson.wrong("only the last four steps", says="added over all steps by +=")(
    changed("bptt", BPTT, ("reversed(range(len(inputs)))", "range(len(inputs))[: -5 : -1]"))
)

lesson.wrong("the last step left out", says="W_hy gets outer(states[t], dz_y[t])")(
    changed("bptt", BPTT, ("reversed(range(len(inputs)))", "range(len(inputs) - 1)[::-1]"))
)

lesson.wrong("later set back to zero in each step", says="an error at the last step comes back")(
    changed(
        "bptt",
        BPTT,
        ("    later = np.zeros(len(h0))\n", ""),
        ("(len(inputs))):\n", "(len(inputs))):\n        later = np.zeros(len(h0))\n"),
    )
)

lesson.wrong("uses up h0", says="inputs, targets, h0 and params stay as they were")(
    changed("bptt", BPTT, ("    later = np.zeros(len(h0))\n", "    later = h0\n    later *= 0\n"))
)

lesson.wrong("uses up the targets", says="inputs, targets, h0 and params stay as they were")(
    changed(
        "bptt",
        BPTT,
        (
            "(outputs - targets) * sigmoid_grad(outputs)",
            "np.subtract(outputs, targets, out=targets)\n    dz_y *= sigmoid_grad(outputs)",
        ),
    )
)

lesson.wrong("gradients in the place of the biases", says="inputs, targets, h0 and params stay as they were")(
    changed("bptt", BPTT, ("    return grads\n", '    params["b_h"] -= grads["b_h"]\n    return grads\n'))
)

lesson.wrong("shortens its gradients by itself", says="added over all steps by +=")(
    changed("bptt", BPTT, ("    return grads\n", "    return {name: np.clip(g, -0.05, 0.05) for name, g in grads.items()}\n"))
)

lesson.wrong("a gradient more than there are names", says="one gradient for each name in params")(
    changed("bptt", BPTT, ("    return grads\n", '    grads["h0"] = later\n    return grads\n'))
)


@lesson.right("runs forward by itself, keeps everything in lists, mends in place")
def bptt(inputs, targets, h0, params):
    states, outputs, h = [], [], h0
    for x in inputs:
        h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
        states.append(h)
        outputs.append(sigmoid(h @ params["W_hy"] + params["b_y"]))
    before, grads = [h0, *states], dict.fromkeys(params, 0.0)
    later = np.zeros_like(h0)
    while states:
        h, y, x, target = states.pop(), outputs.pop(), inputs[len(states)], targets[len(states)]
        dz_y = (y - target) * y * (1 - y)
        later += params["W_hy"].dot(dz_y)
        later *= h - h**2
        grads["W_hy"] = grads["W_hy"] + h[:, None] * dz_y
        grads["b_y"] = dz_y + grads["b_y"]
        grads["W_xh"] = grads["W_xh"] + np.outer(x, later)
        grads["W_hh"] = grads["W_hh"] + np.outer(before[len(states)], later)
        grads["b_h"] = grads["b_h"] + later
        later = params["W_hh"].dot(later)
    return grads


@lesson.right("by the two paths, called again for each earlier step")
def bptt(inputs, targets, h0, params):
    def back(h, t):  # what step t and all after it send back to h, and what they add to the gradients
        if t == len(inputs):
            return 0 * h, {name: 0 * p for name, p in params.items()}
        after, y = rnn_step(inputs[t], h, params)
        later, grads = back(after, t + 1)
        dz_y = (y - targets[t]) * sigmoid_grad(y)
        dz_h = (dz_y @ params["W_hy"].T + later) * sigmoid_grad(after)
        own = [np.outer(inputs[t], dz_h), np.outer(h, dz_h), np.outer(after, dz_y), dz_h, dz_y]
        names = "W_xh", "W_hh", "W_hy", "b_h", "b_y"
        return dz_h @ params["W_hh"].T, {name: grads[name] + g for name, g in zip(names, own)}

    return back(h0, 0)[1]


@lesson.right("a gradient a step, stacked and summed")
def bptt(inputs, targets, h0, params):
    states, outputs = rnn_forward(inputs, h0, params)
    before = np.vstack([h0, states[:-1]])
    dz_y = (outputs - targets) * sigmoid_grad(outputs)
    later, felt = 0.0, []
    for error, slope in zip(reversed(dz_y), reversed(sigmoid_grad(states))):
        felt.insert(0, (error @ np.transpose(params["W_hy"]) + later) * slope)
        later = felt[0] @ np.transpose(params["W_hh"])
    felt, stack = np.array(felt), lambda a, b: np.sum(a[:, :, None] * b[:, None, :], axis=0)
    return {
        "b_y": np.sum(dz_y, axis=0).astype("float32"),
        "b_h": list(np.sum(felt, axis=0)),
        "W_hy": stack(states, dz_y),
        "W_hh": stack(before, felt),
        "W_xh": stack(inputs, felt),
    }


@lesson.right("forward, with a memory of slopes for each weight (real-time recurrent learning)")
def bptt(inputs, targets, h0, params):
    n_hidden = len(h0)
    h, grads = np.array(h0), {name: np.zeros_like(p) for name, p in params.items()}
    reach = {name: np.zeros((n_hidden, *params[name].shape)) for name in ("W_xh", "W_hh", "b_h")}
    for x, target in zip(inputs, targets):
        new, y = rnn_step(x, h, params)
        entered = {"W_xh": x[:, None] * np.ones(n_hidden), "W_hh": h[:, None] * np.ones(n_hidden), "b_h": np.ones(n_hidden)}
        dz_y = (y - target) * sigmoid_grad(y)
        grads["W_hy"] += np.outer(new, dz_y)
        grads["b_y"] += dz_y
        for name in reach:
            carried = np.tensordot(params["W_hh"].T, reach[name], axes=1)
            for j in range(n_hidden):
                carried[j, ..., j] += entered[name][..., j]
            reach[name] = (carried.T * sigmoid_grad(new)).T
            grads[name] += np.tensordot(params["W_hy"] @ dz_y, reach[name], axes=1)
        h = new
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


@lesson.wrong("always longer than 1 or not at all", says="what is not longer than c stays as it is")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * c / norm if norm > 1 else g for name, g in grads.items()}


@lesson.wrong("the sum of Python for a table", says="stopped with ValueError")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(sum(g**2) for g in grads.values()))
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("spectral norm of a table", says="one length for all arrays together")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads.values()))
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("the largest number for the length", says="every number is multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = max(np.abs(g).max() for g in grads.values())
    return {name: g * c / norm if norm > c else g for name, g in grads.items()}


@lesson.wrong("signs lost", says="every number is multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: np.sqrt(g**2) * min(1, c / max(norm, 1e-12)) for name, g in grads.items()}


@lesson.wrong("the factor upside down", says="every number is multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * norm / c if norm > c else g for name, g in grads.items()}


@lesson.wrong("the length measured anew for each array, while they shrink", says="one length for all arrays together")
def clip_global_norm(grads, c):
    for name in grads:
        norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
        if norm > c:
            grads[name] = grads[name] * c / norm
    return grads


@lesson.wrong("a short one gives nothing back", says="what is not longer than c stays as it is")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * c / norm for name, g in grads.items() if norm > c}


@lesson.wrong("only arrays longer than c shrink", says="one length for all arrays together")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * c / norm if np.linalg.norm(g) > c else g for name, g in grads.items()}


@lesson.wrong("whole numbers", says="every number is multiplied by the same c / n")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: np.round(g * min(1, c / max(norm, 1e-12))) for name, g in grads.items()}


@lesson.wrong("clips only when a single number is too large", says="what is longer than c gets the length c")
def clip_global_norm(grads, c):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    too_large = any(np.any(np.abs(g) > c) for g in grads.values())
    return {name: g * c / norm if too_large else g for name, g in grads.items()}


@lesson.right("as PyTorch does, with a tiny number below")
def clip_global_norm(grads, c):
    norm = np.linalg.norm(np.array([np.linalg.norm(g.ravel()) for g in grads.values()]))
    factor = np.clip(c / (norm + 1e-6), None, 1.0)
    return {name: factor * g for name, g in grads.items()}


@lesson.right("in place, by way of the names")
def clip_global_norm(grads, c):
    import math

    n = math.sqrt(math.fsum(float(x) ** 2 for name in sorted(grads) for x in np.ravel(grads[name])))
    for name in grads:
        grads[name] *= 1 if n <= c else c / n
    return grads


@lesson.right("divided by n / c, in float32, other order of names")
def clip_global_norm(grads, c):
    norm = np.sqrt(np.sum([np.einsum("...i,...i->...", g, g).sum() for g in grads.values()]))
    if not norm >= c:
        return dict(grads)
    return {name: np.divide(g, norm / c, dtype=np.float32) for name, g in reversed(grads.items())}


@lesson.right("vdot, divided by the larger of n / c and 1")
def clip_global_norm(grads, c):
    squares = [np.vdot(g, g) for g in grads.values()]
    too_long = max(sum(squares) ** 0.5 / c, 1)
    return dict(zip(grads.keys(), [g / too_long for g in grads.values()]))


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


lesson.wrong("the identity only once, before the loops", says="each step back multiplies by W_hh")(
    changed(
        "grad_norm_by_lag",
        BY_LAG,
        (
            "    for t in range(n_steps):\n        product = np.eye(n_hidden)\n",
            "    product = np.eye(n_hidden)\n    for t in range(n_steps):\n",
        ),
    )
)

lesson.wrong("starts from a table of ones", says="the spectral norm is the largest stretch")(
    changed("grad_norm_by_lag", BY_LAG, ("np.eye(n_hidden)", "np.ones((n_hidden, n_hidden))"))
)

lesson.wrong("= for += : the last step counts", says="each step back multiplies by W_hh")(
    changed("grad_norm_by_lag", BY_LAG, ("norms[k] += ", "norms[k] = "))
)

lesson.wrong("the last lag forgotten", says="each step back multiplies by W_hh")(
    changed("grad_norm_by_lag", BY_LAG, ("range(t + 1)", "range(t)"))
)

lesson.wrong("divided by the number of lags", says="lag 0 is 1")(
    changed("grad_norm_by_lag", BY_LAG, ("(n_steps - k)", "(t + 1)"))
)

lesson.wrong("largest over t, not the mean", says="the mean over all t from k on")(
    changed(
        "grad_norm_by_lag",
        BY_LAG,
        ("norms[k] += np.linalg.norm(product, 2) / (n_steps - k)", "norms[k] = max(norms[k], np.linalg.norm(product, 2))"),
    )
)

lesson.wrong("middle for mean", says="the mean over all t from k on")(
    changed(
        "grad_norm_by_lag",
        BY_LAG,
        ("norms = sigmoid_grad(states), np.zeros(n_steps)", "norms = sigmoid_grad(states), [[] for _ in states]"),
        ("norms[k] += np.linalg.norm(product, 2) / (n_steps - k)", "norms[k].append(np.linalg.norm(product, 2))"),
        ("return norms", "return [np.median(of_lag) for of_lag in norms]"),
    )
)


@lesson.wrong("mean of the products, then the norm", says="the mean over all t of the norms")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    slopes, products = sigmoid_grad(states), np.zeros((n_steps, n_hidden, n_hidden))
    for t in range(n_steps):
        product = np.eye(n_hidden)
        for k in range(t + 1):
            products[k] += product / (n_steps - k)
            product = (params["W_hh"] * slopes[t - k]) @ product
    return [np.linalg.norm(product, 2) for product in products]


lesson.wrong("largest eigenvalue", says="not the product of the norms")(
    changed("grad_norm_by_lag", BY_LAG, ("np.linalg.norm(product, 2)", "np.abs(np.linalg.eigvals(product)).max()"))
)

lesson.wrong("largest sum of a row", says="J[i, j] is W_hh[i, j]")(
    changed("grad_norm_by_lag", BY_LAG, ("np.linalg.norm(product, 2)", "np.linalg.norm(product, np.inf)"))
)

lesson.wrong("slope of a slope", says="by the slope h (1 - h)")(
    changed("grad_norm_by_lag", BY_LAG, ("slopes[t - k])", "sigmoid_grad(slopes[t - k]))"))
)

lesson.wrong("the mean slope for each step", says="with the slope of the state that is reached")(
    changed("grad_norm_by_lag", BY_LAG, ("slopes[t - k])", "slopes.mean(axis=0))"))
)

lesson.wrong("forward from the first step", says="the mean over all t from k on")(
    changed("grad_norm_by_lag", BY_LAG, ("slopes[t - k])", "slopes[k])"))
)

lesson.wrong("takes W_hh out of params", says="states and params stay as they were")(
    changed("grad_norm_by_lag", BY_LAG, ("    for t in", '    W = params.pop("W_hh")\n    for t in'), ('params["W_hh"] *', "W *"))
)

lesson.wrong("states become slopes in place", says="states and params stay as they were")(
    changed(
        "grad_norm_by_lag",
        BY_LAG,
        (
            "    slopes, norms = sigmoid_grad(states), np.zeros(n_steps)",
            "    slopes, norms = states, np.zeros(n_steps)\n    slopes *= 1 - states",
        ),
    )
)


@lesson.right("remembers every product")
def grad_norm_by_lag(states, params):
    from functools import cache

    @cache
    def product(t, k):
        if k == 0:
            return np.eye(states.shape[1])
        return product(t - 1, k - 1) @ (params["W_hh"] * sigmoid_grad(states[t]))

    n_steps = len(states)
    return [np.mean([np.linalg.norm(product(t, k), 2) for t in range(k, n_steps)]) for k in range(n_steps)]


@lesson.right("float32, the largest singular value")
def grad_norm_by_lag(states, params):
    n_steps, n_hidden = states.shape
    by_lag = {k: [] for k in range(n_steps)}
    for t in reversed(range(n_steps)):
        product = np.identity(n_hidden, dtype=np.float32)
        by_lag[0].append(1)
        for k in range(1, t + 1):
            h = states[t - k + 1].astype(np.float32)
            product = params["W_hh"].astype(np.float32) @ np.diag(h * (1 - h)) @ product
            by_lag[k].append(max(np.linalg.svd(product)[1]))
    return np.array([np.average(by_lag[k]) for k in sorted(by_lag)], dtype=np.float32)


@lesson.right("a triangle of norms, averaged down its diagonals")
def grad_norm_by_lag(states, params):
    n_steps = len(states)
    triangle = np.zeros((n_steps, n_steps))
    for t in range(n_steps):
        back = np.eye(states.shape[1])
        for s in range(t, -1, -1):
            triangle[t, s] = np.linalg.norm(back, ord=2)
            back = params["W_hh"] @ (sigmoid_grad(states[s])[:, None] * back)
    return [np.diagonal(triangle, -k).mean() for k in range(n_steps)]


@lesson.right("multiplied anew for each pair of steps")
def grad_norm_by_lag(states, params):
    slopes = sigmoid_grad(states)
    means = []
    for k in range(len(states)):
        total = 0
        for t in range(k, len(states)):
            tables = [params["W_hh"] * slopes[s] for s in range(t - k + 1, t + 1)]
            product = np.linalg.multi_dot(tables) if k > 1 else tables[0] if k else np.eye(states.shape[1])
            total += np.linalg.norm(product, 2)
        means.append(total / (len(states) - k))
    return tuple(means)
