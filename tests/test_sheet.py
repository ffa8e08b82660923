"""The sheet for players: seconds, the mix, and files to take home."""

import base64
import json
import zlib

from hypothesis import given, settings
from strategies import pieces

from musiclab.midi import read_midi
from musiclab.perform import seated
from musiclab.piece import DRUMS, Meter, Note, Piece, Voice
from musiclab.score import musicxml, timemap
from musiclab.sheet import sheet

JIG = Piece(
    [Note(0, 12, 67), Note(12, 24, 69), Note(36, 36, 71), Note(12, 24, 50, voice=1), Note(84, 60, 72)],
    voices=[Voice("Fiddle", 40), Voice("Drums", DRUMS, balance=3)],
    meters=[(0, Meter(6, 8))],
    tempos=[(0, 500_000), (84, 1_000_000)],
    pickup=12,
)


@settings(deadline=None, max_examples=50)
@given(pieces(lowest=21, highest=108, fewest=-6, most=6))
def test_any_piece_has_a_sheet_that_is_json_and_takes_the_piece_home(piece):
    piece = piece.between(0, 4000)
    told = json.loads(json.dumps(sheet(piece)))
    assert read_midi(base64.b64decode(told["midi"])) == seated(piece)
    assert len(told["notes"]) == len(piece.notes) and len(told["voices"]) == len(piece.voices)
    assert all(0 <= start <= end <= told["seconds"] + 1e-4 for start, end, *_ in told["notes"])


def test_times_are_seconds_by_the_tempo_map():
    told = sheet(JIG)
    assert told["seconds"] == 84 / 48 + 60 / 24
    assert told["notes"][-1][:2] == [84 / 48, 84 / 48 + 60 / 24]
    assert told["lit"] == [[seconds, begin, end] for seconds, begin, end in timemap(JIG)]
    assert [bar[0] for bar in told["bars"]] == [0, 1, 2] and told["bars"][1][1] == 0.25


def test_beats_are_felt_ones_and_the_first_of_a_bar_is_strong():
    assert sheet(JIG)["beats"] == [[0.25, 1], [1.0, 0], [1.75, 1], [3.25, 0]]
    waltz = Piece([Note(0, 24, 60), Note(24, 72, 60)], meters=[(0, Meter(3, 4))], pickup=24)
    assert sheet(waltz)["beats"] == [[0.0, 0], [0.5, 1], [1.0, 0], [1.5, 0]]


def test_voices_say_who_plays_them_on_which_channel():
    fiddle, drums = sheet(JIG)["voices"]
    assert (fiddle["plays"], fiddle["channels"], fiddle["balance"], fiddle["drums"]) == (40, [0], 44, False)
    assert (drums["plays"], drums["channels"], drums["balance"], drums["drums"]) == (0, [9], 3, True)
    overlapping = Piece([Note(0, 24, 60), Note(12, 24, 60)], voices=[Voice("Saxophone", 66)])
    assert sheet(overlapping)["voices"][0]["channels"] == [0, 1] and sheet(overlapping)["voices"][0]["plays"] == 71


def test_the_score_is_taken_home_as_musicxml():
    assert zlib.decompress(base64.b64decode(sheet(JIG)["musicxml"])).decode() == musicxml(seated(JIG))
