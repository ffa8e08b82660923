"""Files that are written whole or not at all."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path):
    """Open a binary file for writing that takes its place only when all of it is there.

    What stood at `path` stays until then, and for good if anything goes wrong. A pipe or a device is written to, not replaced.

    Raises:
        OSError: the file cannot be written.

    >>> with atomic_write("/dev/null") as file:
    ...     file.write(b"all of it")
    9
    """
    path = Path(path)
    if path.exists() and not (path.is_file() or path.is_dir()):
        with open(path, "wb") as file:
            yield file
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
