"""One thread that does the newest thing it was asked for, says how far it is, and can be told to stop."""

import threading
from time import monotonic


class Cancelled(Exception):
    """What `tick` raises in work that nobody waits for any more."""


class Worker:
    """Does one job after the other beside the main thread; of those that wait, only the newest.

    A job is a function of `tick`, and calls `tick(share)` now and then, with the share that is done, from 0 to 1. Once something newer
    is asked for, or nothing any more, `tick` raises `Cancelled`, and whatever the old job may still return goes nowhere.

    >>> worker, found = Worker(), []
    >>> worker.ask(lambda tick: 6 * 7, done=found.append)
    >>> worker.wait(), found
    (True, [42])
    """

    def __init__(self):
        self.lock = threading.RLock()  # held while somebody is told something
        self._number = 0  # of the newest that was asked for
        self._waiting = self._thread = None

    def ask(self, job, *, done, failed=None, progress=None):
        """Do this, and nothing that was asked for before.

        Args:
            job: function of `tick`.
            done: called with what the job returns.
            failed: called with the exception that the job, or `done`, raises.
            progress: called with the share that is done.
        """
        with self.lock:
            self._number += 1
            self._waiting = (self._number, job, done, failed or (lambda error: None), progress or (lambda share: None))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="musiclab studio", daemon=True)
                self._thread.start()

    def cancel(self):
        """Wait for nothing any more; says whether there was anything to wait for."""
        with self.lock:
            self._number += 1
            busy, self._waiting = self._thread is not None, None
            return busy

    def wait(self, seconds=60.0):
        """Wait until nothing is left to do; says whether that came about in time."""
        end = monotonic() + seconds
        while (thread := self._thread) is not None and monotonic() < end:
            thread.join(max(0.0, end - monotonic()))
        return self._thread is None

    def _work(self):
        while True:
            with self.lock:
                if self._waiting is None:
                    self._thread = None
                    return
                (number, job, done, failed, progress), self._waiting = self._waiting, None
            try:
                result = job(self._ticker(number, progress))
                self._tell(number, done, result)
            except Cancelled:
                pass
            except Exception as error:  # whatever it is, the user reads it
                self._tell(number, failed, error)

    def _ticker(self, number, progress):
        def tick(share):
            with self.lock:
                if number != self._number:
                    raise Cancelled
                progress(share)

        return tick

    def _tell(self, number, listener, what):
        with self.lock:  # so that nothing is told after `cancel` has returned
            if number == self._number:
                listener(what)


def part(tick, start, end):
    """A `tick` for a part of the work, that goes from one share to another of the whole.

    >>> part(print, 0.5, 1.0)(0.5)
    0.75
    """
    return lambda share: tick(start + share * (end - start))
