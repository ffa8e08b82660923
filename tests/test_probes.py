"""Locked cells: messages that state the law, and no noise that costs a mark."""

import copy
import functools
import logging
import os
import sys
import warnings

import numpy as np
import pytest

import musiclab.encoding
import musiclab.generate
import musiclab.rnn
import musiclab.tied
from musiclab.probes import Echo, Height, Rising, Rounds, check, missed, quiet, reference

LAW = "twice two is four"


def message(answer, expected, **options):
    def answer_of_student(x):
        return answer

    with pytest.raises(AssertionError) as caught:
        check(answer_of_student, [1], expected, LAW, **options)
    return str(caught.value)


@pytest.mark.parametrize("answer", [4, 4.0, np.int8(4), np.float32(4.0001), np.array(4)])
def test_numbers_of_any_kind_are_accepted(answer):
    check(lambda: answer, [], 4, LAW)


@pytest.mark.parametrize("answer", [[1, 2], (1, 2), np.array([1, 2], dtype=np.uint8), np.array([1.0, 2.0]), range(1, 3)])
def test_sequences_of_any_kind_are_accepted(answer):
    check(lambda: answer, [], [1, 2], LAW)


def test_true_and_false_count_as_1_and_0():
    check(lambda: np.array([True, False]), [], [1, 0], LAW)
    check(lambda: np.array([True, False]), [], [True, False], LAW)


def test_a_wrong_number_is_named_with_the_call_and_the_law():
    assert message(5, 4) == f"answer_of_student(1) is 5, expected 4. Law: {LAW}"


def test_a_wrong_shape_is_named():
    assert message(np.zeros((3,)), np.zeros((1, 5))) == f"answer_of_student(1) has shape (3,), expected (1, 5). Law: {LAW}"


def test_the_first_wrong_place_of_a_large_array_is_named():
    grid = np.zeros((8, 128))
    grid[2, 60] = 1
    assert message(np.zeros((8, 128)), grid) == f"answer_of_student(1) has 0.0 at [2, 60], expected 1.0. Law: {LAW}"


def test_what_does_not_fit_in_a_line_is_named_by_its_place():
    answer = np.linspace(0.01, 0.99, 20).round(4)
    wrong_at_the_end = answer + (np.arange(20) == 18)
    assert message(wrong_at_the_end, answer) == f"answer_of_student(1) has 1.9384 at [18], expected 0.9384. Law: {LAW}"
    assert "is [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]" in message([0] * 15 + [1], [0] * 16)


def test_a_fine_tolerance_shows_the_difference():
    assert "is 0.12340002, expected 0.1234." in message(0.12340002, 0.1234, tolerance=1e-8)
    assert "is 0.1 at" not in message(np.full(30, 0.1 + 1e-12), np.full(30, 0.1), tolerance=0)


def test_many_long_arguments_leave_room_for_what_is_wrong():
    def adds(a, b, c, d):
        return 0

    with pytest.raises(AssertionError) as caught:
        check(adds, [np.ones((9, 9)), np.ones((9, 9)), {"w": np.ones((9, 9))}, 1], 1, LAW)
    said = str(caught.value)
    assert said.startswith("adds([[1.0, 1.0, ") and said.endswith(f", 1) is 0, expected 1. Law: {LAW}") and len(said) < 170


def test_nan_is_wrong():
    assert "is nan, expected 4" in message(float("nan"), 4)
    assert "expected [1, 2]" in message([1, np.nan], [1, 2])


def test_infinity_is_wrong():
    assert "is inf, expected 4" in message(np.inf, 4)


def test_a_forgotten_return_is_named():
    assert "returned nothing (None): does the function end in `return`?" in message(None, 4)


@pytest.mark.parametrize("answer", ["4", {"a": 4}, [1, [2, 3]], 4j])
def test_what_is_no_number_is_named(answer):
    assert LAW in message(answer, 4)


def test_integers_can_be_asked_for():
    check(lambda: [1, 2], [], [1, 2], LAW, whole=True)
    assert "is made of float64 numbers, expected integers" in message([1.0, 2.0], [1, 2], whole=True)


def test_unsigned_integers_do_not_wrap_around():
    assert "is 255, expected -1" in message(np.uint8(255), -1)


