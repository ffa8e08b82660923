import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import cli, lstm
from musiclab.bundle import write_all
from musiclab.compose import compose
from musiclab.corpus import Corpus, beside
from musiclab.midi import read_midi, write_midi
from musiclab.piece import Key, Note, Piece
from musiclab.provenance import originality_line
from musiclab.stepping import weight_names
from musiclab.symbols import Vocabulary, decode, encode


def tune(text, tonic=67, title=""):
    """A tune from its symbols; `_` stands for the blank inside a symbol."""
    piece = decode([symbol.replace("_", " ") for symbol in text.split()], tonic)
    return Piece(piece.notes, meters=piece.meters, keys=piece.keys, pickup=piece.pickup, style=piece.style, title=title)


TUNES = [
    tune(
        "<reel> <2/2> <major> <4_bars> G4 1/8 | C5 1/4 E5 1/8 G5 1/8 C6 1/2 | D5 1 | E5 1/12 F5 1/12 G5 1/12 E5 3/4 | D5 1/2 C5 3/8 |"
    ),
    tune("<reel> <4/4> <dorian> <4_bars> C5 1/8 D5 1/8 Eb5 1/4 F5 1/2 | G5 1 | R 1/2 Bb4 3/16 A4 1/16 G4 1/4 | C5 1 |", 64),
    tune("<jig> <6/8> <major> <8_bars> C5 3/8 E5 1/4 G5 1/8 | C6 1/8 B5 1/8 A5 1/8 G5 3/8 | C5 3/4 |", 62, "Short Jig"),
    tune("<slip_jig> <9/8> <minor> <8_bars> C5 3/8 D5 3/8 Eb5 3/8 | F5 3/8 D5 3/8 C5 3/8 |", 69),
    tune("<hornpipe> <4/4> <mixolydian> <16_bars> C5 1/2 Bb4 1/2 | ~ 1/4 G4 1/4 C5 1/2 |", 65),
]


