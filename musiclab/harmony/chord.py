"""What sounds together, and what it is called: chords, their symbols (`Am7/C`) and their Roman numerals (`ii65`)."""

from typing import NamedTuple

from musiclab.key import SCALES, Key, fifths_name
from musiclab.piece import DRUMS

QUALITIES = {  # quality -> semitones above the root
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "augmented": (0, 4, 8),
    "dominant seventh": (0, 4, 7, 10),
    "minor seventh": (0, 3, 7, 10),
    "major seventh": (0, 4, 7, 11),
    "half-diminished seventh": (0, 3, 6, 10),
    "diminished seventh": (0, 3, 6, 9),
    "minor-major seventh": (0, 3, 7, 11),
    "suspended fourth": (0, 5, 7),
    "suspended second": (0, 2, 7),
}
FIFTHS = {
    0: 0,
    2: 2,
    3: -3,
    4: 4,
    5: -1,
    6: -6,
    7: 1,
    8: 8,
    9: -9,
    10: -2,
    11: 5,
}  # semitones above the root -> steps on the line of fifths
TRIADS = ("major", "minor", "diminished", "augmented")
SYMBOLS = dict(zip(QUALITIES, ("", "m", "dim", "aug", "7", "m7", "maj7", "m7b5", "dim7", "mM7", "sus4", "sus2")))
SYMMETRICAL = {"augmented": 4, "diminished seventh": 3}  # every note may be the root: a step of so many semitones changes nothing
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
INVERSIONS = (("", "6", "64"), ("7", "65", "43", "42"))  # of triads, of sevenths


class Chord(NamedTuple):
    """A chord, wherever its notes lie.

    Args:
        root: pitch class, 0 (C) to 11 (B).
        quality: one of QUALITIES.
        bass: pitch class of the lowest note; the root if the chord is not inverted.

    >>> chord = Chord(9, "minor", 0)
    >>> chord.symbol(), chord.roman(Key("C")), chord.pitch_classes
    ('Am/C', 'vi6', (9, 0, 4))
    """

    root: int
    quality: str
    bass: int

    @property
    def pitch_classes(self):
        """The pitch classes, from the root upwards."""
        return tuple((self.root + interval) % 12 for interval in QUALITIES[self.quality])

    @property
    def inversion(self):
        """How many notes of the chord lie, in thirds from the root, below the bass: 0 for root position."""
        return self.pitch_classes.index(self.bass)

    def transposed(self, semitones):
        """The same chord that many semitones higher."""
        return Chord((self.root + semitones) % 12, self.quality, (self.bass + semitones) % 12)

    def symbol(self, key=None):
        """The chord symbol over a lead sheet, such as "F#m7b5/A"; spelled as in C major if no key is given.

        >>> Chord(8, "diminished", 8).symbol(), Chord(8, "major", 0).symbol(), Chord(11, "major", 3).symbol(Key("G"))
        ('G#dim', 'Ab/C', 'B/D#')
        """
        names = self.names(key)
        slash = "" if self.bass == self.root else f"/{names[self.inversion]}"
        return names[0] + SYMBOLS[self.quality] + slash

    def names(self, key=None):
        """Names of the notes, from the root upwards: thirds are written as thirds, root and third as near as can be to the key.

        >>> Chord(8, "diminished", 8).names(), Chord(8, "diminished", 8).names(Key("Eb"))
        (('G#', 'B', 'D'), ('Ab', 'Cb', 'Ebb'))
        """
        key = key or Key()
        middle = key.tonic_fifths + (2 if key.mode == "major" else 1)  # of what is common in the key, on the line of fifths
        above = [FIFTHS[interval] for interval in QUALITIES[self.quality]]
        ways = [[root + fifths for fifths in above] for root in range(7 * self.root % 12 - 24, 25, 12)]
        near = lambda way: (sum(abs(place - middle) for place in way[:2]), abs(way[0] - middle))  # noqa: E731
        return tuple(fifths_name(place) for place in min(ways, key=near))

    def roman(self, key):
        """The Roman numeral: which step of the key the chord stands on, and its inversion in figures.

        Small letters are minor, "o" is diminished, "ø" half-diminished, "+" augmented; a capital with a plain seventh is a dominant
        seventh, "M" a major one. "#" or "b" stand before a step that lies beside its place in the key. In minor, small letters on the
        sixth and seventh step stand on the raised ones ("viio", the leading note) and capitals on those of the scale ("VII"), as in
        music21.

        >>> chord_of([59, 62, 65]).roman(Key("A", "minor")), chord_of([56, 59, 62]).roman(Key("A", "minor"))
        ('iio', 'viio')
        """
        step = ("CDEFGAB".index(self.names(key)[0][0]) - "CDEFGAB".index(key.tonic[0])) % 7
        beside = (self.root - scale(key)[step] + 6) % 12 - 6
        third, fifth = QUALITIES[self.quality][1:3]
        numeral = NUMERALS[step].lower() if third == 3 else NUMERALS[step]
        if key.mode == "minor" and step >= 5 and third == 3:
            beside -= 1
        seventh = len(self.pitch_classes) == 4
        mark = {"augmented": "+", "diminished": "o", "diminished seventh": "o", "half-diminished seventh": "ø"}.get(
            self.quality, ""
        )
        mark += "M" if self.quality in ("major seventh", "minor-major seventh") else ""
        if self.quality.startswith("suspended"):
            figures = SYMBOLS[self.quality]
        else:
            figures = INVERSIONS[seventh][self.inversion]
        return "#" * beside + "b" * -beside + numeral + mark + figures


