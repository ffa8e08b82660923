# ruff: noqa: F811, F821
"""Answers to lesson 4, wrong and right. `sigmoid` comes with the lesson's setup cell."""

import numpy as np

from .answers import Lesson

lesson = Lesson("04-a-network-that-remembers")


# rnn_step ---------------------------------------------------------------------------------------------------------------


@lesson.wrong("the old state forgotten", says="the new state remembers the old one")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("the old state changed in place", says="the old state stays as it was")
def rnn_step(x, h, params):
    h[:] = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("the old state used up on the way", says="the old state stays as it was")
def rnn_step(x, h, params):
    total = x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
    h *= 0
    h += sigmoid(total)
    return h.copy(), sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("speaks from the old state", says="the network speaks from its new state")
def rnn_step(x, h, params):
    y = sigmoid(h @ params["W_hy"] + params["b_y"])
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, y


@lesson.wrong("no sigmoid in the hidden layer", says="sigmoid(x W_xh + b_h)")
def rnn_step(x, h, params):
    h = x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("no sigmoid at the output", says="y = sigmoid(h W_hy + b_y)")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, h @ params["W_hy"] + params["b_y"]


@lesson.wrong("tanh in the hidden layer", says="sigmoid(x W_xh + b_h)")
def rnn_step(x, h, params):
    h = np.tanh(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("softmax at the output", says="y = sigmoid(h W_hy + b_y)")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    y = np.exp(h @ params["W_hy"] + params["b_y"])
    return h, y / y.sum()


@lesson.wrong("no hidden bias", says="sigmoid(x W_xh + b_h)")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("no output bias", says="b_y is added before the sigmoid")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"])


@lesson.wrong("output bias after the sigmoid", says="b_y is added before the sigmoid")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"]) + params["b_y"]


@lesson.wrong("W_hh transposed", says="sigmoid(x W_xh + h W_hh + b_h)")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + params["W_hh"] @ h + params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("the old state added as it is", says="sigmoid(x W_xh + h W_hh + b_h)")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + params["b_h"]) + h
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("multiplied place by place", says="the new state hears the input")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h * np.diag(params["W_hh"]) + params["b_h"] * params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("what it says comes first", says="the new state hears the input")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return sigmoid(h @ params["W_hy"] + params["b_y"]), h


@lesson.wrong("only what it says", says="the new state hears the input")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("forgotten return", says="`return`")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    y = sigmoid(h @ params["W_hy"] + params["b_y"])
    print(h, y)


@lesson.wrong("nothing written yet", says="is not written yet")
def rnn_step(x, h, params):
    raise NotImplementedError()


@lesson.right("a unit at a time")
def rnn_step(x, h, params):
    new = []
    for j in range(len(params["b_h"])):
        z = params["b_h"][j]
        for i in range(len(x)):
            z += x[i] * params["W_xh"][i, j]
        for i in range(len(h)):
            z += h[i] * params["W_hh"][i][j]
        new.append(1 / (1 + np.exp(-z)))
    y = []
    for k in range(len(params["b_y"])):
        y.append(sigmoid(sum(new[j] * params["W_hy"][j, k] for j in range(len(new))) + params["b_y"][k]))
    return new, y


@lesson.right("side by side, in float32, as a list")
def rnn_step(x, h, params):
    both = np.concatenate([x, h]).astype(np.float32)
    W = np.vstack([params["W_xh"], params["W_hh"]]).astype(np.float32)
    h = sigmoid(np.dot(both, W) + params["b_h"])
    return [h, sigmoid(params["W_hy"].T @ h + params["b_y"])]


@lesson.right("noisy")
def rnn_step(x, h, params):
    import sys
    import warnings

    print("h was", h, file=sys.stderr)
    warnings.warn("an experiment", stacklevel=1)
    np.log(np.zeros(1))
    h = h.copy()
    h[:] = sigmoid(np.matmul(x, params["W_xh"]) + np.matmul(h, params["W_hh"]) + params["b_h"])
    return h, sigmoid(np.einsum("j,jk->k", h, params["W_hy"]) + params["b_y"])


