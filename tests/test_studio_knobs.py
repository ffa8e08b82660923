"""Every knob of the Studio does what it says, looked at from the piece alone."""

from collections import Counter

import pytest

from musiclab.choir import CHORALE
from musiclab.commission import beats_a_minute
from musiclab.form import bars_of, form_of
from musiclab.midi import midi_bytes
from musiclab.piece import DRUMS, Key, Meter, Note, Piece, Voice
from musiclab.studio import Studio
from musiclab.studio.openings import BOOKS, FILE, NOTHING, first_bars
from musiclab.studio.takes import Networks

PATIENCE = 120
NETWORKS = Networks()


@pytest.fixture
def studio(monkeypatch):
    """A Studio whose networks are read once for all tests."""
    monkeypatch.setattr("musiclab.studio.page.Networks", lambda path: NETWORKS)
    return Studio(first=False)


def made(studio, button="Generate", **knobs):
    """The piece that comes of some knobs, with the same seed unless asked otherwise."""
    for name, value in ({"bars": 8, "seed": "1"} | knobs).items():
        getattr(studio.knobs, name).value = value
    before = len(studio.history.entries)
    studio.press(button)
    assert studio.wait(PATIENCE)
    assert len(studio.history.entries) == before + 1, studio.status.value
    return studio.piece


def refused(studio, **knobs):
    """What is said where wishes cannot be had."""
    before = studio.history.shown
    for name, value in knobs.items():
        getattr(studio.knobs, name).value = value
    studio.press("Generate")
    assert studio.wait(PATIENCE)
    assert studio.history.shown == before and 'role="alert"' in studio.status.value
    return studio.status.value.lower()


@pytest.mark.parametrize("style, meter", [("reel", "2/2"), ("jig", "6/8"), ("slip jig", "9/8"), ("air", "3/4"), (CHORALE, "4/4")])
def test_the_style_is_the_style(studio, style, meter):
    piece = made(studio, style=style, bars=4)
    assert (piece.style, str(piece.meter), len(piece.bars) - (piece.pickup > 0)) == (style, meter, 4)
    assert len(piece.voices) == (4 if style == CHORALE else 1)


def test_each_list_shows_what_is_chosen_also_after_another_choice(studio):
    for name in ("style", "key", "meter", "low", "high", "harmony", "pattern", "doubling"):
        control = getattr(studio.knobs, name)
        assert control.index == 0, name
        control.index = 1
        control.index = 0  # as the browser does it
        assert control.index == 0 and control.value == control.options[0][1], name


def test_a_list_of_styles_begins_with_those_that_the_network_knows_and_says_which_it_hardly_does(studio):
    labels = [label for label, _ in studio.knobs.style.options]
    assert labels[:2] == ["reel", "jig"] and "waltz (it heard only 1)" in labels and labels[-1] == "chorale, for four voices"


@pytest.mark.parametrize("key", ["E dorian", "Bb major", "F# minor", "A mixolydian"])
def test_the_key_is_the_key_and_the_last_note_its_home(studio, key):
    piece = made(studio, key=key)
    assert str(piece.key) == key and piece.notes[-1].pitch % 12 == Key.parse(key).pitch_class


def test_the_meter_is_the_meter_and_only_those_that_the_style_has_are_on_the_list(studio):
    assert [value for _, value in studio.knobs.meter.options] == ["", "2/2", "4/4"]
    assert str(made(studio, meter="4/4").meter) == "4/4"
    studio.knobs.style.value = "jig"
    assert [value for _, value in studio.knobs.meter.options] == ["", "6/8"] and studio.knobs.meter.value == ""


@pytest.mark.parametrize("bars", [1, 5, 64])
def test_the_bars_are_as_many_as_asked(studio, bars):
    piece = made(studio, bars=bars)
    assert len(piece.bars) - (piece.pickup > 0) == bars


def test_the_tempo_follows_the_style_until_somebody_sets_it(studio):
    usual = studio.knobs.tempo.value
    studio.knobs.style.value = "slip jig"
    assert studio.knobs.tempo.value != usual
    piece = made(studio)
    assert round(beats_a_minute(piece.tempos[0][1], piece.meter)) == studio.knobs.tempo.value
    piece = made(studio, tempo=77)
    assert round(beats_a_minute(piece.tempos[0][1], piece.meter)) == 77
    studio.knobs.style.value = "reel"
    assert studio.knobs.tempo.value == 77


def test_temperature_0_knows_one_piece_only_and_a_higher_one_many(studio):
    still = [made(studio, temperature=0, seed=seed, form="free").notes for seed in ("", "", "5")]
    assert still[0] == still[1] == still[2]
    bold = [made(studio, temperature=1.0, seed=seed, form="free").notes for seed in ("5", "6")]
    assert bold[0] != bold[1] and bold[0] != still[0]


def test_a_seed_gives_the_same_piece_again_and_none_another_one(studio):
    assert made(studio, seed="42").notes == made(studio, seed="42").notes
    assert made(studio, seed="").notes != made(studio, seed="").notes
    assert "seed many: expected a whole number" in refused(studio, seed="many")


