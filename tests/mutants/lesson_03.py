# ruff: noqa: F811, F821
"""Answers to lesson 3, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("03-one-neuron")


# sigmoid ----------------------------------------------------------------------------------------------------------------


@lesson.wrong("exp(z) / (1 + exp(z)) is nan at 1000", says="no error and no nan")
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))


@lesson.wrong("math.exp of every number overflows", says="stopped with OverflowError")
def sigmoid(z):
    import math

    if np.ndim(z) == 0:
        return 1 / (1 + math.exp(-z))
    return np.array([sigmoid(one) for one in z])


@lesson.wrong("math.exp takes one number only", says="an array gives an array of the same shape")
def sigmoid(z):
    import math

    return 1 / (1 + math.exp(-z))


@lesson.wrong("minus forgotten", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return 1 / (1 + np.exp(z))


@lesson.wrong("brackets forgotten", says="sigmoid(0) is 1/2")
def sigmoid(z):
    return 1 / 1 + np.exp(-z)


@lesson.wrong("tanh", says="sigmoid(0) is 1/2")
def sigmoid(z):
    return np.tanh(z)


@lesson.wrong("tanh without halving z", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z))


@lesson.wrong("a step", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return np.where(np.asarray(z) > 0, 1.0, np.where(np.asarray(z) == 0, 0.5, 0.0))


@lesson.wrong("a straight line, cut", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return np.clip(0.5 + np.asarray(z) / 4, 0, 1)


@lesson.wrong("softmax", says="sigmoid(0) is 1/2")
def sigmoid(z):
    return np.exp(z) / np.sum(np.exp(z))


@lesson.wrong("cut too early", says="a huge sum gives 0 or 1")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -8, 8)))


@lesson.wrong("nan replaced by 0", says="a huge sum gives 0 or 1")
def sigmoid(z):
    return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


@lesson.wrong("one row only", says="has shape (1,), expected ()")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.ravel(z)))


@lesson.wrong("absolute value", says="sigmoid(-z) = 1 - sigmoid(z)")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@lesson.wrong("prints the result", says="`return`")
def sigmoid(z):
    print(1 / (1 + np.exp(-z)))


@lesson.wrong("nothing written yet", says="is not written yet")
def sigmoid(z):
    raise NotImplementedError()


@lesson.wrong("e to a power of Python's, which overflows for one number", says="stopped with OverflowError")
def sigmoid(z):
    return 1 / (1 + np.e ** (-z))


@lesson.wrong("z changed in place", says="z itself stays as it was")
def sigmoid(z):
    if np.ndim(z) == 0 or z.dtype.kind == "i":
        return 1 / (1 + np.exp(-z))
    z *= -1
    return 1 / (1 + np.exp(z))


@lesson.right("the plain form, which warns")
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@lesson.right("two halves, each where it is safe")
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


@lesson.right("one number at a time, in nested lists")
def sigmoid(z):
    import math

    if np.ndim(z):
        return [sigmoid(one) for one in z]
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(max(z, -700)) / (1 + math.exp(max(z, -700)))


@lesson.right("clipped far out, 32 bits")
def sigmoid(z):
    return (1 / (1 + np.exp(-np.clip(z, -60, 60)))).astype(np.float32)


@lesson.right("logarithms")
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


@lesson.right("noisy")
def sigmoid(z):
    import logging
    import sys
    import warnings

    print("here", z)
    print("debugging", z, file=sys.stderr)
    warnings.warn("an experiment", stacklevel=2)
    logging.warning("sum %s", z)
    return np.power(1 + np.exp(-z), -1.0)


@lesson.wrong("whole numbers stay whole", says="an array of the same shape")
def sigmoid(z):
    if np.ndim(z) == 0:
        return 1 / (1 + np.exp(-z))
    a = np.zeros_like(z)
    a[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    a[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return a


@lesson.wrong("asks `if z > 0` of an array", says="stopped with ValueError")
def sigmoid(z):
    if z > 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@lesson.wrong("kept away from 0 and 1", says="a huge sum gives 0 or 1")
def sigmoid(z):
    return np.clip(1 / (1 + np.exp(-z)), 0.001, 0.999)


@lesson.wrong("what is too big is caught and gives 0", says="a huge sum gives 0 or 1")
def sigmoid(z):
    import math

    def one(number):
        try:
            return math.exp(number) / (1 + math.exp(number))
        except OverflowError:
            return 0.0

    return np.array([one(number) for number in np.ravel(z)]).reshape(np.shape(z))


@lesson.wrong("e rounded", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return 1 / (1 + 2.7 ** -np.asarray(z))


@lesson.wrong("rounded to two places", says="sigmoid(z) = 1 / (1 + exp(-z))")
def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)), 2)


@lesson.right("e to a power of numpy's")
def sigmoid(z):
    return 1 / (1 + np.power(np.e, -z))


@lesson.right("np.vectorize of two branches")
def sigmoid(z):
    import math

    def one(number):
        if number < 0:
            return 1 - one(-number)
        return 1.0 / (1.0 + math.exp(-number))

    return np.vectorize(one, otypes=[float])(z)


@lesson.right("scipy's")
def sigmoid(z):
    from scipy.special import expit

    return expit(z)


@lesson.right("half of tanh, moved up, in a list")
def sigmoid(z):
    return np.add(np.tanh(np.divide(z, 2)) / 2, 0.5).tolist()


# sigmoid_grad -----------------------------------------------------------------------------------------------------------


@lesson.wrong("takes a for z", says="needs no second sigmoid")
def sigmoid_grad(a):
    return sigmoid(a) * (1 - sigmoid(a))


@lesson.wrong("the formula in z", says="needs no second sigmoid")
def sigmoid_grad(a):
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


@lesson.wrong("only what is missing to 1", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return 1 - a


@lesson.wrong("the slope of tanh", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return 1 - a**2


@lesson.wrong("plus for minus", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return a * (1 + a)


@lesson.wrong("turned round", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return a * (a - 1)


@lesson.wrong("always the steepest", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return 0.25 * np.ones_like(a)


@lesson.wrong("a triangle", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return 0.5 * np.minimum(a, 1 - a)


@lesson.wrong("the steepest of all", says="one slope for each output")
def sigmoid_grad(a):
    return np.max(a * (1 - a))


@lesson.wrong("for one number only", says="one slope for each output")
def sigmoid_grad(a):
    return a * (1 - a) if a < 1 else 0.0


@lesson.wrong("a changed in place", says="a itself stays as it was")
def sigmoid_grad(a):
    a *= 1 - a
    return a


@lesson.right("multiplied out")
def sigmoid_grad(a):
    return a - a**2


@lesson.right("a parabola around 1/2")
def sigmoid_grad(a):
    return 0.25 - (np.asarray(a) - 0.5) ** 2


@lesson.right("a number at a time, in nested lists")
def sigmoid_grad(a):
    return [sigmoid_grad(one) for one in a] if np.ndim(a) else float(a) * (1.0 - float(a))


@lesson.right("noisy, 32 bits")
def sigmoid_grad(a):
    import sys

    print("slope of", a, file=sys.stderr)
    np.log(np.zeros(1))
    return np.float32(a) * np.float32(1 - a)


@lesson.wrong("four times too steep", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return 4 * a * (1 - a)


@lesson.wrong("the number that is smaller", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return np.minimum(a, 1 - a)


@lesson.wrong("the square left out", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return a - a * 2


@lesson.wrong("brackets forgotten", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return a * 1 - a


@lesson.wrong("a matrix product", says="one slope for each output")
def sigmoid_grad(a):
    return a * (1 - a) if np.ndim(a) == 0 else a @ (1 - a)


@lesson.wrong("the root of it", says="the slope is a (1 - a)")
def sigmoid_grad(a):
    return np.sqrt(a * (1 - a))


@lesson.right("through z and back, with its warning")
def sigmoid_grad(a):
    z = np.log(a) - np.log(1 - np.asarray(a))
    return 1 / (2 + np.exp(z) + np.exp(-z))


@lesson.right("in place on a copy")
def sigmoid_grad(a):
    slope = np.array(a, dtype=float)
    slope *= 1 - slope
    return slope


@lesson.right("what is missing, np.prod of a stack")
def sigmoid_grad(a):
    return np.prod(np.stack([a, np.subtract(1, a)]), axis=0)


@lesson.right("np.vectorize")
def sigmoid_grad(a):
    return np.vectorize(lambda one: one - one**2)(a)


# saturated_fraction -----------------------------------------------------------------------------------------------------


@lesson.wrong("the low end only", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean(a < eps)


@lesson.wrong("the high end only", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean(a > 1 - eps)


@lesson.wrong("and for or", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean((a < eps) & (a > 1 - eps))


@lesson.wrong("Python's or between arrays", says="stopped with ValueError")
def saturated_fraction(a, eps):
    return np.mean(a < eps or a > 1 - eps)


@lesson.wrong("no brackets", says="stopped with TypeError")
def saturated_fraction(a, eps):
    return np.mean(a < eps | a > 1 - eps)


@lesson.wrong("the number, not the share", says="the share of outputs")
def saturated_fraction(a, eps):
    return np.sum((a < eps) | (a > 1 - eps))


@lesson.wrong("in percent", says="the share of outputs")
def saturated_fraction(a, eps):
    return 100 * np.mean((a < eps) | (a > 1 - eps))


@lesson.wrong("the share that is not saturated", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean((a >= eps) & (a <= 1 - eps))


@lesson.wrong("always within 0.05", says="eps says how near")
def saturated_fraction(a, eps):
    return np.mean((a < 0.05) | (a > 0.95))


@lesson.wrong("eps halved between both ends", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean(np.abs(a - 0.5) > 0.5 - eps / 4)


@lesson.wrong("divided by the number of rows", says="whatever the shape")
def saturated_fraction(a, eps):
    return np.sum((a < eps) | (a > 1 - eps)) / len(a)


@lesson.wrong("a share for each column", says="has shape (2,), expected ()")
def saturated_fraction(a, eps):
    return np.mean((a < eps) | (a > 1 - eps), axis=0)


@lesson.wrong("small slopes counted instead", says="the share of outputs")
def saturated_fraction(a, eps):
    return np.mean(a * (1 - a) < eps * eps)


@lesson.right("distance from the middle")
def saturated_fraction(a, eps):
    return np.mean(np.abs(a - 0.5) > 0.5 - eps)


@lesson.right("counted in a loop")
def saturated_fraction(a, eps):
    n = 0
    for one in np.ravel(a).tolist():
        if one < eps or one > 1 - eps:
            n += 1
    return n / np.size(a)


@lesson.right("by its slope")
def saturated_fraction(a, eps):
    return np.count_nonzero(a * (1 - a) < eps * (1 - eps)) / a.size


@lesson.right("two shares added, noisy")
def saturated_fraction(a, eps):
    import warnings

    warnings.warn("nearly there", stacklevel=2)
    return np.float32((a < eps).mean() + (a > 1 - eps).mean())


@lesson.wrong("the other comparison", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean((a < eps) | (a < 1 - eps))


@lesson.wrong("far from the middle by eps", says="both ends count")
def saturated_fraction(a, eps):
    return np.mean(np.abs(a - 0.5) > eps)


@lesson.wrong("rounded to one place", says="whatever the shape")
def saturated_fraction(a, eps):
    return round(float(np.mean((a < eps) | (a > 1 - eps))), 1)


@lesson.wrong("true if any is saturated", says="the share of outputs")
def saturated_fraction(a, eps):
    return np.any((a < eps) | (a > 1 - eps))


@lesson.wrong("both shares averaged", says="the share of outputs")
def saturated_fraction(a, eps):
    return (np.mean(a < eps) + np.mean(a > 1 - eps)) / 2


@lesson.wrong("the largest share of a row", says="whatever the shape")
def saturated_fraction(a, eps):
    return np.max(np.mean((np.atleast_2d(a) < eps) | (np.atleast_2d(a) > 1 - eps), axis=1))


@lesson.right("at most and at least")
def saturated_fraction(a, eps):
    return np.logical_or(a <= eps, a >= 1 - eps).sum() / a.size


@lesson.right("near to the nearest whole number")
def saturated_fraction(a, eps):
    return np.mean(abs(a - np.round(a)) < eps)


@lesson.right("one minus the share between")
def saturated_fraction(a, eps):
    return 1 - np.mean((eps <= a) & (a <= 1 - eps))


@lesson.right("those that are left when filtered")
def saturated_fraction(a, eps):
    low, high = a[a < eps], a[a > 1 - eps]
    return (len(low) + len(high)) / len(a.flatten())


# init_weights -----------------------------------------------------------------------------------------------------------


@lesson.wrong("all 0", says="no two neurons start alike")
def init_weights(n_in, n_out, rng):
    return np.zeros((n_in, n_out))


@lesson.wrong("all 1 / sqrt(n_in)", says="no two neurons start alike")
def init_weights(n_in, n_out, rng):
    return np.full((n_in, n_out), 1 / np.sqrt(n_in))


@lesson.wrong("one neuron copied", says="no two neurons start alike")
def init_weights(n_in, n_out, rng):
    return np.tile(rng.normal(0, 1 / np.sqrt(n_in), (n_in, 1)), n_out)


@lesson.wrong("variance for standard deviation", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1 / n_in, (n_in, n_out))


@lesson.wrong("standard deviation 1", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1, (n_in, n_out))


@lesson.wrong("by the neurons, not the signals", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1 / np.sqrt(n_out), (n_in, n_out))


@lesson.wrong("times sqrt(n_in)", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1, (n_in, n_out)) * np.sqrt(n_in)


@lesson.wrong("always 0.1", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 0.1, (n_in, n_out))


@lesson.wrong("uniform up to 1 / sqrt(n_in)", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.uniform(-1 / np.sqrt(n_in), 1 / np.sqrt(n_in), (n_in, n_out))


@lesson.wrong("uniform from 0", says="their mean is 0")
def init_weights(n_in, n_out, rng):
    return rng.random((n_in, n_out)) * np.sqrt(12 / n_in)


@lesson.wrong("transposed", says="a row a signal, a column a neuron")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1 / np.sqrt(n_in), (n_out, n_in))


@lesson.wrong("one column", says="a row a signal, a column a neuron")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, 1 / np.sqrt(n_in), n_in)


@lesson.wrong("the global generator", says="the same seed gives the same weights")
def init_weights(n_in, n_out, rng):
    return np.random.randn(n_in, n_out) / np.sqrt(n_in)


@lesson.wrong("a generator of its own", says="the same seed gives the same weights")
def init_weights(n_in, n_out, rng):
    return np.random.default_rng().normal(0, 1 / np.sqrt(n_in), (n_in, n_out))


@lesson.wrong("the global generator, seeded", says="another seed gives other weights")
def init_weights(n_in, n_out, rng):
    np.random.seed(0)
    return np.random.normal(0, 1 / np.sqrt(n_in), (n_in, n_out))


@lesson.wrong("always the same seed", says="another seed gives other weights")
def init_weights(n_in, n_out, rng):
    return np.random.default_rng(42).normal(0, n_in**-0.5, (n_in, n_out))


@lesson.right("uniform with that spread")
def init_weights(n_in, n_out, rng):
    most = np.sqrt(3 / n_in)
    return rng.uniform(-most, most, (n_in, n_out))


@lesson.right("a sign for each")
def init_weights(n_in, n_out, rng):
    return rng.choice([-1, 1], size=(n_in, n_out)) / np.sqrt(n_in)


@lesson.right("one weight at a time, in nested lists")
def init_weights(n_in, n_out, rng):
    return [[rng.normal() / n_in**0.5 for _ in range(n_out)] for _ in range(n_in)]


@lesson.right("cut beyond two deviations, 32 bits")
def init_weights(n_in, n_out, rng):
    w = np.clip(rng.standard_normal((n_in, n_out)), -2, 2)
    return (w / np.sqrt(n_in)).astype(np.float32)


@lesson.right("drawn as neurons, then turned; noisy")
def init_weights(n_in, n_out, rng):
    import sys

    print("drawing", n_in, n_out, file=sys.stderr)
    return rng.normal(scale=np.sqrt(1 / n_in), size=(n_out, n_in)).T


@lesson.wrong("He's start: sqrt(2 / n_in)", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


@lesson.wrong("Glorot's start: signals and neurons together", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))


@lesson.wrong("one weight for all signals of a neuron", says="each weight is drawn for itself")
def init_weights(n_in, n_out, rng):
    return np.tile(rng.normal(0, 1 / np.sqrt(n_in), n_out), (n_in, 1))


@lesson.wrong("only weights above 0", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return np.abs(rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)))


@lesson.wrong("moved up by one deviation", says="their mean is 0")
def init_weights(n_in, n_out, rng):
    return rng.normal(1 / np.sqrt(n_in), 1 / np.sqrt(n_in), (n_in, n_out))


@lesson.wrong("cut at one deviation", says="the standard deviation is 1 / sqrt(n_in)")
def init_weights(n_in, n_out, rng):
    return np.clip(rng.normal(0, 1, (n_in, n_out)), -1, 1) / np.sqrt(n_in) / 2


@lesson.right("Laplace's distribution")
def init_weights(n_in, n_out, rng):
    return rng.laplace(0, np.sqrt(1 / (2 * n_in)), (n_in, n_out))


@lesson.right("made exact: mean 0 and that deviation")
def init_weights(n_in, n_out, rng):
    w = rng.uniform(size=(n_in, n_out))
    w = w - w.mean()
    return w / w.std() / n_in**0.5


@lesson.right("a generator that rng gives birth to")
def init_weights(n_in, n_out, rng):
    child = np.random.default_rng(rng.integers(2**32))
    return child.standard_normal((n_in, n_out)) / np.sqrt(n_in)


@lesson.right("a column for each neuron, glued")
def init_weights(n_in, n_out, rng):
    return np.column_stack([rng.normal(0, n_in**-0.5, n_in) for _ in range(n_out)])


# delta_rule -------------------------------------------------------------------------------------------------------------


@lesson.wrong("away from the target", says="target above y")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w - lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("y minus target", says="target above y")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (y - target) * sigmoid_grad(y) * x


@lesson.wrong("no slope", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * x


@lesson.wrong("slope of the sum, not of the output", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    z = x @ w
    return w + lr * (target - sigmoid(z)) * sigmoid_grad(z) * x


@lesson.wrong("slope of an output squashed twice", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * sigmoid(y) * (1 - sigmoid(y)) * x


@lesson.wrong("no sigmoid", says="target above y")
def delta_rule(x, target, w, lr):
    y = x @ w
    return w + lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("no signals", says="silent ones stay")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * sigmoid_grad(y)


@lesson.wrong("weights for signals", says="of silent ones stay")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * sigmoid_grad(y) * w


@lesson.wrong("no learning rate", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + 3.0 * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("the changes only", says="target above y")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("the error squared", says="target below y")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * 0.5 * (target - y) ** 2 * sigmoid_grad(y) * x


@lesson.wrong("twice the step", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * 2 * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("each weight its own sum", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x * w)
    return w + lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("up or down, nothing between", says="the target, not 1 or 0")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * ((target > 0.5) - y) * sigmoid_grad(y) * x


@lesson.wrong("the sign of the error", says="changes no weight")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * np.where(target >= y, 1, -1) * sigmoid_grad(y) * x


@lesson.wrong("bounded slope", says="a saturated neuron hardly learns")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * np.maximum(sigmoid_grad(y), 0.02) * x


@lesson.wrong("no return", says="`return`")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    w += lr * (target - y) * sigmoid_grad(y) * x


@lesson.right("w changed in place")
def delta_rule(x, target, w, lr):
    y = sigmoid(np.dot(w, x))
    w += lr * (target - y) * sigmoid_grad(y) * x
    return w


@lesson.right("a weight at a time, in a list")
def delta_rule(x, target, w, lr):
    z = 0
    for one, weight in zip(x, w):
        z += one * weight
    y = sigmoid(z)
    delta = (target - y) * y * (1 - y)
    return [weight + lr * delta * one for one, weight in zip(x, w)]


@lesson.right("down the slope of E")
def delta_rule(x, target, w, lr):
    y = sigmoid(np.sum(x * w))
    gradient = -(target - y) * sigmoid_grad(y) * x
    return w - lr * gradient


@lesson.right("own exponential, 32 bits, noisy")
def delta_rule(x, target, w, lr):
    import sys

    y = 1 / (1 + np.exp(-np.einsum("i,i", x, w)))
    print("y is", y, file=sys.stderr)
    return (w + lr * (target - y) * (y - y * y) * x).astype(np.float32)


@lesson.wrong("a new answer after each weight", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    new = np.array(w, dtype=float)
    for i in range(len(x)):
        y = sigmoid(x @ new)
        new[i] += lr * (target - y) * sigmoid_grad(y) * x[i]
    return new


@lesson.wrong("learns from mistakes only", says="weights of positive signals shrink")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    if (y > 0.5) == (target > 0.5):
        return w
    return w + lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("answers yes or no", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = np.where(x @ w > 0, 1.0, 0.0)
    return w + lr * (target - y) * 0.25 * x


@lesson.wrong("mean for sum", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(np.mean(x * w))
    return w + lr * (target - y) * sigmoid_grad(y) * x


@lesson.wrong("shared out among the signals", says="new weight = w + lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + lr * (target - y) * sigmoid_grad(y) * x / len(x)


@lesson.wrong("lr left out", says="ten times the lr")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    return w + (target - y) * sigmoid_grad(y) * x


@lesson.wrong("returns delta too", says="has not the form asked for")
def delta_rule(x, target, w, lr):
    y = sigmoid(x @ w)
    delta = (target - y) * sigmoid_grad(y)
    return w + lr * delta * x, delta


@lesson.right("slope found by wiggling each weight")
def delta_rule(x, target, w, lr):
    def E(v):
        return 0.5 * (target - sigmoid(np.dot(x, v))) ** 2

    wiggles = 1e-5 * np.eye(len(w))
    return w - lr * np.array([(E(w + d) - E(w - d)) / 2e-5 for d in wiggles])


@lesson.right("arrays of one row")
def delta_rule(x, target, w, lr):
    row, column = np.reshape(x, (1, -1)), np.reshape(w, (-1, 1))
    y = sigmoid(row @ column)
    return (column + lr * row.T @ ((target - y) * sigmoid_grad(y))).ravel()


@lesson.right("silent signals skipped, in place")
def delta_rule(x, target, w, lr):
    y = float(sigmoid(sum(a * b for a, b in zip(x, w))))
    for i in np.flatnonzero(x):
        w[i] += lr * (target - y) * y * (1 - y) * x[i]
    return w


@lesson.right("multiplied out, a tuple")
def delta_rule(x, target, w, lr):
    y = sigmoid(np.inner(w, x))
    return tuple(w + lr * (target * y - target * y**2 - y**2 + y**3) * x)
