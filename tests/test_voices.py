import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab.generate import generate, sample
from musiclab.voices import (
    Layout,
    Voices,
    chords_of_frames,
    columns,
    frames_of_chords,
    load_voices,
    save_voices,
    transposed,
)
from musiclab.voices import past as past_room
from musiclab.voices.past import begin, extend, look_back
from musiclab.voices.stepping import weight_shapes

SETS = Layout(60, 6, ordered=True)
CHOIR = Layout(60, 8, n_slots=3, again=True, lags=(1, 2, 3, 8), frames_a_beat=4, given=(5, 40))
PLAIN = Layout(60, 8, n_slots=2)


def some_voices(layout, scale=0.3, seed=0):
    """A small network with random weights, as they are saved."""
    rng = np.random.default_rng(seed)
    shapes = weight_shapes(layout, n_hidden=8, n_embedding=5, n_head=6)
    return Voices({name: rng.normal(scale=scale, size=shape).astype(np.float16) for name, shape in shapes.items()}, layout)


def some_frames(layout, n, seed=0):
    """Frames with repeats, strokes and silence."""
    rng = np.random.default_rng(seed)
    if layout.ordered:
        pitches = np.arange(layout.lowest, layout.highest + 1)
        chords = [rng.choice(pitches, rng.integers(layout.n_slots + 1), replace=False) for _ in range(n // 2 + 1)]
        return frames_of_chords(layout, [chords[i] for i in np.sort(rng.integers(0, len(chords), n))])
    frames = rng.integers(1, 4, (n, layout.n_slots)) * rng.integers(1, 3, (n, 1))
    frames[rng.random(frames.shape) < 0.1] = layout.none
    if layout.again:
        sounding = np.full(layout.n_slots, layout.none)
        for frame in frames:
            again = (rng.random(layout.n_slots) < 0.4) & (sounding != layout.none)
            frame[again] = layout.again_id
            sounding = np.where(again, sounding, frame)
    return frames


def some_given(layout, n, seed=0):
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, size, n) for size in layout.given], axis=1) if layout.given else None


def run(voices, ids, given=None):
    state, rows = voices.start(given), []
    for id in ids:
        state, logits = voices.step(state, id)
        rows.append(logits)
    return np.array(rows)


def log_softmax(logits):
    return logits - np.logaddexp.reduce(np.float64(logits))


def test_what_is_read_of_four_frames_is_what_a_musician_would_write_down():
    layout = Layout(lowest=60, n_pitches=8, n_slots=2, again=True, lags=(1, 2), frames_a_beat=2, beats_a_bar=1)
    frames = [[5, 1], [5, 10], [9, 3], [5, 1]]  # G and C; G goes on, C is struck again; silence and D; G and C
    table = columns(layout, frames)
    read = lambda name: table[:, layout.places[name]].tolist()
    assert (layout.none, layout.again_id) == (9, 10)
    assert read("frame") == frames
    assert read("lags") == [[0, 0, 0, 0], [5, 1, 0, 0], [5, 1, 5, 1], [9, 3, 5, 1]]  # again is written as what sounds
    assert read("runs") == [[16, 16], [0, 0], [1, 0], [0, 0]]
    assert read("phase") == [[0], [1], [0], [1]]
    assert read("position") == [[0], [0], [1], [1]]
    assert read("candidate") == [[0, 0]] * 4
    more = columns(layout, [*frames, [5, 10]])
    assert more[4, layout.places["candidate"]].tolist() == [5, 10]  # after G and C came this
    assert more[4, layout.places["top"]].tolist() == [5]
    assert more[4, layout.places["lengths"]].tolist() == [1, 1]


def naive_candidate(symbols, t):
    """The longest repeat before t by trying all: (what followed it, how long it is)."""
    best = 0, None
    for end in range(t - 1):
        length = 0
        while length <= end and symbols[end - length] == symbols[t - 1 - length]:
            length += 1
        if length and length >= best[0]:
            best = length, end + 1
    return best


