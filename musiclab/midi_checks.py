"""The structure of a MIDI file, checked byte by byte before it is given to a reader in C++ that trusts what it reads.

What is not notes is read on the way: names, and the changes of tempo, meter, key and the markers.
"""

import re
import struct
from itertools import accumulate, islice
from operator import itemgetter
from typing import NamedTuple

MOST_TRACKS = 4096
MOST_TICKS = 2**30  # the reader counts in 32 bits
LARGE = 2**18  # bytes of channel events that last at most MOST_TICKS, if a delta below 2**14 takes four bytes of them at least
DAMAGED = "the file is damaged; export or download it again"
HEADER, CHUNK = struct.Struct(">IHHH"), struct.Struct(">4sI")
NAME, MARKER, END, TEMPO, METER, KEY = b"\x03", b"\x06", b"\x2f", b"\x51", b"\x58", b"\x59"
LENGTHS = {TEMPO: 3, METER: 4, KEY: 2}

# Channel events in a row: a delta time in which all bytes but the last are >= 0x80; a status >= 0x80, left out where it is the
# one before; then two bytes of data, or one (group 1) after program changes and channel pressure.
_EVENTS = (
    rb"(?:(?:[\x80-\xff]{0,%d}+[\x00-\x7f][\x80-\xbf\xe0-\xef]?+[\x00-\x7f][\x00-\x7f])++"
    rb"|([\x80-\xff]{0,%d}+[\x00-\x7f][\xc0-\xdf][\x00-\x7f](?:[\x80-\xff]{0,%d}+[\x00-\x7f][\x00-\x7f])*+))*+"
)
QUICK_EVENTS = re.compile(_EVENTS % (1, 1, 1))  # deltas below 2**14
EVENTS = re.compile(_EVENTS % (3, 3, 3))  # deltas below 2**28, the most there can be
SINGLES = re.compile(rb"(?:[\x80-\xff]{0,3}+[\x00-\x7f][\x00-\x7f])*+")  # events with one byte of data and no status
NUMBER = re.compile(rb"[\x80-\xff]{0,3}+[\x00-\x7f]")  # seven bits a byte
STATUS = re.compile(rb"[\x80-\xff]{0,3}+[\x00-\x7f][\x80-\xff]")
# A meta event (status 0xff, a kind) or a system exclusive one: delta, kind, length; as many bytes follow.
OTHER = re.compile(rb"([\x80-\xff]{0,3}+[\x00-\x7f])(?:\xff([\x00-\x7f])|[\xf0\xf7])([\x80-\xff]{0,3}+[\x00-\x7f])")


class Checked(NamedTuple):
    """A MIDI file that is sound.

    Args:
        tracks: those with channel events, as bytes without their end.
        ticks_per_quarter: the unit of its times.
        title: the name of the piece.
        names: a dictionary from what the reader makes of a track's name to the name, where they differ.
        melodies: `(name, channel, program, columns)` of these tracks, if each has one note at a time; else empty.
        changes: `(time, kind, content)` of tempos, meters, keys and markers, in order of time, contents as bytes.
    """

    tracks: list
    ticks_per_quarter: int
    title: str
    names: dict
    melodies: list
    changes: list

    @property
    def data(self):
        """The tracks, and nothing else, as a file of type 1."""
        chunks = [b"MTrk%b%b\x00\xff\x2f\x00" % ((len(track) + 4).to_bytes(4), track) for track in self.tracks]
        return b"MThd\0\0\0\6\0\1%b%b%b" % (len(chunks).to_bytes(2), self.ticks_per_quarter.to_bytes(2), b"".join(chunks))


