# ruff: noqa: F811, F821, B007, B023, B028, C416
"""Answers to lesson 7, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("07-remembering-longer")


# lstm_step --------------------------------------------------------------------------------------------------------------


@lesson.wrong("gates in the order i, f, o, c", says="in the order i, f, c, o")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_o, z_c = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("gates in the order f, i, c, o", says="in the order i, f, c, o")
def lstm_step(x, state, params):
    h, c = state
    z_f, z_i, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("gates in the order i, c, f, o", says="in the order i, f, c, o")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_c, z_f, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("every fourth number, not a part", says="a part of n_hidden numbers for each of i, f, c, o")
def lstm_step(x, state, params):
    h, c = state
    z = x @ params["W_x"] + h @ params["W_h"] + params["b"]
    z_i, z_f, z_c, z_o = z[0::4], z[1::4], z[2::4], z[3::4]
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("forget bias added a second time", says="its bias is in b, once")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f + 1) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("forget bias dropped", says="with f open and i shut")
def lstm_step(x, state, params):
    h, c = state
    b = params["b"].copy()
    b[len(c) : 2 * len(c)] = 0
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + b, 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("no bias at all", says="with f open and i shut")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("sigmoid on the candidate", says="c is the candidate, a tanh")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = sigmoid(x @ params["W_x"] + h @ params["W_h"] + params["b"]).reshape(4, -1)
    c = z_f * c + z_i * z_c
    return z_o * np.tanh(c), c


@lesson.wrong("candidate not squashed", says="c is the candidate, a tanh")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * z_c
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("returns c and h swapped", says="with f open and i shut")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return c, sigmoid(z_o) * np.tanh(c)


@lesson.wrong("takes c and h swapped", says="with f open and i shut")
def lstm_step(x, state, params):
    c, h = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("says the old page", says="with the new c")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    h = sigmoid(z_o) * np.tanh(c)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return h, c


@lesson.wrong("no tanh on the way out", says="h = o tanh(c)")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * c, c


@lesson.wrong("the page squashed as well", says="c stays")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = np.tanh(sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c))
    return sigmoid(z_o) * c, c


@lesson.wrong("forgets where it should keep", says="c stays")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = (1 - sigmoid(z_f)) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("one gate for both, as in a GRU", says="its bias is in b, once")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    f = sigmoid(z_f)
    c = f * c + (1 - f) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("does not hear itself", says="z = x W_x + h W_h + b")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("feeds the page back", says="z = x W_x + h W_h + b")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + c @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("writes on the caller's page", says="the state that goes in stays as it was")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c *= sigmoid(z_f)
    c += sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("h only", says="has shape (1,), expected (2, 1)")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c)


@lesson.wrong("nothing written yet", says="is not written yet")
def lstm_step(x, state, params):
    raise NotImplementedError()


@lesson.right("a number at a time")
def lstm_step(x, state, params):
    import math

    h, c = state
    n = len(h)
    z = [
        params["b"][j]
        + sum(x[k] * params["W_x"][k][j] for k in range(len(x)))
        + sum(h[k] * params["W_h"][k][j] for k in range(n))
        for j in range(4 * n)
    ]
    squash = lambda number: 1 / (1 + math.exp(-number))
    new_h, new_c = [], []
    for j in range(n):
        page = squash(z[n + j]) * c[j] + squash(z[j]) * math.tanh(z[2 * n + j])
        new_c.append(page)
        new_h.append(squash(z[3 * n + j]) * math.tanh(page))
    return [new_h, new_c]


@lesson.right("weights cut first")
def lstm_step(x, state, params):
    h, c = state
    n = h.shape[0]
    z = {}
    for k, gate in enumerate("ifco"):
        part = slice(k * n, (k + 1) * n)
        z[gate] = np.dot(params["W_x"][:, part].T, x) + np.dot(params["W_h"][:, part].T, h) + params["b"][part]
    kept = sigmoid(z["f"]) * c
    page = kept + sigmoid(z["i"]) * np.tanh(z["c"])
    return sigmoid(z["o"]) * np.tanh(page), page


@lesson.right("float32, one table, a copy of the page")
def lstm_step(x, state, params):
    h, c = (np.array(part, dtype=np.float32) for part in state)
    both = np.concatenate([x, h]).astype(np.float32)
    table = np.vstack([params["W_x"], params["W_h"]]).astype(np.float32)
    z = (both @ table + params["b"]).reshape(4, -1)
    i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
    c *= f
    c += i * np.tanh(z[2])
    return np.stack([o * np.tanh(c), c])


@lesson.right("noisy")
def lstm_step(x, state, params):
    import logging
    import sys
    import warnings

    print("debugging", x, file=sys.stderr)
    warnings.warn("an experiment")
    logging.warning("state %s", state)
    np.log(np.zeros(1))
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("adds to the bias of the params", says="params stay as they were")
def lstm_step(x, state, params):
    h, c = state
    z = params["b"]
    z += x @ params["W_x"]
    z += h @ params["W_h"]
    z_i, z_f, z_c, z_o = np.split(z, 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("takes the bias out of the params", says="params stay as they were")
def lstm_step(x, state, params):
    h, c = state
    b = params.pop("b")
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + b, 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("overwrites the caller's h", says="the state that goes in stays as it was")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    h[:] = sigmoid(z_o) * np.tanh(c)
    return h, c


@lesson.wrong("bias added with x and again with h", says="c is the candidate, a tanh")
def lstm_step(x, state, params):
    h, c = state
    z = (x @ params["W_x"] + params["b"]) + (h @ params["W_h"] + params["b"])
    z_i, z_f, z_c, z_o = np.split(z, 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("parts as long as x", says="stopped with")
def lstm_step(x, state, params):
    h, c = state
    n = len(x)
    z = x @ params["W_x"] + h @ params["W_h"] + params["b"]
    z_i, z_f, z_c, z_o = z[:n], z[n : 2 * n], z[2 * n : 3 * n], z[3 * n : 4 * n]
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("rows for arrays", says="expected (2, 1)")
def lstm_step(x, state, params):
    h, c = state
    z = x[None] @ params["W_x"] + h[None] @ params["W_h"] + params["b"]
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return sigmoid(z_o) * np.tanh(c), c


@lesson.wrong("tanh for the output gate", says="with o shut the cell says nothing")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    return np.tanh(z_o) * np.tanh(c), c


@lesson.wrong("straight lines for the gates", says="z = x W_x + h W_h + b")
def lstm_step(x, state, params):
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4)
    i, f, o = (np.clip(0.2 * z + 0.5, 0, 1) for z in (z_i, z_f, z_o))
    c = f * c + i * np.tanh(z_c)
    return o * np.tanh(c), c


@lesson.right("a copy of the bias, filled in place")
def lstm_step(x, state, params):
    h, c = state
    z = params["b"].copy()
    z += x @ params["W_x"]
    z += h @ params["W_h"]
    z = z.reshape(4, len(h))
    c = c * sigmoid(z[1])
    c += sigmoid(z[0]) * np.tanh(z[2])
    return np.array([sigmoid(z[3]) * np.tanh(c), c])


@lesson.right("as a batch of one")
def lstm_step(x, state, params):
    h, c = state
    x, h, c = np.atleast_2d(x), np.atleast_2d(h), np.atleast_2d(c)
    z_i, z_f, z_c, z_o = np.hsplit(x.dot(params["W_x"]) + h.dot(params["W_h"]) + params["b"], 4)
    c = np.multiply(sigmoid(z_f), c) + np.multiply(sigmoid(z_i), np.tanh(z_c))
    h = np.multiply(sigmoid(z_o), np.tanh(c))
    return h.ravel(), c.ravel()


@lesson.right("a gate is half a tanh, and all gates at once")
def lstm_step(x, state, params):
    h, c = state
    n = len(c)
    z = np.einsum("i,ij->j", x, params["W_x"]) + np.einsum("i,ij->j", h, params["W_h"]) + params["b"]
    gates = 0.5 * (1 + np.tanh(z / 2))
    new_c = gates[n : 2 * n] * c + gates[:n] * np.tanh(z[2 * n : 3 * n])
    return gates[-n:] * np.tanh(new_c), new_c


@lesson.right("a table with a row of ones")
def lstm_step(x, state, params):
    h, c = state
    table = np.vstack((params["W_x"], params["W_h"], params["b"]))
    z = np.hstack((x, h, 1)) @ table
    i, f, candidate, o = [squash(part) for squash, part in zip((sigmoid, sigmoid, np.tanh, sigmoid), np.split(z, 4))]
    state = [None, f * c + i * candidate]
    state[0] = o * np.tanh(state[1])
    return state


# lstm_forward -----------------------------------------------------------------------------------------------------------


@lesson.wrong("begins anew at every step", says="each step begins with the (h, c) of the step before")
def lstm_forward(inputs, state, params):
    states = [lstm_step(x, state, params)[0] for x in inputs]
    return np.array(states), lstm_step(inputs[-1], state, params)


@lesson.wrong("h carried, the page not", says="each step begins with the (h, c) of the step before")
def lstm_forward(inputs, state, params):
    states, (h, c) = [], state
    for x in inputs:
        h, new = lstm_step(x, (h, c), params)
        states.append(h)
    return np.array(states), (h, new)


@lesson.wrong("c and h swapped on the way", says="each step begins with the (h, c) of the step before")
def lstm_forward(inputs, state, params):
    states, (h, c) = [], state
    for x in inputs:
        c, h = lstm_step(x, (h, c), params)
        states.append(h)
    return np.array(states), (h, c)


@lesson.wrong("keeps the pages, not what was said", says="row t of states is h after step t")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[1])
    return np.array(states), state


@lesson.wrong("states before each step", says="row t of states is h after step t")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        states.append(state[0])
        state = lstm_step(x, state, params)
    return np.array(states), state


@lesson.wrong("the state before the first step as well", says="states has shape (n_steps, n_hidden)")
def lstm_forward(inputs, state, params):
    states = [state[0]]
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.wrong("whole states in the table", says="states has shape (n_steps, n_hidden)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state)
    return np.array(states), state


@lesson.wrong("transposed", says="states has shape (n_steps, n_hidden)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states).T, state


@lesson.wrong("always begins with zeros", says="the first step begins with the given state")
def lstm_forward(inputs, state, params):
    state, states = (np.zeros_like(state[0]), np.zeros_like(state[1])), []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.wrong("backwards", says="row t of states is h after step t")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs[::-1]:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states[::-1]), state


@lesson.wrong("the last h only", says="the state after the last step, whole: (h, c)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state[0]


@lesson.wrong("the last state as (c, h)", says="the state after the last step, whole: (h, c)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state[::-1]


@lesson.wrong("gives the first state back", says="the state after the last step, whole: (h, c)")
def lstm_forward(inputs, state, params):
    states, now = [], state
    for x in inputs:
        now = lstm_step(x, now, params)
        states.append(now[0])
    return np.array(states), state


@lesson.wrong("changes the state that is given", says="the state that is given stays as it was")
def lstm_forward(inputs, state, params):
    states, (h, c) = [], state
    for x in inputs:
        h[:], c[:] = lstm_step(x, (h, c), params)
        states.append(h.copy())
    return np.array(states), (h, c)


@lesson.wrong("states only", says="which has not the form asked for")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return {"states": np.array(states)}


@lesson.wrong("nothing written yet", says="is not written yet")
def lstm_forward(inputs, state, params):
    raise NotImplementedError()


@lesson.right("lists")
def lstm_forward(inputs, state, params):
    h, c = state
    states = []
    for t in range(len(inputs)):
        h, c = lstm_step(inputs[t], (h, c), params)
        states.append(list(h))
    return [states, [h, c]]


@lesson.right("a table made beforehand")
def lstm_forward(inputs, state, params):
    states = np.empty((inputs.shape[0], params["W_h"].shape[0]), dtype=np.float32)
    for t, x in enumerate(inputs):
        state = lstm_step(x, state, params)
        states[t] = state[0]
    return states, state


@lesson.right("without lstm_step")
def lstm_forward(inputs, state, params):
    (h, c), heard, states = state, inputs @ params["W_x"] + params["b"], []
    for row in heard:
        z_i, z_f, z_c, z_o = np.split(row + h @ params["W_h"], 4)
        c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
        h = sigmoid(z_o) * np.tanh(c)
        states.append(h)
    return np.stack(states), (h, c)


@lesson.right("calls itself")
def lstm_forward(inputs, state, params):
    state = lstm_step(inputs[0], state, params)
    if len(inputs) == 1:
        return np.array([state[0]]), state
    states, last = lstm_forward(inputs[1:], state, params)
    return np.concatenate([[state[0]], states]), last


@lesson.right("noisy")
def lstm_forward(inputs, state, params):
    import sys
    import warnings

    states = []
    for x in inputs:
        print("step", x, file=sys.stderr)
        warnings.warn("an experiment")
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.wrong("the same h in every row", says="row t of states is h after step t")
def lstm_forward(inputs, state, params):
    h, c, states = state[0].copy(), state[1].copy(), []
    for x in inputs:
        h[:], c[:] = lstm_step(x, (h, c), params)
        states.append(h)
    return np.array(states), (h, c)


@lesson.wrong("squeezed", says="for one step too")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.squeeze(np.array(states)), state


@lesson.wrong("three results", says="the state after the last step, whole: (h, c)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state[0], state[1]


@lesson.wrong("all pages for the last state", says="the state after the last step, whole: (h, c)")
def lstm_forward(inputs, state, params):
    states, pages = [], []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
        pages.append(state[1])
    return np.array(states), np.array(pages)


@lesson.wrong("a table of whole numbers", says="row t of states is h after step t")
def lstm_forward(inputs, state, params):
    states = np.zeros((len(inputs), params["W_h"].shape[0]), dtype=int)
    for t, x in enumerate(inputs):
        state = lstm_step(x, state, params)
        states[t] = state[0]
    return states, state


@lesson.wrong("a table like the inputs", says="stopped with")
def lstm_forward(inputs, state, params):
    states = np.zeros_like(inputs)
    for t, x in enumerate(inputs):
        state = lstm_step(x, state, params)
        states[t] = state[0]
    return states, state


@lesson.wrong("the first row left out", says="states has shape (n_steps, n_hidden)")
def lstm_forward(inputs, state, params):
    states = []
    for x in inputs[1:]:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.wrong("as many steps as inputs", says="states has shape (n_steps, n_hidden)")
def lstm_forward(inputs, state, params):
    states = []
    for t in range(inputs.shape[1]):
        state = lstm_step(inputs[t], state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.wrong("the given page, but h from zero", says="the first step begins with the given state")
def lstm_forward(inputs, state, params):
    state = (np.zeros_like(state[0]), state[1])
    states = []
    for x in inputs:
        state = lstm_step(x, state, params)
        states.append(state[0])
    return np.array(states), state


@lesson.right("accumulate")
def lstm_forward(inputs, state, params):
    from itertools import accumulate

    _, *all_states = accumulate(inputs, lambda now, x: lstm_step(x, now, params), initial=state)
    return np.array([h for h, _ in all_states]), all_states[-1]


@lesson.right("two tables, copies, filled in place")
def lstm_forward(inputs, state, params):
    h, c = (np.array(part, dtype=float) for part in state)
    said, kept = np.zeros((len(inputs), len(h))), np.zeros((len(inputs), len(h)))
    for t in range(len(inputs)):
        h[:], c[:] = lstm_step(inputs[t], (h, c), params)
        said[t], kept[t] = h, c
    return said, np.array([said[-1], kept[-1]])


@lesson.right("stacked rows, by name")
def lstm_forward(inputs, state, params):
    states, t = np.zeros((0, len(state[0]))), 0
    while t < inputs.shape[0]:
        state = lstm_step(x=inputs[t, :], state=state, params=params)
        states = np.vstack([states, state[0]])
        t += 1
    return (states, list(state))


@lesson.right("a dictionary and float32")
def lstm_forward(inputs, state, params):
    known = {-1: state}
    for t, x in enumerate(inputs):
        h, c = lstm_step(x, known[t - 1], params)
        known[t] = np.float32(h), np.float32(c)
    return tuple(known[t][0] for t in range(len(inputs))), known[len(inputs) - 1]


# forget_curve -----------------------------------------------------------------------------------------------------------


@lesson.wrong("not divided by the first", says="divided by the first")
def forget_curve(model, lag):
    a, logits_a = model.step(model.start(), 1)
    b, logits_b = model.step(model.start(), 2)
    distances = [np.linalg.norm(logits_a - logits_b)]
    for _ in range(lag):
        a, logits_a = model.step(a, 0)
        b, logits_b = model.step(b, 0)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances)


@lesson.wrong("the last distance only", says="expected")
def forget_curve(model, lag):
    a, b = model.step(model.start(), 1)[0], model.step(model.start(), 2)[0]
    for _ in range(lag):
        a, logits_a = model.step(a, 0)
        b, logits_b = model.step(b, 0)
    return np.linalg.norm(logits_a - logits_b)


@lesson.wrong("without the first distance", says="lag + 1 distances")
def forget_curve(model, lag):
    a, logits_a = model.step(model.start(), 1)
    b, logits_b = model.step(model.start(), 2)
    first, distances = np.linalg.norm(logits_a - logits_b), []
    for _ in range(lag):
        a, logits_a = model.step(a, 0)
        b, logits_b = model.step(b, 0)
        distances.append(np.linalg.norm(logits_a - logits_b) / first)
    return np.array(distances)


@lesson.wrong("one silence too few", says="lag + 1 distances")
def forget_curve(model, lag):
    a, logits_a = model.step(model.start(), 1)
    b, logits_b = model.step(model.start(), 2)
    distances = [np.linalg.norm(logits_a - logits_b)]
    for _ in range(lag - 1):
        a, logits_a = model.step(a, 0)
        b, logits_b = model.step(b, 0)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances) / distances[0]


@lesson.wrong("states not carried", says="each going on with its own state")
def forget_curve(model, lag):
    a, logits_a = model.step(model.start(), 1)
    b, logits_b = model.step(model.start(), 2)
    distances = [np.linalg.norm(logits_a - logits_b)]
    for _ in range(lag):
        _, logits_a = model.step(a, 0)
        _, logits_b = model.step(b, 0)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances) / distances[0]


@lesson.wrong("begins anew at every lag", says="each going on with its own state")
def forget_curve(model, lag):
    distances = []
    for _ in range(lag + 1):
        _, logits_a = model.step(model.start(), 1)
        _, logits_b = model.step(model.start(), 2)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances) / distances[0]


@lesson.wrong("one state for both runs", says="two runs hear 1 and 2")
def forget_curve(model, lag):
    state, logits_a = model.step(model.start(), 1)
    state, logits_b = model.step(state, 2)
    distances = [np.linalg.norm(logits_a - logits_b)]
    for _ in range(lag):
        state, logits_a = model.step(state, 0)
        state, logits_b = model.step(state, 0)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances) / distances[0]


@lesson.wrong("hears 0 and 1", says="two runs hear 1 and 2")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (0, 1)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("the notes again and again", says="then both hear only 0")
def forget_curve(model, lag):
    a, b, distances = model.start(), model.start(), []
    for _ in range(lag + 1):
        a, logits_a = model.step(a, 1)
        b, logits_b = model.step(b, 2)
        distances.append(np.linalg.norm(logits_a - logits_b))
    return np.array(distances) / distances[0]


@lesson.wrong("one run alone", says="two runs hear 1 and 2")
def forget_curve(model, lag):
    a, logits = model.step(model.start(), 1)
    distances = [np.linalg.norm(logits)]
    for _ in range(lag):
        a, logits = model.step(a, 0)
        distances.append(np.linalg.norm(logits))
    return np.array(distances) / distances[0]


@lesson.wrong("distance of the states", says="expected")
def forget_curve(model, lag):
    a, b = model.step(model.start(), 1)[0], model.step(model.start(), 2)[0]
    distances = [np.linalg.norm(np.subtract(a, b))]
    for _ in range(lag):
        a, b = model.step(a, 0)[0], model.step(b, 0)[0]
        distances.append(np.linalg.norm(np.subtract(a, b)))
    return np.array(distances) / distances[0]


@lesson.wrong("sum of differences", says="the distance is Euclidean")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.abs(runs[0][1] - runs[1][1]).sum())
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("largest difference", says="the distance is Euclidean")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.abs(runs[0][1] - runs[1][1]).max())
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("no root", says="expected [1.0, 0.5, 0.25, 0.125]")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(((runs[0][1] - runs[1][1]) ** 2).sum())
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("divided by the distance before", says="expected [1.0, 0.5, 0.25, 0.125]")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    curve, before = [], None
    for _ in range(lag + 1):
        distance = np.linalg.norm(runs[0][1] - runs[1][1])
        curve.append(1.0 if before is None else distance / before)
        before = distance
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(curve)


@lesson.wrong("nothing written yet", says="is not written yet")
def forget_curve(model, lag):
    raise NotImplementedError()


@lesson.right("both runs from the beginning at every lag")
def forget_curve(model, lag):
    distances = []
    for k in range(lag + 1):
        logits = []
        for first in (1, 2):
            state = model.start()
            for id in [first] + k * [0]:
                state, out = model.step(state, id)
            logits.append(out)
        distances.append(sum((p - q) ** 2 for p, q in zip(*logits)) ** 0.5)
    return [d / distances[0] for d in distances]


@lesson.right("runs in a list, divided on the way, float32")
def forget_curve(model, lag):
    start = model.start()
    runs = [model.step(start, 1), model.step(start, 2)]
    curve = np.empty(lag + 1, dtype=np.float32)
    for k in range(lag + 1):
        curve[k] = np.sqrt(np.sum(np.square(np.subtract(runs[0][1], runs[1][1]))))
        runs = [model.step(run[0], 0) for run in runs]
    curve /= curve[0]
    return curve


@lesson.right("one run after the other")
def forget_curve(model, lag):
    def run(first):
        state, logits = model.step(model.start(), np.int64(first))
        yield logits
        for _ in range(lag):
            state, logits = model.step(state, 0)
            yield logits

    d = np.linalg.norm(np.array(list(run(1))) - np.array(list(run(2))), axis=1)
    return d / d[0]


@lesson.right("noisy")
def forget_curve(model, lag):
    import logging
    import sys

    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for k in range(lag + 1):
        print("lag", k, file=sys.stderr)
        logging.warning("runs %s", runs)
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("divided by the largest", says="a curve may rise above 1")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / max(distances)


@lesson.wrong("cut at 1", says="a curve may rise above 1")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.minimum(1, np.array(distances) / distances[0])


@lesson.wrong("silence is id 1", says="then both hear only 0")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 1) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("silence is id 2", says="then both hear only 0")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 2) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("divided one by one, the first first", says="expected [1.0, 0.5, 0.25, 0.125]")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    for k in range(lag + 1):
        distances[k] = distances[k] / distances[0]
    return distances


@lesson.wrong("distance of the chances", says="two runs hear 1 and 2")
def forget_curve(model, lag):
    softmax = lambda logits: np.exp(logits) / np.exp(logits).sum()
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(softmax(runs[0][1]) - softmax(runs[1][1])))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("difference of the lengths", says="divided by the first")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(abs(np.linalg.norm(runs[0][1]) - np.linalg.norm(runs[1][1])))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.wrong("a table of whole numbers", says="each going on with its own state")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(runs[0][1] - runs[1][1]))
        runs = [model.step(state, 0) for state, _ in runs]
    return (np.array(distances) / distances[0]).astype(int)


@lesson.wrong("how far each run is from its own beginning", says="lag + 1 distances")
def forget_curve(model, lag):
    state, first = model.step(model.start(), 1)
    distances = []
    for _ in range(lag):
        state, logits = model.step(state, 0)
        distances.append(np.linalg.norm(logits - first))
    return np.array(distances) / distances[0]


@lesson.right("root of the mean, which falls out")
def forget_curve(model, lag):
    runs = [model.step(model.start(), id) for id in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.sqrt(np.mean((runs[0][1] - runs[1][1]) ** 2)))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]


@lesson.right("math.dist, one start, a tuple")
def forget_curve(model, lag):
    import math

    beginning, first = model.start(), None
    (a, p), (b, q), curve = model.step(beginning, 1), model.step(beginning, 2), ()
    while len(curve) <= lag:
        first = first or math.dist(p, q)
        curve += (math.dist(p, q) / first,)
        (a, p), (b, q) = model.step(a, 0), model.step(b, id=0)
    return curve


@lesson.right("calls itself on the way")
def forget_curve(model, lag):
    def onward(a, b, left):
        d = np.sqrt(np.dot(a[1] - b[1], a[1] - b[1]))
        return [d] + (onward(model.step(a[0], 0), model.step(b[0], 0), left - 1) if left else [])

    distances = np.array(onward(model.step(model.start(), 1), model.step(model.start(), 2), int(lag)))
    distances /= distances[0]
    return distances


@lesson.right("all logits in a table, a column each")
def forget_curve(model, lag):
    table = np.zeros((2, lag + 1), dtype=object)
    for row, id in enumerate((1, 2)):
        state = model.start()
        for k in range(lag + 1):
            state, table[row, k] = model.step(state, id if k == 0 else 0)
    gaps = [float(np.linalg.norm(table[0, k] - table[1, k])) for k in range(lag + 1)]
    return np.float32(gaps) / np.float32(gaps[0])