def test_errors_of_the_student_become_messages():
    def fails():
        raise KeyError("C")

    with pytest.raises(AssertionError, match="fails.. stopped with KeyError: 'C'. Law: twice") as caught:
        check(fails, [], 4, LAW)
    assert isinstance(caught.value.__cause__, KeyError)


def test_an_answer_that_wants_to_leave_is_a_message_too():
    with pytest.raises(AssertionError, match="stopped with SystemExit: 1"):
        check(sys.exit, [1], 4, LAW)


def test_a_blank_answer_is_not_written_yet():
    def blank(x):
        raise NotImplementedError()

    with pytest.raises(AssertionError, match="is not written yet"):
        check(blank, [1], 4, LAW)


def test_an_error_can_be_what_is_asked_for():
    def refuses(x):
        raise ValueError("not so")

    check(refuses, [1], ValueError, LAW)
    with pytest.raises(AssertionError, match=r"refuses\(1\) stopped with ValueError: not so. Law: twice"):
        check(refuses, [1], KeyError, LAW)
    assert message(4, ValueError) == f"answer_of_student(1) returned 4, expected it to raise ValueError. Law: {LAW}"
    assert "returned None, expected it to raise ValueError" in message(None, ValueError)


def test_a_blank_answer_is_no_error_that_was_asked_for():
    def blank(x):
        raise NotImplementedError()

    for error in (ValueError, RuntimeError):  # a NotImplementedError is a RuntimeError
        with pytest.raises(AssertionError, match="is not written yet"):
            check(blank, [1], error, LAW)


def test_arguments_are_lent_not_given():
    def eats(values):
        values.clear()
        return 0

    values = [1, 2]
    check(eats, [values], 0, LAW)
    assert values == [1, 2]


def test_a_view_of_the_answer_is_compared():
    check(lambda: np.eye(2), [], (2, 2), LAW, view=np.shape)


def test_quiet_drops_all_that_reaches_stderr(capfd):
    handler = logging.StreamHandler(sys.stderr)  # holds the stream itself, as a library's handler does
    logging.getLogger("lesson").addHandler(handler)
    with quiet():
        warnings.warn("warning", stacklevel=1)
        np.log(np.zeros(1))
        print("print", file=sys.stderr)
        os.write(2, b"from C\n")
        logging.getLogger("lesson").warning("log")
        print("stdout stays")
    logging.getLogger("lesson").removeHandler(handler)
    out, err = capfd.readouterr()
    assert (out, err) == ("stdout stays\n", "")


def test_quiet_ignores_warnings_that_were_made_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet():
            warnings.warn("only a warning", stacklevel=1)


def test_quiet_gives_everything_back_even_after_an_error(capfd):
    with pytest.raises(ValueError), quiet():
        raise ValueError
    print("print", file=sys.stderr)
    os.write(2, b"from C\n")
    logging.getLogger("lesson").warning("log")
    with pytest.warns(UserWarning):
        warnings.warn("heard", stacklevel=1)
    err = capfd.readouterr().err
    assert "print" in err and "from C" in err and logging.root.manager.disable == 0


def test_a_height_sees_the_array_that_is_lent_with_it():
    def climb(f, p):
        p += 1
        return f()

    f = Height(np.array([0.0, 1.0]))
    check(climb, [f, f.p], 1 + 8 + 9, LAW)
    assert f.p.tolist() == [0, 1]
    assert climb(f, f.p) == 18 and f.p.tolist() == [1, 2]


def test_the_central_difference_of_a_height_is_known_exactly():
    f, eps = Height(np.array([[1.0, -2.0], [0.5, 3.0]])), 0.5
    measured = np.empty((2, 2))
    for i in np.ndindex(2, 2):
        steps = eps * (np.arange(4).reshape(2, 2) == 2 * i[0] + i[1])
        measured[i] = (Height(f.p + steps)() - Height(f.p - steps)()) / (2 * eps)
    assert np.allclose(measured, 3 * f.p**2 + eps**2 + 2 * f.p.sum(), rtol=1e-12)


def test_an_answer_can_be_compared_with_what_the_call_left_behind():
    def doubles(values):
        values.append(2 * values[0])
        return values[1] + 1

    check(doubles, [[5]], 1, LAW, view=lambda answer, values: answer - values[1], with_arguments=True)
    with pytest.raises(AssertionError, match=f"is 1, expected 0. Law: {LAW}"):
        check(doubles, [[5]], 0, LAW, view=lambda answer, values: answer - values[1], with_arguments=True)


