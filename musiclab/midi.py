"""MIDI files in and out: `read_midi` and `write_midi`.

Conventions: a file we write has 24 ticks a quarter note, the grid of `Piece`; a first track with title, tempos, meters, keys and
markers; then one track a voice, each on a channel of its own while they last (drums on channel 10). What MIDI has no event for
travels in markers (meta event 6) of the form `musiclab:name=value`:

    pickup=12           at tick 0: ticks before the first full bar
    style=slip jig      at tick 0
    mode=dorian         at the tick of its key; major and minor need none
    fermata=1           at the tick of the fermata
    tracks=0 0 1        the voice of each track with notes; a voice whose equal pitches overlap takes several tracks
    silent=2 40 Viola   a voice without notes: index, program, name
    mix=2 7:90 10:30    how such a voice stands in the mix: index, controllers and their values

In a stranger's file a voice is what one track plays on one channel with one program, the pickup is 0 and keys are major or minor.
How a voice stands in the mix are controllers 7, 10 and 91, each as it is when the voice begins to play.
A first on of a pitch pairs with its first off. Notes that never end or last no time are left out, pedal and pitch bend ignored.
"""

import errno
import os
import stat
from functools import lru_cache
from itertools import repeat

from musiclab.atomic import atomic_write
from musiclab.key import MODES, Key
from musiclab.midi_checks import DAMAGED, KEY, METER, TEMPO, checked_midi
from musiclab.midi_grid import snapped
from musiclab.midi_writer import DRUM_CHANNEL, LONGEST_NOTE, LONGEST_PIECE, MARK, MIX, MOST_NOTES, MOST_TRACKS, midi_bytes
from musiclab.piece import DRUMS, TICKS_PER_QUARTER, Meter, Note, Piece, Voice

LARGEST_FILE = 2**21  # bytes


def read_midi(source):
    """Read a MIDI file: a path, or the bytes of a file.

    Times are moved to the grid of 24 ticks a quarter note. Type 0 and type 1 are read, also wrapped as RIFF (.rmi).

    Raises:
        ValueError: not MIDI, damaged, too long, with times that are not counted in beats, or played so freely that there is
            no grid.
        OSError: the file cannot be opened.

    >>> tune = Piece([Note(0, 24, 60)], keys=[(0, Key("E", "dorian"))], pickup=24, style="reel")
    >>> read_midi(midi_bytes(tune)) == tune
    True
    """
    if isinstance(source, bytes | bytearray | memoryview):
        name, data = "these bytes", bytes(source[: LARGEST_FILE + 1])
    else:
        name, data = os.fspath(source), _file_bytes(source)
    try:
        return _piece(data)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def write_midi(piece, path):
    """Write a piece to a MIDI file, whole or not at all.

    Raises:
        ValueError: the piece does not fit into MIDI, or is longer than `read_midi` accepts.
        OSError: the file cannot be written.
    """
    path = os.fspath(path)
    data = midi_bytes(piece)
    try:
        with atomic_write(path) as file:
            file.write(data)
    except OSError as error:
        raise OSError(
            error.errno, f"{error.strerror}; choose a folder that exists, may be written to and has room", path
        ) from None