def test_notes_in_a_bar_are_as_few_and_as_many_as_asked(studio):
    for fewest, most in ((0, 4), (10, 24), (6, 6)):
        piece = made(studio, fewest=fewest, most=most)
        counts = Counter(piece.bar_number(note.start) for note in piece.notes)
        assert all(max(fewest, 1) <= counts[bar] <= most for bar in range(1, 8))  # the last one is free


def test_swing_makes_eighths_long_and_short_and_a_jig_has_none(studio):
    starts = lambda piece: {(note.start - piece.pickup) % 24 for note in piece.notes}  # noqa: E731
    assert 12 in starts(made(studio, style="hornpipe", fewest=6))
    swung = starts(made(studio, style="hornpipe", fewest=6, swing=True))
    assert 16 in swung and 12 not in swung
    assert "swing in 6/8" in refused(studio, style="jig", swing=True)


def test_form_brings_back_what_it_says(studio):
    heard = [form_of(made(studio, bars=16, form="AABA", seed=seed), 4).replace(".", "") for seed in "123"]
    assert heard.count("AABA") >= 2  # a wish, not a rule
    parts = bars_of(studio.piece)
    assert sum(a == b for a, b in zip(parts[:4], parts[4:8])) >= 2
    assert "divide" in refused(studio, bars=10, form="ABC")


def test_range_holds_and_a_narrow_one_is_refused_in_words(studio):
    piece = made(studio, low="D4", high="E5")
    assert all(62 <= note.pitch <= 76 for note in piece.notes)
    piece = made(studio, low="C5", high="")
    assert all(72 <= note.pitch <= 86 for note in piece.notes)
    assert "3 semitones; expected an octave" in refused(studio, low="D5", high="F5")


def test_harmony_puts_three_voices_under_the_tune(studio):
    tune = made(studio, bars=4)
    piece = made(studio, bars=4, harmony="chorale")
    assert [voice.name for voice in piece.voices] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [note[:3] for note in piece.notes if note.voice == 0] == [note[:3] for note in tune.notes]


def test_an_arrangement_has_the_players_that_were_asked_for(studio):
    piece = made(studio, pattern="waltz", doubling="thirds")
    assert len(piece.voices) == 5 and piece.voices[-1].program == DRUMS
    piece = made(studio, doubling="", drums=False)
    assert [voice.name for voice in piece.voices] == ["Fiddle", "Piano", "Bass"]
    assert [voice.name for voice in made(studio, bass=False).voices] == ["Fiddle", "Piano"]
    strummed, block = made(studio, pattern="strum"), made(studio, pattern="block")
    assert strummed.voices[1].name == "Guitar" and len(strummed.notes) > len(block.notes)


def test_instruments_change_at_once_stay_for_later_pieces_and_can_be_undone(studio):
    made(studio, pattern="block")
    studio.band.players["chords"].value = "harp"
    assert studio.wait(PATIENCE)
    assert [voice.program for voice in studio.piece.voices][:2] == [110, 46] and len(studio.history.entries) == 1
    assert made(studio).voices[1].program == 46
    studio.press("Undo"), studio.press("Undo")
    assert studio.piece.voices[1].program == 0
    sung = made(studio, style=CHORALE, pattern="", bars=2)
    studio.band.players["alto"].value = "clarinet"
    assert studio.wait(PATIENCE)
    assert [voice.program for voice in studio.piece.voices] == [52, 71, 52, 52] and studio.piece.notes == sung.notes


def test_a_chorale_has_its_own_form_so_those_knobs_rest(studio):
    studio.knobs.form.value, studio.knobs.swing.value, studio.knobs.most.value = "AABB", True, 4
    piece = made(studio, style=CHORALE, bars=2)
    assert len(piece.voices) == 4 and studio.knobs.form.disabled and studio.knobs.swing.disabled
    studio.knobs.style.value = "hornpipe"
    assert not studio.knobs.form.disabled


def test_the_mix_stays_as_it_was_set_from_piece_to_piece_and_goes_into_the_piece(studio):
    made(studio, pattern="block", bars=2)
    studio.player.mix = [place | {"volume": 90 - i, "muted": i == 3} for i, place in enumerate(studio.player.mix)]
    assert [voice.volume for voice in studio.piece.voices] == [90, 89, 88, 0]
    piece = made(studio, bars=2, seed="2")
    assert [voice.volume for voice in piece.voices] == [90, 89, 88, 0]
    assert [place["muted"] for place in studio.player.mix] == [False, False, False, True]
    assert [place["volume"] for place in studio.player.mix] == [90, 89, 88, 87]


TUNE = Piece([Note(36 * i, 36, 67 + (i % 3)) for i in range(16)], meters=[(0, Meter(6, 8))], keys=[(0, Key("G"))], title="Mine")


