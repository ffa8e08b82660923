"""The Studio's worker does the newest thing only, its history loses nothing."""

from threading import Event

from hypothesis import given
from hypothesis import strategies as st

from musiclab.studio.history import History
from musiclab.studio.worker import Worker

PATIENCE = 30


def until(event):
    """A job that begins, waits for an event, and looks whether anybody still wants it."""
    begun = Event()

    def job(tick):
        begun.set()
        assert event.wait(PATIENCE)
        tick(0.5)
        return "done"

    job.begun = begun
    return job


def test_what_is_asked_for_last_is_done_and_the_rest_is_left():
    worker, go, told = Worker(), Event(), []
    first = until(go)
    worker.ask(first, done=lambda result: told.append(("first", result)))
    assert first.begun.wait(PATIENCE)
    for name in ("second", "third"):
        worker.ask(
            lambda tick, name=name: told.append((name, "begun")) or name, done=lambda result: told.append((result, "done"))
        )
    go.set()
    assert worker.wait(PATIENCE) and told == [("third", "begun"), ("third", "done")]


def test_after_cancel_nothing_is_told_and_the_job_ends_at_its_next_tick():
    worker, go, told = Worker(), Event(), []
    job = until(go)
    worker.ask(job, done=told.append, failed=told.append, progress=told.append)
    assert job.begun.wait(PATIENCE)
    assert worker.cancel()
    go.set()
    assert worker.wait(PATIENCE) and told == []
    assert not worker.cancel()  # nothing left


def test_what_an_old_job_still_returns_goes_nowhere():
    worker, go, begun, told = Worker(), Event(), Event(), []
    worker.ask(lambda tick: begun.set() or go.wait(PATIENCE), done=told.append)  # it never looks whether anybody wants it
    assert begun.wait(PATIENCE)
    worker.ask(lambda tick: "new", done=told.append)
    go.set()
    assert worker.wait(PATIENCE) and told == ["new"]


def test_progress_is_told_and_errors_too_also_those_of_who_is_told():
    worker, told = Worker(), []
    worker.ask(
        lambda tick: [tick(share) for share in (0, 0.5)] and 1 / 0, done=told.append, failed=told.append, progress=told.append
    )
    assert worker.wait(PATIENCE) and told[:2] == [0, 0.5] and type(told[2]) is ZeroDivisionError

    def refuse(result):
        raise ValueError(result)

    worker.ask(lambda tick: "no", done=refuse, failed=told.append)
    assert worker.wait(PATIENCE) and str(told[3]) == "no"


def test_a_worker_works_again_after_it_has_rested():
    worker, told = Worker(), []
    for n in range(3):
        worker.ask(lambda tick, n=n: n, done=told.append)
        assert worker.wait(PATIENCE)
    assert told == [0, 1, 2]


@given(st.lists(st.tuples(st.sampled_from(["add", "show", "change"]), st.integers(1, 9)), max_size=12))
def test_undo_goes_back_through_all_that_was_done_step_by_step(steps):
    history = History()
    history.add("first")
    look = lambda: (history.entries, history.shown)  # noqa: E731
    seen = [look()]
    for i, (step, n) in enumerate(steps):
        {"add": history.add, "show": history.show, "change": history.change}[step](n if step == "show" else f"take {i}")
        seen += [look()] if look() != seen[-1] else []  # to show what is on show, or what is not there, is no step
    for before in reversed(seen[:-1]):
        assert history.can_undo and history.undo() and look() == before
    assert not history.can_undo  # the first piece stays
