"""A `Piece` as the bytes of a MIDI file; `musiclab.midi` says what is in it."""

from itertools import cycle

from musiclab.midi_checks import MOST_TRACKS
from musiclab.piece import DRUMS, TICKS_PER_QUARTER, Voice

LONGEST_PIECE = 40_000 * TICKS_PER_QUARTER  # five hours at 120 quarters a minute
LONGEST_NOTE = 640 * TICKS_PER_QUARTER  # 160 bars of 4/4
MOST_NOTES = 100_000
MARK = b"musiclab:"
DRUM_CHANNEL = 9  # channel 10, counted from 0
MIX = {7: "volume", 10: "balance", 91: "space"}  # controller -> what it is of a `Voice`


def midi_bytes(piece):
    """A piece as the bytes of a MIDI file; the same piece gives the same bytes.

    Raises:
        ValueError: the piece is more than MIDI holds, or longer than `read_midi` believes.

    >>> from musiclab.piece import Piece
    >>> midi_bytes(Piece())[:14].hex(" ", 2)  # type 1, one track, 24 ticks a quarter note
    '4d54 6864 0000 0006 0001 0001 0018'
    """
    _check(piece)
    layers = _layers(piece)
    if max(len(layers) + 1, len(piece.voices)) > MOST_TRACKS:
        raise ValueError(
            f"{len(layers) + 1} tracks for {len(piece.voices)} voices, expected at most {MOST_TRACKS}; use fewer voices"
        )
    tracks = [_conductor(piece, [voice for voice, _ in layers])]
    for (index, notes), channel in zip(layers, _channels(piece, layers)):
        tracks.append(_track(_voice_events(piece.voices[index], notes, channel)))
    header = b"MThd" + b"".join(n.to_bytes(size) for n, size in ((6, 4), (1, 2), (len(tracks), 2), (TICKS_PER_QUARTER, 2)))
    return header + b"".join(tracks)


def channels(piece):
    """The channels that each voice has in the file, counted from 0: a tuple a voice, empty for one without notes.

    >>> from musiclab.piece import Note, Piece, Voice
    >>> channels(Piece([Note(0, 24, 60), Note(0, 24, 36, voice=1)], voices=[Voice(), Voice("Drums", DRUMS)]))
    [(0,), (9,)]
    """
    layers = _layers(piece)
    of_layers = _channels(piece, layers)
    return [tuple(sorted({of for (i, _), of in zip(layers, of_layers) if i == voice})) for voice in range(len(piece.voices))]


def _channels(piece, layers):
    """A channel for each track with notes, a new one each time while they last."""
    pitched = cycle((*range(DRUM_CHANNEL), *range(DRUM_CHANNEL + 1, 16)))
    return [DRUM_CHANNEL if piece.voices[voice].program == DRUMS else next(pitched) for voice, _ in layers]


def mixed(voice):
    """`(controller, value)` of a voice that is not in the mix as every voice is at first."""
    usual = Voice()
    if all(getattr(voice, name) == getattr(usual, name) for name in MIX.values()):
        return []
    return [(number, getattr(voice, name)) for number, name in MIX.items() if getattr(voice, name) is not None]


def _check(piece):
    """Raise ValueError where a piece is more than MIDI holds, or longer than `read_midi` believes."""
    if len(piece.notes) > MOST_NOTES:
        raise ValueError(f"{len(piece.notes)} notes, expected at most {MOST_NOTES}; cut the piece into parts")
    ticks = [tick for tick, _ in (*piece.tempos, *piece.meters, *piece.keys)] + [
        *piece.fermatas,
        *(note.start for note in piece.notes),
    ]
    if not 0 <= min(ticks) <= max(ticks) <= LONGEST_PIECE:
        raise ValueError(f"ticks {min(ticks)} to {max(ticks)}, expected 0 to {LONGEST_PIECE}; cut the piece into parts")
    for note in piece.notes:
        if note.duration > LONGEST_NOTE:
            raise ValueError(f"{note} is too long, expected a duration of at most {LONGEST_NOTE} ticks; divide it")
    for tick, meter in piece.meters:
        if meter.numerator > 255:
            raise ValueError(f"meter {meter} at tick {tick}: MIDI counts to 255; write shorter bars")


def _layers(piece):
    """`(voice, notes)` of each track: the notes of a voice, dealt out so that equal pitches do not overlap within a track."""
    layers = [[] for _ in piece.voices]  # of (notes, pitch -> end of the last one), for each voice
    for note in piece.notes:
        layer = next((layer for layer in layers[note.voice] if layer[1].get(note.pitch, 0) <= note.start), None)
        if layer is None:
            layer = ([], {})
            layers[note.voice].append(layer)
        layer[0].append(note)
        layer[1][note.pitch] = note.start + note.duration
    return [(voice, notes) for voice, dealt in enumerate(layers) for notes, _ in dealt]


def _conductor(piece, tracks):
    """The first track: all that is not notes; `tracks` holds the voice of each track to come."""
    events = [(0, _meta(0x03, piece.title.encode(errors="replace")))] if piece.title else []
    events += [(tick, _meta(0x51, tempo.to_bytes(3))) for tick, tempo in piece.tempos]
    events += [
        (tick, _meta(0x58, bytes([meter.numerator, meter.denominator.bit_length() - 1, 24, 8]))) for tick, meter in piece.meters
    ]
    for tick, key in piece.keys:
        events.append((tick, _meta(0x59, bytes([key.fifths % 256, key.mode in ("minor", "dorian")]))))
        if key.mode not in ("major", "minor"):
            events.append((tick, _marker("mode", key.mode)))
    if piece.pickup:
        events.append((0, _marker("pickup", piece.pickup)))
    if piece.style:
        events.append((0, _marker("style", piece.style)))
    silent = sorted(set(range(len(piece.voices))) - set(tracks))
    events += [(0, _marker("silent", f"{i} {piece.voices[i].program} {piece.voices[i].name}")) for i in silent]
    for i in silent:
        if mix := mixed(piece.voices[i]):
            events.append((0, _marker("mix", f"{i} " + " ".join(f"{number}:{value}" for number, value in mix))))
    if len(set(tracks)) < len(tracks):
        events.append((0, _marker("tracks", " ".join(map(str, tracks)))))
    events += [(tick, _marker("fermata", 1)) for tick in piece.fermatas]
    return _track(sorted(events, key=lambda event: event[0]))


def _voice_events(voice, notes, channel):
    """`(tick, event)` for a track of notes, in order of time, offs before ons."""
    events = [(0, _meta(0x03, voice.name.encode(errors="replace")))] if voice.name else []
    events.append((0, bytes([0xC0 | channel, voice.program % DRUMS])))
    events += [(0, bytes([0xB0 | channel, number, value])) for number, value in mixed(voice)]
    sounding = [(start + duration, 0, bytes([0x80 | channel, pitch, 0])) for start, duration, pitch, _, _ in notes]
    sounding += [(start, 1, bytes([0x90 | channel, pitch, velocity])) for start, _, pitch, velocity, _ in notes]
    return events + [(tick, event) for tick, _, event in sorted(sounding)]


def _track(events):
    """A track chunk."""
    body, now = bytearray(), 0
    for tick, event in events:
        body += _variable(tick - now) + event
        now = tick
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + len(body).to_bytes(4) + body


def _meta(kind, content):
    return bytes([0xFF, kind]) + _variable(len(content)) + content


def _marker(name, value):
    return _meta(0x06, MARK + f"{name}={value}".encode(errors="replace"))


def _variable(number):
    """A number as MIDI writes it: seven bits a byte, the high bit set in all but the last."""
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))
