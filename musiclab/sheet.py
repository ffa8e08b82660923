"""What a player is told of a piece, ready for JSON: times in seconds, the mix, and the files to take home."""

import zlib
from base64 import b64encode

from musiclab.instruments import nearest_program
from musiclab.midi_writer import channels, midi_bytes
from musiclab.perform import seated
from musiclab.piece import DRUMS
from musiclab.score import bars, describe, musicxml, timemap


def sheet(piece):
    """All that a player needs to know of a piece but its picture.

    Returns:
        dict: `title`; `words`, the score in words; `seconds`; `voices`, a dict each with `name`, `program`, the program `plays` that
        plays it in our sound font, whether they are `drums`, its MIDI `channels` from 0, and `volume`, `balance` and `space`, 0 to
        127; `notes`, lists of start and end in seconds, pitch, velocity and voice, the i-th of which is notehead `n{i}`; `lit`, lists of
        seconds, ids that begin, ids that end; `bars`, lists of the printed number, start and end in seconds; `beats`, lists of
        seconds and 1 on the first beat of a full bar, else 0; `midi` and `musicxml`, base64 of a file, the second compressed by zlib.

    >>> from musiclab.piece import Note, Piece
    >>> played = sheet(Piece([Note(0, 24, 60), Note(24, 72, 62)]))
    >>> played["notes"], played["bars"], played["beats"]
    ([[0.0, 0.5, 60, 80, 0], [0.5, 2.0, 62, 80, 0]], [[1, 0.0, 2.0]], [[0.0, 1], [0.5, 0], [1.0, 0], [1.5, 0]])
    """
    piece = seated(piece)
    clock = {}

    def at(tick):
        if tick not in clock:
            clock[tick] = round(piece.seconds(tick), 4)
        return clock[tick]

    return {
        "title": piece.title,
        "words": describe(piece),
        "seconds": at(piece.end),
        "voices": [
            {
                "name": voice.name,
                "program": voice.program % DRUMS,
                "plays": nearest_program(voice.program) % DRUMS,
                "drums": voice.program == DRUMS,
                "channels": list(of_voice),
                "volume": voice.volume,
                "balance": voice.balance,
                "space": voice.space,
            }
            for voice, of_voice in zip(piece.voices, channels(piece))
        ],
        "notes": [[at(note.start), at(note.end), note.pitch, note.velocity, note.voice] for note in piece.notes],
        "lit": [[round(seconds, 4), begin, end] for seconds, begin, end in timemap(piece)],
        "bars": [[bar.number, at(bar.start), at(bar.end)] for bar in bars(piece)],
        "beats": [[at(tick), accent] for tick, accent in _beats(piece)],
        "midi": b64encode(midi_bytes(piece)).decode(),
        "musicxml": b64encode(zlib.compress(musicxml(piece).encode(), 9)).decode(),
    }


def _beats(piece):
    """`(tick, whether a full bar begins there)` of the felt beats; a pickup is counted back from the bar after it."""
    for bar in bars(piece):
        beat, length = piece.meter_at(bar.start).beat, bar.end - bar.start
        first = length % beat if bar.number == 0 else 0
        for tick in range(bar.start + first, bar.end, beat):
            yield tick, int(bar.number > 0 and tick == bar.start)
