"""What the locked test cells of the lessons use: a check whose message states the law, the reference's own answers, and a place
where no noise costs a mark.

nbgrader gives 0 to a test cell that writes anything to stderr, be it a warning of numpy's or a student's own debugging line.
"""

import contextlib
import copy
import importlib
import inspect
import io
import logging
import os
import sys
import warnings
from typing import NamedTuple

import numpy as np

REFERENCES = [f"musiclab.{room}" for room in "encoding rnn generate notewise tied harmony harmonise arrange".split()]


@contextlib.contextmanager
def quiet():
    """Drop warnings, log lines and all that is written to stderr, by Python or below it; stdout is left alone.

    >>> with quiet():
    ...     print("heard"), print("not heard", file=sys.stderr)
    heard
    (None, None)
    """
    logging_was = logging.root.manager.disable
    sys.stderr.flush()
    kept = os.dup(2)  # libraries written in C write here, past sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            logging.disable(logging.CRITICAL)
            yield
    finally:
        logging.disable(logging_was)
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def reference(name):
    """The course's own version of a function that a lesson asks for.

    >>> reference("sigmoid_grad")(0.5)
    0.25
    """
    for module in REFERENCES:
        if inspect.isfunction(function := getattr(importlib.import_module(module), name, None)):
            return function
    raise ValueError(f"no reference is called {name!r}: expected a function of {', '.join(REFERENCES)}")


@contextlib.contextmanager
def _standing_in(function, references):
    """While it lasts, what `function` calls by these names is the reference: a slip in one exercise costs nothing in another."""
    names_of_student = getattr(inspect.unwrap(function), "__globals__", {})  # what is written in C has none, and calls nothing
    kept = {name: names_of_student[name] for name in references if name in names_of_student}
    names_of_student.update(references)
    try:
        yield
    finally:
        for name in references:
            names_of_student.pop(name, None)
        names_of_student.update(kept)