class Parrot:
    """Knows one tune by heart and strongly prefers to say it."""

    def __init__(self, piece, vocabulary):
        self.vocabulary, self.ids = vocabulary, [0, *vocabulary.ids(encode(piece)[0])]

    def start(self):
        return 0

    def step(self, state, id):
        logits = np.zeros(len(self.vocabulary))
        logits[self.ids[min(state + 1, len(self.ids) - 1)]] = 50
        return state + 1, logits


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The path of a small untrained model with a vocabulary and habits of its own."""
    vocabulary = Vocabulary(symbol for piece in TUNES for symbol in encode(piece)[0])
    rng, n, n_embedding, n_hidden = np.random.default_rng(0), len(vocabulary), 5, 4
    shapes = [(n, n_embedding), (n_embedding, 4 * n_hidden), (n_hidden, 4 * n_hidden), (4 * n_hidden,)]
    shapes += [(n_hidden + n_embedding, n), (n,)]
    weights = {name: rng.normal(size=shape).astype(np.float16) for name, shape in zip(weight_names(1), shapes)}
    path = tmp_path_factory.mktemp("model") / "small.npz"
    lstm.save(lstm.LSTM(weights, vocabulary), path)
    Corpus.of(TUNES, held_out=TUNES[:2]).save(beside(path))
    return path


MAY_SOUND = {  # semitones above the tonic
    "major": {0, 2, 4, 5, 7, 9, 11},
    "mixolydian": {0, 2, 4, 5, 7, 9, 10},
    "dorian": {0, 2, 3, 5, 7, 9, 10},
    "minor": {0, 2, 3, 5, 7, 8, 9, 10, 11},
}


def is_sound(piece, bars, tonic_class):
    """The promises of `compose`, seen from the piece alone."""
    assert piece.end == bars * piece.meter.bar  # a pickup is made up for in the last bar
    assert len(piece.bars) - (piece.pickup > 0) == bars
    assert piece.notes[-1].pitch % 12 == tonic_class == piece.key.pitch_class
    assert piece.notes[-1].duration >= 24
    assert all(55 <= note.pitch <= 86 for note in piece.notes)
    assert {(note.pitch - tonic_class) % 12 for note in piece.notes} <= MAY_SOUND[piece.key.mode]
    assert all(note.end <= following.start for note, following in zip(piece.notes, piece.notes[1:]))


@settings(max_examples=40)
@given(
    style=st.sampled_from(["reel", "jig", "slip jig", "hornpipe"]),
    bars=st.integers(1, 9),
    key=st.sampled_from(["G major", "E dorian", "Bb", "F# minor", "A mixolydian", "Db major"]),
    temperature=st.sampled_from([0, 0.9, 5]),
    seed=st.integers(0, 2**40),
)
def test_every_style_keeps_its_promises(saved, style, bars, key, temperature, seed):
    piece, card = compose(style, bars, key, temperature=temperature, seed=seed, model=saved)
    is_sound(piece, bars, Key.parse(key).pitch_class)
    assert (piece.style, piece.key) == (style, Key.parse(key))
    assert str(piece.meter) in {"reel": ("2/2", "4/4"), "jig": "6/8", "slip jig": "9/8", "hornpipe": "4/4"}[style]
    assert card["settings"]["seed"] == seed and card["notes"] == len(piece.notes)
    assert decode(*encode(piece)).notes == piece.notes


def test_a_parrot_is_found_out(saved):
    vocabulary = lstm.load(saved).vocabulary
    piece, card = compose("jig", 3, "G", 90, temperature=0, model=Parrot(TUNES[2], vocabulary), corpus=Corpus.of(TUNES))
    assert [note.pitch for note in piece.notes] == [note.pitch + 5 for note in TUNES[2].notes]
    assert card["originality"]["longest_copy"] == len(piece.notes) == 8
    assert (card["originality"]["tune"], card["originality"]["from_bar"]) == ("Short Jig", 1)
    assert '8 of 8 notes in a row are also in a tune it learned from ("Short Jig", here from bar 1)' in originality_line(card)
    assert card["nats_a_symbol"] == 0  # and nothing in it surprised the parrot


def test_without_a_corpus_nothing_is_claimed_about_copies(saved):
    vocabulary = lstm.load(saved).vocabulary
    _, card = compose("jig", 3, seed=1, model=Parrot(TUNES[2], vocabulary))
    assert card["originality"] is None and card["model"] == {"kind": "Parrot"}
    assert "unknown" in originality_line(card)


def test_the_tempo_counts_the_beat_of_the_meter(saved):
    for style, meter, beat in (("reel", "2/2", 48), ("reel", "4/4", 24), ("jig", "6/8", 36), ("slip jig", "9/8", 36)):
        piece, card = compose(style, 1, tempo=120, meter=meter, seed=1, model=saved)
        assert piece.seconds(beat) == pytest.approx(0.5, abs=1e-5)
        assert card["settings"]["tempo"] == pytest.approx(120, abs=0.01)


def test_a_seed_is_drawn_and_named_where_none_is_given(saved):
    first, card = compose(bars=4, model=saved)
    second, other = compose(bars=4, model=saved)
    assert card["settings"]["seed"] != other["settings"]["seed"] and first.notes != second.notes
    assert compose(bars=4, seed=card["settings"]["seed"], model=saved) == (first, card)


@pytest.mark.parametrize("pickup", ["0", "1/8", "1/4"])
def test_a_pickup_that_is_asked_for_comes_and_is_made_up_for(saved, pickup):
    piece, card = compose("reel", 4, meter="4/4", pickup=pickup, seed=1, model=saved)
    is_sound(piece, 4, piece.key.pitch_class)
    assert card["settings"]["pickup"] == pickup


GIVEN = [  # tunes to go on from, and how many bars they have begun
    (Piece([Note(0, 36, 67), Note(36, 12, 71, 99), Note(48, 48, 74, 33)], keys=[(0, Key("G"))], style="reel"), 1),
    (Piece([Note(0, 12, 62), Note(12, 36, 67, 90), Note(48, 24, 71)], keys=[(0, Key("G"))], meters=[(0, (6, 8))], pickup=12), 1),
    (
        Piece(
            [Note(6, 138, 96), Note(150, 17, 30), Note(168, 23, 100)],
            tempos=[(0, 400_000), (96, 300_000)],
            title="Breaths, far away",
        ),
        2,
    ),
    (Piece([Note(0, 8, 64), Note(8, 8, 66)], keys=[(0, Key("E", "dorian"))], voices=[("", 5), ("Flute", 73)]), 1),
    (Piece([Note(0, 12, 62)], pickup=24), 0),
    (Piece([Note(0, 96, 70), Note(96, 96, 72)], keys=[(0, Key("F")), (96, Key("C"))], fermatas=[96]), 2),
]


@pytest.mark.parametrize(("given", "n_given"), GIVEN)
def test_a_given_tune_is_gone_on_from_note_for_note(saved, given, n_given):
    piece, card = compose(bars=3, seed=4, continue_=given, model=saved)
    assert piece.notes[: len(given.notes)] == given.notes
    assert all(note.start >= given.end for note in piece.notes[len(given.notes) :])
    assert piece.end == (n_given + 3) * given.meter.bar
    assert (piece.meter, piece.pickup, piece.tempos, piece.fermatas) == (given.meter, given.pickup, given.tempos, given.fermatas)
    assert piece.keys == given.keys or not given.keys
    assert piece.voices == given.voices and {note.voice for note in piece.notes} == {given.notes[0].voice}
    assert piece.notes[-1].pitch % 12 == piece.key.pitch_class
    assert card["settings"]["goes_on_from"]["notes"] == len(given.notes)
    assert card["notes"] == len(piece.notes) - len(given.notes)


def test_the_last_given_note_is_not_held_on(saved):
    class Holding:
        vocabulary = lstm.load(saved).vocabulary

        def start(self):
            return None

        def step(self, state, id):  # wants to hold whatever sounds, else a C
            return None, np.array([{"~": 9.0, "C5": 5.0}.get(symbol, 0.0) for symbol in self.vocabulary.symbols])

    given = Piece([Note(0, 96, 67)], keys=[(0, Key("G"))])
    piece, _ = compose("reel", 2, seed=1, temperature=0, continue_=given, model=Holding())
    assert piece.notes[:2] == (*given.notes, piece.notes[1]) and piece.notes[1].start == 96


def test_a_given_tune_can_be_read_in_another_key_and_tempo(saved):
    given, _ = GIVEN[0]
    piece, _ = compose(key="E minor", tempo=50, bars=2, seed=1, continue_=given, model=saved)
    assert piece.notes[:3] == given.notes and piece.keys == ((0, Key("E", "minor")),)
    assert piece.tempos == ((0, 1_200_000),)
    assert piece.notes[-1].pitch % 12 == 4


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Piece([Note(0, 24, 60), Note(12, 24, 62)]), "several notes at once in bar 1"),
        (Piece([Note(0, 24, 60), Note(24, 24, 62, voice=1)]), "2 voices that play"),
        (Piece([Note(0, 24, 60)], meters=[(0, (5, 4))]), "meter 5/4|in 5/4"),
        (Piece(), "no notes"),
        (Piece([Note(0, 1, 60)]), "lengths"),
    ],
)
def test_tunes_that_cannot_be_gone_on_from_are_refused(saved, given, message):
    with pytest.raises(ValueError, match=message):
        compose(continue_=given, model=saved)


def test_the_command_writes_five_files_and_the_same_bytes_for_the_same_seed(saved, tmp_path, capsys):
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / folder).mkdir()
        options = ["--style", "reel", "--bars", "2", "--key", "E dorian", "--tempo", "112", "--seed", str(seed)]
        assert cli.main(["compose", *options, "--model", str(saved), "--out", str(tmp_path / folder / "piece")]) == 0
    files = {folder: sorted((tmp_path / folder).iterdir()) for folder in "abc"}
    assert [path.name for path in files["a"]] == ["piece.json", "piece.mid", "piece.musicxml", "piece.svg", "piece.wav"]
    for one, same, other in zip(*files.values()):
        assert one.read_bytes() == same.read_bytes() != other.read_bytes()
    piece = read_midi(tmp_path / "a" / "piece.mid")
    is_sound(piece, 2, 4)
    assert str(piece.key) == "E dorian"
    card = json.loads((tmp_path / "a" / "piece.json").read_text())
    assert card["model"]["file"] == "small.npz" and len(card["model"]["sha256"]) == 64
    assert str(tmp_path) not in json.dumps(card)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Reel in E dorian (seed 1): 2 bars of ")
    assert printed[1] == "The network saw only 2 tunes of this style: do not expect it to know it well."
    assert "piece.mid" in printed[2]
    assert printed[3].startswith("Originality: at most ") and "too short to compare" in printed[3]


def test_plain_tones_instead_of_instruments_are_said_on_the_screen_and_in_the_card(saved, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("musiclab.sound.missing_sound_font_line", lambda: "No FluidSynth: plain tones.")
    assert cli.main(["compose", "--bars", "1", "--model", str(saved), "--seed", "1", "--out", str(tmp_path / "piece")]) == 0
    assert "No FluidSynth: plain tones." in capsys.readouterr().out.splitlines()
    assert json.loads((tmp_path / "piece.json").read_text())["sound"] == ["No FluidSynth: plain tones."]


def test_the_tune_to_go_on_from_is_never_written_over(saved, tmp_path, capsys):
    write_midi(GIVEN[1][0], tmp_path / "mine.mid")
    before = (tmp_path / "mine.mid").read_bytes()
    arguments = ["--continue", str(tmp_path / "mine.mid"), "--model", str(saved), "--out", str(tmp_path / "mine")]
    assert cli.main(["compose", *arguments]) == 2
    assert "would write over" in capsys.readouterr().err
    assert (tmp_path / "mine.mid").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_an_hour_to_go_on_from_is_too_long(saved):
    hour = Piece([Note(tick, 24, 60) for tick in range(0, 3600 * 48, 24)], title="Hour")
    with pytest.raises(ValueError, match="'Hour' lasts 60 minutes: expected at most 10"):
        compose(continue_=hour, model=saved)


def test_the_title_of_a_tune_continued_twice_says_so_once(saved):
    once, _ = compose(continue_=GIVEN[1][0], model=saved, bars=1, seed=1)
    twice, _ = compose(continue_=once, model=saved, bars=1, seed=2)
    assert twice.title.count("continued") == 1 and twice.title.endswith("(seed 2)")


def test_the_command_goes_on_from_a_file(saved, tmp_path):
    given = GIVEN[1][0]
    write_midi(given, tmp_path / "begin.mid")
    arguments = ["--continue", str(tmp_path / "begin.mid"), "--bars", "2", "--model", str(saved), "--seed", "3"]
    assert cli.main(["compose", *arguments, "--out", str(tmp_path / "on")]) == 0
    assert read_midi(tmp_path / "on.mid").notes[: len(given.notes)] == given.notes


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--style", "real"], "style 'real': did you mean 'reel'? expected one that this model knows"),
        (["--style", "polka"], "this model knows: hornpipe, jig, reel, slip jig"),
        (["--style", "jig", "--meter", "4/4"], "a jig in 4/4"),
        (["--key", "H major"], "key 'H major'"),
        (["--key", "E lydian"], "key 'E lydian'"),
        (["--bars", "-3"], "bars -3: expected a whole number from 1 to 64"),
        (["--bars", "65"], "bars 65"),
        (["--bars", "x"], "bars x"),
        (["--bars", "2.5"], "bars 2.5"),
        (["--temperature", "-1"], "temperature -1: expected a number"),
        (["--temperature", "nan"], "temperature nan"),
        (["--tempo", "0"], "tempo 0"),
        (["--seed", "-1"], "seed -1"),
        (["--pickup", "1/7"], "pickup 1/7"),
        (["--pickup", "2"], "pickup 2"),
        (["--continue", "no such file.mid"], "no such file.mid"),
        (["--model", "no such model.npz"], "no such model.npz"),
    ],
)
def test_what_cannot_be_had_is_one_line_and_exit_code_2(saved, tmp_path, capsys, options, message):
    options = [*([] if "--model" in options else ["--model", str(saved)]), *options]
    assert cli.main(["compose", *options, "--out", str(tmp_path / "new" / "piece")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and message in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named_and_nothing_is_left(saved, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert cli.main(["compose", "--bars", "1", "--model", str(saved), "--out", str(tmp_path / "file" / "a" / "piece")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "choose another place with --out" in lines[0] and "file/a/piece" in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_file_is_left_where_one_cannot_be_put_in_place(saved, tmp_path):
    piece, card = compose(bars=1, seed=1, model=saved)
    (tmp_path / "piece.json").mkdir()  # the last of the five
    with pytest.raises(OSError, match="cannot write"):
        write_all(piece, card, tmp_path / "piece")
    assert [path.name for path in tmp_path.iterdir()] == ["piece.json"]


def test_a_folder_as_out_gets_the_files(saved, tmp_path):
    assert cli.main(["compose", "--bars", "1", "--model", str(saved), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "piece.mid").exists()


def test_without_out_the_files_are_named_after_the_piece(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["compose", "--bars", "1", "--key", "F# minor", "--seed", "7", "--model", str(saved)]) == 0
    assert (tmp_path / "reel-in-f-sharp-minor-seed-7.mid").exists()


def test_tunes_are_put_in_the_octave_where_people_play():
    keys = ["G", "Ab", "D", "F#", "E minor", "C"]
    medians = [np.median([note.pitch for note in compose("reel", 8, key, seed=1)[0].notes]) for key in keys]
    assert 68 <= np.median(medians) <= 78  # half of the tunes in the books: 71 to 74


SHIPPED_STYLES = ["reel", "jig", "slip jig", "hornpipe", "strathspey", "air", "march", "Scottish air"]


@pytest.mark.parametrize("style", SHIPPED_STYLES)
def test_the_model_that_ships_writes_music_in_every_style(style):
    for seed in (1, 2):
        piece, card = compose(style, 16, seed=seed)
        is_sound(piece, 16, piece.key.pitch_class)
        pitches = [note.pitch for note in piece.notes]
        steps = [abs(a - b) for a, b in zip(pitches, pitches[1:])]
        assert len(set(pitches)) >= 6  # not one note over and over
        assert max(pitches.count(pitch) for pitch in pitches) < len(pitches) / 2
        assert sum(step <= 4 for step in steps) > len(steps) / 2  # a melody goes by steps
        assert card["nats_a_symbol"] < 1.5
        assert 4 <= card["originality"]["longest_copy"] < len(pitches) / 2


def test_reels_jigs_and_the_others_come_in_their_meters():
    expected = {"reel": "2/2", "jig": "6/8", "slip jig": "9/8", "hornpipe": "4/4", "strathspey": "4/4"}
    assert {style: str(compose(style, 1, seed=1)[0].meter) for style in expected} == expected
    assert str(compose("reels", 1, meter="4/4", seed=1)[0].meter) == "4/4"
    with pytest.raises(ValueError, match="a reel in 2/4: this model knows it in 2/2 or 4/4 only"):
        compose("reel", 1, meter="2/4")


def test_composing_in_the_shell_loads_neither_tensorflow_nor_music21(tmp_path):
    code = f"""
import sys
from musiclab.cli import main
assert main(["compose", "--bars", "2", "--seed", "1", "--out", {str(tmp_path / "piece")!r}]) == 0
print(sorted({{"tensorflow", "keras", "music21", "scipy", "IPython", "symusic"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (0, "", "[]")


@pytest.mark.parametrize("style", ["reel", "chorale"])
def test_who_waits_is_told_how_far_it_is_and_can_end_it(style):
    told = []
    piece, card = compose(style, 8, seed=1, tick=told.append)
    assert (piece, card) == compose(style, 8, seed=1)
    assert told[0] == 0 and told == sorted(told) and 0.7 < told[-1] < 1 and len(set(told)) >= 5

    def enough(share):
        if share > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        compose(style, 8, seed=1, tick=enough)
