"""A second player who goes along with the melody: in octaves, in thirds or in sixths."""

from bisect import bisect_right

from musiclab.harmony.chord import scale

LETTERS = "CDEFGAB"
DOUBLINGS = {"octave above": -12, "octave below": 12, "thirds": (3, 4), "sixths": (8, 9)}  # semitones below the melody


def doubled(piece, melody, kind, chords, low, high):
    """The notes that go with a melody.

    Thirds and sixths lie below and keep to the key (a raised note takes the step that its letter says: G sharp in A minor has E below).
    Where the melody has a note of the chord, its companion is the note of the chord that comes nearest to a third or sixth.

    Args:
        piece: for its keys.
        melody: notes, in order of time.
        kind: one of DOUBLINGS.
        chords: list of `Sounding`.
        low, high: what the second instrument can play; notes beyond are left out.

    Returns:
        list of Note, as loud as the melody.
    """
    distance = DOUBLINGS[kind]
    if isinstance(distance, int):
        notes = [note._replace(pitch=note.pitch - distance) for note in melody if 0 <= note.pitch - distance <= 127]
    else:
        starts, notes = [start for start, _, _ in chords], []
        for note in melody:
            chord = chords[max(0, bisect_right(starts, note.start) - 1)].chord
            if note.pitch % 12 in chord.pitch_classes:
                below = _chord_tone(note.pitch, chord, distance)
            else:
                below = _in_key(note.pitch, piece.key_at(note.start), distance)
            notes.append(note._replace(pitch=note.pitch - below))
    return [note for note in notes if low <= note.pitch <= high]


def _chord_tone(pitch, chord, distance):
    """Semitones down to the note of the chord nearest to a third or sixth, a fourth to a third, a fifth to a sixth."""
    middle = sum(distance) / 2
    return min((n for n in range(3, 12) if (pitch - n) % 12 in chord.pitch_classes), key=lambda n: abs(n - middle))


def _in_key(pitch, key, distance):
    """Semitones down to the note of the key whose letter lies two or five steps below."""
    small, large = distance
    letter, _, _ = key.spell(pitch)
    steps = 2 if small == 3 else 5
    degree = (LETTERS.index(letter) - steps - LETTERS.index(key.tonic[0])) % 7
    return min(max((pitch - scale(key)[degree]) % 12, small), large)
