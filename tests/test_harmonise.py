"""Four parts under a tune: the tune is never touched, and what is put under it is sound, whatever the network was taught."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import cli, datasets
from musiclab.choir import load_choir
from musiclab.choir.frames import LAYOUT, SINGERS, frames_of, piece_of
from musiclab.choir.tune_grid import TuneGrid, tune_grid
from musiclab.harmonise import best_harmonisation, harmonise
from musiclab.harmony import faults
from musiclab.key import Key
from musiclab.midi import read_midi, write_midi
from musiclab.piece import Meter, Note, Piece, Voice
from musiclab.voices import Voices, save_voices
from musiclab.voices.stepping import weight_shapes


class Noise:
    """A model that says anything at random."""

    def __init__(self, seed=0):
        self.seed = seed

    def start(self, given):
        return 0

    def step(self, state, id):
        return state + 1, np.random.default_rng([self.seed, state]).normal(size=LAYOUT.n_symbols)


def under(melody, seed=0, **wishes):
    return harmonise(melody, Noise(seed), np.random.default_rng(seed), **{"tries": 1, "temperature": 1, **wishes})


def is_sound(piece, melody, halves=False):
    """What `harmonise` promises, seen from the piece and the tune alone."""
    tune = [note for note in piece.notes if note.voice == 0]
    assert [note[:4] for note in tune] == [note[:4] for note in melody.notes]
    assert (piece.meters, piece.tempos, piece.pickup, piece.fermatas) == (
        melody.meters,
        melody.tempos,
        melody.pickup,
        melody.fermatas,
    )
    assert piece.keys == (melody.keys or piece.keys) and len(piece.keys) >= 1
    lines = [[note for note in piece.notes if note.voice == voice] for voice in (1, 2, 3)]
    for line in lines:
        assert line[-1].end == melody.end and all(a.end == b.start for a, b in zip(line, line[1:]))
    assert len({line[0].start for line in lines}) == 1  # the first chord is struck by all three
    for note in (note for line in lines for note in line):
        bar = max(start for start, _ in piece.bars if start <= note.start)
        meter, first = piece.meter_at(bar), bar == 0 and piece.pickup
        into = note.start - bar + (meter.bar - piece.pickup if first else 0)
        inside = {0, meter.beat * 2 // 3 if meter.numerator in (6, 9, 12) else meter.beat // 2} if halves else {0}
        assert meter.beat < 24 or into % meter.beat in inside
    held = lambda line, tick: next(note.pitch for note in line if note.start <= tick < note.end)  # noqa: E731
    for tick in {note.start for note in piece.notes if note.start >= lines[0][0].start}:
        alto, tenor, bass = (held(line, tick) for line in lines)
        assert alto >= tenor >= bass


@st.composite
def tunes(draw):
    """A tune of any rhythm in any meter and register, with rests, pickup and fermatas."""
    now, notes = draw(st.sampled_from([0, 0, 12, 30])), []
    for _ in range(draw(st.integers(1, 14))):
        length = draw(st.sampled_from([2, 6, 8, 12, 16, 18, 24, 36, 48, 96, 101]))
        notes.append(Note(now, length, draw(st.integers(55, 88)), draw(st.integers(1, 127))))
        now += length + draw(st.sampled_from([0, 0, 0, 7, 24, 200]))
    meter = Meter.parse(
        draw(st.sampled_from(["4/4", "2/2", "3/4", "2/4", "6/8", "9/8", "12/8", "3/8", "5/8", "7/8", "5/4", "3/2", "3/16"]))
    )
    keys = draw(st.sampled_from([[], [(0, Key("G"))], [(0, Key("F#", "minor"))], [(0, Key("Eb")), (60, Key("C", "minor"))]]))
    pickup = draw(st.integers(0, meter.bar - 1))
    later = draw(st.sampled_from([[], [(pickup + 2 * meter.bar, Meter(6, 8))]]))
    return Piece(
        notes,
        [Voice("Whistle", 72)],
        keys=keys,
        meters=[(0, meter), *later],
        pickup=pickup,
        fermatas=draw(st.sets(st.integers(0, 200), max_size=2)),
    )


@settings(max_examples=60, deadline=None)
@given(tunes(), st.booleans(), st.integers(0, 99))
def test_any_tune_is_left_as_it_is_and_gets_three_voices_that_do_not_cross(melody, passing, seed):
    try:
        grid = tune_grid(melody, passing)
    except ValueError as error:
        assert "before its first beat" in str(error) or "too low" in str(error)
        return
    piece = under(melody, seed, passing=passing)
    starts = {note.start for note in piece.notes if note.voice}
    assert starts <= set(grid.ticks) and min(starts) == grid.ticks[0]
    tune = [note for note in piece.notes if note.voice == 0]
    assert [note[:4] for note in tune] == [note[:4] for note in melody.notes] and piece.end == melody.end
    for voice in (1, 2, 3):
        line = [note for note in piece.notes if note.voice == voice]
        assert line[-1].end == piece.end and all(a.end == b.start for a, b in zip(line, line[1:]))
    assert piece.voices == SINGERS and piece.meters == melody.meters


@pytest.mark.parametrize("name", ["reels", "jigs", "slip jigs", "airs", "hornpipes"])
def test_tunes_of_the_books_are_harmonised_beat_by_beat(name):
    for melody in datasets.load(name).test[:6]:
        is_sound(under(melody), melody)
        is_sound(under(melody, passing=True), melody, halves=True)


def test_a_jig_by_hand():
    """Pickup, two bars of 6/8: the choir waits for the first beat, then moves every dotted quarter and closes on the last note."""
    notes = [(0, 12, 67), (12, 12, 72), (24, 12, 74), (36, 12, 76), (48, 36, 67), (84, 24, 74), (108, 12, 74), (120, 24, 72)]
    melody = Piece([Note(*note) for note in notes], meters=[(0, Meter(6, 8))], pickup=12)
    grid = tune_grid(melody)
    assert grid.ticks[:5] == [12, 24, 36, 42, 48] and len(grid.ticks) == 16
    pitches = lambda ids: [LAYOUT.again_id if id == LAYOUT.again_id else id + LAYOUT.lowest - 1 for id in ids]  # noqa: E731
    again = LAYOUT.again_id
    assert pitches(grid.line) == [72, 74, 76, 76, 67, 67, 67, 67, 74, 74, again, 74, 72, 72, 72, 72]
    assert grid.given[::4, 3].tolist() == [0, 4, 8, 12]  # two bars of two beats are one of four
    piece = under(melody)
    assert sorted({note.start for note in piece.notes if note.voice == 3} | {12, 120}) == sorted(
        {12, 120} | {n.start for n in piece.notes if n.voice == 3}
    )
    last = {note.voice: note.pitch % 12 for note in piece.notes if note.end == piece.end}
    assert last[3] == 0 and last[0] == 0 and set(last.values()) in ({0, 4}, {0, 4, 7}, {0, 3}, {0, 3, 7})


def test_a_rest_keeps_the_chord():
    melody = Piece([Note(0, 24, 72), Note(120, 24, 74), Note(144, 48, 72)])
    for seed in range(5):
        starts = {note.start for note in under(melody, seed).notes if note.voice}
        assert starts <= {0, 120, 144} and {0, 144} <= starts


def test_a_tune_beyond_the_sopranos_takes_the_others_with_it():
    melody = Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate([96, 98, 100, 96])])
    high, plain = under(melody), under(melody.transposed(-24))
    assert [note._replace(pitch=note.pitch - 24) for note in high.notes if note.voice] == [n for n in plain.notes if n.voice]
    low = under(Piece([Note(0, 24, 52), Note(24, 24, 48)]))
    assert 21 <= min(note.pitch for note in low.notes) < 48


@pytest.mark.parametrize(
    ("melody", "message"),
    [
        (Piece(title="Empty"), "'Empty' has no notes: there is nothing to harmonise"),
        (Piece([Note(0, 24, 72), Note(0, 24, 60, voice=1)]), "2 voices that play: expected one"),
        (Piece([Note(0, 24, 72), Note(12, 24, 74)], title="Round"), "'Round' plays several notes at once in bar 1"),
        (Piece([Note(0, 24, 40)], voices=[("Kit", 128)]), "for drums"),
        (Piece([Note(0, 24, 30)]), "too low to put three voices under it"),
        (Piece([Note(6, 6, 72)]), "ends before its first beat"),
    ],
)
def test_what_cannot_be_harmonised_is_said(melody, message):
    with pytest.raises(ValueError, match=message):
        under(melody)


def test_tries_must_be_a_number_of_tries():
    with pytest.raises(ValueError, match="tries 0: expected a whole number from 1"):
        under(Piece([Note(0, 24, 72)]), tries=0)


def test_following_more_ways_finds_another_harmonisation_and_counts_its_faults():
    melody = Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate([72, 74, 76, 74, 72, 71, 72, 72])])
    alone, many = (best_harmonisation(melody, Noise(1), temperature=0, tries=tries) for tries in (1, 12))
    assert many == best_harmonisation(melody, Noise(1), temperature=0, tries=12) != alone
    assert many.nats > 0 and 0 < many.choices <= 3 * 8
    assert many.faults == {kind: len(places) for kind, places in faults(many.piece).items()}
    others = [
        best_harmonisation(melody, Noise(1), np.random.default_rng(seed), tries=4, temperature=1).piece for seed in range(3)
    ]
    assert others[0] != others[1] and others[1] != others[2]


def test_a_network_that_knows_the_chorale_by_heart_gives_it_back():
    """The network is asked in the same places as it learned: what it says there is what is sung."""
    bach = next(p for p in datasets.load("chorales").test if p.id == "bwv10.7")  # all on the beat
    melody = Piece(
        [n for n in bach.notes if n.voice == 0], meters=bach.meters, keys=bach.keys, pickup=bach.pickup, fermatas=bach.fermatas
    )
    grid = tune_grid(melody)
    assert isinstance(grid, TuneGrid) and grid.ticks == list(range(0, bach.end, 6))
    frames, plan = frames_of(bach)
    assert grid.line.tolist() == frames[:, 0].tolist() and grid.shift == plan.shift
    assert (grid.given == plan.given(frames[:, 0], plain=True)).all()

    class Parrot:
        def start(self, given):
            return -1

        def step(self, state, id):
            return state + 1, 30.0 * np.eye(LAYOUT.n_symbols)[frames.ravel()[min(state + 1, frames.size - 1)]]

    found = best_harmonisation(melody, Parrot(), np.random.default_rng(0), tries=1)
    same = set(found.piece.notes) & set(bach.notes)
    assert len(same) > 0.8 * len(bach.notes)  # Bach breaks our rules here and there
    assert piece_of(frames, plan) == bach


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    rng = np.random.default_rng(0)
    shapes = weight_shapes(LAYOUT, n_hidden=4, n_embedding=3, n_head=4)
    path = tmp_path_factory.mktemp("model") / "choir.npz"
    save_voices(Voices({name: rng.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}, LAYOUT), path)
    return path


def test_the_command_writes_the_bundle_and_says_what_it_found(saved, tmp_path, capsys):
    melody = datasets.load("jigs").test[0]
    write_midi(melody, tmp_path / "jig.mid")
    arguments = ["harmonise", str(tmp_path / "jig.mid"), "--model", str(saved), "--seed", "4", "--tries", "2", "--out"]
    assert cli.main([*arguments, str(tmp_path / "four")]) == 0
    printed = capsys.readouterr().out
    assert f"{melody.title}, harmonised (seed 4)" in printed and "Part-writing:" in printed
    assert {path.suffix for path in tmp_path.glob("four.*")} == {".mid", ".musicxml", ".svg", ".wav", ".json"}
    is_sound(read_midi(tmp_path / "four.mid"), melody)
    card = json.loads((tmp_path / "four.json").read_text())
    assert card["harmony"]["tries"] == 2 and card["model"]["file"] == "choir.npz"
    assert cli.main([*arguments, str(tmp_path / "again")]) == 0
    assert (tmp_path / "again.mid").read_bytes() == (tmp_path / "four.mid").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tries", "x"], "tries x: expected a whole number from 1 to 1000"),
        (["--temperature", "-1"], "temperature -1"),
        (["--seed", "-1"], "seed -1"),
        (["--key", "H"], "key 'H'"),
        (["--out", "tune"], "would write over"),
        (["--arrange", "polka"], "polka"),
        (["--model", "no such.npz"], "no such.npz"),
    ],
)
def test_what_cannot_be_had_is_one_line(saved, tmp_path, monkeypatch, capsys, options, message):
    monkeypatch.chdir(tmp_path)
    write_midi(Piece([Note(0, 48, 72), Note(48, 48, 74)]), "tune.mid")
    options = [*([] if "--model" in options else ["--model", str(saved)]), *options]
    assert cli.main(["harmonise", "tune.mid", *options]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and message in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["tune.mid"]


@pytest.mark.parametrize("pattern", ["block", "waltz"])
def test_a_harmonised_tune_can_be_arranged(saved, tmp_path, pattern):
    write_midi(datasets.load("airs").test[0], tmp_path / "air.mid")
    arguments = ["harmonise", str(tmp_path / "air.mid"), "--model", str(saved), "--arrange", pattern, "--tries", "1"]
    assert cli.main([*arguments, "--out", str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out.json").read_text())["arrangement"] == pattern
    assert len(read_midi(tmp_path / "out.mid").voices) > 2


@pytest.mark.parametrize("options", [[], ["--arrange", "broken"]])
def test_a_composed_tune_is_harmonised_as_it_stands(saved, tmp_path, monkeypatch, capsys, options):
    monkeypatch.setattr("musiclab.harmonise.load_choir", lambda: load_choir(saved))
    asked = ["compose", "--style", "jig", "--bars", "4", "--seed", "2", "--out"]
    assert cli.main([*asked, str(tmp_path / "alone")]) == 0
    assert cli.main([*asked, str(tmp_path / "four"), "--harmony", "chorale", *options]) == 0
    alone, four = (read_midi(tmp_path / f"{name}.mid") for name in ("alone", "four"))
    assert "Part-writing:" in capsys.readouterr().out
    card = json.loads((tmp_path / "four.json").read_text())
    assert card["harmony"]["choices"] > 0 and card["settings"]["seed"] == 2 and ("arrangement" in card) == bool(options)
    assert [note[:3] for note in four.notes if note.voice == 0] == [note[:3] for note in alone.notes]
    if not options:
        is_sound(four, alone)