SHAPES = {frozenset(shape): quality for quality, shape in QUALITIES.items()}
WITHOUT_FIFTH = {  # what two or three notes of a chord suggest, when its fifth is left out
    frozenset(interval for interval in QUALITIES[quality] if interval != 7): quality
    for quality in ("major", "minor", "dominant seventh", "minor seventh", "major seventh")
}


def scale(key):
    """The seven pitch classes of a key, from the tonic upwards.

    >>> scale(Key("E", "dorian"))
    (4, 6, 7, 9, 11, 1, 2)
    """
    return tuple((key.pitch_class + step) % 12 for step in SCALES[key.mode])


def chord_of(pitches, *, key=None, incomplete=False):
    """The chord that pitches form, in any octave, doubling and inversion.

    Where notes have two names, triads and sevenths built of thirds come first: C E G A is `Am7/C`, never C6. Three notes that could be
    `Csus2` or `Gsus4` are the one whose root lies in the bass, else the fourth. In an augmented triad and a diminished seventh every
    note could be the root: it is the bass or, if a key is given, the root of the thirds as that key spells them.

    Args:
        pitches: MIDI pitches, in any order.
        key: a `Key`, to find the root of symmetrical chords.
        incomplete: take C E for C, and C E Bb for C7: the fifth may be missing.

    Returns:
        Chord; None if the pitches form none of QUALITIES.

    >>> chord_of([64, 67, 72])
    Chord(root=0, quality='major', bass=4)
    >>> chord_of([60, 62, 64]), chord_of([60, 64]), chord_of([60, 64], incomplete=True).symbol()
    (None, None, 'C')
    """
    pitches = [int(pitch) for pitch in pitches]
    bass = min(pitches, default=0) % 12
    sounding = {pitch % 12 for pitch in pitches}
    found = [
        Chord(root, quality, bass)
        for root in sorted(sounding)
        for shapes in ((SHAPES, WITHOUT_FIFTH) if incomplete else (SHAPES,))
        if (quality := shapes.get(frozenset((p - root) % 12 for p in sounding)))
    ]
    if key and found and found[0].quality in SYMMETRICAL:
        sharpness = lambda chord: (7 * (chord.root - key.pitch_class) + 5) % 12  # noqa: E731  # along the line of fifths
        return (max if found[0].quality == "diminished seventh" else min)(found, key=sharpness)
    in_root_position = [chord for chord in found if chord.root == bass]
    return next(iter(in_root_position or [c for c in found if c.quality != "suspended second"]), None)


def sonorities(piece):
    """What sounds, from one change to the next: a list of `(start, end, pitches)`, pitches from low to high; silence has none.

    A note that is struck again begins a new sonority. Drums are left out.

    >>> from musiclab.piece import Note, Piece
    >>> sonorities(Piece([Note(0, 48, 48), Note(0, 24, 64), Note(24, 24, 67)]))
    [(0, 24, (48, 64)), (24, 48, (48, 67))]
    """
    drums = {i for i, voice in enumerate(piece.voices) if voice.program == DRUMS}
    starts, ends = {}, {}
    for note in piece.notes:
        if note.voice not in drums:
            starts.setdefault(note.start, []).append(note.pitch)
            ends.setdefault(note.end, []).append(note.pitch)
    ticks = sorted({*starts, *ends})
    sounding, found = [], []
    for tick, following in zip(ticks, ticks[1:]):
        for pitch in ends.get(tick, ()):
            sounding.remove(pitch)
        sounding = sorted(sounding + starts.get(tick, []))
        found.append((tick, following, tuple(sounding)))
    return found
