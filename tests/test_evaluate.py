import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musiclab.corpus import Corpus
from musiclab.evaluate import Copy, longest_copy, nats
from musiclab.piece import Note, Piece

SMALL = st.lists(st.lists(st.integers(60, 64), min_size=1, max_size=8), min_size=1, max_size=4)


def tune(pitches, title="", length=24, voice=0):
    return Piece([Note(length * i, length, pitch, voice=voice) for i, pitch in enumerate(pitches)], title=title)


def by_trying_all(pitches, tunes):
    """The most notes in a row that stand in a tune after one and the same transposition, by trying all pairs of places."""
    best = 0
    for other in tunes:
        for i in range(len(pitches)):
            for j in range(len(other)):
                n = 0
                while i + n < len(pitches) and j + n < len(other) and other[j + n] - other[j] == pitches[i + n] - pitches[i]:
                    n += 1
                best = max(best, n)
    return best if best > 1 else 0


@given(SMALL, st.lists(st.integers(60, 64), min_size=1, max_size=8), st.integers(-12, 12))
def test_longest_copy_agrees_with_trying_all_places(tunes, pitches, semitones):
    pieces = [tune(other, str(i)) for i, other in enumerate(tunes)]
    found = longest_copy(tune(pitches).transposed(semitones), pieces)
    assert found.notes == by_trying_all(pitches, tunes)
    if found.notes:
        part = pitches[found.start : found.start + found.notes]
        assert by_trying_all(part, [tunes[int(found.title)]]) == found.notes


def test_a_copy_in_another_key_and_rhythm_is_found():
    melody = [60, 62, 64, 65, 67, 72, 71]
    corpus = Corpus.of([tune([1, 2, 3], "Other"), tune([50, *melody, 40], "Source")])
    piece = tune([90, 90, *(p + 7 for p in melody)], length=12)
    assert longest_copy(piece, corpus) == Copy(7, 2, "Source")


def test_a_run_does_not_go_on_from_one_tune_into_the_next():
    assert longest_copy(tune([60, 61, 62, 63, 64]), [tune([60, 61, 62], "A"), tune([62, 63, 64], "B")]) == Copy(3, 0, "A")


def test_nothing_shared_is_no_copy():
    assert longest_copy(tune([60, 61]), [tune([60, 62])]) == Copy()
    assert longest_copy(tune([60]), [tune([60])]) == Copy()
    assert longest_copy(Piece(), [tune([60, 61])]) == Copy()


def test_every_voice_is_looked_at():
    piece = Piece([*tune([60, 60]).notes, *tune([50, 54, 57], voice=1).notes])
    assert longest_copy(piece, [tune([0, 4, 7], "Chord")]) == Copy(3, 0, "Chord")


def test_nats_are_minus_log_of_the_softmax_from_start_on():
    class Table:
        logits = np.log([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0.25, 0.25, 0.5]]) + [[7.0], [0.0], [-900.0]]

        def start(self):
            return None

        def step(self, state, id):
            return None, self.logits[id]

    assert np.allclose(nats(Table(), [1, 2, 0]), -np.log([0.3, 0.8, 0.25]))
    assert nats(Table(), []).shape == (0,)
