"""A network that writes chorales keeps its promises, whatever it was taught; the one that ships is measured elsewhere."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import cli, datasets
from musiclab.choir.frames import LAYOUT, SINGERS, frames_of
from musiclab.choir.part_rules import RANGES, State
from musiclab.choir.phrases import phrase_habits
from musiclab.choir.writing import CALM, _calm, compose_chorale, load_choir
from musiclab.compose import compose
from musiclab.corpus import Corpus, beside
from musiclab.harmony import faults
from musiclab.key import Key
from musiclab.midi import read_midi, write_midi
from musiclab.piece import Note, Piece
from musiclab.voices import Layout, Voices, save_voices
from musiclab.voices.stepping import weight_shapes

SMALL = {"n_hidden": 4, "n_embedding": 3, "n_head": 4}


class Noise:
    """A model that says anything at random, the same for one seed, and remembers what it was given."""

    layout = LAYOUT
    card = {}

    def start(self, given):
        self.given = given
        return 0

    def step(self, state, id):
        return state + 1, np.random.default_rng([7, state]).normal(size=LAYOUT.n_symbols)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The path of a small untrained model that knows the habits of Bach's chorales."""
    rng, train = np.random.default_rng(0), datasets.load("chorales").train
    weights = {name: rng.normal(size=shape).astype(np.float16) for name, shape in weight_shapes(LAYOUT, **SMALL).items()}
    path = tmp_path_factory.mktemp("model") / "choir.npz"
    save_voices(Voices(weights, LAYOUT, {"phrases": phrase_habits(train)}), path)
    Corpus.of(train[:40]).save(beside(path))
    return path


def is_sound(piece, bars, before=0):
    """The promises of `compose_chorale`, seen from the piece alone, from a tick on."""
    assert piece.end == bars * piece.meter.bar and len(piece.bars) - (piece.pickup > 0) == bars
    new = [note for note in piece.notes if note.start >= before]
    for voice, (low, high) in zip((0, 3, 1, 2), RANGES):
        line = [note for note in new if note.voice == voice]
        assert all(low <= note.pitch <= high for note in line)
        assert all(note.end == following.start for note, following in zip(line, line[1:]))  # no rests
    if not before:
        assert not faults(piece)["crossing"]
    ends = [tick for tick in piece.fermatas if tick >= before]
    for tick in ends:
        assert {note.voice for note in new if note.start == tick} == {0, 1, 2, 3}
    last = {note.voice: note.pitch for note in new if note.end == piece.end}
    assert {note.start for note in new if note.end == piece.end} == {ends[-1]}
    above = {(pitch - piece.key.pitch_class) % 12 for pitch in last.values()}
    assert last[3] % 12 == piece.key.pitch_class and (above <= {0, 3, 7} or above <= {0, 4, 7}) and above & {3, 4}


@settings(max_examples=12)
@given(
    bars=st.integers(1, 9),
    key=st.sampled_from(["G major", "E dorian", "Bb", "F# minor", "A mixolydian", "Db major"]),
    meter=st.sampled_from(["4/4", "3/4"]),
    pickup=st.sampled_from([None, "0", "1/4", "1/2"]),
    temperature=st.sampled_from([0, 0.9, 5]),
    seed=st.integers(0, 2**40),
)
def test_a_chorale_keeps_its_promises(saved, bars, key, meter, pickup, temperature, seed):
    wishes = {"meter": meter, "pickup": pickup, "temperature": temperature, "seed": seed, "model": saved}
    piece, card = compose("chorale", bars, key, **wishes)
    is_sound(piece, bars)
    assert (piece.style, piece.key, piece.voices, str(piece.meter)) == ("chorale", Key.parse(key), SINGERS, meter)
    assert pickup is None or card["settings"]["pickup"] == pickup
    assert frames_of(piece)[1].n_frames * 6 == piece.end
    assert card["settings"]["seed"] == seed and card["notes"] == len(piece.notes) and card["symbols"] == 4 * piece.end // 6


def test_the_same_arguments_give_the_same_chorale(saved):
    first, second = (compose("chorales", 4, "G", 90, seed=1, model=saved) for _ in range(2))
    assert first == second and first[0] != compose("chorale", 4, "G", 90, seed=2, model=saved)[0]
    assert first[1]["title"] == "Chorale in G major (seed 1)" and first[1]["settings"]["tempo"] == 90
    assert first[1]["originality"]["of"] == "the soprano" and first[1]["nats_a_note"] > first[1]["nats_a_symbol"]


def test_the_key_is_one_of_bachs_if_nobody_asks_for_one(saved):
    keys = [str(compose("chorale", 1, seed=seed, model=saved)[0].key) for seed in range(12)]
    usual = Corpus.load(beside(saved)).habits["chorale"]["keys"]
    assert set(keys) <= set(usual) and len(set(keys)) > 3
    assert str(compose("chorale", 1, seed=5, model=saved)[0].key) == keys[5]


