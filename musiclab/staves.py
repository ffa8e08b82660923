"""Who reads what: the players' parts, their staves and clefs, and where the drums lie on theirs."""

from os.path import commonprefix
from typing import NamedTuple

from musiclab.piece import Voice

CLEFS = {  # name -> sign, line, octaves away, middle line of the staff counted in letters above C0
    "treble": ("G", 2, 0, 34),
    "bass": ("F", 4, 0, 22),
    "alto": ("C", 3, 0, 28),
    "treble-8": ("G", 2, -1, 27),
    "bass-8": ("F", 4, -1, 15),
    "treble+8": ("G", 2, 1, 41),
    "bass-15": ("F", 4, -2, 8),
    "treble+15": ("G", 2, 2, 48),
}
KIT = {  # drum -> name, place on the staff as a note in the treble clef, head
    35: ("Bass drum 2", "F4", ""),
    36: ("Bass drum", "F4", ""),
    37: ("Side stick", "C5", "x"),
    38: ("Snare drum", "C5", ""),
    39: ("Hand clap", "B4", "x"),
    40: ("Electric snare", "C5", ""),
    41: ("Low floor tom", "G4", ""),
    42: ("Closed hi-hat", "G5", "x"),
    43: ("High floor tom", "A4", ""),
    44: ("Pedal hi-hat", "D4", "x"),
    45: ("Low tom", "B4", ""),
    46: ("Open hi-hat", "G5", "o"),
    47: ("Low-mid tom", "D5", ""),
    48: ("High-mid tom", "D5", ""),
    49: ("Crash cymbal", "A5", "x"),
    50: ("High tom", "E5", ""),
    51: ("Ride cymbal", "F5", "x"),
    52: ("Chinese cymbal", "B5", "x"),
    53: ("Ride bell", "F5", "d"),
    54: ("Tambourine", "E5", "x"),
    55: ("Splash cymbal", "B5", "x"),
    56: ("Cowbell", "E5", "d"),
    57: ("Crash cymbal 2", "A5", "x"),
    59: ("Ride cymbal 2", "F5", "x"),
}


class Part(NamedTuple):
    """What one player reads: a voice on its staves (indices into `piece.notes` each), and whether a pair of voices shares it."""

    voice: Voice
    staves: list


def parts(piece):
    """Who reads what: one staff a voice, two for a pair of keyboard voices or one whose hands are far apart."""
    by_voice = [[] for _ in piece.voices]
    for i, note in enumerate(piece.notes):
        by_voice[note.voice].append(i)
    found, i = [], 0
    while i < len(piece.voices):
        voice, run = piece.voices[i], 1
        while i + run < len(piece.voices) and piece.voices[i + run].program == voice.program:
            run += 1
        if voice.program < 8 and run == 2:
            name = commonprefix([voice.name, piece.voices[i + 1].name]).strip(" -:,.(") if voice.name else ""
            found.append(Part(Voice(name or "Piano", voice.program), by_voice[i : i + 2]))
        elif voice.program < 8 and run == 1 and _wide([piece.notes[k].pitch for k in by_voice[i]]):
            low = [k for k in by_voice[i] if piece.notes[k].pitch < 60]
            found.append(Part(voice, [sorted(set(by_voice[i]) - set(low)), low]))
        else:
            found += [Part(piece.voices[k], [by_voice[k]]) for k in range(i, i + run)]
        i += run
    return found


def _wide(pitches):
    return bool(pitches) and min(pitches) < 53 and max(pitches) > 67 and max(pitches) - min(pitches) > 30


def clef(voice, letters):
    """The clef with the fewest ledger lines, with a liking for the one this instrument is used to."""
    liked = {41: "alto", 43: "bass-8", 42: "bass"}.get(voice.program)
    if voice.program in range(24, 32) or "tenor" in voice.name.lower():
        liked = "treble-8"
    elif voice.program in range(32, 40):
        liked = "bass-8"

    def cost(name):
        _, _, octaves, middle = CLEFS[name]
        ledgers = sum(max(0, (abs(letter - middle) - 4) // 2) for letter in letters) / max(1, len(letters))
        return ledgers + 2 * abs(octaves) - 3 * (name == liked) + 9 * (name == "alto" != liked)

    return min(CLEFS, key=cost)