@pytest.mark.parametrize(
    "once",
    [
        lambda rounds: list(rounds),
        lambda rounds: [rounds[i] for i in np.random.default_rng(0).permutation(len(rounds))],
        lambda rounds: rounds[:],
        lambda rounds: [item for _, item in zip("abc", rounds)],
    ],
)
def test_rounds_are_counted_however_the_items_are_taken(once):
    rounds = Rounds(["a", "b", "c"], most=4)
    for _ in range(4):
        assert sorted(once(rounds)) == ["a", "b", "c"]
    with pytest.raises(RuntimeError, match="more than 4 times: does the loop end"):
        once(rounds)


def test_a_training_without_end_becomes_a_message_and_each_check_counts_anew():
    def train(data, n):
        while n:
            for item in data:
                n -= item
        return n

    data = Rounds([0, 1], most=9)
    for _ in range(3):
        check(train, [data, 5], 0, LAW)
    with pytest.raises(AssertionError, match="stopped with RuntimeError: went through the data more than 9 times"):
        check(train, [data, -1], 0, LAW)


# References that stand in for what other exercises ask for -------------------------------------------------------------


NOTEBOOK = """
def sigmoid(z):
    return 2 * z

def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))

def stops(z):
    return sigmoid(z) / len(z)

def forgets(z):
    global sigmoid
    del sigmoid
    return 0.5

def refuses(z):
    sigmoid(z)
    raise KeyboardInterrupt
"""


@pytest.fixture
def notebook():
    """The names of a student whose sigmoid is wrong."""
    names = {}
    exec(NOTEBOOK, names)
    return names


def test_a_reference_stands_in_for_a_function_of_the_same_lesson(notebook):
    check(notebook["slope"], [0.0], 0.25, LAW, given=["sigmoid"])
    with pytest.raises(AssertionError, match=r"slope\(0.0\) is 0.0, expected 0.25"):
        check(notebook["slope"], [0.0], 0.25, LAW)


@pytest.mark.parametrize("name", ["slope", "stops", "forgets", "refuses"])
def test_the_student_has_their_own_function_back_whatever_happens(notebook, name):
    own = notebook["sigmoid"]
    try:
        check(notebook[name], [0.0], 0.25, LAW, given=["sigmoid", "rmse", "sigmoid"])
    except (AssertionError, KeyboardInterrupt):
        pass
    assert notebook["sigmoid"] is own and "rmse" not in notebook


def test_a_function_that_the_student_never_defined_stands_in_and_is_gone_again(notebook):
    del notebook["sigmoid"]
    check(notebook["slope"], [0.0], 0.25, LAW, given=["sigmoid"])
    assert "sigmoid" not in notebook
    with pytest.raises(AssertionError, match="stopped with NameError: name 'sigmoid' is not defined"):
        check(notebook["slope"], [0.0], 0.25, LAW)


@pytest.mark.parametrize("function", [abs, np.abs, functools.partial(pow, 2), Height(np.array([1.0])).__call__])
def test_functions_without_names_of_their_own_need_no_stand_in(function):
    arguments = [] if "__call__" in str(function) else [2]
    check(function, arguments, function(*arguments), LAW, given=["sigmoid"])


def test_a_wrapped_function_is_reached(notebook):
    check(functools.cache(notebook["slope"]), [0.0], 0.25, LAW, given=["sigmoid"])


def test_a_reference_that_does_not_exist_is_the_fault_of_the_test_not_of_the_student(notebook):
    with pytest.raises(
        ValueError, match="no reference is called 'sigmoids': expected a function of musiclab.encoding, musiclab.rnn"
    ):
        check(notebook["slope"], [0.0], 0.25, LAW, given=["sigmoid", "sigmoids"])
    assert notebook["sigmoid"](1) == 2


def test_references_are_the_functions_of_the_course_and_nothing_else():
    assert reference("bptt") is musiclab.rnn.bptt and reference("piano_roll") is musiclab.encoding.piano_roll
    assert reference("mask_logits") is musiclab.generate.mask_logits and reference("rhythm_gate") is musiclab.tied.rhythm_gate
    for name in ("np", "neuron", "sigmoids"):
        with pytest.raises(ValueError, match=f"no reference is called '{name}'"):
            reference(name)