def check(
    function,
    arguments,
    expected,
    law,
    *,
    named=None,
    view=None,
    argument=None,
    with_arguments=False,
    given=(),
    whole=False,
    tolerance=1e-4,
):
    """Call a student's function and compare what it returns with numbers, or with words.

    Args:
        function: the student's.
        arguments: list of its arguments, passed by position.
        expected: number, list or array; the answer must have its shape, but may be a list, an array or a numpy number. Or words,
            one or a list. Or the class of an error, such as ValueError, which the call must raise.
        law: one sentence that says what must hold; every message ends with it.
        named: name -> argument that is passed by its name.
        view: applied to the answer before it is compared.
        argument: compare the argument of this number, as it is after the call, and not the answer.
        with_arguments: `view` takes the answer and, after it, the arguments as they are after the call.
        given: names of functions of the same lesson that the student's function may call; the reference stands in for each.
        whole: the answer must be made of integers.
        tolerance: allowed difference, relative to `expected` (absolute below 1).

    Raises:
        AssertionError: the answer is missing, stopped with an error (or not with the one expected), or differs.

    >>> check(abs, [-3], 4, "abs(x) is the distance of x from 0")
    Traceback (most recent call last):
    AssertionError: abs(-3) is 3, expected 4. Law: abs(x) is the distance of x from 0
    """
    __tracebackhide__ = True  # a student sees the line of the test and the message, not this machinery
    subject, returned, named = "{}", "returned", named or {}

    def fail(what, cause=None):
        __tracebackhide__ = True
        limit = max(30, 120 // max(1, len(arguments)))  # so that what follows the call is seen
        said = [_short(value, limit) for value in arguments] + [f"{name}={_short(v, limit)}" for name, v in named.items()]
        call = f"{getattr(function, '__name__', 'the function')}({', '.join(said)})"
        raise AssertionError(f"{subject.format(call)} {what}. Law: {law}") from cause

    references = {name: reference(name) for name in given}
    refused = expected if isinstance(expected, type) else ()
    passed, passed_named = copy.deepcopy((arguments, named))  # a function that uses up its arguments spoils no later check
    try:
        with _standing_in(function, references):
            answer = function(*passed, **passed_named)
    except NotImplementedError:
        fail("is not written yet")
    except refused:
        return
    except (Exception, SystemExit) as error:  # whatever the student's code raises becomes a mark and a message
        fail(f"stopped with {type(error).__name__}: {error}", error)
    if refused:
        fail(f"returned {_short(answer)}, expected it to raise {expected.__name__}")
    if argument is not None:
        subject, returned, answer = f"argument {argument + 1} of {{}}, after the call,", "is", passed[argument]
    elif answer is None:
        fail("returned nothing (None): does the function end in `return`?")
    try:
        seen = [answer, *passed] if with_arguments else [answer]
        got, want = np.asarray(answer if view is None else view(*seen)), np.asarray(expected)
    except Exception as error:
        fail(f"{returned} {_short(answer)}, which has not the form asked for", error)
    if want.dtype.kind == "U":
        if got.shape != want.shape or (got != want).any():
            fail(f"{returned} {_short(answer if view is None else got)}, expected {_short(expected)}")
        return
    if got.shape != want.shape:
        fail(f"has shape {got.shape}, expected {want.shape}")
    if got.dtype.kind not in "biuf" and got.size:
        fail(f"{returned} {_short(answer)}, expected numbers")
    if whole and got.dtype.kind not in "iu" and got.size:
        fail(f"is made of {got.dtype} numbers, expected integers")
    wrong = ~(np.abs(got - want.astype(float)) <= tolerance * np.maximum(1, np.abs(want)))  # NaN counts as wrong
    if wrong.any():
        digits = max(4, int(-np.log10(max(tolerance, 1e-16))))  # enough to see the difference
        texts = _short(got, digits=digits), _short(want, digits=digits)
        if any(text.endswith("...") for text in texts):
            place = tuple(int(i) for i in np.argwhere(wrong)[0])
            fail(f"has {_short(got[place], digits=digits)} at {list(place)}, expected {_short(want[place], digits=digits)}")
        fail(f"is {texts[0]}, expected {texts[1]}")


class Height:
    """A landscape's height above an array: `Height(p)()` is the sum of all p**3, plus the square of the sum of p.

    It reads `p` anew at each call, so whoever changes a number in `p` sees the height change. A central difference of step eps,
    `(f(p + eps) - f(p - eps)) / (2 eps)` in one number, is exactly `3 p**2 + eps**2 + 2 sum(p)`. `check` copies its arguments
    together: in `[f, f.p]` the copies belong to each other as well.

    Args:
        p: array of floats, kept and not copied.

    >>> f = Height(np.array([1.0, 2.0]))
    >>> f(), f
    (18.0, Height([1.0, 2.0]))
    """

    def __init__(self, p):
        self.p = p

    def __call__(self):
        return float(np.sum(self.p**3) + np.sum(self.p) ** 2)

    def __repr__(self):
        return f"Height({self.p.tolist()})"


class Echo(NamedTuple):
    """A model that hears symbols fade: the logit of a symbol is `factor ** steps since it was last heard`, or 0.

    It keeps what it heard, a tuple of ids, which nobody can change in place.

    Args:
        factors: one for each symbol.

    >>> echo = Echo((1.0, 0.5))
    >>> state, logits = echo.step(echo.start(), 1)
    >>> state, logits, echo.step(state, 0)[1], echo
    ((1,), array([0., 1.]), array([1. , 0.5]), Echo(factors=(1.0, 0.5)))
    """

    factors: tuple

    def start(self):
        """Nothing was heard."""
        return ()

    def step(self, state, id):
        """Hear one symbol; the new state and the logits (n_symbols,)."""
        heard = (*state, int(id))
        logits = np.zeros(len(self.factors))
        for t, symbol in enumerate(heard, start=1):
            logits[symbol] = self.factors[symbol] ** (len(heard) - t)
        return heard, logits


def missed(logits, rng=None):
    """A sampler that draws the lowest finite logit, the first of several: from an `Echo`, what was not heard for longest.

    >>> missed(np.array([0.5, -np.inf, 0.25, 0.25]))
    2
    """
    return int(np.where(np.isneginf(logits), np.inf, logits).argmin())


class Rising(NamedTuple):
    """Controls that allow only symbols above the last one (-1 before the first), of n symbols, and are done at the top.

    >>> rising = Rising(4)
    >>> rising.allowed(rising.step(rising.start(), 1)).tolist(), rising.done(3), rising
    ([False, False, True, True], True, Rising(n=4))
    """

    n: int

    def start(self):
        """Nothing was drawn."""
        return -1

    def step(self, state, id):
        """Take one symbol in."""
        return int(id)

    def allowed(self, state):
        """Which symbols may come next: (n_symbols,) bool."""
        return np.arange(self.n) > state

    def done(self, state):
        """Whether the top is reached."""
        return state == self.n - 1


class Rounds(list):
    """A list that may be gone through a limited number of times: training that never ends stops with a message.

    Every item that is taken counts, by a loop or by its number.

    Args:
        items: of the list.
        most: rounds that are allowed.

    >>> pieces = Rounds(["reel", "jig"], most=2)
    >>> [piece for _ in range(3) for piece in pieces]
    Traceback (most recent call last):
    RuntimeError: went through the data more than 2 times: does the loop end?
    """

    def __init__(self, items, most):
        super().__init__(items)
        self.most, self._taken = most, 0

    def __iter__(self):
        for item in super().__iter__():
            self._count(1)
            yield item

    def __getitem__(self, i):
        item = super().__getitem__(i)
        self._count(len(item) if isinstance(i, slice) else 1)
        return item

    def _count(self, n):
        self._taken += n
        if self._taken > self.most * len(self):
            raise RuntimeError(f"went through the data more than {self.most} times: does the loop end?")

    def __deepcopy__(self, memo):
        return Rounds([copy.deepcopy(item, memo) for item in super().__iter__()], self.most)


def _short(value, limit=120, digits=4):
    """A value as a student would write it, cut to one readable line."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = np.round(value, digits).tolist() if value.dtype.kind == "f" else value.tolist()
    elif type(value) is float:
        value = round(value, digits)
    text = " ".join(getattr(value, "__name__", repr(value)).split())
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
