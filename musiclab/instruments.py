"""The instruments of General MIDI, and which of those in our sound font comes nearest to each.

Programs count from 0, as in a MIDI file (printed lists often count from 1).
"""

from musiclab.piece import DRUMS

NAMES = (  # General MIDI level 1, eight programs a family
    *("acoustic grand piano", "bright piano", "electric grand piano", "honky-tonk piano"),
    *("electric piano 1", "electric piano 2", "harpsichord", "clavinet"),
    *("celesta", "glockenspiel", "music box", "vibraphone", "marimba", "xylophone", "tubular bells", "dulcimer"),
    *("drawbar organ", "percussive organ", "rock organ", "church organ", "reed organ", "accordion", "harmonica", "bandoneon"),
    *("nylon-string guitar", "steel-string guitar", "jazz guitar", "clean electric guitar"),
    *("muted electric guitar", "overdriven guitar", "distortion guitar", "guitar harmonics"),
    *("acoustic bass", "fingered bass", "picked bass", "fretless bass", "slap bass 1", "slap bass 2"),
    *("synth bass 1", "synth bass 2"),
    *("violin", "viola", "cello", "double bass", "tremolo strings", "pizzicato strings", "harp", "timpani"),
    *("strings", "slow strings", "synth strings 1", "synth strings 2", "choir", "voice", "synth voice", "orchestra hit"),
    *("trumpet", "trombone", "tuba", "muted trumpet", "French horn", "brass section", "synth brass 1", "synth brass 2"),
    *("soprano saxophone", "alto saxophone", "tenor saxophone", "baritone saxophone"),
    *("oboe", "English horn", "bassoon", "clarinet"),
    *("piccolo", "flute", "recorder", "pan flute", "blown bottle", "shakuhachi", "whistle", "ocarina"),
    *("square lead", "sawtooth lead", "calliope lead", "chiff lead", "charang lead", "voice lead", "fifths lead", "bass lead"),
    *("new age pad", "warm pad", "polysynth pad", "choir pad", "bowed pad", "metallic pad", "halo pad", "sweep pad"),
    *("rain", "soundtrack", "crystal", "atmosphere", "brightness", "goblins", "echoes", "science fiction"),
    *("sitar", "banjo", "shamisen", "koto", "kalimba", "bagpipe", "fiddle", "shanai"),
    *("tinkle bell", "agogo", "steel drums", "woodblock", "taiko drum", "melodic tom", "synth drum", "reverse cymbal"),
    *("guitar fret noise", "breath noise", "seashore", "bird tweet", "telephone", "helicopter", "applause", "gunshot"),
)

NEAREST = (  # program -> the one that plays it; a program that stands for itself is in the sound font
    *(0, 0, 0, 0, 0, 0, 6, 6),  # pianos; harpsichord
    *(11, 11, 11, 11, 11, 11, 11, 46),  # vibraphone for all that is struck; harp for the dulcimer's strings
    *(19, 19, 19, 19, 21, 21, 21, 21),  # church organ; accordion for everything with reeds
    *(24, 24, 24, 24, 24, 24, 24, 24),  # nylon-string guitar
    *(32, 32, 32, 32, 32, 32, 32, 32),  # acoustic bass
    *(40, 41, 42, 42, 48, 46, 46, 32),  # violin, viola, cello; plucked strings: harp; timpani: the lowest that is struck
    *(48, 48, 48, 48, 52, 52, 52, 48),  # strings, choir
    *(56, 57, 57, 56, 60, 56, 56, 56),  # trumpet, trombone, French horn
    *(71, 71, 71, 71, 68, 68, 70, 71),  # clarinet also for saxophones; oboe, bassoon
    *(73, 73, 74, 73, 73, 73, 74, 74),  # flute, recorder
    *(71, 40, 73, 73, 24, 52, 40, 32),  # synthetic leads: by the shape of their wave or their name
    *(48, 48, 48, 52, 48, 48, 52, 48),  # pads
    *(11, 48, 11, 24, 11, 48, 11, 48),  # effects
    *(24, 24, 24, 24, 11, 68, 110, 68),  # plucked: guitar; bagpipe and shanai: oboe; fiddle
    *(11, 11, 11, 11, 32, 32, 32, 48),  # struck
    *(24, 73, 48, 73, 11, 32, 48, 32),  # noises: something, so that no voice is silent
)


def nearest_program(program):
    """The program of our sound font that plays a General MIDI program; `DRUMS` stays `DRUMS`.

    >>> nearest_program(40), nearest_program(66)  # violin; tenor saxophone -> clarinet
    (40, 71)
    """
    if program == DRUMS:
        return DRUMS
    if not 0 <= program < len(NEAREST):
        raise ValueError(f"program {program}: expected 0 to {len(NEAREST) - 1}, or {DRUMS} for drums")
    return NEAREST[program]


def substitutions(piece):
    """Sentences that say which instruments of a piece are played by another; empty if none is.

    >>> from musiclab.piece import Note, Piece
    >>> substitutions(Piece([Note(0, 24, 60)], voices=[("Solo", 66)]))
    ['The sound font has no tenor saxophone (program 66): the clarinet plays its part.']
    """
    heard = {note.voice for note in piece.notes}
    programs = dict.fromkeys(voice.program for i, voice in enumerate(piece.voices) if i in heard)
    return [
        f"The sound font has no {NAMES[program]} (program {program}): the {NAMES[nearest_program(program)]} plays its part."
        for program in programs
        if nearest_program(program) != program
    ]