def test_pitches_are_drawn_more_calmly_than_rhythm():
    logits, probs = np.random.default_rng(1).normal(size=LAYOUT.n_symbols), lambda x: np.exp(x - np.logaddexp.reduce(x))
    for state in (State(), State(3, (40, 20, 36, 30), (41,))):
        before, after = probs(logits), probs(_calm(logits, state))
        still = [20, LAYOUT.again_id] if state.before else [LAYOUT.none, LAYOUT.again_id]
        new = np.setdiff1d(np.arange(LAYOUT.n_symbols), still)
        assert after[still] == pytest.approx(before[still])
        first, *others = new
        ratios = np.log(after[others] / after[first]) / np.log(before[others] / before[first])
        assert ratios == pytest.approx(1 / CALM[len(state.chosen)])


def test_what_the_network_is_given_is_the_plan():
    model = Noise()
    piece, card = compose_chorale(6, "A minor", seed=3, model=model)
    plan = frames_of(piece)[1]
    assert (model.given == plan.given()).all() and card["model"] == {"kind": "Noise"} and card["originality"] is None
    assert compose(bars=6, key="A minor", seed=3, model=model)[0] == piece  # it writes nothing but chorales


@pytest.mark.parametrize(("bars", "stops"), [(1, None), (5, None), (2, 192 + 24 + 48)])
def test_a_chorale_is_gone_on_from_note_for_note(saved, bars, stops):
    begun = datasets.load("chorales").test[3]
    begun = begun.between(0, stops) if stops else begun  # in the middle of a bar
    piece, card = compose(bars=bars, seed=1, continue_=begun, model=saved)
    n_given = -(-begun.end // begun.meter.bar)
    is_sound(piece, n_given + bars, begun.end)
    assert [note for note in piece.notes if note.start < begun.end] == list(begun.notes)
    assert piece.fermatas[: len(begun.fermatas)] == begun.fermatas and piece.voices == begun.voices
    assert piece.title == f"{begun.title}, continued (seed 1)" and card["settings"]["goes_on_from"]["bars"] == n_given


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"meter": "6/8"}, "a chorale in 6/8: this model knows it in 4/4 or 3/4 only"),
        ({"pickup": "1/8"}, "pickup of 12 ticks: a chorale begins on a beat"),
        ({"bars": 65}, "bars 65: expected a whole number from 1 to 64"),
        ({"continue_": Piece([Note(0, 24, 60)])}, "1 of 1 voices play; expected four, soprano first"),
    ],
)
def test_what_cannot_be_had_is_said(saved, wishes, message):
    with pytest.raises(ValueError, match=message):
        compose("chorale", model=saved, **wishes)


def test_a_network_for_other_voices_is_no_choir(tmp_path):
    layout = Layout(60, 12)
    weights = {name: np.zeros(shape, np.float16) for name, shape in weight_shapes(layout, **SMALL).items()}
    save_voices(Voices(weights, layout), tmp_path / "other.npz")
    with pytest.raises(ValueError, match="other.npz: a network for other voices than a chorale's"):
        load_choir(tmp_path / "other.npz")


def test_the_command_writes_a_chorale_and_goes_on_from_it(saved, tmp_path, capsys):
    out = ["--model", str(saved), "--out"]
    assert (
        cli.main(["compose", "--style", "chorale", "--bars", "3", "--key", "D", "--seed", "2", *out, str(tmp_path / "one")]) == 0
    )
    printed = capsys.readouterr().out
    assert "Chorale in D major (seed 2): 3 bars of" in printed and "also in a tune it learned from" in printed
    piece = read_midi(tmp_path / "one.mid")
    is_sound(piece, 3)
    again = ["compose", "--continue", str(tmp_path / "one.mid"), "--bars", "2", "--seed", "5", *out, str(tmp_path / "two")]
    assert cli.main(again) == 0
    is_sound(read_midi(tmp_path / "two.mid"), 5, piece.end)
    assert json.loads((tmp_path / "two.json").read_text())["settings"]["style"] == "chorale"


def test_a_chorale_is_not_harmonised_twice(saved, tmp_path, capsys):
    assert cli.main(["compose", "--style", "chorale", "--harmony", "chorale", "--model", str(saved)]) == 2
    assert "a chorale has four voices already" in capsys.readouterr().err


def test_a_chorale_is_no_tune_for_the_network_of_tunes(tmp_path, capsys):
    write_midi(datasets.load("chorales").test[0], tmp_path / "four.mid")
    arguments = ["compose", "--style", "reel", "--continue", str(tmp_path / "four.mid"), "--out", str(tmp_path / "x")]
    assert cli.main(arguments) == 2
    assert "4 voices" in capsys.readouterr().err
