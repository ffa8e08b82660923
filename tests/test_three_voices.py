"""Three voices under a tune, pitch by pitch."""

import numpy as np
import pytest

from musiclab.choir.frames import LAYOUT
from musiclab.choir.three_voices import Shadow, ThreeVoices
from musiclab.harmonise import harmonise
from musiclab.key import Key
from musiclab.piece import Meter, Note, Piece


class Listener:
    """A model that keeps all ids it hears, and likes none better than another."""

    def start(self, given):
        self.n_given = len(given)
        return ()

    def step(self, heard, id):
        return (*heard, id), np.zeros(LAYOUT.n_symbols)


def sing(choir, chords):
    state, logits = choir.start()
    for pitch in (pitch for chord in chords for pitch in chord):
        state, logits = choir.step(state, pitch)
    return state, logits


def ids(*pitches, shift=0):
    return [pitch - LAYOUT.lowest + 1 + shift for pitch in pitches]


TUNE = Piece([Note(0, 24, 72), Note(24, 24, 72), Note(48, 48, 71)], keys=[(0, Key("C"))])


def test_the_model_hears_the_tune_and_what_is_chosen_four_frames_a_beat():
    listener = Listener()
    choir = ThreeVoices(TUNE, listener)
    state, logits = sing(choir, [(48, 67, 64), (50, 67, 62), (43, 67, 62)])
    again = LAYOUT.again_id
    chords = [(72, 48, 67, 64), (72, 50, 67, 62), (71, 43, 67, 62), (71, 43, 67, 62)]  # the last lasts two beats
    heard = np.array(state.memory[1:]).reshape(-1, 4)
    assert state.memory[0] == 0 and listener.n_given == len(heard) + 1
    for beat, chord in enumerate(chords):
        assert heard[4 * beat + 1 : 4 * beat + 4].tolist() == [ids(*chord)] * 3
    assert heard[0].tolist() == ids(*chords[0])
    assert heard[4].tolist() == [again, *ids(50, 67, 62)]  # the tune strikes its C again; a held voice goes on
    assert heard[8].tolist()[:1] == ids(71) and heard[8, 2:].tolist() == [again, again]  # the last chord is struck by all
    assert np.isneginf(logits).all()


def test_logits_are_given_by_pitch_in_the_key_of_the_tune():
    in_d = TUNE.transposed(2)
    for tune, shift in ((TUNE, 0), (in_d, 2)):
        state, logits = ThreeVoices(tune, Shadow((20, 4, 5))).start()
        assert logits.argmax() == 72 + shift - 20
        assert np.flatnonzero(np.isfinite(logits)).tolist() == list(range(31 + shift, 89 + shift))


def test_the_lid_is_the_lowest_note_of_the_tune_while_a_chord_is_held():
    jig = Piece(
        [Note(0, 12, 72), Note(12, 12, 67), Note(24, 12, 71), Note(36, 36, 69), Note(72, 72, 72)], meters=[(0, Meter(6, 8))]
    )
    assert ThreeVoices(jig, Shadow()).moments == ((0, 36, 67), (36, 72, 69), (72, 144, 72))


def test_a_note_that_began_before_the_chord_still_counts_for_the_lid():
    tune = Piece([Note(0, 36, 67), Note(36, 12, 72), Note(48, 24, 72)], keys=[(0, Key("C"))])
    assert [moment.lid for moment in ThreeVoices(tune, Shadow()).moments] == [67, 67, 72]


def test_a_rest_of_the_tune_keeps_the_chord():
    tune = Piece([Note(0, 24, 72), Note(48, 24, 71)], keys=[(0, Key("C"))])
    assert ThreeVoices(tune, Shadow()).moments == ((0, 48, 72), (48, 72, 71))


def test_the_best_pitches_of_a_shadow_are_what_harmonise_sings_where_no_rule_says_otherwise():
    tune = Piece([Note(24 * i, 24, p) for i, p in enumerate([72, 74, 76, 74, 72])], keys=[(0, Key("C"))])
    sung = harmonise(tune, Shadow(), np.random.default_rng(1))
    choir = ThreeVoices(tune, Shadow())
    state, logits = choir.start()
    for moment in choir.moments[:-1]:
        for voice in (3, 1, 2):
            [pitch] = [n.pitch for n in sung.notes if n.voice == voice and n.start <= moment.start < n.end]
            assert moment.start == 0 or logits.argmax() == pitch  # the first chord and the last follow rules
            state, logits = choir.step(state, pitch)


def test_a_blunt_shadow_likes_all_pitches_alike():
    _, logits = ThreeVoices(TUNE, Shadow(sharpness=0)).start()
    assert len(set(logits[np.isfinite(logits)])) == 1


def test_a_pitch_beyond_the_choir_or_after_the_end_is_refused():
    choir = ThreeVoices(TUNE, Shadow())
    state, _ = choir.start()
    for pitch in (12, 100, 200, -1):
        with pytest.raises(ValueError, match=f"pitch {pitch} .*: expected 31 to 88"):
            choir.step(state, pitch)
    state, _ = sing(choir, [(48, 67, 64)] * 3)
    with pytest.raises(ValueError, match="frame 16 of 16: .* a tune that goes on"):
        choir.step(state, 60)


def test_a_shadow_hears_what_was_chosen_and_not_what_it_wished():
    choir = ThreeVoices(TUNE, Shadow((20, 4, 5)))
    state, _ = choir.start()
    state, _ = choir.step(state, 48)
    for alto in (64, 70):
        assert choir.step(state, alto)[1].argmax() == alto - 5
