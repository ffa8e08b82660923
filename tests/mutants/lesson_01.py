# ruff: noqa: F811, B007, B023, B028, C416
"""Answers to lesson 1, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("01-sound-and-score")


# midi_to_hz -------------------------------------------------------------------------------------------------------------


@lesson.wrong("eleven semitones", says="12 semitones")
def midi_to_hz(m):
    return 440 * 2 ** ((m - 69) / 11)


@lesson.wrong("divided as integers", says="each semitone multiplies")
def midi_to_hz(m):
    return 440.0 * 2.0 ** ((m - 69) // 12)


@lesson.wrong("440 Hz at middle C", says="A4 is pitch 69")
def midi_to_hz(m):
    return 440 * 2 ** ((m - 60) / 12)


@lesson.wrong("an octave too high", says="A4 is pitch 69")
def midi_to_hz(m):
    return 440 * 2 ** ((m - 57) / 12)


@lesson.wrong("counts octaves, not semitones", says="12 semitones")
def midi_to_hz(m):
    return 440 * 2.0 ** (m - 69)


@lesson.wrong("semitone of 1.06", says="12 semitones")
def midi_to_hz(m):
    return 440 * 1.06 ** (m - 69)


@lesson.wrong("equal steps in hertz", says="each semitone multiplies")
def midi_to_hz(m):
    return 440 + (m - 69) * 440 / 12


@lesson.wrong("whole hertz", says="each semitone multiplies")
def midi_to_hz(m):
    return np.round(440 * 2 ** ((m - 69) / 12))


@lesson.wrong("one number only", says="an array of pitches gives an array")
def midi_to_hz(m):
    import math

    return math.pow(2, (m - 69) / 12) * 440


@lesson.wrong("prints the result", says="`return`")
def midi_to_hz(m):
    print(440 * 2 ** ((m - 69) / 12))


@lesson.wrong("text with its unit", says="expected numbers")
def midi_to_hz(m):
    return f"{440 * 2 ** ((m - 69) / 12)} Hz"


@lesson.wrong("nothing written yet", says="is not written yet")
def midi_to_hz(m):
    raise NotImplementedError()


lesson.wrong("does not parse", says="midi_to_hz")(("midi_to_hz", "def midi_to_hz(m) return 440"))


@lesson.right("exp2 from middle C")
def midi_to_hz(m):
    middle_c = 440 * 2 ** (-9 / 12)
    return middle_c * np.exp2((np.asarray(m) - 60) / 12)


@lesson.right("exponential and logarithm")
def midi_to_hz(m):
    return np.exp(np.log(440) + (m - 69) * np.log(2) / 12)


@lesson.right("a semitone at a time")
def midi_to_hz(m):
    if np.ndim(m):
        return [midi_to_hz(one) for one in m]
    hz = 440.0
    for _ in range(abs(m - 69)):
        hz = hz * 2 ** (1 / 12) if m > 69 else hz / 2 ** (1 / 12)
    return hz


@lesson.right("rounded semitone, below the tolerance")
def midi_to_hz(m):
    return 440 * 1.0594631 ** (m - 69)


@lesson.right("noisy")
def midi_to_hz(m):
    import logging
    import sys
    import warnings

    print("here", m)
    print("debugging", m, file=sys.stderr)
    warnings.warn("an experiment")
    logging.warning("pitch %s", m)
    np.log(np.zeros(1))
    return 440 * 2 ** ((m - 69) / 12)


# name_to_midi -----------------------------------------------------------------------------------------------------------


@lesson.wrong("C4 is 48", says="C4, middle C, is pitch 60")
def name_to_midi(name):
    import re

    match = re.match(r"([A-G])([#b]*)(-?\d+)", name)
    shift = match[2].count("#") - match[2].count("b")
    return 12 * int(match[3]) + [9, 11, 0, 2, 4, 5, 7]["ABCDEFG".index(match[1])] + shift


@lesson.wrong("C4 is 72", says="C4, middle C, is pitch 60")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 2) + letters[name[0]] + name[1:].count("#") - name[1:].count("b")


@lesson.wrong("eleven semitones", says="each octave adds 12 semitones")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    return 60 + 11 * (octave - 4) + letters[name[0]] + name[1:].count("#") - name[1:].count("b")


@lesson.wrong("sharps only", says="a flat lowers")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 1) + letters[name[0]] + name.count("#")


@lesson.wrong("flats raise", says="a flat lowers")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    accidentals = name[1:].rstrip("-0123456789")
    return 12 * (int(name[1 + len(accidentals) :]) + 1) + letters[name[0]] + len(accidentals)


@lesson.wrong("lower-cased, so that B is flat", says="the letter B is no flat")
def name_to_midi(name):
    letters = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
    name = name.lower()
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 1) + letters[name[0]] + name.count("#") - name.count("b")


@lesson.wrong("upper-cased, so that no flat is left", says="a flat lowers")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    name = name.upper()
    octave = int(name[1:].strip("#B"))
    return 12 * (octave + 1) + letters[name[0]] + name.count("#") - name.count("b")


@lesson.wrong("first accidental only", says="accidentals add up")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 1) + letters[name[0]] + {"#": 1, "b": -1}.get(name[1], 0)


@lesson.wrong("B#3 wraps into octave 3", says="B#3 is the B of octave 3, raised")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 1) + (letters[name[0]] + name[1:].count("#") - name[1:].count("b")) % 12


@lesson.wrong("Cb4 wraps into octave 4", says="Cb4 is the C of octave 4, lowered")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b"))
    semitone = letters[name[0]] + name[1:].count("#") - name[1:].count("b")
    return 12 * (octave + 1) + (semitone if semitone >= 0 else semitone + 12)


@lesson.wrong("table of names, without B# and Cb", says="the octave belongs to the letter")
def name_to_midi(name):
    sharps = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    flats = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]
    names = sharps if "#" in name else flats
    return 12 * (int(name.strip("ABCDEFG#b")) + 1) + names.index(name.rstrip("-0123456789"))


@lesson.wrong("last digit only", says="the octave may be -1")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    return 12 * (int(name[-1]) + 1) + letters[name[0]] + name[1:].count("#") - name[1:].count("b")


@lesson.wrong("octaves begin at A", says="octaves begin at C")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    octave = int(name[1:].strip("#b")) - (name[0] in "AB")
    return 12 * (octave + 1) + letters[name[0]] + name[1:].count("#") - name[1:].count("b")


@lesson.wrong("letters counted as semitones", says="4 semitones above C")
def name_to_midi(name):
    octave = int(name[1:].strip("#b"))
    return 12 * (octave + 1) + "CDEFGAB".index(name[0]) + name[1:].count("#") - name[1:].count("b")


@lesson.right("regular expression")
def name_to_midi(name):
    import re

    letter, accidentals, octave = re.fullmatch(r"([A-G])([#b]*)(-?\d+)", name).groups()
    semitone = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    return np.int64(12 * (int(octave) + 1) + semitone + accidentals.count("#") - accidentals.count("b"))


@lesson.right("a character at a time")
def name_to_midi(name):
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    pitch, octave = letters[name[0]], ""
    for character in name[1:]:
        if character == "#":
            pitch += 1
        elif character == "b":
            pitch -= 1
        else:
            octave += character
    return pitch + 12 * int(octave) + 12


@lesson.right("along the line of fifths, as a float")
def name_to_midi(name):
    fifths = "FCGDAEB".index(name[0]) - 1
    octave = int(name.lstrip("ABCDEFG").strip("#b"))
    shift = sum({"#": 1.0, "b": -1.0}.get(character, 0.0) for character in name[1:])
    return 12 * (octave + 1) + 7 * fifths % 12 + shift


# notes_from_events ------------------------------------------------------------------------------------------------------


@lesson.wrong("velocity 0 is a new note", says="an on of velocity 0 is an off")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
        if kind == "on":
            sounding[pitch] = (time, velocity)
    return sorted(notes)


@lesson.wrong("velocity 0 is passed over", says="an on of velocity 0 is an off")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if kind == "on" and velocity == 0:
            continue
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
        if kind == "on":
            sounding[pitch] = (time, velocity)
    return sorted(notes)


@lesson.wrong("end for duration", says="end - start")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time, pitch, loudness))
        if kind == "on" and velocity > 0:
            sounding[pitch] = (time, velocity)
    return sorted(notes)


@lesson.wrong("one note at a time", says="an off ends the note of its own pitch")
def notes_from_events(events):
    notes, current = [], None
    for time, kind, pitch, velocity in events:
        if current is not None:
            start, old, loudness = current
            notes.append((start, time - start, old, loudness))
            current = None
        if kind == "on" and velocity > 0:
            current = (time, pitch, velocity)
    return sorted(notes)


@lesson.wrong("next off of whatever pitch", says="an off ends the note of its own pitch")
def notes_from_events(events):
    notes = []
    for i, (time, kind, pitch, velocity) in enumerate(events):
        if kind == "on" and velocity > 0:
            end = next(later[0] for later in events[i + 1 :] if later[1] == "off" or later[3] == 0)
            notes.append((time, end - time, pitch, velocity))
    return sorted(notes)


@lesson.wrong("in order of their ends", says="notes are sorted by start")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
        if kind == "on" and velocity > 0:
            sounding[pitch] = (time, velocity)
    return notes


@lesson.wrong("velocity of the off", says="velocity of its on")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start = sounding.pop(pitch)
            notes.append((start, time - start, pitch, velocity))
        if kind == "on" and velocity > 0:
            sounding[pitch] = time
    return sorted(notes)


@lesson.wrong("pitch first", says="(start, end - start, pitch, velocity of its on)")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((pitch, start, time - start, loudness))
        if kind == "on" and velocity > 0:
            sounding[pitch] = (time, velocity)
    return sorted(notes)


@lesson.wrong("second on forgets the first note", says="ends the old note and starts a new one")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if kind == "on" and velocity > 0:
            sounding[pitch] = (time, velocity)
        elif pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
    return sorted(notes)


@lesson.wrong("second on is passed over", says="ends the old note and starts a new one")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if kind == "on" and velocity > 0:
            sounding.setdefault(pitch, (time, velocity))
        elif pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
    return sorted(notes)


@lesson.wrong("both notes last to the off", says="ends the old note and starts a new one")
def notes_from_events(events):
    notes = []
    for i, (time, kind, pitch, velocity) in enumerate(events):
        if kind == "on" and velocity > 0:
            end = next(e[0] for e in events[i + 1 :] if e[2] == pitch and (e[1] == "off" or e[3] == 0))
            notes.append((time, end - time, pitch, velocity))
    return sorted(notes)


@lesson.wrong("stray off is an error", says="means nothing")
def notes_from_events(events):
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        on = kind == "on" and velocity > 0
        if not on or pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
        if on:
            sounding[pitch] = (time, velocity)
    return sorted(notes)


@lesson.right("looks ahead")
def notes_from_events(events):
    return [
        (time, next(e[0] for e in events[i + 1 :] if e[2] == pitch) - time, pitch, velocity)
        for i, (time, kind, pitch, velocity) in enumerate(events)
        if kind == "on" and velocity > 0
    ]


@lesson.right("a slot for every pitch, lists, sorted by start only")
def notes_from_events(events):
    slots, notes = [None] * 128, []
    while events:
        time, kind, pitch, velocity = events.pop(0)
        if slots[pitch]:
            slots[pitch][1] = time - slots[pitch][0]
            slots[pitch] = None
        if kind == "on" and velocity != 0:
            slots[pitch] = [time, None, pitch, velocity]
            notes.append(slots[pitch])
    notes.sort(key=lambda note: note[0])
    return notes


@lesson.right("pitch by pitch, as an array, ties the other way round")
def notes_from_events(events):
    notes = []
    for pitch in sorted({event[2] for event in events}, reverse=True):
        mine = [event for event in events if event[2] == pitch]
        for this, following in zip(mine, mine[1:]):
            if this[1] == "on" and this[3]:
                notes.append([this[0], following[0] - this[0], pitch, this[3]])
    notes = np.array(notes)
    return notes[np.argsort(notes[:, 0], kind="stable")]


# quantise ---------------------------------------------------------------------------------------------------------------


@lesson.wrong("banker's rounding", says="halves go up")
def quantise(times, tempo, steps_per_quarter):
    return np.round(times / 60 * tempo * steps_per_quarter).astype(int)


@lesson.wrong("banker's rounding of Python", says="halves go up")
def quantise(times, tempo, steps_per_quarter):
    return [round(t * tempo * steps_per_quarter / 60) for t in times]


@lesson.wrong("halves go down", says="halves go up")
def quantise(times, tempo, steps_per_quarter):
    return np.ceil(times * tempo * steps_per_quarter / 60 - 0.5).astype(int)


@lesson.wrong("cut, not rounded", says="a time goes to the nearest step")
def quantise(times, tempo, steps_per_quarter):
    return (times * tempo * steps_per_quarter / 60).astype(int)


@lesson.wrong("always up", says="a time goes to the nearest step")
def quantise(times, tempo, steps_per_quarter):
    return np.ceil(times * tempo * steps_per_quarter / 60).astype(int)


@lesson.wrong("floats", says="steps are integers")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * tempo * steps_per_quarter / 60 + 0.5)


@lesson.wrong("tempo upside down", says="at twice the tempo")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * 60 / tempo * steps_per_quarter + 0.5).astype(int)


@lesson.wrong("quarters, not steps", says="a time goes to the nearest step")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * tempo / 60 + 0.5).astype(int)


@lesson.wrong("rounded to quarters first", says="a time goes to the nearest step")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * tempo / 60 + 0.5).astype(int) * steps_per_quarter


@lesson.wrong("forgets the 60", says="a time goes to the nearest step")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * tempo * steps_per_quarter + 0.5).astype(int)


@lesson.wrong("overflows 8 bits", says="steps = seconds / 60")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times * tempo * steps_per_quarter / 60 + 0.5).astype(np.int8)


@lesson.wrong("the first time only", says="has shape (), expected (5,)")
def quantise(times, tempo, steps_per_quarter):
    for t in times:
        return int(t * tempo * steps_per_quarter / 60 + 0.5)


@lesson.right("one at a time, in a list")
def quantise(times, tempo, steps_per_quarter):
    return [int(t * tempo / 60 * steps_per_quarter + 0.5) for t in times]


@lesson.right("divides by the length of a step")
def quantise(times, tempo, steps_per_quarter):
    step = 60 / tempo / steps_per_quarter
    return np.floor_divide(times + step / 2, step).astype(np.int32)


@lesson.right("in the order of the formula")
def quantise(times, tempo, steps_per_quarter):
    return np.floor(times / 60 * tempo * steps_per_quarter + 0.5).astype(int)


@lesson.right("tempo first")
def quantise(times, tempo, steps_per_quarter):
    x = times * (tempo / 60 * steps_per_quarter)
    below = x.astype(int)
    return np.where(x - below >= 0.5, below + 1, below)


@lesson.right("steps a second")
def quantise(times, tempo, steps_per_quarter):
    import math

    return [math.floor(0.5 + t / (60 / (tempo * steps_per_quarter))) for t in times.tolist()]


# piano_roll -------------------------------------------------------------------------------------------------------------


@lesson.wrong("transposed", says="a row a step, a column a pitch")
def piano_roll(notes, n_steps):
    roll = np.zeros((128, n_steps))
    for start, duration, pitch, _ in notes:
        roll[pitch, start : start + duration] = 1
    return roll


@lesson.wrong("one step too long", says="not including, start + duration")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration + 1, pitch] = 1
    return roll


@lesson.wrong("duration taken for the end", says="not including, start + duration")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start:duration, pitch] = 1
    return roll


@lesson.wrong("first steps only", says="not including, start + duration")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, _, pitch, _ in notes:
        if start < n_steps:
            roll[start, pitch] = 1
    return roll


@lesson.wrong("velocity for 1", says="a pitch that sounds is 1")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, velocity in notes:
        roll[start : start + duration, pitch] = velocity
    return roll


@lesson.wrong("one pitch a row", says="pitches that sound together share a row")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration] = np.eye(128)[pitch]
    return roll


@lesson.wrong("adds up to 2", says="even where two notes meet")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch] += 1
    return roll


@lesson.wrong("runs over the last row", says="what lies beyond the last row is cut off")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        for step in range(start, start + duration):
            roll[step, pitch] = 1
    return roll


@lesson.wrong("as long as the notes", says="a row a step, a column a pitch")
def piano_roll(notes, n_steps):
    roll = np.zeros((max((start + duration for start, duration, _, _ in notes), default=0), 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch] = 1
    return roll


@lesson.wrong("88 piano keys", says="a row a step, a column a pitch")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 88))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch - 21] = 1
    return roll


@lesson.wrong("pitches counted from 1", says="columns are pitches")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch - 1] = 1
    return roll


@lesson.wrong("ones for silence", says="rows are steps")
def piano_roll(notes, n_steps):
    roll = np.ones((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch] = 0
    return roll


@lesson.right("a cell at a time, nested lists")
def piano_roll(notes, n_steps):
    roll = [[0] * 128 for _ in range(n_steps)]
    for start, duration, pitch, _ in notes:
        for step in range(start, min(start + duration, n_steps)):
            roll[step][pitch] = 1
    return roll


@lesson.right("transposed at the end, true and false")
def piano_roll(notes, n_steps):
    columns = np.zeros((128, n_steps), dtype=bool)
    for start, duration, pitch, velocity in notes:
        columns[pitch][start : start + duration] = velocity > 0
    return columns.T


@lesson.right("asks of every cell whether it sounds")
def piano_roll(notes, n_steps):
    step = np.arange(n_steps)
    roll = np.zeros((n_steps, 128), dtype=np.uint8)
    for note in notes:
        inside = (step >= note[0]) & (step < note[0] + note[1])
        roll[:, note[2]] |= inside.astype(np.uint8)
    return roll


@lesson.right("adds, then cuts at 1")
def piano_roll(notes, n_steps):
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch] += 1
    return np.minimum(roll, 1)