def _file_bytes(path):
    """The bytes of a file, or one more than `read_midi` accepts."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))  # never wait for a pipe
        try:
            info = os.fstat(file)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(errno.EINVAL, "A folder or a device, not a file")
            return os.read(file, min(info.st_size, LARGEST_FILE + 1))
        finally:
            os.close(file)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}; give the path of a .mid file that you may read", os.fspath(path)) from None


def _piece(data):
    """The piece in the bytes of a file."""
    if len(data) > LARGEST_FILE:
        raise ValueError(f"more than {LARGEST_FILE} bytes, where {MOST_NOTES} notes take half of that; cut the piece into parts")
    file = checked_midi(data)
    parts = _melodies(file) or _parts(file)
    tempos, meters, keys, marks = {}, {}, {}, {}
    for time, kind, content in file.changes:
        tick = (2 * time * TICKS_PER_QUARTER + file.ticks_per_quarter) // (2 * file.ticks_per_quarter)
        if kind == TEMPO:
            tempos[tick] = int.from_bytes(content)
        elif kind == METER:
            meters[tick] = Meter(content[0], 2 ** content[1])
        elif kind == KEY:
            keys[tick if keys else 0] = content  # the first key holds from the start
        elif content.startswith(MARK):
            name, _, value = content[len(MARK) :].decode(errors="replace").partition("=")
            marks.setdefault(name, []).append((tick, value))
    if file.changes and tick > LONGEST_PIECE:
        raise ValueError(f"a tempo, meter, key or marker at tick {tick}, expected at most {LONGEST_PIECE}; remove it")
    if 0 not in meters:
        meters = {0: Meter(), **meters}
    pickup = _whole("pickup", marks["pickup"][0][1], meters[0].bar - 1) if "pickup" in marks else 0
    modes = dict(marks.get("mode", ()))
    voices, order = [voice for voice, _ in parts], range(len(parts))
    if "silent" in marks or "tracks" in marks:
        voices, order = _voices(voices, marks)
    columns = [columns for _, columns in parts]
    if sum([len(starts) for starts, *_ in columns]) > MOST_NOTES:
        raise ValueError(f"more than {MOST_NOTES} notes; cut the piece into parts")
    if file.ticks_per_quarter != TICKS_PER_QUARTER:
        columns = snapped(columns, file.ticks_per_quarter)
    notes = []
    for part, voice in zip(columns, order):
        # what Note._make does, without a call in Python for each note
        notes += map(tuple.__new__, repeat(Note), zip(*part, repeat(voice)))
    piece = object.__new__(Piece)  # whose own checks of what is known to be sound would take as long as all the rest
    piece.__dict__.update(
        notes=tuple(sorted(notes)),
        voices=tuple(voices) or (Voice(),),
        tempos=tuple(tempos.items()) if 0 in tempos else ((0, 500_000), *tempos.items()),
        meters=tuple(meters.items()),
        keys=tuple([(tick, _key(content, modes.get(tick))) for tick, content in keys.items()]),
        pickup=pickup,
        fermatas=tuple(dict(marks.get("fermata", ()))),
        title=file.title,
        style=marks["style"][0][1] if "style" in marks else "",
    )
    return piece


def _check_length(start, duration, ticks_per_quarter):
    """Raise ValueError for the last start and the greatest duration of a part where only an error in a file explains them."""
    most = LONGEST_PIECE // TICKS_PER_QUARTER - 1, LONGEST_NOTE // TICKS_PER_QUARTER - 1  # 1 for what snapping adds
    if start > most[0] * ticks_per_quarter or duration > most[1] * ticks_per_quarter:
        start, duration = start // ticks_per_quarter, duration // ticks_per_quarter
        raise ValueError(
            f"a note begins at quarter {start} or lasts {duration} quarters, expected at most {most[0]} and {most[1]}; {DAMAGED}"
        )


def _melodies(file):
    """Voices and columns of notes, from a file in which each track has one note at a time."""
    parts = []
    for name, channel, program, columns in file.melodies:
        _check_length(columns[0][-1], 0, file.ticks_per_quarter)  # the notes of a melody are short
        parts.append((Voice(name, DRUMS if channel == DRUM_CHANNEL else program), columns))
    return parts


def _parts(file):
    """Voices and columns of notes, which are starts, durations, pitches and velocities, from any file."""
    import symusic  # our own melodies do without it

    parts = []
    for track in symusic.Score.from_midi(file.data).tracks:
        columns = track.notes.numpy()
        lasting = columns["duration"] > 0
        if lasting.any():
            columns = [columns[name][lasting] for name in ("time", "duration", "pitch", "velocity")]
            _check_length(columns[0].max(), columns[1].max(), file.ticks_per_quarter)
            voice = Voice(file.names.get(track.name, track.name), DRUMS if track.is_drum else track.program)
            voice = voice._replace(**_mix(track.controls, columns[0].min()))
            parts.append((voice, [column[: MOST_NOTES + 1].tolist() for column in columns]))
    return parts


def _mix(controls, begins):
    """How a track stands in the mix when it begins to play: what is said of a `Voice`."""
    return {MIX[control.number]: control.value for control in controls if control.number in MIX and control.time <= begins}


@lru_cache(256)
def _key(content, mode):
    """The key that MIDI's sharps (256 less the flats) and 0 or 1 for major or minor mean, or of the mode that a marker gives."""
    if mode is None:
        mode = "minor" if content[1] else "major"
    elif mode not in MODES:
        raise ValueError(f"marker musiclab:mode={mode}: expected one of {', '.join(MODES)}; correct or delete the marker")
    return Key.from_fifths((content[0] + 128) % 256 - 128, mode)


def _whole(name, value, most):
    """A whole number from a marker."""
    if not value.isdecimal() or int(value) > most:
        raise ValueError(f"marker musiclab:{name}={value}: expected a whole number, at most {most}; correct or delete the marker")
    return int(value)


def _voices(heard, marks):
    """All voices, and the voice of each track with notes, from the voices of these tracks and our markers.

    A file that was edited elsewhere may have lost or gained tracks; then the markers say nothing and each track is a voice.
    """
    silent = {}
    for _, value in marks.get("silent", ()):
        index, _, voice = value.partition(" ")
        program, _, name = voice.partition(" ")
        silent[_whole("silent", index, MOST_TRACKS)] = Voice(name, _whole("silent", program, DRUMS))
    for _, value in marks.get("mix", ()):
        index, _, mix = value.partition(" ")
        index, mix = _whole("mix", index, MOST_TRACKS), dict(part.partition(":")[::2] for part in mix.split())
        if index in silent:
            mix = {MIX[int(number)]: _whole("mix", level, 127) for number, level in mix.items() if number in map(str, MIX)}
            silent[index] = silent[index]._replace(**mix)
    if "tracks" in marks:
        order = [_whole("tracks", index, MOST_TRACKS) for index in marks["tracks"][0][1].split()]
    else:
        order = [i for i in range(len(heard) + len(silent)) if i not in silent]
    voices = silent | dict(zip(reversed(order), reversed(heard)))
    if len(order) != len(heard) or sorted(voices) != list(range(len(voices))) or set(order) & set(silent):
        return heard, range(len(heard))
    return [voices[i] for i in range(len(voices))], order