def checked_midi(data):
    """Check the bytes of a MIDI file.

    Raises:
        ValueError: what is wrong, where, and the way out.

    >>> checked_midi(b"MThd....")
    Traceback (most recent call last):
        ...
    ValueError: cut short at byte 8, in the header; the file is damaged; export or download it again
    """
    at, n_tracks, division, single = _check_header(data)
    tracks, title, names, melodies, changes = [], "", {}, [], []
    for number in range(1, n_tracks + 1):
        kind = b""
        while kind != b"MTrk":  # other chunks belong to some program
            if len(data) < at + 8:
                raise ValueError(f"cut short at byte {len(data)}, before track {number} of {n_tracks}; {DAMAGED}")
            kind, length = CHUNK.unpack_from(data, at)
            start, at = at + 8, at + 8 + length
            if len(data) < at:
                raise ValueError(f"cut short: {length} bytes should follow byte {start} and {len(data) - start} do; {DAMAGED}")
        body, raw, sounds, melody = _check_track(data, start, at, f"track {number}", changes)
        name = _text(raw)
        if single or (number == 1 and not sounds):  # the name of the only track, or of one that conducts, is the piece's
            title, name = name, ""
        if sounds:
            if name != (name_as_read := raw.decode(errors="replace")):
                names[name_as_read] = name
            tracks.append(body)
            if melody:
                melodies.append((name, *melody))
    changes.sort(key=itemgetter(0))
    return Checked(tracks, division, title, names, melodies if len(melodies) == len(tracks) else [], changes)


def _check_header(data):
    """Where the first track begins, how many there are, ticks a quarter note, and whether one track holds it all (type 0)."""
    at = _unwrapped(data) if data[:4] == b"RIFF" else 0
    if data[at : at + 4] != b"MThd":
        found = f"begins with {data[at : at + 4]!r}" if data else "is empty"
        raise ValueError(f"not a MIDI file: it {found}, expected b'MThd'; give a .mid file")
    if len(data) < at + 14:
        raise ValueError(f"cut short at byte {len(data)}, in the header; {DAMAGED}")
    length, kind, n_tracks, division = HEADER.unpack_from(data, at + 4)
    if length < 6 or n_tracks == 0:
        raise ValueError(f"a header of {length} bytes and {n_tracks} tracks, expected 6 bytes or more and a track; {DAMAGED}")
    if n_tracks > MOST_TRACKS:
        raise ValueError(f"{n_tracks} tracks, expected at most {MOST_TRACKS}; {DAMAGED}")
    if kind > 1 and n_tracks > 1:
        raise ValueError(f"MIDI type {kind}: its {n_tracks} tracks are pieces of their own; save each as a file of type 0 or 1")
    if division >= 0x8000:
        raise ValueError("its times are counted in film frames (SMPTE), not in beats; export it with ticks per quarter note")
    if division == 0:
        raise ValueError(f"0 ticks a quarter note at byte {at + 12}, expected 1 to 32767; {DAMAGED}")
    return at + 8 + length, n_tracks, division, kind != 1


def _unwrapped(data):
    """Where the MIDI file begins in a RIFF file: in its "data" chunk."""
    at = 12
    while data[8:12] == b"RMID" and len(data) >= at + 8:
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            return at + 8
        at += 8 + length + length % 2
    raise ValueError(f"a RIFF file of {data[8:12]!r} without MIDI data, expected b'RMID'; give a .mid file")


def _check_track(data, at, end, place, changes):
    """Walk through the events in data[at:end]; what `changes` holds is added to.

    Returns:
        the events as bytes, without the end of the track but each stretch of channel events with a status; the track's name
        (bytes); whether it has channel events; and its melody, if these are one.
    """
    name, sounds, melody, long = b"", False, None, end - at > LARGE
    stretch, n_data, status = (at, at, 0), 0, None  # the last stretch of channel events, and what an event may repeat after it
    now, uncounted = 0, []  # the time, but for these stretches
    body, copied = [], at
    while at < end:
        if other := OTHER.match(data, at, end):
            delta, kind, length = other.groups()
            now += _number(delta)
            if kind == END:
                break
            start, at = other.end(), other.end() + _number(length)
            if at > end:
                raise ValueError(f"{place} promises {at - start} bytes after byte {start} and {end - start} follow; {DAMAGED}")
            if kind in LENGTHS or (kind == MARKER and at > start):
                if uncounted:
                    now, uncounted = now + sum(_walk(data, *some)[0] for some in uncounted), []
                changes.append((now, kind, data[start:at]))
                _check_change(kind, data[start:at], f"{place}, byte {start}")
            elif kind == NAME and not name:
                name = data[start:at]
            elif kind is None and data[other.end(1)] == 0xF7:  # system exclusive too, but the reader in C++ does not know it
                body += [data[copied : other.end(1)], b"\xf0"]
                copied = other.end(1) + 1
        elif not sounds and (melody := _melody(data, at, end)):
            sounds, at = True, end - 4
        else:
            start = at
            if not STATUS.match(data, at, end) and (delta := NUMBER.match(data, at, end)):
                if not n_data:
                    raise ValueError(f"{place} has no event to repeat at byte {at}; {DAMAGED}")
                # a meta event should end the repeating, but many programs go on, and the reader in C++ repeats something else
                status = _walk(data, *stretch)[1] or status
                body += [data[copied : delta.end()], bytes([status])]
                copied = delta.end()
                if n_data == 1:
                    start = SINGLES.match(data, at, end).end()
            events = QUICK_EVENTS.match(data, start, end)
            if events.end() == at:
                events, long = EVENTS.match(data, start, end), True
            if events.end() == at:
                raise ValueError(f"{place} has an event at byte {at} that is cut short or unknown; {DAMAGED}")
            stretch = at, events.end(), n_data
            uncounted.append(stretch)
            if events.end() > start:
                n_data = 1 if events.end(1) == events.end() else 2
            sounds, at = True, events.end()
    if long:
        now += sum(_walk(data, *some)[0] for some in uncounted)
    if now > MOST_TICKS:
        raise ValueError(f"{place} lasts more than {MOST_TICKS} ticks; {DAMAGED}")
    return b"".join([*body, data[copied:at]]), name, sounds, melody