# Arguments as they are after the call ------------------------------------------------------------------------------------


def test_an_argument_is_compared_as_it_is_after_the_call():
    def in_place(w, lr):
        w -= lr

    w = np.array([1.0, 2.0])
    check(in_place, [w, 1], [0, 1], LAW, argument=0)
    with pytest.raises(AssertionError) as caught:
        check(in_place, [w, 1], [1, 2], "w stays as it was", argument=0)
    said = "argument 1 of in_place([1.0, 2.0], 1), after the call, is [0.0, 1.0], expected [1, 2]. Law: w stays as it was"
    assert str(caught.value) == said and w.tolist() == [1, 2]


def test_an_argument_may_be_viewed_and_its_form_is_named():
    def learn(params, lr):
        params["w"] = params["w"] - lr

    check(learn, [{"w": 3.0}, 1], 2, LAW, argument=0, view=lambda params: params["w"])
    with pytest.raises(AssertionError, match="argument 1 of learn.*, after the call, is {'w': 2.0}, expected numbers. Law: "):
        check(learn, [{"w": 3.0}, 1], 2, LAW, argument=0)
    with pytest.raises(AssertionError, match="argument 1 of learn.*, after the call, is {'w': 2.0}, which has not the form"):
        check(learn, [{"w": 3.0}, 1], 2, LAW, argument=0, view=lambda params: params["b"])


def test_a_blank_answer_leaves_its_arguments_alone_and_gets_nothing_for_it():
    def blank(w):
        raise NotImplementedError()

    with pytest.raises(AssertionError, match=r"^blank\(\[1\]\) is not written yet"):
        check(blank, [[1]], [1], "w stays as it was", argument=0)


def test_an_echo_goes_back_to_any_state_it_had():
    echo = Echo((1.0, 0.5, 0.25))
    first, _ = echo.step(echo.start(), 2)
    _, once = echo.step(first, 0)
    echo.step(first, 1)
    assert echo.step(first, 0)[1].tolist() == once.tolist() == [1, 0, 0.25] and first == (2,)
    assert repr(copy.deepcopy(echo)) == "Echo(factors=(1.0, 0.5, 0.25))"


def test_a_symbol_that_an_echo_hears_again_begins_anew():
    echo = Echo((1.0, 0.5))
    once, _ = echo.step(echo.start(), 1)
    assert echo.step(once, 1)[1].tolist() == [0, 1]


# Arguments by name, and what generate is marked with -----------------------------------------------------------------------


def test_arguments_can_be_passed_by_name_and_the_message_shows_them():
    def power(base, *, exponent):
        return base + exponent

    with pytest.raises(AssertionError, match=r"power\(2, exponent=3\) is 5, expected 8. Law: a power multiplies"):
        check(power, [2], 8, "a power multiplies", named={"exponent": 3})


def test_arguments_by_name_are_copies_as_the_others_are():
    rng = np.random.default_rng(3)
    first = np.random.default_rng(3).random()
    for _ in range(2):
        check(lambda *, rng: rng.random(), [], first, "the same numbers every time", named={"rng": rng})


def test_who_draws_what_was_missed_longest_goes_round():
    echo, ids = Echo((0.5,) * 4), []
    state, logits = echo.step(echo.start(), 0)
    for _ in range(6):
        ids.append(missed(logits))
        state, logits = echo.step(state, ids[-1])
    assert ids == [1, 2, 3, 0, 1, 2]


def test_what_is_masked_is_not_missed():
    assert missed(np.array([-np.inf, 0.5, 0.2, -np.inf])) == 2
    assert musiclab.generate.generate(Echo((0.5,) * 6), [2], 9, sample=missed, controls=Rising(6)) == [3, 4, 5]


def test_words_are_compared_as_they_are_and_both_lists_are_shown():
    law = "a rest is a symbol of its own"
    check(lambda: ("R 1/8", "C5 1/8"), [], ["R 1/8", "C5 1/8"], law)
    check(lambda: np.array(["C5 1/8"]), [], ["C5 1/8"], law)
    for answer in (["C5 1/8"], ["R 1/8", "C5 1/4"], [1, 2], "R 1/8"):
        with pytest.raises(AssertionError, match=r"expected \['R 1/8', 'C5 1/8'\]\. Law: a rest"):
            check(lambda answer=answer: answer, [], ["R 1/8", "C5 1/8"], law)
