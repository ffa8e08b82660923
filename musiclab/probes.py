"""What the locked test cells of the lessons use: a check whose message states the law, the reference's own answers, and a place
where no noise costs a mark.

nbgrader gives 0 to a test cell that writes anything to stderr, be it a warning of numpy's or a student's own debugging line.
"""

import contextlib
import copy
import importlib
import io
import logging
import os
import sys
import warnings

import numpy as np


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
    for module in ("musiclab.encoding", "musiclab.rnn"):
        if hasattr(room := importlib.import_module(module), name):
            return getattr(room, name)
    raise ValueError(f"no reference is called {name!r}: expected a function of musiclab.encoding or musiclab.rnn")


@contextlib.contextmanager
def _standing_in(function, names):
    """While it lasts, what `function` calls by these names is the reference: a slip in one exercise costs nothing in another."""
    names_of_student = getattr(function, "__globals__", {})
    kept = {name: names_of_student[name] for name in names if name in names_of_student}
    names_of_student.update({name: reference(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            names_of_student.pop(name)
        names_of_student.update(kept)


def check(function, arguments, expected, law, *, view=None, argument=None, given=(), whole=False, tolerance=1e-4):
    """Call a student's function and compare what it returns with numbers.

    Args:
        function: the student's.
        arguments: list of its arguments, passed by position.
        expected: number, list or array; the answer must have its shape, but may be a list, an array or a numpy number.
        law: one sentence that says what must hold; every message ends with it.
        view: applied to the answer before it is compared.
        argument: compare the argument of this number, as it is after the call, and not the answer.
        given: names of functions of the same lesson that the student's function may call; the reference stands in for each.
        whole: the answer must be made of integers.
        tolerance: allowed difference, relative to `expected` (absolute below 1).

    Raises:
        AssertionError: the answer is missing, stopped with an error, or differs.

    >>> check(abs, [-3], 4, "abs(x) is the distance of x from 0")
    Traceback (most recent call last):
    AssertionError: abs(-3) is 3, expected 4. Law: abs(x) is the distance of x from 0
    """
    __tracebackhide__ = True  # a student sees the line of the test and the message, not this machinery
    call = f"{getattr(function, '__name__', 'the function')}({', '.join(_short(argument) for argument in arguments)})"

    def fail(what, cause=None):
        __tracebackhide__ = True
        raise AssertionError(f"{call} {what}. Law: {law}") from cause

    passed = copy.deepcopy(arguments)  # a function that uses up its arguments spoils no later check
    try:
        with _standing_in(function, given):
            answer = function(*passed)
    except NotImplementedError:
        fail("is not written yet")
    except Exception as error:  # whatever the student's code raises becomes a mark and a message
        fail(f"stopped with {type(error).__name__}: {error}", error)
    if argument is not None:
        call, answer = f"argument {argument + 1} of {call}, after the call,", passed[argument]
    elif answer is None:
        fail("returned nothing (None): does the function end in `return`?")
    try:
        got, want = np.asarray(answer if view is None else view(answer)), np.asarray(expected)
    except Exception as error:
        fail(f"returned {_short(answer)}, which has not the form asked for", error)
    if got.shape != want.shape:
        fail(f"has shape {got.shape}, expected {want.shape}")
    if got.dtype.kind not in "biuf" and got.size:
        fail(f"returned {_short(answer)}, expected numbers")
    if whole and got.dtype.kind not in "iu" and got.size:
        fail(f"is made of {got.dtype} numbers, expected integers")
    wrong = ~(np.abs(got - want.astype(float)) <= tolerance * np.maximum(1, np.abs(want)))  # NaN counts as wrong
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        if got.size > 24:
            fail(f"has {_short(got[place])} at {list(place)}, expected {_short(want[place])}")
        fail(f"is {_short(got)}, expected {_short(want)}")


def _short(value, limit=120):
    """A value as a student would write it, cut to one readable line."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = np.round(value, 4).tolist() if value.dtype.kind == "f" else value.tolist()
    elif type(value) is float:
        value = round(value, 4)
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
