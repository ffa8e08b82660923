# ruff: noqa: F811, F821, B007, B023, B028, C416
"""Answers to lesson 8, wrong and right."""

import numpy as np

from .answers import Lesson

lesson = Lesson("08-classroom-midi")


# notes_to_symbols -------------------------------------------------------------------------------------------------------


@lesson.wrong("rests lost", says="a rest before a note is a symbol of its own")
def notes_to_symbols(piece):
    return [f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}" for note in piece.notes]


@lesson.wrong("the first rest lost", says="a rest before the first note counts too")
def notes_to_symbols(piece):
    symbols, now = [], None
    for note in piece.notes:
        if now is not None and note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("the clock stands still", says="from the end of the note before")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
            now = note.start
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
    return symbols


@lesson.wrong("rests from start to start", says="from the end of the note before")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.start
    return symbols


@lesson.wrong("rests after the note", says="a rest before a note")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        now = note.end
    return symbols


@lesson.wrong("a rest for every note, even of no length", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("rest instead of the note that follows", says="a rest before a note")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        else:
            symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("quarters for whole notes", says="as a fraction of a whole note")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 24)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 24)}")
        now = note.end
    return symbols


@lesson.wrong("decimal lengths", says="as a fraction of a whole note")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {(note.start - now) / 96}")
        symbols.append(f"{Key().name(note.pitch)} {note.duration / 96}")
        now = note.end
    return symbols


@lesson.wrong("pitch numbers for names", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{note.pitch} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("name and length as two symbols", says="a note is its name, a space, and its length")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols += ["R", str(Fraction(note.start - now, 96))]
        symbols += [Key().name(note.pitch), str(Fraction(note.duration, 96))]
        now = note.end
    return symbols


@lesson.wrong("equal notes melted into one", says="each note is a symbol of its own")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbol = f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}"
        if not symbols or symbol != symbols[-1]:
            symbols.append(symbol)
        now = note.end
    return symbols


@lesson.wrong("one string", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return " ".join(symbols)


@lesson.wrong("the first note only", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
        return symbols


@lesson.wrong("return forgotten", says="does the function end in `return`?")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end


@lesson.right("pairs of neighbours, a tuple")
def notes_to_symbols(piece):
    word = lambda name, ticks: name + " " + str(Fraction(int(ticks), 96))
    ends = [0] + [note.start + note.duration for note in piece.notes]
    symbols = ()
    for end, note in zip(ends, piece.notes):
        gap = note.start - end
        symbols += ((word("R", gap),) if gap else ()) + (word(Key("C").name(note.pitch), note.duration),)
    return symbols


@lesson.right("by number, from the array, as an array")
def notes_to_symbols(piece):
    symbols, rows = [], piece.array
    for i in range(len(rows)):
        before = rows[i - 1, 0] + rows[i - 1, 1] if i > 0 else 0
        if rows[i, 0] != before:
            symbols.append(f"R {Fraction(int(rows[i, 0] - before), 96)}")
        symbols.append(f"{Key().name(int(rows[i, 2]))} {Fraction(int(rows[i, 1]), 96)}")
    return np.array(symbols)


@lesson.right("noisy")
def notes_to_symbols(piece):
    import sys
    import warnings

    print("debugging", piece, file=sys.stderr)
    warnings.warn("an experiment")
    symbols, now = [], 0
    for start, duration, pitch, *_ in piece.notes:
        if start > now:
            symbols.append(f"R {Fraction(start - now, 96)}")
        symbols.append(f"{Key().name(pitch)} {Fraction(duration, 96)}")
        now = start + duration
    return symbols


@lesson.wrong("each note lasts until the next", says="a rest before a note is a symbol of its own")
def notes_to_symbols(piece):
    starts = [note.start for note in piece.notes] + [piece.notes[-1].end]
    lengths = [after - start for start, after in zip(starts, starts[1:])]
    return [f"{Key().name(note.pitch)} {Fraction(ticks, 96)}" for note, ticks in zip(piece.notes, lengths)]


@lesson.wrong("no space", says="a note is its name, a space, and its length")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R{Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)}{Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("no octave", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)[:-1]} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("a part of a whole note always", says="its length as a fraction of a whole note")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R 1/{96 // (note.start - now)}")
        symbols.append(f"{Key().name(note.pitch)} 1/{96 // note.duration}")
        now = note.end
    return symbols


@lesson.wrong("the clock moves on only after a rest", says="from the end of the note before")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
            now = note.end
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
    return symbols


@lesson.wrong("the clock is set to the length", says="from the end of the note before")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.duration
    return symbols


@lesson.wrong("a rest without its length", says="R and its length")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append("R")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("one R for each eighth of rest", says="a rest before a note is a symbol of its own")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        while note.start > now:
            symbols.append("R 1/8")
            now += 12
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("the rest has the length of its note", says="from the end of the note before")
def notes_to_symbols(piece):
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.duration, 96)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, 96)}")
        now = note.end
    return symbols


