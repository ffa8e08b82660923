"""Keys, and how a key names the pitches: the line of fifths."""

import re
from dataclasses import dataclass

LINE_OF_FIFTHS = "FCGDAEB"  # the seven letters, each a fifth above the one before it
MODES = {"major": 0, "mixolydian": -1, "dorian": -2, "minor": -3}  # sharps compared with the major key on the same tonic
SCALES = {  # semitones above the tonic
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
TONES = SCALES | {"minor": (0, 2, 3, 5, 7, 8, 9, 10, 11)}  # in minor, sixth and seventh may be raised
NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # letter -> pitch class


@dataclass(frozen=True)
class Key:
    """A tonic and a mode (major, minor, dorian, mixolydian), with at most seven sharps or flats.

    >>> key = Key("E", "dorian")
    >>> key.fifths, key.name(61)
    (2, 'C#4')
    """

    tonic: str = "C"
    mode: str = "major"

    def __post_init__(self):
        if not re.fullmatch("[A-G](#{0,2}|b{0,2})", self.tonic):
            raise ValueError(f"tonic {self.tonic!r}: expected a letter A to G, then '#' or 'b' if altered, such as 'F#' or 'Bb'")
        if self.mode not in MODES:
            raise ValueError(f"mode {self.mode!r}: expected one of {', '.join(MODES)}")
        if abs(self.fifths) > 7:
            twin = Key.from_fifths(_nearest_signature(self.fifths), self.mode)
            raise ValueError(f"{self.tonic} {self.mode} would need {abs(self.fifths)} sharps or flats: write {twin}")

    @classmethod
    def parse(cls, text):
        """Read a key in words.

        >>> Key.parse("E dorian"), Key.parse("b flat"), Key.parse("F#m")
        (Key(tonic='E', mode='dorian'), Key(tonic='Bb', mode='major'), Key(tonic='F#', mode='minor'))
        """
        match = re.fullmatch(r"\s*([A-Ga-g])[ -]?(#|♯|sharp|b|♭|flat)?\s*([A-Za-z]*)\s*", text)
        words = {
            "": "major",
            "maj": "major",
            "ionian": "major",
            "m": "minor",
            "min": "minor",
            "dor": "dorian",
            "mix": "mixolydian",
            "aeolian": "minor",
        }
        if match:
            word = "major" if match[3] == "M" else match[3].lower()  # in "AM" and "Am" the letter's case matters
            mode = words.get(word, word)
            if mode in MODES:
                accidental = {None: "", "sharp": "#", "♯": "#", "flat": "b", "♭": "b"}.get(match[2], match[2])
                return cls(match[1].upper() + accidental, mode)
        hint = "; the German H is B, and B is Bb" if text.strip()[:1] in ("H", "h") else ""
        raise ValueError(f"key {text!r}: expected a tonic and a mode ({', '.join(MODES)}), such as 'G major' or 'E dorian'{hint}")

    @classmethod
    def from_fifths(cls, fifths, mode="major"):
        """The key of a mode with that many sharps (flats, if negative), -7 to 7."""
        return cls(fifths_name(fifths - MODES[mode]), mode)

    @property
    def tonic_fifths(self):
        """The tonic's place on the line of fifths: C is 0, G 1, F -1."""
        return _name_fifths(self.tonic)

    @property
    def fifths(self):
        """Sharps in the key signature; flats count below zero."""
        return self.tonic_fifths + MODES[self.mode]

    @property
    def pitch_class(self):
        """The tonic's pitch class, 0 (C) to 11 (B)."""
        return 7 * self.tonic_fifths % 12

    def spell(self, pitch):
        """Write a MIDI pitch in this key: `(letter, alteration in semitones, octave)`.

        The notes of the key's neighbourhood on the line of fifths, from five fifths below the tonic to six above.

        >>> Key("D", "minor").spell(61)
        ('C', 1, 4)
        """
        home = self.tonic_fifths
        fifths = home - 5 + (7 * pitch - (home - 5)) % 12
        name = fifths_name(fifths)
        alteration = name.count("#") - name.count("b")
        return name[0], alteration, (pitch - alteration) // 12 - 1

    def name(self, pitch):
        """The pitch's name with its octave, such as "Bb4"."""
        letter, alteration, octave = self.spell(pitch)
        return f"{letter}{'#' * alteration}{'b' * -alteration}{octave}"

    def transposed(self, semitones):
        """The key that many semitones higher, in its simplest spelling (five flats to six sharps)."""
        if semitones % 12 == 0:
            return self
        return Key.from_fifths(_nearest_signature(self.fifths + 7 * semitones), self.mode)

    def __str__(self):
        return f"{self.tonic} {self.mode}"


def fifths_name(fifths):
    """The note name at a place on the line of fifths (C is 0, G 1, F -1)."""
    accidentals, letter = divmod(fifths + 1, 7)
    return LINE_OF_FIFTHS[letter] + "#" * accidentals + "b" * -accidentals


def _name_fifths(name):
    return LINE_OF_FIFTHS.index(name[0]) - 1 + 7 * (name.count("#") - name.count("b"))


def _nearest_signature(fifths):
    return (fifths + 5) % 12 - 5
