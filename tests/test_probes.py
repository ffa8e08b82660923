"""Locked cells: messages that state the law, and no noise that costs a mark."""

import logging
import os
import sys
import warnings

import numpy as np
import pytest

from musiclab.probes import check, quiet

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


def test_a_blank_answer_is_not_written_yet():
    def blank(x):
        raise NotImplementedError()

    with pytest.raises(AssertionError, match="is not written yet"):
        check(blank, [1], 4, LAW)


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