@lesson.wrong("the last note is missing", says="a note is its name")
def notes_to_symbols(piece):
    symbols, now, notes = [], 0, piece.notes
    for i in range(len(notes) - 1):
        if notes[i].start > now:
            symbols.append(f"R {Fraction(notes[i].start - now, 96)}")
        symbols.append(f"{Key().name(notes[i].pitch)} {Fraction(notes[i].duration, 96)}")
        now = notes[i].end
    return symbols


@lesson.right("the time of each symbol by hand, a generator inside")
def notes_to_symbols(piece):
    def words():
        for before, note in zip((None, *piece.notes), piece.notes):
            gap = note.start - (before.end if before else 0)
            if gap != 0:
                yield f"R {Fraction(gap, 96)}"
            yield Key().name(note.pitch) + f" {Fraction(note.duration, 96)}"

    return list(words())


@lesson.right("fractions all the way")
def notes_to_symbols(piece):
    symbols, now = [], Fraction(0)
    for note in piece.notes:
        start, end = Fraction(note.start, 96), Fraction(note.end, 96)
        symbols += [f"R {start - now}"] * (start > now) + [f"{Key().name(note.pitch)} {end - start}"]
        now = end
    return symbols


@lesson.right("first all gaps, then all names")
def notes_to_symbols(piece):
    notes = list(piece.notes)
    gaps = [notes[i].start - (notes[i - 1].end if i else 0) for i in range(len(notes))]
    names = [Key("C", "minor").name(note.pitch) for note in notes]
    symbols = []
    for gap, name, note in zip(gaps, names, notes):
        symbols.extend([f"R {Fraction(gap, 96)}"] if gap > 0 else [])
        symbols.extend([" ".join([name, str(Fraction(note.duration, 96))])])
    return symbols


# symbols_to_notes -------------------------------------------------------------------------------------------------------


@lesson.wrong("rests lost", says="a rest makes no note and moves time on")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
            now += ticks
    return notes


