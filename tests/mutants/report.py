"""What the marking of a lesson catches and accepts."""

from typing import NamedTuple

from .warm import mark


class Verdict(NamedTuple):
    """Whether one answer was marked as it should be; `fault` says what was not ("" if all was)."""

    answer: tuple
    fault: str


def judge(lesson, timeout=60):
    """Mark every answer of a lesson; a `Verdict` each."""
    marks = mark(lesson, {f"{a.function}: {a.name}": {a.function: a.source} for a in lesson.answers}, timeout)
    return [Verdict(a, _fault(lesson, a, marks[f"{a.function}: {a.name}"])) for a in lesson.answers]


def _fault(lesson, answer, marks):
    lost = {test: marks[test].message for test, points in lesson.points.items() if marks[test].points < points}
    own = {test: message for test, message in lost.items() if test in lesson.tests_of(answer.function)}
    others = sorted(set(lost) - set(own))
    unnamed = [message for message in lost.values() if "NameError" in message or "ModuleNotFoundError" in message]
    if unnamed and "NameError" not in (answer.says or ""):
        return f"does not run as a cell of its own, put its imports inside: {unnamed[0]}"
    if answer.says is None:
        return f"right, but loses marks: {lost}" if lost else ""
    if not own:
        return "wrong, but loses no marks in its own test"
    if others:
        return f"loses marks in tests of other functions as well: {others}"
    if not any(answer.says in message for message in own.values()):
        return f"no message says {answer.says!r}: {own}"
    return ""


def _counts(verdicts):
    """`(done, all)` of the wrong answers caught and of the right ones accepted."""
    for right in (False, True):
        of_kind = [verdict for verdict in verdicts if (verdict.answer.says is None) == right]
        yield sum(not verdict.fault for verdict in of_kind), len(of_kind)


def table(lesson, verdicts):
    """The verdicts as a table in Markdown, a row a function, and the faults below."""
    rows = [f"### {lesson.name}\n", "| function | points | wrong answers caught | right variants accepted |", "|---|---|---|---|"]
    for function in lesson.functions:
        points = " + ".join(f"{lesson.points[test]:g}" for test in lesson.tests_of(function))
        counts = _counts([verdict for verdict in verdicts if verdict.answer.function == function])
        rows.append(f"| `{function}` | {points} | {' | '.join(f'{done} of {n}' for done, n in counts)} |")
    faults = [f"- {verdict.answer.function}, {verdict.answer.name}: {verdict.fault}" for verdict in verdicts if verdict.fault]
    return "\n".join([*rows, "", *faults, *[""] * bool(faults)])


def totals(lessons, verdicts):
    """All lessons in one line."""
    exercises = sum(len(lesson.functions) for lesson in lessons)
    words = [f"{done} of {n} ({100 * done / n if n else 0:.4g} %)" for done, n in _counts(verdicts)]
    return f"{exercises} exercise{'s' * (exercises != 1)}: wrong answers caught {words[0]}, right variants accepted {words[1]}"