def test_a_tune_from_the_books_is_gone_on_from_and_its_beginning_is_kept(studio):
    studio.knobs.style.value = "slip jig"
    openings = studio.knobs.openings
    openings.begin.value = BOOKS
    assert openings.wait(PATIENCE) and len(openings.tune.options) > 100
    openings.tune.value = openings.tune.options[7][1]
    openings.bars.value = 2
    piece = made(studio, bars=4)
    given = openings.piece()
    assert len(given.bars) - (given.pickup > 0) == 2
    assert piece.notes[: len(given.notes)] == given.notes and len(piece.bars) - (piece.pickup > 0) == 6
    assert openings.tune.value in openings.words.value and "its first 2 bars" in openings.words.value
    studio.knobs.style.value = "jig"
    assert openings.wait(PATIENCE) and openings.piece().style == "jig"


def test_a_file_of_mine_is_gone_on_from_and_style_and_tempo_follow_it(studio):
    openings = studio.knobs.openings
    openings.begin.value = FILE
    assert "there is none yet" in refused(studio)
    openings.picker.receive("mine.mid", midi_bytes(TUNE))
    assert studio.knobs.style.value == "jig" and studio.knobs.tempo.value == 80
    piece = made(studio, bars=4)
    assert piece.notes[:8] == TUNE.notes[:8] and piece.style == "jig" and piece.tempos == TUNE.tempos
    openings.begin.value = NOTHING
    assert made(studio, bars=4).notes[:8] != TUNE.notes[:8] and studio.knobs.tempo.value != 80


def test_four_voices_in_a_file_are_a_chorale(studio):
    chorale = made(studio, style=CHORALE, bars=2)
    studio.knobs.style.value = "reel"
    studio.knobs.openings.begin.value = FILE
    studio.knobs.openings.picker.receive("chorale.mid", midi_bytes(chorale))
    assert studio.knobs.style.value == CHORALE
    piece = made(studio, bars=2)
    assert len(piece.voices) == 4 and set(chorale.notes) <= set(piece.notes)


MANY = Piece([Note(0, 24, 60 + i, 80, i) for i in range(6)], voices=[Voice(str(i)) for i in range(6)])
CHORD = Piece([Note(0, 24, 60), Note(0, 24, 64)])


@pytest.mark.parametrize(
    "name, content, size, words",
    [
        ("notes.txt", b"my homework", None, "notes.txt is not a MIDI file; choose a file that ends in .mid"),
        ("empty.mid", b"", None, "empty.mid is not a MIDI file: it is empty"),
        ("huge.mid", None, 31_000_000, "huge.mid has 31.0 MB: expected at most 2 MB"),
        ("gone.mid", None, None, "gone.mid could not be read"),
        ("broken.mid", midi_bytes(TUNE)[:60], None, "broken.mid is a MIDI file that cannot be used"),
        ("silent.mid", midi_bytes(Piece()), None, "silent.mid has no notes"),
        ("band.mid", midi_bytes(MANY), None, "band.mid has 6 voices: expected one tune alone"),
        ("chord.mid", midi_bytes(CHORD), None, "plays several notes at once"),
        ("<b>.mid", b"x", None, "&lt;b&gt;.mid is not a MIDI file"),
    ],
)
def test_a_wrong_file_gets_one_friendly_line_and_the_opening_stays(studio, name, content, size, words):
    openings = studio.knobs.openings
    openings.begin.value = FILE
    openings.take_file("mine.mid", midi_bytes(TUNE))
    openings.take_file(name, content, size)
    assert words in openings.words.value and "role=alert" in openings.words.value
    assert "these bytes" not in openings.words.value and len(openings.words.value) < 300
    assert openings.piece().notes == first_bars(TUNE, 4).notes


def test_another_way_to_begin_can_be_added(studio):
    class Whistled:
        label, piece = "a whistle", None
        box = studio.knobs.openings.words
        begin = staticmethod(lambda: begun.append(studio.knobs.meter.value))

    source, begun = Whistled(), []
    studio.knobs.openings.add(source)
    studio.knobs.openings.begin.value = "a whistle"
    assert "there is none yet" in refused(studio)
    source.piece = TUNE
    source.changed()
    assert begun
    assert made(studio, bars=2).notes[:8] == TUNE.notes[:8]


def test_a_cut_keeps_the_pickup():
    tune = Piece([Note(0, 24, 60), *(Note(24 + 96 * i, 96, 64) for i in range(4))], pickup=24)
    assert first_bars(tune, 2).bars == ((0, 24), (24, 120), (120, 216)) and first_bars(tune, 9) == tune


def test_what_is_played_on_the_keyboard_is_gone_on_from(studio):
    studio.knobs.style.value, studio.knobs.tempo.value = "jig", 60
    openings = studio.knobs.openings
    openings.begin.value = "what I play on the keyboard"
    keyboard = openings._sources[openings.begin.value].box
    assert (keyboard.meter, keyboard.tempo) == ("6/8", 60)
    assert "there is none yet" in refused(studio)
    third = 1 / 3  # of a beat: an eighth note
    keyboard.notes = [[i * third, (i + 0.9) * third, 67 + [0, 4, 7, 11, 7, 0][i % 6], 80] for i in range(12)]
    piece = made(studio, bars=2)
    assert [note.pitch for note in piece.notes[:12]] == 2 * [67, 71, 74, 78, 74, 67] and str(piece.meter) == "6/8"
    assert {note.start % 12 for note in piece.notes[:12]} == {0} and str(piece.key).startswith("G ")
