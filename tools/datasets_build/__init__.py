"""The parts of `tools/build_datasets.py`: one reader for each kind of source."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A piece on its way into a collection, with what its index row says beside what the piece itself knows."""

    id: str
    piece: object
    source: str
    transcriber: str
    tempo: str = ""  # as the source states it, such as "1/4=100"; blank if it does not
    work: str = ""  # what it is known to belong with; blank where only the notes can tell