@pytest.mark.parametrize("layout", [SETS, PLAIN])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_candidate_is_what_followed_the_longest_and_latest_repeat(layout, seed):
    frames = some_frames(layout, 60, seed)
    table = columns(layout, frames)
    whole, first = list(map(tuple, frames.tolist())), frames[:, 0].tolist()
    found = 0
    for t in range(60):
        _, where = naive_candidate(whole, t)
        _, where_first = naive_candidate(first, t)
        expected = frames[where].tolist() if where is not None else [0] * layout.n_slots
        assert table[t, layout.places["candidate"]].tolist() == expected
        assert table[t, layout.places["top"]] == (first[where_first] if where_first is not None else 0)
        found += where is not None
    assert found > 10


def test_a_pitch_that_is_struck_is_another_sound_than_one_that_goes_on():
    layout = Layout(60, 8, n_slots=1, again=True)
    guess = lambda frames: columns(layout, [*frames, [3]])[-1, layout.places["candidate"]].tolist()
    assert guess([[1], [1], [2], [1], [1]]) == [2]  # as after the first C that went on
    assert guess([[1], [1], [2], [1], [10]]) == [10]  # as after the C struck just before


@pytest.mark.parametrize("layout", [SETS, CHOIR, PLAIN])
@given(where=st.integers(1, 29), seed=st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_nothing_is_read_of_the_frame_itself_or_of_the_future(layout, where, seed):
    frames, known = some_frames(layout, 30, seed), some_given(layout, 30, seed)
    table = columns(layout, frames, known)
    assert np.array_equal(columns(layout, frames[:where], known[:where] if layout.given else None), table[:where])
    other = frames.copy()
    other[where:] = layout.none
    assert np.array_equal(columns(layout, other, known)[where, layout.n_slots :], table[where, layout.n_slots :])


def test_frame_by_frame_is_the_same_as_all_at_once_and_changes_no_past():
    frames, known = some_frames(CHOIR, 40), some_given(CHOIR, 40)
    table, past = columns(CHOIR, frames, known), begin(CHOIR)
    pasts = []
    for row, frame, given_row in zip(table, frames, known.tolist()):
        assert look_back(CHOIR, past, given_row) == row[CHOIR.n_slots :].tolist()
        pasts.append(past)
        past = extend(CHOIR, past, frame)
    again = [look_back(CHOIR, past, given_row) for past, given_row in zip(pasts, known.tolist())]
    assert np.array_equal(again, table[:, CHOIR.n_slots :])


def test_music_without_end_needs_no_memory_without_end(monkeypatch):
    monkeypatch.setattr(past_room, "KEPT", 8)
    voices = some_voices(PLAIN)
    frames = some_frames(PLAIN, 40)
    state, rows = voices.start(), []
    for id in [0, *frames.ravel().tolist()]:
        state, logits = voices.step(state, id)
        rows.append(len(state.past.frames))
    assert max(rows) == 8
    assert state.past.keys.shape == state.past.matches.shape == (2, 8)


@given(shift=st.integers(-3, 3), seed=st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_moving_the_columns_is_moving_the_piece(shift, seed):
    layout = Layout(60, 30, n_slots=3, again=True)
    frames = some_frames(Layout(60, 30, n_slots=3, again=True), 30, seed)
    frames = np.where((frames >= 1) & (frames <= 30), frames + 10, frames)
    moved = np.where((frames >= 1) & (frames <= 30), frames + shift, frames)
    assert np.array_equal(transposed(layout, columns(layout, frames), shift), columns(layout, moved))


chords = st.lists(st.sets(st.integers(60, 71), max_size=5), max_size=20)


@given(chords)
def test_chords_become_frames_and_chords_again(chords):
    layout = Layout(60, 12, n_slots=5, ordered=True)
    assert chords_of_frames(layout, frames_of_chords(layout, chords)) == [sorted(chord) for chord in chords]


@pytest.mark.parametrize("n_slots", [1, 2, 4, 5])
def test_every_set_of_pitches_has_one_writing_and_all_chances_add_up_to_one(n_slots):
    layout = Layout(60, 6, n_slots=n_slots, ordered=True)
    voices = some_voices(layout, scale=0.6)
    ids = [0, *some_frames(layout, 9, seed=3).ravel().tolist()]  # somewhere in the middle of a piece
    state = voices.start()
    for id in ids:
        state, logits = voices.step(state, id)
    sets = [set(chord) for n in range(n_slots + 1) for chord in combinations(range(60, 66), n)]
    total = []
    for frame in frames_of_chords(layout, sets):
        place, here, log_p = state, logits, 0.0
        for slot, id in enumerate(frame.tolist()):
            log_p += log_softmax(here)[id]
            if slot < n_slots - 1:
                place, here = voices.step(place, id)
        total.append(np.exp(log_p))
    assert len(total) == len(sets) and min(total) > 0 and np.std(total) > 0.001
    assert np.isclose(sum(total), 1, atol=1e-6)


def test_what_an_ordered_network_writes_is_always_a_set():
    voices = some_voices(SETS, scale=1)
    ids = generate(voices, [], 4 * 50, sample=lambda logits, rng: sample(logits, rng=rng), rng=np.random.default_rng(0))
    frames = np.reshape(ids, (50, 4))
    assert np.array_equal(frames_of_chords(SETS, chords_of_frames(SETS, frames)), frames)


def test_no_stroke_again_comes_where_nothing_sounds():
    layout = Layout(60, 4, n_slots=2, again=True)
    voices = some_voices(layout, scale=0.1)
    ids = generate(voices, [], 2 * 80, rng=np.random.default_rng(0))
    frames = np.reshape(ids, (80, 2))
    assert (frames == layout.again_id).sum() > 5
    columns(layout, frames)  # raises ValueError if one came


def test_states_stay_as_they_are():
    voices, known = some_voices(CHOIR), some_given(CHOIR, 12)
    ids = [0, *some_frames(CHOIR, 12).ravel().tolist()[:-1]]
    state, states = voices.start(known), []
    for id in ids:
        states.append(state)
        state, _ = voices.step(state, id)
    once = [voices.step(state, id)[1] for state, id in zip(states, ids)]
    twice = [voices.step(state, id)[1] for state, id in reversed(list(zip(states, ids)))][::-1]
    assert np.array_equal(once, twice)
    assert np.array_equal(once, run(voices, ids, known))


def test_what_is_given_is_heard_in_its_frame_and_not_before():
    voices, known = some_voices(CHOIR), some_given(CHOIR, 6)
    ids = [0, *some_frames(CHOIR, 6).ravel().tolist()[:-1]]
    other = known.copy()
    other[4, 1] = (other[4, 1] + 1) % 40
    differ = np.abs(run(voices, ids, known) - run(voices, ids, other)).max(axis=1) > 0
    assert not differ[:12].any() and differ[12:15].all()


def test_saved_voices_come_back_the_same(tmp_path):
    voices = some_voices(CHOIR)
    voices.card["title"] = "Ein Choral für Kinder"
    save_voices(voices, tmp_path / "deep" / "choir.npz")
    loaded = load_voices(tmp_path / "deep" / "choir.npz")
    assert loaded.layout == CHOIR and loaded.card == voices.card
    ids = [0, *some_frames(CHOIR, 5).ravel().tolist()[:-1]]
    assert np.array_equal(run(loaded, ids, some_given(CHOIR, 5)), run(voices, ids, some_given(CHOIR, 5)))
    assert all(array.dtype == np.float16 for array in loaded.weights.values())


def test_a_file_that_is_no_model_is_named(tmp_path):
    path = tmp_path / "choir.npz"
    with pytest.raises(FileNotFoundError, match="choir.npz: no such file"):
        load_voices(path)
    save_voices(some_voices(PLAIN), path)
    path.with_suffix(".json").write_text(json.dumps({"layout": {"lowest": 60, "n_pitches": 9}}))
    with pytest.raises(ValueError, match="no saved model .*shape"):
        load_voices(path)
    path.with_suffix(".json").write_text("{}")
    with pytest.raises(ValueError, match="no saved model"):
        load_voices(path)
    path.write_bytes(b"PK nothing")
    path.with_suffix(".json").write_text(json.dumps({"layout": {"lowest": 60, "n_pitches": 8, "n_slots": 2}}))
    with pytest.raises(ValueError, match="no saved model"):
        load_voices(path)


def test_a_full_disk_leaves_what_was_there(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot write the model to .*; make room or choose another place"):
        save_voices(some_voices(PLAIN), tmp_path / "file" / "choir.npz")


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"lowest": 100, "n_pitches": 30}, "pitches 100 to 129: expected MIDI pitches, 0 to 127"),
        ({"lowest": 60, "n_pitches": 0}, "at least one"),
        ({"lowest": 60, "n_pitches": 3, "n_slots": 0}, "n_slots 0: expected 1 or more"),
        ({"lowest": 60, "n_pitches": 3, "lags": (2, 4)}, "rising, 1 first"),
        ({"lowest": 60, "n_pitches": 3, "lags": (1, 4, 2)}, "rising, 1 first"),
        ({"lowest": 60, "n_pitches": 3, "given": (0,)}, "1 or more"),
        ({"lowest": 60, "n_pitches": 3, "again": True, "ordered": True}, "a set of pitches has no strokes"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Layout(**settings)


@pytest.mark.parametrize(
    "frames, given, message",
    [
        ([1, 2, 3], [[0, 0]], r"shape \(3,\): expected \(n_frames, 3\)"),
        ([[1, 2, 0]], [[0, 0]], "frame 0, slot 2 is 0: expected an id from 1 to 10"),
        ([[1, 2, 11]], [[0, 0]], "frame 0, slot 2 is 11"),
        ([[1, 9, 2], [1, 10, 2]], [[0, 0]] * 2, "frame 1, slot 1 strikes a pitch again, but none sounds"),
        ([[10, 1, 1]], [[0, 0]], "frame 0, slot 0 strikes a pitch again"),
        ([[1, 2, 3]], None, r"nothing is given: expected \(n_frames, n_given\) = \(1, 2\)"),
        ([[1, 2, 3]], [[0, 0], [1, 1]], r"given has shape \(2, 2\)"),
        ([[1, 2, 3]], [[0, 40]], "given column 1 is 40 at frame 0: expected 0 to 39"),
    ],
)
def test_frames_that_the_layout_does_not_have_are_named(frames, given, message):
    with pytest.raises(ValueError, match=message):
        columns(CHOIR, frames, given)


def test_chords_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="frame 1 has 5 pitches: this layout has 4 slots"):
        frames_of_chords(SETS, [[60], [60, 61, 62, 63, 64]])
    with pytest.raises(ValueError, match="frame 0 has pitches 59 to 59: this layout has 60 to 65"):
        frames_of_chords(SETS, [[59]])
    with pytest.raises(ValueError, match=r"\+1 semitones lead to pitches 61 to 66: this layout has 60 to 65"):
        transposed(SETS, columns(SETS, frames_of_chords(SETS, [[60, 65]])), 1)


def test_steps_out_of_turn_are_named():
    voices = some_voices(PLAIN)
    with pytest.raises(ValueError, match="id 3: expected <start>"):
        voices.step(voices.start(), 3)
    state, _ = voices.step(voices.start(), 0)
    for id in (0, -1, PLAIN.n_symbols):
        with pytest.raises(ValueError, match=f"id {id}: expected an id from 1 to {PLAIN.n_symbols - 1}"):
            voices.step(state, id)
    with pytest.raises(ValueError, match=r"given has shape \(1, 2\): expected \(n_frames, n_given\) = \(1, 0\)"):
        voices.start([[0, 0]])
    voices = some_voices(CHOIR)
    with pytest.raises(ValueError, match="nothing is given"):
        voices.start()
    state = voices.start([[0, 0]])
    for id in (0, 1, 1):
        state, _ = voices.step(state, id)
    with pytest.raises(ValueError, match="given ends after 1 frames"):
        voices.step(state, 1)


def test_weights_that_do_not_go_together_are_named():
    weights = some_voices(PLAIN).weights
    with pytest.raises(ValueError, match="weights 'out' are missing"):
        Voices({name: array for name, array in weights.items() if name != "out"}, PLAIN)
    with pytest.raises(ValueError, match="weights 'symbols' have shape .*: this layout needs"):
        Voices(weights, Layout(60, 9, n_slots=2))
    with pytest.raises(ValueError, match="missing"):
        Voices({}, PLAIN)
