import pytest

from musiclab.commission import commission, likely_key, styles
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.symbols import Vocabulary

VOCABULARY = Vocabulary(
    ["<reel>", "<slip jig>", "<Scottish air>", "<polka>", "<2/2>", "<4/4>", "<9/8>", "<3/4>", "<major>", "<dorian>"]
)
HABITS = {
    "reel": {
        "meters": {"2/2": 300, "4/4": 12, "9/8": 1},
        "keys": {"D major": 200, "G major": 110},
        "pickups": {"2/2": {"0": 200, "24": 90, "12": 19, "30": 1}},
        "tempos": {"2/2": 277_778, "4/4": 300_000},
    },
    "slip jig": {"meters": {"9/8": 40}, "keys": {"E dorian": 40}, "pickups": {"9/8": {"0": 40}}, "tempos": {"9/8": 317_460}},
    "Scottish air": {"meters": {"3/4": 20, "4/4": 5}, "keys": {}, "pickups": {}, "tempos": {}},
}
NOTHING = dict.fromkeys(["style", "key", "tempo", "meter", "pickup", "given"])
GIVEN = Piece([Note(0, 108, 64)], meters=[(0, Meter(9, 8))], keys=[(0, Key("E", "dorian"))], tempos=[(0, 400_000)], pickup=12)


def ask(habits=HABITS, vocabulary=VOCABULARY, **wishes):
    return commission(vocabulary, habits, **NOTHING | {"bars": 16, "temperature": 1, "seed": 1} | wishes)


def test_what_is_not_asked_for_is_what_is_usual_in_the_style():
    assert ask() == ("reel", Meter(2, 2), Key("D"), 277_778, 16, (0, 24, 12), 1.0, 1)
    assert ask(style="slip jig")[1:4] == (Meter(9, 8), Key("E", "dorian"), 317_460)
    assert ask(style="Scottish Air").key == Key("G")


def test_what_is_asked_for_is_what_comes():
    asked = ask(style=" SLIP_jig", key="c dorian", tempo="100", bars="7", seed="0", temperature="0.5", pickup="1/8")
    assert asked == ("slip jig", Meter(9, 8), Key("C", "dorian"), 400_000, 7, (12,), 0.5, 0)
    assert ask(meter="C", key=Key("A")).meter == Meter(4, 4)


def test_a_meter_alone_finds_the_style_most_often_written_in_it():
    assert [ask(meter=meter).style for meter in ("9/8", "3/4", "2/2", "4/4")] == ["slip jig", "Scottish air", "reel", "reel"]


def test_a_meter_alone_passes_over_dances_that_are_not_danced_in_it():
    habits = HABITS | {
        "reel": HABITS["reel"] | {"meters": {"3/4": 400, "2/2": 300}}
    }  # old books print many a dance in an odd meter
    assert ask(habits, meter="3/4").style == "Scottish air"


def test_a_given_tune_settles_what_is_not_asked_for():
    assert ask(given=GIVEN) == ("slip jig", Meter(9, 8), Key("E", "dorian"), 400_000, 16, (12,), 1.0, 1)
    assert ask(given=GIVEN, key="F", tempo=50)[2:4] == (Key("F"), 800_000)


def test_without_habits_every_symbol_of_the_vocabulary_may_be_asked_for():
    assert "polka" in styles(VOCABULARY, {}) and "polka" not in styles(VOCABULARY, HABITS)
    assert ask({}, style="polka", meter="9/8")[:4] == ("polka", Meter(9, 8), Key("G"), 500_000)
    assert ask({}, vocabulary=Vocabulary(["<tune>", "<4/4>", "<major>"]))[:2] == ("", Meter(4, 4))


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (
            {"style": "real"},
            "style 'real': did you mean 'reel'\\? expected one that this model knows: Scottish air, reel, slip jig",
        ),
        ({"style": "polka"}, "style 'polka': expected one that this model knows"),
        ({"style": "reel", "meter": "9/8"}, "a reel in 9/8: this model knows it in 2/2 or 4/4 only"),
        ({"meter": "5/4"}, "a reel in 5/4"),
        ({"meter": "waltz"}, "meter 'waltz'"),
        ({"key": "G minor"}, "key G minor: this model knows the modes major, dorian"),
        ({"key": "Z"}, "key 'Z'"),
        ({"bars": 0}, "bars 0: expected a whole number from 1 to 64"),
        ({"bars": 3.5}, "bars 3.5"),
        ({"bars": None}, "bars None"),
        ({"seed": -1}, "seed -1"),
        ({"temperature": float("nan")}, "temperature nan: expected a number from 0 to 100"),
        ({"tempo": 9}, "tempo 9: expected a number from 10 to 400"),
        ({"pickup": "x"}, "pickup x: expected a fraction of a whole note"),
        ({"pickup": "1/0"}, "pickup 1/0"),
        ({"pickup": "1/5"}, "pickup 1/5"),
        ({"pickup": "1"}, "pickup 1: .* less than a bar of 1"),
        ({"pickup": "1/8", "given": GIVEN}, "has begun already"),
    ],
)
def test_what_cannot_be_had_is_named_with_what_can(wishes, message):
    with pytest.raises(ValueError, match=message):
        ask(**wishes)


@pytest.mark.parametrize(
    ("pitches", "key"),
    [
        ([67, 69, 71, 72, 74, 78, 79], "G major"),
        ([64, 66, 67, 69, 71, 73, 74, 76, 64], "E dorian"),
        ([69, 71, 73, 74, 76, 79, 78, 69], "A mixolydian"),
        ([62, 64, 65, 69, 70, 72, 62], "D minor"),
        ([70, 72, 74, 75, 77, 79, 81, 70], "Bb major"),
    ],
)
def test_a_key_that_is_not_named_is_found_from_the_notes(pitches, key):
    piece = Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)])
    assert str(likely_key(piece)) == key
    assert ask(vocabulary=Vocabulary([*VOCABULARY.symbols[1:], "<minor>", "<mixolydian>"]), given=piece).key == Key.parse(key)