@lesson.wrong("adds to b_h itself", says="the weights stay as they were")
def rnn_step(x, h, params):
    z = params["b_h"]
    z += x @ params["W_xh"] + h @ params["W_hh"]
    h = sigmoid(z)
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("adds to b_y itself", says="the weights stay as they were")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    y = params["b_y"]
    y += h @ params["W_hy"]
    return h, sigmoid(y)


@lesson.wrong("speaks before it is squashed", says="the network speaks from its new state")
def rnn_step(x, h, params):
    z = x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
    return sigmoid(z), sigmoid(z @ params["W_hy"] + params["b_y"])


@lesson.wrong("squashed twice", says="sigmoid(x W_xh + b_h)")
def rnn_step(x, h, params):
    h = sigmoid(sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]))
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("input and state squashed one by one", says="the new state hears the input")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + params["b_h"]) + sigmoid(h @ params["W_hh"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("half old, half new", says="sigmoid(x W_xh + b_h)")
def rnn_step(x, h, params):
    new = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    h = (h + new) / 2
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


@lesson.wrong("the loudest output only", says="the network speaks from its new state")
def rnn_step(x, h, params):
    h = sigmoid(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    y = sigmoid(h @ params["W_hy"] + params["b_y"])
    return h, np.max(y)


@lesson.right("biases as weights of a 1 that is always on")
def rnn_step(x, h, params):
    W = np.vstack([params["W_xh"], params["W_hh"], params["b_h"]])
    V = np.vstack([params["W_hy"], params["b_y"]])
    new = sigmoid(np.append(np.append(x, h), 1) @ W)
    return new, sigmoid(np.append(new, 1) @ V)


@lesson.right("unpacked, columns for rows")
def rnn_step(x, h, params):
    W_xh, W_hh, W_hy, b_h, b_y = (params[name] for name in ("W_xh", "W_hh", "W_hy", "b_h", "b_y"))
    new = sigmoid(W_xh.T.dot(x[:, None]) + W_hh.T.dot(h[:, None]) + b_h[:, None])
    return new[:, 0], sigmoid(W_hy.T.dot(new) + b_y[:, None])[:, 0]


@lesson.right("adds to a copy of the bias")
def rnn_step(x, h, params):
    z = params["b_h"].copy()
    z += x @ params["W_xh"]
    z += h @ params["W_hh"]
    h = 0.5 + 0.5 * np.tanh(z / 2)
    return h, sigmoid(np.add(h @ params["W_hy"], params["b_y"]))


@lesson.right("only the weights of what sounds, a tuple of tuples")
def rnn_step(x, h, params):
    z = h @ params["W_hh"] + params["b_h"]
    for i in np.flatnonzero(x):
        z = z + x[i] * params["W_xh"][i]
    new = sigmoid(z)
    return tuple(new), tuple(sigmoid(new @ params["W_hy"] + params["b_y"]))


# rnn_forward ------------------------------------------------------------------------------------------------------------


@lesson.wrong("h not carried", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    states, outputs = [], []
    for x in inputs:
        h, y = rnn_step(x, h0, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("h0 changed in place", says="h0 stays as it was")
def rnn_forward(inputs, h0, params):
    states, outputs = [], []
    for x in inputs:
        h0[:], y = rnn_step(x, h0, params)
        states.append(h0.copy())
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("one array kept many times", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0.copy(), [], []
    for x in inputs:
        h[:], y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("h0 passed over", says="the first step starts from h0")
def rnn_forward(inputs, h0, params):
    h, states, outputs = np.zeros(len(h0)), [], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("h0 among the states", says="without h0")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [h0], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("the state before each step", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        states.append(h)
        h, y = rnn_step(x, h, params)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("only the last step", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h = h0
    for x in inputs:
        h, y = rnn_step(x, h, params)
    return h, y


@lesson.wrong("the last step left out", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for t in range(len(inputs) - 1):
        h, y = rnn_step(inputs[t], h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("returned after the first step", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
        return np.array(states), np.array(outputs)


@lesson.wrong("outputs first", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(outputs), np.array(states)


@lesson.wrong("a column for each step", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states).T, np.array(outputs).T


@lesson.wrong("backwards in time", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs[::-1]:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states[::-1]), np.array(outputs[::-1])


@lesson.wrong("outputs of the step before", says="what the network says after it has heard")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        outputs.append(sigmoid(h @ params["W_hy"] + params["b_y"]))
        h, _ = rnn_step(x, h, params)
        states.append(h)
    return np.array(states), np.array(outputs)


@lesson.wrong("shifts the inputs for itself", says="the inputs stay as they were")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for t in range(len(inputs)):
        h, y = rnn_step(inputs[t], h, params)
        inputs[t] = 0
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("nothing written yet", says="is not written yet")
def rnn_forward(inputs, h0, params):
    raise NotImplementedError()


@lesson.right("arrays made beforehand")
def rnn_forward(inputs, h0, params):
    n_steps = inputs.shape[0]
    states = np.zeros((n_steps, len(h0)))
    outputs = np.zeros((n_steps, params["W_hy"].shape[1]))
    for t in range(n_steps):
        before = h0 if t == 0 else states[t - 1]
        states[t], outputs[t] = rnn_step(inputs[t], before, params)
    return states, outputs


@lesson.right("calls itself, lists of arrays")
def rnn_forward(inputs, h0, params):
    if len(inputs) == 0:
        return [], []
    h, y = rnn_step(inputs[0], h0, params)
    states, outputs = rnn_forward(inputs[1:], h, params)
    return [h, *states], [y, *outputs]


@lesson.right("without rnn_step, all outputs at once, in place on a copy")
def rnn_forward(inputs, h0, params):
    states = inputs @ params["W_xh"] + params["b_h"]
    h = h0.copy()
    for row in states:
        row += h @ params["W_hh"]
        row[:] = 1 / (1 + np.exp(-row))
        h = row
    return states, 1 / (1 + np.exp(-(states @ params["W_hy"] + params["b_y"])))


@lesson.right("noisy")
def rnn_forward(inputs, h0, params):
    import logging

    pairs, h = [], h0
    for x in inputs:
        logging.warning("x is %s", x)
        pairs.append(rnn_step(x, h, params))
        h = pairs[-1][0]
    return np.stack([h for h, _ in pairs]), np.stack([y for _, y in pairs])


@lesson.wrong("starts from the row of the last step, which is empty", says="the first step starts from h0")
def rnn_forward(inputs, h0, params):
    states = np.zeros((len(inputs), len(h0)))
    outputs = np.zeros((len(inputs), len(params["b_y"])))
    for t in range(len(inputs)):
        states[t], outputs[t] = rnn_step(inputs[t], states[t - 1], params)
    return states, outputs


@lesson.wrong("the first input left out", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs[1:]:
        h, y = rnn_step(x, h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("hears the first input again and again", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for _ in inputs:
        h, y = rnn_step(inputs[0], h, params)
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("adds the old state once more", says="the state is handed on")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        new, y = rnn_step(x, h, params)
        h = h + new
        states.append(h)
        outputs.append(y)
    return np.array(states), np.array(outputs)


@lesson.wrong("pairs, not two arrays", says="a row for each step")
def rnn_forward(inputs, h0, params):
    pairs, h = [], h0
    for x in inputs:
        h, y = rnn_step(x, h, params)
        pairs.append((h, y))
    return pairs


@lesson.wrong("all in one long row", says="a row for each step")
def rnn_forward(inputs, h0, params):
    h, states, outputs = h0, [], []
    for x in inputs:
        h, y = rnn_step(x, h, params)
        states.extend(h)
        outputs.extend(y)
    return np.array(states), np.array(outputs)


@lesson.right("accumulate")
def rnn_forward(inputs, h0, params):
    from itertools import accumulate

    start = (h0, None)
    pairs = list(accumulate(inputs, lambda pair, x: rnn_step(x, pair[0], params), initial=start))[1:]
    states, outputs = zip(*pairs)
    return states, outputs


@lesson.right("rows stacked below each other, float32")
def rnn_forward(inputs, h0, params):
    states, outputs = np.empty((0, len(h0))), np.empty((0, len(params["b_y"])))
    for t in range(len(inputs)):
        h, y = rnn_step(inputs[t], states[-1] if t else h0, params)
        states, outputs = np.vstack([states, h]), np.vstack([outputs, y])
    return states.astype(np.float32), outputs.astype(np.float32)


@lesson.right("h0 in row 0, cut off at the end")
def rnn_forward(inputs, h0, params):
    states = np.vstack([h0, np.zeros((len(inputs), len(h0)))])
    outputs = []
    for t, x in enumerate(inputs):
        states[t + 1], y = rnn_step(x, states[t], params)
        outputs.append(y)
    return states[1:], outputs


@lesson.right("a while loop that uses up a list of rows")
def rnn_forward(inputs, h0, params):
    rows, h, states, outputs = list(inputs), np.copy(h0), [], []
    while rows:
        h, y = rnn_step(rows.pop(0), h, params)
        states += [h]
        outputs += [y]
    return np.stack(states), np.stack(outputs)


# squared_error ----------------------------------------------------------------------------------------------------------


@lesson.wrong("missing 1/2", says="a single difference of 1 makes E = 1/2")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sum((targets - outputs) ** 2)


@lesson.wrong("mean for sum", says="E is a sum over all steps and outputs")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.mean((targets - outputs) ** 2)


@lesson.wrong("root of E", says="without a root")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(0.5 * np.sum((targets - outputs) ** 2))


@lesson.wrong("without squares", says="differences are squared")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum(np.abs(targets - outputs))


@lesson.wrong("square of the sum", says="E is a sum over all steps and outputs")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum(targets - outputs) ** 2


@lesson.wrong("difference of the squares", says="an error up and an error down count alike")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum(targets**2 - outputs**2)


@lesson.wrong("a number for each step", says="E is half of the squares")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2, axis=-1)


@lesson.wrong("only the last step", says="E is a sum over all steps and outputs")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum((targets[-1] - outputs[-1]) ** 2)


@lesson.wrong("mean over the steps", says="E is a sum over all steps and outputs")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2) / len(targets)


@lesson.wrong("only too little counts", says="an error up and an error down count alike")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum(np.maximum(targets - outputs, 0) ** 2)


@lesson.wrong("(n,) stretched over (n, 1)", says="numpy would stretch one over the other")
def squared_error(outputs, targets):
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("compares lengths only", says="numpy would stretch one over the other")
def squared_error(outputs, targets):
    if len(outputs) != len(targets):
        raise ValueError("lengths differ")
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("compares sizes and reshapes", says="different shapes are an error")
def squared_error(outputs, targets):
    if outputs.size != targets.size:
        raise ValueError("sizes differ")
    return 0.5 * np.sum((targets.ravel() - outputs.ravel()) ** 2)


@lesson.wrong("prints a warning about shapes", says="different shapes are an error")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        print("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("always an error", says="E is half of the squares")
def squared_error(outputs, targets):
    raise ValueError(f"outputs have shape {outputs.shape}, targets {targets.shape}")


@lesson.wrong("nothing written yet", says="is not written yet")
def squared_error(outputs, targets):
    raise NotImplementedError()


@lesson.wrong("outputs changed in place", says="outputs and targets stay as they were")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    outputs -= targets
    return 0.5 * np.sum(outputs**2)


@lesson.wrong("targets changed in place", says="outputs and targets stay as they were")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    targets -= outputs
    return 0.5 * np.sum(targets**2)


@lesson.right("loops over steps and outputs")
def squared_error(outputs, targets):
    if np.shape(outputs) != np.shape(targets):
        raise ValueError("not the same shape")
    total = 0
    for said, wanted in zip(outputs, targets):
        for y, t in zip(said, wanted):
            total += (t - y) ** 2 / 2
    return total


@lesson.right("a product with itself, noisy")
def squared_error(outputs, targets):
    import sys

    if outputs.ndim != targets.ndim or outputs.shape != targets.shape:
        raise ValueError(f"{outputs.shape} is not {targets.shape}")
    print("shapes", outputs.shape, file=sys.stderr)
    difference = (outputs - targets).astype(np.float32).ravel()
    return difference @ difference / 2


@lesson.right("the norm, squared and halved")
def squared_error(outputs, targets):
    if outputs.shape == targets.shape:
        return np.array(0.5 * np.linalg.norm(outputs - targets) ** 2)
    raise ValueError("give both the same shape")


@lesson.wrong("halved before it is squared", says="a single difference of 1 makes E = 1/2")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sum((0.5 * (targets - outputs)) ** 2)


@lesson.wrong("returns the error instead of raising it", says="different shapes are an error")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        return ValueError("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("compares the number of axes only", says="numpy would stretch one over the other")
def squared_error(outputs, targets):
    if outputs.ndim != targets.ndim:
        raise ValueError("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("another kind of error", says="different shapes are an error")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise TypeError("shapes differ")
    return 0.5 * np.sum((targets - outputs) ** 2)


@lesson.wrong("only the largest difference", says="E is a sum over all steps and outputs")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.max((targets - outputs) ** 2)


@lesson.wrong("only where something should sound", says="an error up and an error down count alike")
def squared_error(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return 0.5 * np.sum(((targets - outputs) * (targets > 0)) ** 2)


@lesson.right("mean times number, halved")
def squared_error(outputs, targets):
    if not np.array_equal(outputs.shape, targets.shape):
        raise ValueError
    return np.mean(np.square(outputs - targets)) * outputs.size / 2


@lesson.right("multiplied out")
def squared_error(outputs, targets):
    if list(outputs.shape) != list(targets.shape):
        raise ValueError("same shapes, please")
    return 0.5 * float((targets**2).sum() - 2 * (targets * outputs).sum() + (outputs**2).sum())


@lesson.right("step by step, added up at the end")
def squared_error(outputs, targets):
    assert len(np.shape(outputs)) >= 1
    if outputs.shape == targets.shape:
        return sum(0.5 * np.vdot(t - y, t - y) for y, t in zip(outputs, targets))
    else:
        raise ValueError("outputs and targets differ in shape")


@lesson.right("an error class of its own, in place on a copy")
def squared_error(outputs, targets):
    class ShapeError(ValueError):
        pass

    if outputs.shape != targets.shape:
        raise ShapeError(f"{outputs.shape} against {targets.shape}")
    difference = targets.copy()
    difference -= outputs
    difference *= difference
    return difference.sum().item() / 2


# rmse -------------------------------------------------------------------------------------------------------------------


@lesson.wrong("sum for mean", says="RMSE is a mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.sum((targets - outputs) ** 2))


@lesson.wrong("root of E", says="square, mean, root")
def rmse(outputs, targets):
    return np.sqrt(squared_error(outputs, targets))


@lesson.wrong("no root", says="square, mean, root")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.mean((targets - outputs) ** 2)


@lesson.wrong("with the 1/2 of E", says="square, mean, root")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(0.5 * np.mean((targets - outputs) ** 2))


@lesson.wrong("divided by the steps only", says="RMSE is a mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.sum((targets - outputs) ** 2) / len(targets))


@lesson.wrong("mean of the roots", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.mean(np.sqrt((targets - outputs) ** 2))


@lesson.wrong("root of the sum, over the number", says="RMSE is a mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.sum((targets - outputs) ** 2)) / targets.size


@lesson.wrong("a number for each output", says="square, mean, root")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.mean((targets - outputs) ** 2, axis=0))


@lesson.wrong("mean over the steps, then over the outputs' roots", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.mean(np.sqrt(np.mean((targets - outputs) ** 2, axis=0)))


@lesson.wrong("root of the squared mean", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.mean(targets - outputs) ** 2)


@lesson.wrong("spread, not size, of the errors", says="square, mean, root")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.std(targets - outputs)


@lesson.wrong("(n,) stretched over (n, 1)", says="numpy would stretch one over the other")
def rmse(outputs, targets):
    return np.sqrt(np.mean((targets - outputs) ** 2))


@lesson.wrong("compares lengths only", says="numpy would stretch one over the other")
def rmse(outputs, targets):
    if len(outputs) != len(targets):
        raise ValueError("lengths differ")
    return np.sqrt(np.mean((targets - outputs) ** 2))


@lesson.wrong("always an error", says="square, mean, root")
def rmse(outputs, targets):
    raise ValueError(f"outputs have shape {outputs.shape}, targets {targets.shape}")


@lesson.wrong("nothing written yet", says="is not written yet")
def rmse(outputs, targets):
    raise NotImplementedError()


@lesson.wrong("outputs changed in place", says="outputs and targets stay as they were")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    outputs -= targets
    return np.sqrt(np.mean(outputs**2))


@lesson.wrong("targets changed in place", says="outputs and targets stay as they were")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    targets -= outputs
    return np.sqrt(np.mean(targets**2))


@lesson.right("from E")
def rmse(outputs, targets):
    return np.sqrt(2 * squared_error(outputs, targets) / targets.size)


@lesson.right("loops, with math")
def rmse(outputs, targets):
    import math

    if outputs.shape != targets.shape:
        raise ValueError("not the same shape")
    total, n = 0.0, 0
    for said, wanted in zip(outputs, targets):
        for y, t in zip(said, wanted):
            total, n = total + (t - y) ** 2, n + 1
    return math.sqrt(total / n)


@lesson.right("the norm over the root of the number, noisy")
def rmse(outputs, targets):
    import warnings

    if outputs.shape != targets.shape:
        raise ValueError("not the same shape")
    warnings.warn("an experiment", stacklevel=1)
    return np.float32(np.linalg.norm(targets - outputs) / targets.size**0.5)


@lesson.wrong("the 2 forgotten on the way from E", says="square, mean, root")
def rmse(outputs, targets):
    return np.sqrt(squared_error(outputs, targets) / targets.size)


@lesson.wrong("mean of the absolute differences", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.mean(np.abs(targets - outputs))


@lesson.wrong("over the wrong numbers only", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    wrong = (targets - outputs)[targets != outputs]
    return np.sqrt(np.mean(wrong**2)) if wrong.size else 0.0


@lesson.wrong("divided by n - 1", says="RMSE is a mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.sqrt(np.sum((targets - outputs) ** 2) / max(1, targets.size - 1))


@lesson.wrong("the largest difference", says="RMSE is the root of the mean")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError("shapes differ")
    return np.max(np.abs(targets - outputs))


@lesson.wrong("returns the error instead of raising it", says="different shapes are an error")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        return ValueError("shapes differ")
    return np.sqrt(np.mean((targets - outputs) ** 2))


@lesson.wrong("compares the number of axes only", says="numpy would stretch one over the other")
def rmse(outputs, targets):
    if outputs.ndim != targets.ndim:
        raise ValueError("shapes differ")
    return np.sqrt(np.mean((targets - outputs) ** 2))


@lesson.right("squared_error speaks up about shapes")
def rmse(outputs, targets):
    squared_error(outputs, targets)
    return np.mean((outputs - targets) ** 2) ** 0.5


@lesson.right("mean of the means of the steps, rooted")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError
    return float(np.sqrt(np.mean([np.mean((y - t) ** 2) for y, t in zip(outputs, targets)])))


@lesson.right("spread and shift of the errors, an array without axes")
def rmse(outputs, targets):
    if outputs.shape != targets.shape:
        raise ValueError(outputs.shape, targets.shape)
    errors = np.ravel(targets - outputs)
    return np.array(np.hypot(errors.std(), errors.mean()))


@lesson.right("the standard library")
def rmse(outputs, targets):
    from math import dist
    from operator import ne

    if ne(outputs.shape, targets.shape):
        raise ValueError("shapes")
    return dist(outputs.ravel().tolist(), targets.ravel().tolist()) / len(outputs.ravel()) ** 0.5