def _melody(data, at, end):
    """The events in data[at:end] as music of one voice, in a tenth of the time that any events take; None if they are not.

    One voice: a program change at once, then the on and the off of each note by turns, each with a delta below 128; the end.

    Returns:
        channel, program, and columns of starts, durations, pitches and velocities.
    """
    if end - at < 15:  # the shortest has one note
        return None
    deltas, statuses, pitches, velocities = [data[i : end - 4 : 4] for i in range(at + 3, at + 7)]
    channel = data[at + 1] - 0xC0
    if (
        data[at] == 0
        and 0 <= channel <= 15
        and data[at + 2] < 0x80
        and data[end - 4 : end] == b"\x00\xff\x2f\x00"
        and statuses == bytes([0x90 | channel, 0x80 | channel]) * (len(velocities) // 2)
        and len(deltas) == len(velocities)
        and deltas.isascii()
        and pitches[::2] == pitches[1::2]
        and pitches.isascii()
        and velocities.isascii()
        and 0 not in velocities[::2]
        and 0 not in deltas[1::2]
    ):
        return channel, data[at + 2], (list(islice(accumulate(deltas), 0, None, 2)), deltas[1::2], pitches[::2], velocities[::2])
    return None


def _check_change(kind, content, place):
    """Check a tempo, meter or key."""
    if kind in LENGTHS and len(content) != LENGTHS[kind]:
        raise ValueError(f"{place}: a tempo, meter or key in {len(content)} bytes, expected {LENGTHS[kind]}; {DAMAGED}")
    if kind == TEMPO and content == b"\x00\x00\x00":
        raise ValueError(f"{place}: a tempo of 0 microseconds a quarter note, expected at least 1; {DAMAGED}")
    if kind == METER and not (content[0] and content[1] <= 5):
        raise ValueError(f"{place}: a meter of {content[0]}/{2 ** content[1]}, expected 1/1 to 255/32; write it in larger notes")
    if kind == KEY and not ((content[0] + 7) % 256 <= 14 and content[1] <= 1):
        raise ValueError(
            f"{place}: a key of {content[0]} sharps, mode {content[1]}, expected 7 flats to 7 sharps, mode 0 or 1; {DAMAGED}"
        )


def _number(digits):
    """The value of a variable-length number: seven bits a byte."""
    if len(digits) == 1:
        return digits[0]
    value = 0
    for digit in digits:
        value = value << 7 | digit & 0x7F
    return value


def _walk(data, at, end, n_data):
    """Ticks and last status (None if there is none) of channel events, before which a status asks for so many bytes of data."""
    ticks, status = 0, None
    while at < end:
        delta = 0
        while data[at] > 0x7F:
            delta = (delta | data[at] & 0x7F) << 7
            at += 1
        ticks += delta | data[at]
        at += 1
        if data[at] > 0x7F:
            status = data[at]
            n_data = 1 if 0xC0 <= status < 0xE0 else 2
            at += 1
        at += n_data
    return ticks, status


def _text(name):
    """A name as text: UTF-8, or else the Latin-1 of older programs."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")
