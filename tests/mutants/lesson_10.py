# ruff: noqa: F811, F821, B007, B023, B028, C416
"""Answers to lesson 10, wrong and right."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from .answers import Lesson

lesson = Lesson("10-harmony")


# chord_of ---------------------------------------------------------------------------------------------------------------


@lesson.wrong("octaves told apart", says="octaves and doublings change nothing")
def chord_of(pitches):
    sounding = {pitch - min(pitches) for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval - min(pitches) % 12) for interval in shape} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("doublings counted", says="octaves and doublings change nothing")
def chord_of(pitches):
    sounding = sorted(pitch % 12 for pitch in pitches)
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if sorted((root + interval) % 12 for interval in shape) == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("root as a MIDI pitch", says="octaves and doublings change nothing")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in pitches:
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("only the lowest note tried as root", says="on all twelve roots")
def chord_of(pitches):
    sounding, root = {pitch % 12 for pitch in pitches}, min(pitches) % 12
    for quality, shape in QUALITIES.items():
        if {(root + interval) % 12 for interval in shape} == sounding:
            return Chord(root, quality, root)
    return None


@lesson.wrong("shapes run over the octave", says="octaves and doublings change nothing")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {root + interval for interval in shape} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("only major and minor", says="all shapes of QUALITIES are tried")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality in ("major", "minor"):
            if {(root + interval) % 12 for interval in QUALITIES[quality]} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("eleven roots", says="on all twelve roots")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(11):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("major and minor mixed up", says="the quality is the shape above the root")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                other = {"major": "minor", "minor": "major"}.get(quality, quality)
                return Chord(root, other, min(pitches) % 12)
    return None


@lesson.wrong("gives up after the first shape", says="the quality is the shape above the root")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        if {(root + interval) % 12 for interval in (0, 4, 7)} == sounding:
            return Chord(root, "major", min(pitches) % 12)
    return None


@lesson.wrong("a root too many is allowed: shapes inside what sounds", says="all that sounds must belong to the chord")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for quality, shape in sorted(QUALITIES.items(), key=lambda item: -len(item[1])):
        for root in range(12):
            if {(root + interval) % 12 for interval in shape} <= sounding:
                return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("the fifth may be missing", says="all of the chord must sound")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for missing in (set(), {7}):
        for root in range(12):
            for quality, shape in QUALITIES.items():
                if {(root + interval) % 12 for interval in shape if interval not in missing} == sounding:
                    return Chord(root, quality, min(pitches) % 12)
    return None


@lesson.wrong("the bass is the first in the list", says="the bass is the pitch class of the lowest pitch")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, pitches[0] % 12)
    return None


@lesson.wrong("the bass is the root", says="the bass is the pitch class of the lowest pitch")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, root)
    return None


@lesson.wrong("the bass is the lowest pitch class", says="the bass is the pitch class of the lowest pitch")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, min(sounding))
    return None


@lesson.wrong("the bass as a MIDI pitch", says="the bass is the pitch class of the lowest pitch")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, min(pitches))
    return None


@lesson.wrong("an error where there is no chord", says="all that sounds must belong to the chord")
def chord_of(pitches):
    sounding = {pitch % 12 for pitch in pitches}
    for root in range(12):
        for quality, shape in QUALITIES.items():
            if {(root + interval) % 12 for interval in shape} == sounding:
                return Chord(root, quality, min(pitches) % 12)
    raise ValueError("no chord")


@lesson.wrong("never a chord", says="octaves and doublings change nothing")
def chord_of(pitches):
    return None


@lesson.wrong("nothing written yet", says="is not written yet")
def chord_of(pitches):
    raise NotImplementedError()


@lesson.right("the course's own")
def chord_of(pitches):
    from musiclab.harmony import chord_of as ours

    return ours(pitches)


@lesson.right("moves what sounds down to the root")
def chord_of(pitches):
    for root in {int(p) % 12 for p in pitches}:
        above = sorted({(p - root) % 12 for p in pitches})
        for quality in QUALITIES:
            if above == list(QUALITIES[quality]):
                return Chord(quality=quality, root=root, bass=sorted(pitches)[0] % 12)


@lesson.right("numpy, noisy")
def chord_of(pitches):
    import sys
    import warnings

    warnings.warn("looking for a chord")
    print(pitches, file=sys.stderr)
    classes = np.unique(np.array(pitches) % 12)
    for root in np.arange(12):
        for quality, shape in QUALITIES.items():
            if np.array_equal(np.unique((root + np.array(shape)) % 12), classes):
                return Chord(root, quality, np.min(pitches) % 12)
    return None


def _naming(sounding="{pitch % 12 for pitch in pitches}", kinds="QUALITIES.items()", fits="{(root + i) % 12 for i in shape} == sounding",
            answer="Chord(root, quality, min(pitches) % 12)", otherwise="", roots="range(12)", ending="return None"):  # fmt: skip
    """The source of an answer in which some lines are other ones."""
    return f"""
    def chord_of(pitches):
        sounding = {sounding}
        for root in {roots}:
            for quality, shape in {kinds}:
                if {fits}:
                    return {answer}
                {otherwise}
        {ending}
    """


def _misnamed(name, says, **lines):
    lesson.wrong(name, says=says)(("chord_of", _naming(**lines)))


OCTAVES, SHAPE, ALL = (
    "octaves and doublings change nothing",
    "the quality is the shape above the root",
    "all shapes of QUALITIES are tried",
)
BASS, EXACTLY = "the bass is the pitch class of the lowest pitch", "all that sounds must belong to the chord"
_misnamed("gives up at the first shape that does not fit", OCTAVES, otherwise="return None")
_misnamed("the bass is the highest note", BASS, answer="Chord(root, quality, max(pitches) % 12)")
_misnamed("the shape for the quality", SHAPE, answer="Chord(root, shape, min(pitches) % 12)")
_misnamed("bass and root change places", BASS, answer="Chord(min(pitches) % 12, quality, root)")
_misnamed("quality first", OCTAVES, answer="(quality, root, min(pitches) % 12)")
_misnamed("the symbol, not the chord", OCTAVES, answer="Chord(root, quality, min(pitches) % 12).symbol()")
_misnamed("shapes turned downwards", OCTAVES, fits="{(root - i) % 12 for i in shape} == sounding")
_misnamed("what sounds may lack a note", EXACTLY, fits="sounding <= {(root + i) % 12 for i in shape}")
_misnamed("the first five kinds", ALL, kinds="list(QUALITIES.items())[:5]")
_misnamed("three notes at most", ALL, kinds="[item for item in QUALITIES.items() if len(item[1]) == 3]")
_misnamed("as many notes, whatever they are", OCTAVES, fits="len(shape) == len(sounding) and root in sounding")
_misnamed("divided by 12, not what is left over", OCTAVES, sounding="{pitch // 12 for pitch in pitches}")
_misnamed("a shape that is not sorted against what is", OCTAVES, sounding="sorted({pitch % 12 for pitch in pitches})",
          fits="[(root + i) % 12 for i in shape] == sounding")  # fmt: skip
_misnamed("printed, not returned", OCTAVES, ending="print(sounding)", answer="print(root, quality)")

lesson.right("sorted lists, roots from above")(
    (
        "chord_of",
        _naming(
            sounding="sorted(set(np.array(pitches) % 12))",
            fits="sorted((root + i) % 12 for i in shape) == sounding",
            roots="range(11, -1, -1)",
        ),
    )  # fmt: skip
)
lesson.right("symmetric difference, a tuple")(
    ("chord_of", _naming(fits="not sounding ^ {(root + i) % 12 for i in shape}", answer="(root, quality, min(pitches) % 12)"))
)


@lesson.right("a table of all chords")
def chord_of(pitches):
    table = {
        frozenset((root + step) % 12 for step in QUALITIES[quality]): (root, quality)
        for quality in QUALITIES
        for root in range(12)
    }
    name = table.get(frozenset(pitch % 12 for pitch in pitches))
    return Chord(*name, min(pitches) % 12) if name else None


# parallel_fifths --------------------------------------------------------------------------------------------------------


@lesson.wrong("counted between repeated chords", says="a repeated chord is no motion")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down >= 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("direction not asked", says="a repeated chord is no motion")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            if all(abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)):
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("one moving voice is enough", says="a repeated chord is no motion")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and (up or down) and up * down >= 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("contrary motion counted", says="both go in the same direction")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            if all(fifths) and now[upper] != before[upper] and now[lower] != before[lower]:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("both must move by the same step", says="a fifth is 7 semitones, with any octaves added")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up == down != 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("octaves not taken away", says="with any octaves added")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("sign kept: a crossed fourth is taken for a fifth", says="of crossed voices too")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("a fifth of five semitones", says="two voices a fifth apart")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 5 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("octaves in place of fifths", says="two voices a fifth apart")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 0 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("only the second must be a fifth", says="both distances must be fifths")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if abs(now[upper] - now[lower]) % 12 == 7 and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("tick of the first fifth", says="two voices a fifth apart")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (tick, before), (_, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("compared with the first moment", says="each is found, at the tick of its second fifth")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    before = heard[0][1]
    for tick, now in heard[1:]:
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
        before = heard[0][1] if not found else now
    return found[:1]


@lesson.wrong("neighbours only", says="every pair of voices is looked at")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper in sorted(now)[:-1]:
            lower = upper + 1
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
    return found


@lesson.wrong("outer voices only", says="every pair of voices is looked at")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        upper, lower = min(now), max(now)
        fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
        up, down = now[upper] - before[upper], now[lower] - before[lower]
        if all(fifths) and up * down > 0:
            found.append((tick, (upper, lower)))
    return found


@lesson.wrong("each pair twice", says="two voices a fifth apart")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper in now:
            for lower in now:
                fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
                up, down = now[upper] - before[upper], now[lower] - before[lower]
                if all(fifths) and up * down > 0:
                    found.append((tick, (upper, lower)))
    return found


@lesson.wrong("lower voice first", says="two voices a fifth apart")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (lower, upper)))
    return found


@lesson.wrong("return inside the loop", says="each is found, at the tick of its second fifth")
def parallel_fifths(piece):
    found, heard = [], moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            up, down = now[upper] - before[upper], now[lower] - before[lower]
            if all(fifths) and up * down > 0:
                found.append((tick, (upper, lower)))
        return found


@lesson.wrong("how many, not where", says="which has not the form asked for")
def parallel_fifths(piece):
    found, heard = 0, moments(piece)
    for (_, before), (tick, now) in zip(heard, heard[1:]):
        for upper, lower in combinations(sorted(before.keys() & now.keys()), 2):
            fifths = [abs(at[upper] - at[lower]) % 12 == 7 for at in (before, now)]
            found += all(fifths) and (now[upper] - before[upper]) * (now[lower] - before[lower]) > 0
    return found


@lesson.wrong("never any", says="two voices a fifth apart")
def parallel_fifths(piece):
    return []


@lesson.wrong("nothing written yet", says="is not written yet")
def parallel_fifths(piece):
    raise NotImplementedError()


@lesson.right("the course's own")
def parallel_fifths(piece):
    from musiclab.harmony import parallel_fifths as ours

    return ours(piece)


@lesson.right("numpy, signs of the motions")
def parallel_fifths(piece):
    heard = moments(piece)
    voices = range(len(piece.voices))
    table = np.array([[at.get(v, np.nan) for v in voices] for _, at in heard])
    steps, found = np.sign(np.diff(table, axis=0)), []
    for i in range(len(table) - 1):
        for a in range(len(voices)):
            for b in range(a + 1, len(voices)):
                fifth = np.abs(table[i : i + 2, a] - table[i : i + 2, b]) % 12 == 7
                if fifth.all() and steps[i, a] == steps[i, b] != 0:
                    found.append([heard[i + 1][0], [voices[a], voices[b]]])
    return found


@lesson.right("pairs outside, noisy, a tuple")
def parallel_fifths(piece):
    import sys

    heard, found = moments(piece), []
    print(len(heard), "moments", file=sys.stderr)
    is_fifth = lambda at, a, b: (max(at[a], at[b]) - min(at[a], at[b])) % 12 == 7
    for a, b in combinations(range(len(piece.voices)), 2):
        for k in range(1, len(heard)):
            old, (tick, new) = heard[k - 1][1], heard[k]
            if not {a, b} <= old.keys() or not {a, b} <= new.keys():
                continue
            rises, falls = new[a] > old[a] and new[b] > old[b], new[a] < old[a] and new[b] < old[b]
            if is_fifth(old, a, b) and is_fifth(new, a, b) and (rises or falls):
                found.append((tick, (a, b)))
    return tuple(found)


def _counting(pairs="combinations(sorted(before.keys() & now.keys()), 2)", moves="up * down > 0", fifth="abs(at[upper] - at[lower]) % 12 == 7",
              moments="zip(heard, heard[1:])", both="all(fifths)", answer="(tick, (upper, lower))"):  # fmt: skip
    """The source of an answer in which some lines are other ones."""
    return f"""
    def parallel_fifths(piece):
        found, heard = [], moments(piece)
        for (_, before), (tick, now) in {moments}:
            for upper, lower in {pairs}:
                fifths = [{fifth} for at in (before, now)]
                up, down = now[upper] - before[upper], now[lower] - before[lower]
                if {both} and {moves}:
                    found.append({answer})
        return found
    """


def _miscounted(name, says, **lines):
    lesson.wrong(name, says=says)(("parallel_fifths", _counting(**lines)))


FIFTH, MOTION, PAIR = "a fifth is 7 semitones, with any octaves", "a repeated chord is no motion", "two voices a fifth apart"
_miscounted("rests not thought of", "a voice that rests is in no pair", pairs="combinations(sorted(now), 2)")
_miscounted("one octave added, not two", FIFTH, fifth="abs(at[upper] - at[lower]) in (7, 19)")
_miscounted("every multiple of 7", FIFTH, fifth="abs(at[upper] - at[lower]) % 7 == 0")
_miscounted("six semitones too", "both distances must be fifths", fifth="abs(at[upper] - at[lower]) % 12 in (6, 7)")
_miscounted("fourths too", "both distances must be fifths", fifth="abs(at[upper] - at[lower]) % 12 in (5, 7)")
_miscounted("pitch classes subtracted", "each is found", fifth="abs(at[upper] % 12 - at[lower] % 12) == 7")
_miscounted("one fifth of the two is enough", "both distances must be fifths", both="any(fifths)")
_miscounted("only upwards", "each is found", moves="up > 0 and down > 0")
_miscounted("only the upper voice must move", MOTION, moves="up != 0 and up * down >= 0")
_miscounted("only the lower voice must move", MOTION, moves="down != 0 and up * down >= 0")
_miscounted("divided by a voice that stays", MOTION, moves="up / down > 0")
_miscounted("both up, or both not", MOTION, moves="(up > 0) == (down > 0)")
_miscounted("the same direction forgotten", "both go in the same direction", moves="up and down")
_miscounted("the number of the moment for its tick", PAIR, answer="(heard.index((tick, now)), (upper, lower))")
_miscounted("the last moment forgotten", PAIR, moments="zip(heard, heard[1:-1])")
_miscounted("every other moment skipped", PAIR, moments="zip(heard, heard[2:])")
_miscounted("the soprano's pairs only", "every pair of voices", pairs="[(0, v) for v in sorted(before.keys() & now.keys()) if v]")
_miscounted("pairs of pitches, not of voices", "stopped with KeyError", pairs="combinations(now.values(), 2)")
_miscounted("three numbers in a row", "which has not the form asked for", answer="(tick, upper, lower)")

lesson.right("rests asked for inside, lists")(
    (
        "parallel_fifths",
        """
    def parallel_fifths(piece):
        heard, found = moments(piece), []
        for i in range(len(heard) - 1):
            before, now = heard[i][1], heard[i + 1][1]
            for upper in range(len(piece.voices)):
                for lower in range(upper + 1, len(piece.voices)):
                    try:
                        a, b, c, d = before[upper], before[lower], now[upper], now[lower]
                    except KeyError:
                        continue
                    if abs(a - b) % 12 == abs(c - d) % 12 == 7 and ((c > a and d > b) or (c < a and d < b)):
                        found.append([heard[i + 1][0], [upper, lower]])
        return found
    """,
    )  # fmt: skip
)
lesson.right("signs of numpy")(("parallel_fifths", _counting(moves="np.sign(up) == np.sign(down) != 0", both="np.all(fifths)")))
lesson.right("pairs in any order")(
    ("parallel_fifths", _counting(pairs="[(a, b) for b in now for a in now if a < b and a in before and b in before]"))
)


# harmonise --------------------------------------------------------------------------------------------------------------


@lesson.wrong("voices cross", says="stays at or below")
def harmonise(melody, model, rng):
    choir, notes = ThreeVoices(melody, model), list(melody.notes)
    state, logits = choir.start()
    for start, end, lid in choir.moments:
        for voice in (3, 1, 2):
            pitch = sample(logits, 0.6, rng)
            notes.append(Note(start, end - start, pitch, 80, voice))
            state, logits = choir.step(state, pitch)
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("all below the lid, and no more", says="the tenor stays at or below the alto")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        for voice in (3, 1, 2):
            pitch = sample(mask_logits(logits, pitches <= lid), 0.6, rng)
            notes.append(Note(start, end - start, pitch, 80, voice))
            state, logits = choir.step(state, pitch)
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("tenor below the bass", says="no voice crosses another")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            high = chord[1] if voice == 2 else lid
            chord.append(sample(mask_logits(logits, pitches <= high), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("the tune's first note of the moment for the lid", says="the alto stays at or below the lid")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, _ in choir.moments:
        lid = [n.pitch for n in melody.notes if n.start <= start][-1]
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


def _with_tune(tune):
    """The source of an answer that writes the tune in another way."""
    return f"""
    def harmonise(melody, model, rng):
        choir, pitches = ThreeVoices(melody, model), np.arange(128)
        (state, logits), notes = choir.start(), {tune}
        for start, end, lid in choir.moments:
            chord = []
            for voice in (3, 1, 2):
                low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
                allowed = (low <= pitches) & (pitches <= high)
                chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
                notes.append(Note(start, end - start, chord[-1], 80, voice))
                state, logits = choir.step(state, chord[-1])
        return replace(melody, notes=notes, voices=SINGERS)
    """


STAYS = "the tune stays as it is"
lesson.wrong("melody left out", says=STAYS)(("harmonise", _with_tune("[]")))
lesson.wrong("melody an octave higher", says=STAYS)(
    ("harmonise", _with_tune("[n._replace(pitch=n.pitch + 12) for n in melody.notes]"))
)
lesson.wrong("melody moved to C", says=STAYS)(
    ("harmonise", _with_tune("[n._replace(pitch=n.pitch - melody.key.pitch_class) for n in melody.notes]"))
)
lesson.wrong("melody cut to a note a beat", says=STAYS)(
    ("harmonise", _with_tune("[Note(s, e - s, lid, 80, 0) for s, e, lid in choir.moments]"))
)
lesson.wrong("melody without its short notes", says=STAYS)(
    ("harmonise", _with_tune("[n for n in melody.notes if n.start % 24 == 0]"))
)
lesson.wrong("melody without its lengths", says=STAYS)(
    ("harmonise", _with_tune("[n._replace(duration=24) for n in melody.notes]"))
)
lesson.wrong("melody among the altos", says=STAYS)(("harmonise", _with_tune("[n._replace(voice=1) for n in melody.notes]")))


@lesson.wrong("the soprano is drawn as well", says=STAYS)
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), []
    for start, end, lid in choir.moments:
        chord = []
        notes.append(Note(start, end - start, sample(logits, 0.6, rng), 80, 0))
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("the tune comes back alone", says="bass, alto and tenor sound")
def harmonise(melody, model, rng):
    return replace(melody, voices=SINGERS)


@lesson.wrong("the first moment only", says="bass, alto and tenor sound")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
        return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("every chord a quarter note long", says="bass, alto and tenor sound")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, 12, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("the choir hears nothing", says="drawn from the logits that belong to it")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (_, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("state moved on, logits of the first bass", says="drawn from the logits that belong to it")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, _ = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("tells the choir what it wished, not what was drawn", says="the choir is told what was drawn")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, int(np.argmax(logits)))
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("voices 1, 2, 3 in this order", says="bass is voice 3, alto 1, tenor 2")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (1, 2, 3):
            low, high = chord[0] if chord else 0, chord[1] if voice == 3 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("alto and tenor swapped", says="bass is voice 3, alto 1, tenor 2")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 2, 1):
            low, high = chord[0] if chord else 0, chord[1] if voice == 1 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("mask in place of the logits", says="drawn from the logits that belong to it")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else max(31, lid - 24), chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(np.where(allowed, 0.0, -np.inf), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("strictly between: no unison", says="the choir is told what was drawn")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low < pitches) & (pitches < high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("always the best", says="each pitch is drawn with rng")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(int(np.argmax(mask_logits(logits, allowed))))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("rng not passed on", says="each pitch is drawn with rng")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("a seed of one's own", says="each pitch is drawn with rng")
def harmonise(melody, model, rng):
    choir, pitches, rng = ThreeVoices(melody, model), np.arange(128), np.random.default_rng(0)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return replace(melody, notes=notes, voices=SINGERS)


@lesson.wrong("notes instead of a piece", says="which has not the form asked for")
def harmonise(melody, model, rng):
    choir, pitches = ThreeVoices(melody, model), np.arange(128)
    (state, logits), notes = choir.start(), list(melody.notes)
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            low, high = chord[0] if chord else 0, chord[1] if voice == 2 else lid
            allowed = (low <= pitches) & (pitches <= high)
            chord.append(sample(mask_logits(logits, allowed), 0.6, rng))
            notes.append(Note(start, end - start, chord[-1], 80, voice))
            state, logits = choir.step(state, chord[-1])
    return notes


@lesson.wrong("nothing written yet", says="is not written yet")
def harmonise(melody, model, rng):
    raise NotImplementedError()


@lesson.right("three draws in a row")
def harmonise(melody, model, rng):
    choir = ThreeVoices(melody, model)
    state, logits = choir.start()
    every, notes = np.arange(128), [n for n in melody.notes]

    def draw(state, logits, low, high):
        z = np.where((every >= low) & (every <= high), logits, -np.inf) / 0.6
        p = np.exp(z - z.max())
        pitch = int(rng.choice(128, p=p / p.sum()))
        return (pitch, *choir.step(state, pitch))

    for moment in choir.moments:
        bass, state, logits = draw(state, logits, 0, moment.lid)
        alto, state, logits = draw(state, logits, bass, moment.lid)
        tenor, state, logits = draw(state, logits, bass, alto)
        for voice, pitch in ((1, alto), (2, tenor), (3, bass)):
            notes.append((moment.start, moment.end - moment.start, pitch, 70, voice))
    return Piece(notes, SINGERS, melody.tempos, melody.meters, melody.keys, melody.pickup, melody.fermatas)


@lesson.right("held notes are tied, noisy")
def harmonise(melody, model, rng):
    import sys

    choir, last = ThreeVoices(melody, model), {}
    state, logits = choir.start()
    for start, end, lid in choir.moments:
        chord = []
        for voice in (3, 1, 2):
            print("voice", voice, file=sys.stderr)
            allowed = np.zeros(128, dtype=bool)
            allowed[chord[0] if chord else 0 : (lid if voice != 2 else chord[1]) + 1] = True
            pitch = sample(mask_logits(logits, allowed), 0.6, rng)
            chord.append(pitch)
            line = last.setdefault(voice, [])
            if line and line[-1].pitch == pitch:
                line[-1] = line[-1]._replace(duration=end - line[-1].start)
            else:
                line.append(Note(start, end - start, pitch, 80, voice))
            state, logits = choir.step(state, pitch)
    return replace(melody, notes=[*melody.notes, *last[1], *last[2], *last[3]], voices=SINGERS)


def _singing(before="", chord="chord = []", low="chord[0] if chord else 0", high="chord[1] if voice == 2 else lid", voices="(3, 1, 2)",
             drawn="sample(mask_logits(logits, allowed), 0.6, rng)", note="Note(start, end - start, chord[-1], 80, voice)",
             told="state, logits = choir.step(state, chord[-1])", ending="replace(melody, notes=notes, voices=SINGERS)"):  # fmt: skip
    """The source of an answer in which some lines are other ones."""
    return f"""
    def harmonise(melody, model, rng):
        choir, pitches = ThreeVoices(melody, model), np.arange(128)
        (state, logits), notes = choir.start(), list(melody.notes)
        {before or "pass"}
        for start, end, lid in choir.moments:
            {chord}
            for voice in {voices}:
                low, high = {low}, {high}
                allowed = (low <= pitches) & (pitches <= high)
                chord.append({drawn})
                notes.append({note})
                {told}
        return {ending}
    """


def _missung(name, says, **lines):
    lesson.wrong(name, says=says)(("harmonise", _singing(**lines)))


LOGITS, HEARD, SOUND = "drawn from the logits that belong to it", "the choir is told what was drawn", "bass, alto and tenor sound"
_missung("temperature 1", "drawn at a temperature of 0.6", drawn="sample(mask_logits(logits, allowed), 1.0, rng)")
_missung("temperature 6", "drawn at a temperature of 0.6", drawn="sample(mask_logits(logits, allowed), 6.0, rng)")
_missung("temperature 0", "each pitch is drawn with rng", drawn="sample(mask_logits(logits, allowed), 0.0, rng)")
_missung("rng in the temperature's place", "stopped with", drawn="sample(mask_logits(logits, allowed), rng)")
_missung("the end for the length", SOUND, note="Note(start, end, chord[-1], 80, voice)")
_missung("the chord of the piece never begun anew", LOGITS, before="chord = []", chord="pass")
_missung("the choir begins anew in each moment", LOGITS, chord="chord, (state, logits) = [], choir.start()")
_missung("all masked but what is allowed", LOGITS, drawn="sample(mask_logits(logits, ~allowed), 0.6, rng)")
_missung("the choir is told the voice", LOGITS, told="state, logits = choir.step(state, 40 + voice)")
_missung(
    "the choir is told once a moment",
    LOGITS,
    told="state, logits = choir.step(state, chord[-1]) if voice == 2 else (state, logits)",
)
_missung("the choir is told the bass again", LOGITS, told="state, logits = choir.step(state, chord[0])")
_missung("lid and floor change places", LOGITS, low="chord[1] if voice == 2 else lid", high="chord[0] if chord else 127")
_missung("the tenor up to the lid", "the tenor stays at or below the alto", high="lid")
_missung("below the lid, not at it", HEARD, high="chord[1] if voice == 2 else lid - 1")
_missung("the alto below the bass", "none of the 128 symbols is allowed", low="chord[0] if voice == 2 else 0")
_missung("singers forgotten", "stopped with ValueError", ending="replace(melody, notes=notes)")
_missung("the three without the tune", STAYS, ending="replace(melody, notes=notes[len(melody.notes) :], voices=SINGERS)")
_missung("a rounded mean, not a draw", LOGITS, drawn="int(np.mean(pitches[allowed]))")
_missung("alto in the tenor's part", LOGITS, note="Note(start, end - start, chord[-1], 80, {3: 3, 1: 2, 2: 1}[voice])")

lesson.right("bounds as one slice of minus infinity")(
    (
        "harmonise",
        """
    def harmonise(melody, model, rng):
        choir, notes = ThreeVoices(melody, model), list(melody.notes)
        state, logits = choir.start()
        for moment in choir.moments:
            floor, top = 0, moment.lid
            for voice in [3, 1, 2]:
                masked = np.full(128, -np.inf)
                masked[floor : top + 1] = logits[floor : top + 1]
                pitch = sample(masked, temperature=0.6, rng=rng)
                floor, top = (pitch, top) if voice == 3 else (floor, pitch)
                notes += [Note(start=moment.start, duration=moment.end - moment.start, pitch=pitch, voice=voice)]
                state, logits = choir.step(state, pitch)
        return Piece(notes, SINGERS, melody.tempos, melody.meters, melody.keys, melody.pickup)
    """,
    )  # fmt: skip
)
lesson.right("a list of booleans, a dict of voices")(
    (
        "harmonise",
        _singing(
            low="chord[0] if chord else 0",
            high="{3: lid, 1: lid, 2: chord[-1] if chord else None}[voice]",
            drawn="int(sample(mask_logits(logits, np.array([low <= p <= high for p in range(128)])), 0.6, rng))",
        ),
    )  # fmt: skip
)
lesson.right("louder, the tune softer and last")(
    (
        "harmonise",
        _singing(
            note="Note(start, end - start, chord[-1], 99, voice)",
            ending="replace(melody, notes=[*notes[len(melody.notes) :], *melody.notes], voices=SINGERS)",
        ),
    )  # fmt: skip
)


# arrange ----------------------------------------------------------------------------------------------------------------


def _arranging(find="", hand="", bass="", skip="", length="", played="", stroke="", ending="", bars=""):
    """The source of an answer in which some lines are other ones."""
    return f"""
    def arrange(piece, pattern):
        chords = chords_under(piece, lambda meter: (0,))
        tab = PATTERNS[str(piece.meter)][pattern]
        step, bars = piece.meter.bar // len(tab), piece.bars[piece.pickup > 0 :]
        notes, hand = list(piece.notes), ()
        for bar, end in {bars or "bars"}:
            chord = {find or "next(chord for start, stop, chord in chords if start <= bar < stop)"}
            hand = {hand or "voicing(chord, 3, 48, 67, hand)"}
            {bass or "notes.append(Note(bar, end - bar, 36 + chord.bass, 60, 2))"}
            for i, mark in enumerate(tab):
                {skip or 'if mark != ".":'}
                    length = {length or 'step * (len(tab) - i - len(tab[i + 1 :].lstrip(".")))'}
                    played = {played or 'hand if mark == "A" else [hand[int(mark) - 1]]'}
                    {stroke or "notes += [Note(bar + i * step, length, p, 60, 1) for p in played]"}
        {ending or "return replace(piece, notes=notes, voices=[*piece.voices, *BAND])"}
    """


def _wrong(name, says, **lines):
    lesson.wrong(name, says=says)(("arrange", _arranging(**lines)))


TUNE, LOW, STROKES = "the tune stays as it is", "the bass, voice 2, plays the bass", "a sign stands at its step of each bar"
WHOLE, SIGNS = "A is the whole chord of its bar", "1, 2 and 3 are the lowest, the middle and the highest"

_wrong("tune left out", TUNE, ending="return replace(piece, notes=[n for n in notes if n.voice], voices=[*piece.voices, *BAND])")
_wrong(
    "tune an octave higher",
    TUNE,
    ending="""return replace(
            piece,
            notes=[n if n.voice else n._replace(pitch=n.pitch + 12) for n in notes],
            voices=[*piece.voices, *BAND],
        )""",
)
_wrong("the first chord in every bar", LOW, find="chords[0][2]")
_wrong("a chord late", LOW, find="[chord for start, stop, chord in chords if start <= max(0, bar - 72)][-1]")
_wrong(
    "chords counted by bars", LOW, find="chords[min(bars.index((bar, end)), len(chords) - 1)][2].transposed(0 if bar < 99 else 1)"
)
_wrong("the bass plays the fifth", LOW, bass="notes.append(Note(bar, end - bar, 36 + chord.pitch_classes[2], 60, 2))")
_wrong("no bass", LOW, bass="pass")
_wrong("bass in the hand's voice", LOW, bass="notes.append(Note(bar, end - bar, 36 + chord.bass, 60, 1))")
_wrong("bass a beat late", LOW, bass="notes.append(Note(bar + 24, end - bar - 24, 36 + chord.bass, 60, 2))")
_wrong(
    "bass on every step",
    LOW,
    stroke="notes += [Note(bar + i * step, length, p, 60, 1) for p in played] + [Note(bar + i * step, step, 36 + chord.bass, 60, 2)]",
)
_wrong("only the first bar", LOW, bars="bars[:1]")
_wrong("the pickup accompanied too", LOW, bars="piece.bars")
_wrong("every stroke a step long", STROKES, length="step")
_wrong("strokes until the end of the bar", STROKES, length="end - bar - i * step")
_wrong("one step too long", STROKES, length='step * (len(tab) - i + 1 - len(tab[i + 1 :].lstrip(".")))')
_wrong("all dots of the rest of the bar counted", STROKES, length='step * (1 + tab[i + 1 :].count("."))')
_wrong("strokes at the beginning of the bar", STROKES, stroke="notes += [Note(bar, length, p, 60, 1) for p in played]")
_wrong("places in steps, not ticks", STROKES, stroke="notes += [Note(bar + i, length, p, 60, 1) for p in played]")
_wrong("bar's start left out", STROKES, stroke="notes += [Note(i * step, length, p, 60, 1) for p in played]")
_wrong("the whole chord for every sign", SIGNS, played="hand")
_wrong("one note of the chord for A", WHOLE, played='hand[:1] if mark == "A" else [hand[int(mark) - 1]]')
_wrong("two notes of the chord for A", WHOLE, played='hand[:2] if mark == "A" else [hand[int(mark) - 1]]')
_wrong("signs counted from 0", SIGNS, played='hand if mark == "A" else [hand[int(mark) % 3]]')
_wrong("signs from above", SIGNS, played='hand if mark == "A" else [hand[-int(mark)]]')
_wrong("signs are places in the tab", SIGNS, played='hand if mark == "A" else [hand[i % 3]]')
_wrong("always major", WHOLE, hand="tuple(48 + (chord.root + k) % 12 for k in (0, 4, 8))")
_wrong("hand of the first chord", WHOLE, hand="hand or voicing(chord, 3, 48, 67)")
_wrong("notes instead of a piece", "which has not the form asked for", ending="return notes")
_wrong("voices not added", "stopped with ValueError", ending="return replace(piece, notes=notes)")
_wrong("return after the first bar", LOW, ending="    return replace(piece, notes=notes, voices=[*piece.voices, *BAND])")
_wrong(
    "the bass is a pitch class", "the bass plays 36 + chord.bass", bass="notes.append(Note(bar, end - bar, chord.bass, 60, 2))"
)
_wrong("a bass of one beat", "for the whole bar", bass="notes.append(Note(bar, 24, 36 + chord.bass, 60, 2))")
_wrong("the bass until the end of the piece", "for the whole bar", bass="notes.append(Note(bar, end, 36 + chord.bass, 60, 2))")
_wrong("the hand begins anew in every bar", "the hand stays near its last place", hand="voicing(chord, 3, 48, 67)")
_wrong("a chord for each bar in turn", LOW, find="chords[min(bars.index((bar, end)), len(chords) - 1)][2]")
_wrong(
    "the chord before, at its last tick",
    "stopped with StopIteration",
    find="next(c for start, stop, c in chords if start < bar <= stop)",
)
_wrong("the last chord everywhere", LOW, find="[chord for start, stop, chord in chords][-1]")
_wrong("hand and bass change places", LOW, bass="notes.append(Note(bar, end - bar, 36 + chord.bass, 60, 1))",
       stroke="notes += [Note(bar + i * step, length, p, 60, 2) for p in played]")  # fmt: skip
_wrong("signs are steps of the chord, not of the hand", SIGNS,
       played='hand if mark == "A" else [48 + chord.pitch_classes[int(mark) - 1]]')  # fmt: skip
_wrong("signs as text", "stopped with TypeError", played='hand if mark == "A" else [hand[mark]]')
_wrong("dots played too", "stopped with ValueError", skip="if True:")
_wrong("only A played", SIGNS, skip='if mark == "A":')
_wrong("the players without the tune's", "stopped with ValueError", ending="return replace(piece, notes=notes, voices=BAND)")
_wrong("steps of a beat", STROKES, stroke="notes += [Note(bar + i * 24, length, p, 60, 1) for p in played]")
_wrong("to the next step, dots not counted", STROKES, length='step * (1 + (tab + "..")[i + 1 : i + 2].count(".")) if i else step')

lesson.right("the next sign looked for step by step")(
    (
        "arrange",
        """
    def arrange(piece, pattern):
        chords = chords_under(piece, lambda meter: (0,))
        tab = PATTERNS[str(piece.meter)][pattern]
        step, notes, hand = piece.meter.bar // len(tab), list(piece.notes), ()
        for bar, end in piece.bars[piece.pickup > 0 :]:
            chord = None
            for start, stop, candidate in chords:
                if start <= bar and bar < stop:
                    chord = candidate
            hand = voicing(chord, 3, 48, 67, hand)
            notes.append(Note(bar, end - bar, 36 + chord.bass, 60, 2))
            for i in range(len(tab)):
                if tab[i] == ".":
                    continue
                j = i + 1
                while j < len(tab) and tab[j] == ".":
                    j += 1
                low, middle, high = hand
                for pitch in {"A": hand, "1": [low], "2": [middle], "3": [high]}[tab[i]]:
                    notes.append(Note(bar + i * step, (j - i) * step, pitch, 60, 1))
        return replace(piece, notes=notes, voices=(*piece.voices, *BAND))
    """,
    )  # fmt: skip
)
lesson.right("regular expressions, chords by their start")(
    (
        "arrange",
        _arranging(
            find="max(c for c in chords if c[0] <= bar)[2]", length="step * len(__import__('re').match('.[.]*', tab[i:])[0])"
        ),
    )  # fmt: skip
)
lesson.right("louder players, root for bass, numpy ticks")(
    (
        "arrange",
        _arranging(
            bass="notes.append(Note(int(bar), int(np.int64(end) - bar), 36 + chord.root, 90, 2))",
            stroke="notes.extend(Note(bar + i * step, length, int(p), 40, 1) for p in played)",
        ),
    )  # fmt: skip
)


@lesson.wrong("nothing written yet", says="is not written yet")
def arrange(piece, pattern):
    raise NotImplementedError()


@lesson.right("where strokes begin, then to the next")
def arrange(piece, pattern):
    chords, tab = chords_under(piece), PATTERNS[str(piece.meter)][pattern]
    step, added, near = piece.meter.bar // len(tab), [], ()
    places = [i for i, mark in enumerate(tab) if mark != "."]
    for bar, end in piece.bars:
        if bar < piece.pickup:
            continue
        chord = [sounding.chord for sounding in chords if sounding.start <= bar][-1]
        near = voicing(chord, 3, 48, 67, near)
        added.append((bar, end - bar, 36 + chord.bass, 60, 2))
        for i, following in zip(places, [*places[1:], len(tab)]):
            pitches = near if tab[i] == "A" else near[int(tab[i]) - 1 : int(tab[i])]
            for pitch in pitches:
                added.append((bar + i * step, (following - i) * step, pitch, 60, 1))
    return Piece([*piece.notes, *added], [*piece.voices, *BAND], piece.tempos, piece.meters, piece.keys, piece.pickup)


@lesson.right("strokes made longer by each dot, with drums, noisy")
def arrange(piece, pattern):
    import sys

    print("arranging", pattern, file=sys.stderr)
    chords, tab = chords_under(piece, lambda meter: (0,)), PATTERNS[str(piece.meter)][pattern]
    step, notes, hand = piece.meter.bar // len(tab), [], ()
    for bar, end in piece.bars[1 if piece.pickup else 0 :]:
        for start, stop, chord in chords:
            if start <= bar < stop:
                break
        hand, last = voicing(chord, 3, 48, 67, hand), []
        notes.append(Note(bar, end - bar, 36 + chord.bass, 50, 2))
        for i, mark in enumerate(tab):
            if mark == ".":
                last[:] = [n._replace(duration=n.duration + step) for n in last]
                continue
            notes += last
            last = [Note(bar + i * step, step, p, 50, 1) for k, p in enumerate(hand, 1) if mark in ("A", str(k))]
        notes += last
        notes += [Note(bar + t, 6, drum, 50, 3) for t, drum, _ in drum_bar(piece.meter, "waltz")]
    return replace(piece, notes=[*piece.notes, *notes], voices=[*piece.voices, *BAND, Voice("Drums", DRUMS)])