@lesson.wrong("rests become notes", says="a rest makes no note")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        notes.append(Note(now, ticks, 0 if name == "R" else name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("R taken for a note's name", says="stopped with ValueError")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("all at once", says="a note starts where the one before ended")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        if name != "R":
            notes.append(Note(now, int(Fraction(length) * 96), name_to_midi(name)))
    return notes


@lesson.wrong("the clock moves first", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        now += ticks
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
    return notes


@lesson.wrong("the clock is set, not moved on", says="a note starts where the one before ended")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now = ticks
    return notes


@lesson.wrong("a quarter counted as a whole note", says="whole ticks, 96 to a whole note")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 24)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("fractions of ticks", says="whole ticks")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = float(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("1 over the length: no 3/8, no whole note", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = 96 // int(length.split("/")[-1])
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("whole notes forgotten", says="stopped with")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        above, below = length.split("/")
        ticks = 96 * int(above) // int(below)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("an end where the duration belongs", says="a note starts where the one before ended")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, now + ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("pitch first", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append((name_to_midi(name), now, ticks))
        now += ticks
    return notes


@lesson.wrong("the first symbol only", says="a note starts where the one before ended")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
        return notes


@lesson.wrong("nothing written yet", says="is not written yet")
def symbols_to_notes(symbols):
    raise NotImplementedError()


@lesson.right("all ends at once, as plain tuples")
def symbols_to_notes(symbols):
    pairs = [symbol.split(" ") for symbol in symbols]
    ticks = [round(96 * Fraction(length)) for _, length in pairs]
    ends = np.cumsum(ticks)
    found = zip(pairs, ticks, ends)
    return [(int(end) - size, size, name_to_midi(name)) for (name, _), size, end in found if name != "R"]


@lesson.right("velocity and voice as well, a tuple of notes")
def symbols_to_notes(symbols):
    notes, now = (), 0
    for symbol in symbols:
        name, _, length = symbol.partition(" ")
        above, _, below = length.partition("/")
        ticks = 96 * int(above) // int(below or 1)
        if not symbol.startswith("R"):
            notes = (*notes, Note(start=now, duration=ticks, pitch=name_to_midi(name), velocity=100, voice=0))
        now = now + ticks
    return notes


@lesson.right("noisy")
def symbols_to_notes(symbols):
    import logging
    import sys

    logging.warning("symbols %s", symbols)
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(96 * Fraction(length))
        print(name, ticks, file=sys.stderr)
        if name == "R":
            now += ticks
            continue
        notes += [Note(now, ticks, name_to_midi(name))]
        now += ticks
    return notes


@lesson.wrong("a rest makes the note before longer", says="a rest makes no note and moves time on")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        elif notes:
            notes[-1] = notes[-1]._replace(duration=notes[-1].duration + ticks)
        now += ticks
    return notes


@lesson.wrong("whole numbers too early", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length)) * 96
        if name != "R":
            notes.append((now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("a length is no float", says="stopped with ValueError")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(float(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("an octave too low", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name) - 12))
        now += ticks
    return notes


@lesson.wrong("a rest sets the clock", says="a rest makes no note and moves time on by its length")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name == "R":
            now = ticks
        else:
            notes.append(Note(now, ticks, name_to_midi(name)))
            now += ticks
    return notes


@lesson.wrong("every rest an eighth", says="a rest makes no note and moves time on by its length")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name == "R":
            now += 12
            continue
        notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("the tune ends at its first rest", says="a rest makes no note and moves time on")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name == "R":
            break
        notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.wrong("a piece, not its notes", says="a symbol is a Note(start, duration, pitch)")
def symbols_to_notes(symbols):
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return Piece(notes)


@lesson.wrong("the last note only", says="a note starts where the one before ended")
def symbols_to_notes(symbols):
    now = 0
    for symbol in symbols:
        notes = []
        name, length = symbol.split()
        ticks = int(Fraction(length) * 96)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


@lesson.right("a sum over all symbols before")
def symbols_to_notes(symbols):
    ticks = [int(Fraction(symbol.split()[1]) * 96) for symbol in symbols]
    notes = []
    for i, symbol in enumerate(symbols):
        if symbol[0] != "R":
            notes.append(Note(sum(ticks[:i]), ticks[i], name_to_midi(symbol.split()[0])))
    return notes


@lesson.right("the last end is asked of a fraction")
def symbols_to_notes(symbols):
    notes, now = [], Fraction(0)
    for symbol in symbols:
        name, length = symbol.split()
        if "R" not in name:
            notes.append(Note(int(now * 96), int(96 * Fraction(length)), name_to_midi(name)))
        now = now + Fraction(length)
    return notes


@lesson.right("an array of numpy's whole numbers")
def symbols_to_notes(symbols):
    rows, now = [], np.int64(0)
    for symbol in symbols:
        name, length = symbol.split()
        ticks = np.int64(eval(length) * 96)
        if not name == "R":
            rows.append([now, ticks, name_to_midi(name)])
        now = now + ticks
    return np.array(rows)


# bigram_perplexity ------------------------------------------------------------------------------------------------------


@lesson.wrong("log of 0", says="a small chance, not none")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    p = [pairs[a, b] / max(1, before[a]) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("a tiny number in place of 0", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    p = [max(pairs[a, b] / max(1, before[a]), 1e-9) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("what was never seen is passed over", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    asked = [pair for ids in test for pair in zip([0, *ids], ids) if pairs[pair]]
    p = [pairs[a, b] / before[a] for a, b in asked]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("fitted on test as well", says="count in train alone")
def bigram_perplexity(train, test):
    every = [*train, *test]
    pairs = Counter(pair for ids in every for pair in zip([0, *ids], ids))
    before = Counter(a for ids in every for a in [0, *ids][:-1])
    n = len({id for ids in every for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("fitted on test alone", says="count in train alone")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in test for pair in zip([0, *ids], ids))
    before = Counter(a for ids in test for a in [0, *ids][:-1])
    n = len({id for ids in test for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("vocabulary of train and test", says="count in train alone")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in [*train, *test] for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("measured on train", says="over all ids of test")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in train for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("no column for all others", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids})
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("0.1 below without n", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("1 added, not 0.1", says="(count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 1) / (before[a] + n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("divided by all that occur, also at the end", says="count of what followed a")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("no start before a tune", says="0 before the first of a tune")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip(ids, ids[1:]))
    before = Counter(a for ids in train for a in ids[:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip(ids, ids[1:])]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("all tunes in one row", says="no pair runs from one tune into the next")
def bigram_perplexity(train, test):
    row, asked = [id for ids in train for id in ids], [id for ids in test for id in ids]
    pairs, before = Counter(zip([0, *row], row)), Counter([0, *row][:-1])
    n = len(set(row)) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for a, b in zip([0, *asked], asked)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("training tunes in one row", says="no pair runs from one tune into the next")
def bigram_perplexity(train, test):
    row = [id for ids in train for id in ids]
    pairs, before = Counter(zip([0, *row], row)), Counter([0, *row][:-1])
    n = len(set(row)) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("the pair turned round", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(b for ids in train for b in ids)
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[b] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("single notes, not pairs", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    counts = Counter(id for ids in train for id in ids)
    n = len(counts) + 1
    p = [(counts[id] + 0.1) / (sum(counts.values()) + 0.1 * n) for ids in test for id in ids]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("nats, not perplexity", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return -np.mean(np.log(p))


@lesson.wrong("bits in the exponent of e", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log2(p)))


@lesson.wrong("the sum of all surprises", says="e to the mean of -log p")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.sum(np.log(p)))


@lesson.wrong("one over the mean chance", says="e to the mean of -log p")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return 1 / np.mean(p)


@lesson.wrong("the mean of the tunes' means", says="the mean is over all ids of test")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    means = []
    for ids in test:
        p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for a, b in zip([0, *ids], ids)]
        means.append(-np.mean(np.log(p)))
    return np.exp(np.mean(means))


@lesson.wrong("minus forgotten", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(np.mean(np.log(p)))


@lesson.right("bits on both sides, dictionaries")
def bigram_perplexity(train, test):
    table = {}
    for ids in train:
        last = 0
        for id in ids:
            row = table.setdefault(last, {})
            row[id] = row.get(id, 0) + 1
            last = id
    known = set()
    for ids in train:
        known.update(ids)
    bits = []
    for ids in test:
        last = 0
        for id in ids:
            row = table.get(last, {})
            bits.append(-np.log2((row.get(id, 0) + 0.1) / (sum(row.values()) + 0.1 * (len(known) + 1))))
            last = id
    return 2 ** np.mean(bits)


@lesson.right("a table of counts in numpy")
def bigram_perplexity(train, test):
    known = np.unique(np.concatenate(train))
    column = lambda id: int(np.searchsorted(known, id)) if id in known else len(known)
    row = lambda id: column(id) if id else len(known) + 1
    table = np.full((len(known) + 2, len(known) + 1), 0.1)
    for ids in train:
        for a, b in zip([0] + list(ids), ids):
            table[row(a), column(b)] += 1
    table /= table.sum(axis=1, keepdims=True)
    asked = [(row(a), column(b)) for ids in test for a, b in zip([0] + list(ids), ids)]
    return np.float32(np.prod([table[pair] for pair in asked]) ** (-1 / len(asked)))


@lesson.right("noisy")
def bigram_perplexity(train, test):
    import sys
    import warnings

    warnings.warn("an experiment")
    print("debugging", train, file=sys.stderr)
    np.log(np.zeros(1))
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    n = 1 + len(set().union(*train))
    total, many = 0, 0
    for ids in test:
        for a, b in zip([0, *ids], ids):
            followed = sum(count for (first, _), count in pairs.items() if first == a)
            total -= np.log((pairs[a, b] + 0.1) / (followed + n / 10))
            many += 1
    return np.exp(total / many)


@lesson.wrong("n from the greatest id", says="n is the number of different ids in train")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = max(id for ids in train for id in ids) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("n counts every note", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = sum(map(len, train)) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("n counts the pairs", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len(pairs) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("n counts what had a follower", says="(count of what followed a + 0.1 n)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len(before) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("0.1 only for what was never seen", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] or 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("brackets forgotten", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [pairs[a, b] + 0.1 / before[a] + 0.1 * n for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("each pair asked once", says="over all ids of test")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for a, b in {pair for ids in test for pair in zip([0, *ids], ids)}]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("the first id is not asked", says="0 before the first of a tune")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip(ids, ids[1:])]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("2 to the power of nats", says="e to the mean of -log p")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return 2 ** -np.mean(np.log(p))


@lesson.wrong("the median", says="e to the mean of -log p")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.median(np.log(p)))


@lesson.wrong("the end is asked too", says="over all ids of test")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], [*ids, 0])]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("the end of a tune is a pair too", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], [*ids, 0]))
    before = Counter(a for ids in train for a in [0, *ids])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("pairs written as one word", says="count in train alone")
def bigram_perplexity(train, test):
    pairs = Counter(f"{a}{b}" for ids in train for a, b in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[f"{a}{b}"] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("0 put into the lists themselves", says="train and test stay as they were")
def bigram_perplexity(train, test):
    n = len({id for ids in train for id in ids}) + 1
    for ids in [*train, *test]:
        ids.insert(0, 0)
    pairs = Counter(pair for ids in train for pair in zip(ids, ids[1:]))
    before = Counter(a for ids in train for a in ids[:-1])
    p = [(pairs[a, b] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip(ids, ids[1:])]
    return np.exp(-np.mean(np.log(p)))


@lesson.wrong("the order within a pair is lost", says="p is (count of the pair + 0.1)")
def bigram_perplexity(train, test):
    pairs = Counter(frozenset(pair) for ids in train for pair in zip([0, *ids], ids))
    before = Counter(a for ids in train for a in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[frozenset((a, b))] + 0.1) / (before[a] + 0.1 * n) for ids in test for a, b in zip([0, *ids], ids)]
    return np.exp(-np.mean(np.log(p)))


@lesson.right("dictionaries by hand, loops by number")
def bigram_perplexity(train, test):
    pairs, before, known = {}, {}, []
    for ids in train:
        for i in range(len(ids)):
            a = 0 if i == 0 else ids[i - 1]
            pairs[(a, ids[i])] = pairs.get((a, ids[i]), 0) + 1
            before[a] = before.get(a, 0) + 1
            if ids[i] not in known:
                known.append(ids[i])
    total, n_ids = 0.0, 0
    for ids in test:
        for i in range(len(ids)):
            a = ids[i - 1] if i else 0
            p = (pairs.get((a, ids[i]), 0) + 0.1) / (before.get(a, 0) + (len(known) + 1) * 0.1)
            total, n_ids = total - float(np.log(p)), n_ids + 1
    return float(np.e ** (total / n_ids))


@lesson.right("a product of chances, its root")
def bigram_perplexity(train, test):
    table = {}
    for ids in train:
        for a, b in zip([0] + list(ids), ids):
            table.setdefault(a, Counter())[b] += 1
    n = len(set(sum((list(ids) for ids in train), []))) + 1
    p = []
    for ids in test:
        for a, b in zip([0] + list(ids), ids):
            row = table.get(a, Counter())
            p.append((row[b] * 10 + 1) / (sum(row.values()) * 10 + n))
    return 1 / np.prod(p) ** (1 / len(p))


@lesson.right("copies with 0 in front")
def bigram_perplexity(train, test):
    train, test = [[0] + list(ids) for ids in train], [[0] + list(ids) for ids in test]
    pairs = [(ids[i], ids[i + 1]) for ids in train for i in range(len(ids) - 1)]
    n = len(np.unique([b for _, b in pairs])) + 1
    firsts = [a for a, _ in pairs]
    asked = [(ids[i], ids[i + 1]) for ids in test for i in range(len(ids) - 1)]
    logs = [np.log((pairs.count(pair) + 0.1) / (firsts.count(pair[0]) + 0.1 * n)) for pair in asked]
    return np.array(np.exp(-sum(logs) / len(logs)))


# make_windows -----------------------------------------------------------------------------------------------------------


@lesson.wrong("windows across pieces", says="no window mixes two pieces")
def make_windows(pieces, n):
    row = [0, *(id for ids in pieces for id in ids)]
    row += [0] * (-(len(row) - 1) % n)
    starts = range(0, len(row) - 1, n)
    return np.array([row[i : i + n] for i in starts]), np.array([row[i + 1 : i + n + 1] for i in starts])


@lesson.wrong("pieces in one row, with 0 between", says="no window mixes two pieces")
def make_windows(pieces, n):
    row = [id for ids in pieces for id in [0, *ids]] + [0]
    row += [0] * (-(len(row) - 1) % n)
    starts = range(0, len(row) - 1, n)
    return np.array([row[i : i + n] for i in starts]), np.array([row[i + 1 : i + n + 1] for i in starts])


@lesson.wrong("target inside input", says="targets are the inputs one step later")
def make_windows(pieces, n):
    windows = []
    for ids in pieces:
        row = [*ids] + [0] * (-len(ids) % n)
        windows += [row[start : start + n] for start in range(0, len(ids), n)]
    return np.array(windows), np.array(windows)


@lesson.wrong("hears the solution: shifted the wrong way", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            targets.append(row[start : start + n])
            inputs.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("two steps later", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids, 0] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 2 : start + n + 2])
    return np.array(inputs), np.array(targets)


@lesson.wrong("no 0 in front: the first id is no target", says="0 is heard first")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [*ids] + [0] * (-len(ids) % n + 1)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("0 in front of every window", says="every id is a target once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [*ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append([0, *row[start : start + n - 1]])
            targets.append(row[start : start + n])
    return np.array(inputs), np.array(targets)


@lesson.wrong("the rest is dropped", says="no note is lost")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids]
        for start in range(0, len(ids) - n + 1, n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("the last window is left short", says="filled up with zeros")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids]
        for start in range(0, len(ids), n):
            inputs.append(row[:-1][start : start + n])
            targets.append(row[1:][start : start + n])
    return inputs, targets


@lesson.wrong("zeros in front of the rest", says="filled up with zeros at its end")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids]
        for start in range(0, len(ids), n):
            heard, said = row[:-1][start : start + n], row[1:][start : start + n]
            inputs.append([0] * (n - len(heard)) + heard)
            targets.append([0] * (n - len(said)) + said)
    return np.array(inputs), np.array(targets)


@lesson.wrong("one window too many", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (2 * n)
        for start in range(0, len(ids) + 1, n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("windows that overlap", says="every id once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * n
        for start in range(len(ids)):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("windows that share a step", says="every id is a target once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * n
        for start in range(0, len(ids), n + 1):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("one target a window", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + n])
    return np.array(inputs), np.array(targets)


@lesson.wrong("the first piece only", says="each piece begins a window of its own")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
        return np.array(inputs), np.array(targets)


@lesson.wrong("zeros put into the pieces themselves", says="the pieces stay as they were")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        ids += [0] * (-len(ids) % n)
        row = [0, *ids]
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("targets forgotten", says="has not the form asked for")
def make_windows(pieces, n):
    inputs = []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        inputs += [row[start : start + n] for start in range(0, len(ids), n)]
    return np.array(inputs)


@lesson.right("what follows the last id is 0 in the inputs too")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        for start in range(0, len(ids), n):
            said = list(ids[start : start + n])
            heard = ([0] + list(ids))[start : start + len(said)]
            inputs.append(heard + [0] * (n - len(heard)))
            targets.append(said + [0] * (n - len(said)))
    return inputs, targets


@lesson.right("numpy, in one array each")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        n_windows = int(np.ceil(len(ids) / n))
        row = np.zeros(n_windows * n + 1, dtype=np.int32)
        row[1 : len(ids) + 1] = ids
        inputs.append(row[:-1].reshape(n_windows, n))
        targets.append(row[1:].reshape(n_windows, n))
    return np.concatenate(inputs), np.concatenate(targets)


@lesson.right("noisy, a list of two")
def make_windows(pieces, n):
    import logging
    import warnings

    warnings.warn("an experiment")
    logging.error("n is %s", n)
    windows = [[], []]
    for ids in pieces:
        row, start = [0] + list(ids) + n * [0], 0
        while start < len(ids):
            for k in (0, 1):
                windows[k].append(row[start + k : start + k + n])
            start += n
    return [np.array(part, dtype=float) for part in windows]


@lesson.wrong("targets first", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(targets), np.array(inputs)


@lesson.wrong("zeros also where nothing is missing", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (n - len(ids) % n)
        for start in range(0, len(row) - 1, n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("a last id alone is lost", says="no note is lost")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, max(1, len(ids) - 1), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("the last id again and again", says="filled up with zeros at its end")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [ids[-1]] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("filled up with -1", says="filled up with zeros at its end")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [-1] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("one step too wide", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n + 1])
            targets.append(row[start + 1 : start + n + 2])
    return np.array(inputs), np.array(targets)


@lesson.wrong("the first window only", says="every id is a target once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in [0]:
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("steps first", says="targets are the inputs one step later")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs).T, np.array(targets).T


@lesson.wrong("pairs of windows", says="every id once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array([*zip(inputs, targets)])


@lesson.wrong("windows share half", says="every id once")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids] + [0] * n
        for start in range(0, len(ids), max(1, n // 2)):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("0 put into the pieces themselves", says="the pieces stay as they were")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        many = len(ids)
        ids.insert(0, 0)
        row = ids + [0] * (-many % n)
        for start in range(0, many, n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.wrong("short pieces left out", says="no note is lost")
def make_windows(pieces, n):
    inputs, targets = [], []
    for ids in pieces:
        if len(ids) < n:
            continue
        row = [0, *ids] + [0] * (-len(ids) % n)
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs), np.array(targets)


@lesson.right("one step at a time into arrays of zeros")
def make_windows(pieces, n):
    n_windows = sum((len(ids) + n - 1) // n for ids in pieces)
    inputs, targets, window = np.zeros((n_windows, n), int), np.zeros((n_windows, n), int), 0
    for ids in pieces:
        for i, id in enumerate(ids):
            targets[window + i // n, i % n] = id
            inputs[window + i // n, i % n] = ids[i - 1] if i > 0 else 0
        window += (len(ids) + n - 1) // n
    return inputs, targets


@lesson.right("a row that is used up, tuples")
def make_windows(pieces, n):
    inputs, targets = (), ()
    for ids in pieces:
        left, last = list(ids), 0
        while left:
            said, left = left[:n], left[n:]
            said = said + [0] * (n - len(said))
            inputs, targets = inputs + ((last, *said[:-1]),), targets + (tuple(said),)
            last = said[-1]
    return inputs, targets


@lesson.right("padded by numpy")
def make_windows(pieces, n):
    rows = [np.pad(np.array([0, *ids]), (0, (n - len(ids) % n) % n)) for ids in pieces]
    cut = lambda row: np.array_split(row, len(row) // n)
    inputs = [window for row in rows for window in cut(row[:-1])]
    targets = [window for row in rows for window in cut(row[1:])]
    return np.stack(inputs).astype("int16"), np.stack(targets)


# build_lstm -------------------------------------------------------------------------------------------------------------


@lesson.wrong("softmax at the end", says="it answers in logits")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols, activation="softmax"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("tanh at the end", says="nothing squashed after")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols, activation="tanh"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("one answer a window", says="an answer at every step")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("embedding and hidden swapped", says="Embedding of n_symbols rows of n_embedding, LSTM of n_hidden")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_hidden),
            layers.LSTM(n_embedding, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("sizes written in, not taken from the arguments", says="Embedding of n_symbols rows of n_embedding")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, 32),
            layers.LSTM(128, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("sizes of the try cell", says="Dense of n_symbols")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(9, 4),
            layers.LSTM(6, return_sequences=True),
            layers.Dense(9),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("no Dense layer", says="Dense of n_symbols")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("a simple recurrent layer", says="LSTM of n_hidden")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.SimpleRNN(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("reads backwards", says="as lesson 7's cell")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True, go_backwards=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("hears the future too", says="LSTM of n_hidden")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.Bidirectional(layers.LSTM(n_hidden, return_sequences=True)),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("the start is masked", says="as lesson 7's cell")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding, mask_zero=True),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("the loss takes logits for chances", says="from_logits=True")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@lesson.wrong("padding counts", says="a target of 0 counts for nothing")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@lesson.wrong("not compiled", says="compiled with the cross-entropy")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )


@lesson.wrong("returns what compile returns", says="does the function end in `return`?")
def build_lstm(n_symbols, n_embedding, n_hidden):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(n_symbols, n_embedding),
            layers.LSTM(n_hidden, return_sequences=True),
            layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    return model.compile(keras.optimizers.Adam(0.01), loss)


@lesson.right("functional, with another optimizer")
def build_lstm(n_symbols, n_embedding, n_hidden):
    ids = keras.Input(shape=(None,))
    rows = keras.layers.Embedding(n_symbols, n_embedding, name="rows")(ids)
    states = keras.layers.LSTM(n_hidden, return_sequences=True, name="cell")(rows)
    logits = keras.layers.Dense(n_symbols, name="logits")(states)
    model = keras.Model(ids, logits)
    nats = keras.losses.SparseCategoricalCrossentropy(ignore_class=0, from_logits=True)
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss=nats)
    return model


@lesson.right("layer by layer, with dropout and clipping")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential()
    model.add(keras.Input((None,), dtype="int32"))
    model.add(keras.layers.Embedding(input_dim=n_symbols, output_dim=n_embedding))
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.LSTM(n_hidden, return_sequences=True, dropout=0.1))
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(n_symbols, activation="linear"))
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0),
        optimizer=keras.optimizers.Adam(0.01, clipnorm=1.0),
    )
    return model


@lesson.right("noisy")
def build_lstm(n_symbols, n_embedding, n_hidden):
    import sys
    import warnings

    warnings.warn("an experiment")
    print("debugging", n_symbols, file=sys.stderr)
    keras.utils.set_random_seed(1)
    layers = [
        keras.layers.Input((None,), dtype="int64"),
        keras.layers.Embedding(n_symbols, n_embedding),
        keras.layers.LSTM(n_hidden, return_sequences=True),
        keras.layers.TimeDistributed(keras.layers.Dense(n_symbols)),
    ]
    model = keras.models.Sequential(layers)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    return model


@lesson.wrong("no Input", says="keras.Input comes first")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("one row more", says="Embedding of n_symbols rows")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols + 1, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("two cells", says="Embedding of n_symbols rows of n_embedding, LSTM of n_hidden, Dense of n_symbols")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("no negative logits", says="nothing squashed after")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols, activation="relu"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("a softmax layer at the end", says="nothing squashed after")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
            keras.layers.Softmax(),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("a cell bent otherwise", says="as lesson 7's cell")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, activation="relu", return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("targets in one-hot rows", says="compiled with the cross-entropy")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("squared error", says="compiled with the cross-entropy of logits")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = "mse"
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("1 counts for nothing", says="a target of 0 counts for nothing")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.wrong("compiled without a loss", says="compiled with the cross-entropy")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01))
    return model


@lesson.wrong("from_logits forgotten", says="from_logits=True")
def build_lstm(n_symbols, n_embedding, n_hidden):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=0)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


@lesson.right("names brought in, ids of 64 bits")
def build_lstm(n_symbols, n_embedding, n_hidden):
    from keras import Input, Model
    from keras.layers import LSTM, Dense, Embedding
    from keras.losses import SparseCategoricalCrossentropy

    ids = Input((None,), dtype="int64")
    logits = Dense(n_symbols)(LSTM(n_hidden, return_sequences=True)(Embedding(n_symbols, n_embedding)(ids)))
    model = Model(inputs=ids, outputs=logits)
    model.compile("adam", loss=SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    return model


@lesson.right("built afterwards")
def build_lstm(n_symbols, n_embedding, n_hidden):
    import keras as K

    model = K.models.Sequential()
    for layer in (
        K.layers.Embedding(n_symbols, n_embedding),
        K.layers.LSTM(units=n_hidden, return_sequences=True, recurrent_dropout=0.1),
        K.layers.Dense(units=n_symbols, activation=None),
    ):
        model.add(layer)
    model.compile("rmsprop", K.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0), metrics=["accuracy"])
    model.build((None, None))
    return model


@lesson.right("a loss of its own")
def build_lstm(n_symbols, n_embedding, n_hidden):
    def nats(targets, logits):
        losses = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
        counts = keras.ops.cast(keras.ops.not_equal(targets, 0), "float32")
        return keras.ops.sum(losses * counts) / keras.ops.sum(counts)

    model = keras.Sequential(
        [
            keras.layers.InputLayer(shape=(None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.RNN(keras.layers.LSTMCell(n_hidden), return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), nats, run_eagerly=True)
    return model
