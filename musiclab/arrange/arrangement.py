"""A tune becomes a piece for several players."""

from bisect import bisect_right
from dataclasses import replace
from statistics import median

from musiclab.arrange.band import playable, player, register
from musiclab.arrange.doubling import DOUBLINGS, doubled
from musiclab.arrange.drums import ALIKE, LAST, TABS, drum_bar
from musiclab.arrange.patterns import ALL, BASS, LOUD, PATTERNS, Stroke
from musiclab.arrange.voicing import nearest, voicing
from musiclab.commission import likely_key
from musiclab.harmony.progression import Sounding, chords_in, chords_under
from musiclab.harmony.pulse import beats, strong_beats
from musiclab.piece import DRUMS, Note, Voice

CHORDS_BETWEEN, BASS_BETWEEN = (48, 67), (28, 48)  # C3 to G4; E1 to C3: registers in which chords are clear and a bass is low
BELOW = {"doubling": 0.75, "bass": 0.75, "chords": 0.6, "drums": 0.55}  # velocity beside the melody's, so that the melody leads
FOUR_TONES = ("broken", "strum", "block")


def arrange(
    piece,
    pattern="block",
    *,
    chords=None,
    instruments=None,
    bass=True,
    drums=True,
    doubling=None,
    style=None,
    keep_voices=False,
):
    """Set a tune for several players: the melody as it is, chords in a pattern, a bass, drums.

    A tune of one voice gets chords (`chords_under`); of a piece in several voices, such as a chorale, the first voice is the melody and
    the others give the chords (`chords_in`), inversions too. A pickup is played by the melody alone, and the last note is held by all.
    The same arguments give the same arrangement.

    Args:
        pattern: one of PATTERNS: "block", "broken", "alberti", "waltz" (oom-pah-pah, or oom-pah) or "strum".
        chords: list of `Sounding` to use instead.
        instruments: who plays, such as {"melody": "flute", "chords": "strings", "bass": "cello", "doubling": "oboe"}; a melody that is not
            named keeps its instrument, chords are for piano (a strum for guitar), the bass is a double bass.
        bass, drums: whether they play.
        doubling: None, or one of DOUBLINGS: "octave above", "octave below", "thirds" or "sixths" (below the melody, in the key).
        style: of the drums, such as "jig"; that of the piece if None. A style that is not danced in this meter is played by the meter.
        keep_voices: of a piece in several voices, let all of them sound as they are, and not only the first.

    Returns:
        Piece: the voices that were kept, then doubling, chords, bass and drums, as far as they play.

    Raises:
        ValueError: a pattern, doubling, style or instrument that is not known, or a piece without notes.

    >>> from musiclab.piece import Piece
    >>> tune = Piece([Note(24 * i, 24, p) for i, p in enumerate([60, 64, 67, 64, 65, 62, 59, 62])] + [Note(192, 96, 60)])
    >>> [voice.name for voice in arrange(tune, "alberti", instruments={"melody": "flute"}).voices]
    ['Flute', 'Piano', 'Bass', 'Drums']
    """
    _check(piece, pattern, doubling, instruments, style)
    instruments = {"chords": "guitar" if pattern == "strum" else "piano", "bass": "bass"} | (instruments or {})
    if not piece.keys:
        piece = replace(piece, keys=[(0, likely_key(piece))])
    pitched = [i for i, voice in enumerate(piece.voices) if voice.program != DRUMS]
    heard = sorted({note.voice for note in piece.notes if note.voice in pitched})
    if chords is None:
        chords = chords_in(piece) if len(heard) > 1 else []  # which finds none if the voices never form a chord
    chords = [Sounding(*sounding) for sounding in chords] or chords_under(piece)
    melody = [note for note in piece.notes if note.voice == heard[0]]
    kept = list(range(len(piece.voices))) if keep_voices else heard[:1]
    voices = [piece.voices[i] for i in kept]
    notes = [note._replace(voice=kept.index(note.voice)) for note in piece.notes if note.voice in kept]
    if "melody" in instruments:
        voices[kept.index(heard[0])] = player(instruments["melody"])
    level = median(note.velocity for note in melody)

    def add(role, voice, new):
        loudness = level * BELOW[role]
        for start, length, pitch, factor in new:
            notes.append(Note(start, length, pitch, max(1, min(127, round(loudness * factor))), len(voices)))
        voices.append(voice)

    if doubling:
        companion = player(instruments["doubling"]) if "doubling" in instruments else voices[kept.index(heard[0])]
        second = doubled(piece, melody, doubling, chords, *playable(companion.program))
        add("doubling", companion, [(n.start, n.duration, n.pitch, n.velocity / level) for n in second])
    stretches = _stretches(piece, chords, melody[-1].start)
    hand = player(instruments["chords"])
    add("chords", hand, _chord_part(stretches, pattern, hand.program, bass))
    if bass:
        low = player(instruments["bass"])
        add("bass", low, _bass_part(stretches, low.program))
    if drums:
        add("drums", Voice("Drums", DRUMS), _drum_part(piece, stretches, piece.style if style is None else style))
    return replace(piece, notes=notes, voices=voices)


def _check(piece, pattern, doubling, instruments, style):
    if pattern not in PATTERNS:
        raise ValueError(f"pattern {pattern!r}: expected one of {', '.join(PATTERNS)}")
    if doubling is not None and doubling not in DOUBLINGS:
        raise ValueError(f"doubling {doubling!r}: expected None or one of {', '.join(DOUBLINGS)}")
    if style is not None and style not in (*TABS, *ALIKE):
        raise ValueError(f"style {style!r}: expected None or one of {', '.join((*TABS, *ALIKE))}")
    roles = ("melody", "doubling", "chords", "bass")
    for role in instruments or ():
        if role not in roles:
            raise ValueError(
                f"instruments for {role!r}: expected some of {', '.join(roles)}, each with the name of an instrument"
            )
    if not any(piece.voices[note.voice].program != DRUMS for note in piece.notes):
        raise ValueError(f"{piece!r} has no melody: give a piece with at least one note that is not a drum's")


def _stretches(piece, chords, last_note):
    """The chords cut at bar lines, `(chord, start, end, bar start, meter)`, without the pickup; the last one is held to the end of the
    piece and has no meter."""
    starts = [sounding.start for sounding in chords]
    bars = [bar for bar in piece.bars if not (bar[0] == 0 and piece.pickup)] or list(piece.bars)
    beat_ticks = [start + beat for start, end in bars for beat in beats(piece.meter_at(start)) if start + beat < end]
    final = max(tick for tick in beat_ticks if tick <= max(last_note, bars[0][0]))
    found = []
    for start, end in bars:
        edges = sorted({start, min(end, final), *(tick for tick in starts if start < tick < min(end, final))})
        for a, b in zip(edges, edges[1:]):
            found.append((chords[max(0, bisect_right(starts, a) - 1)].chord, a, b, start, piece.meter_at(start)))
    return [*found, (chords[-1].chord, final, piece.end, final, None)]


def _chord_part(stretches, pattern, program, with_bass):
    """`(start, length, pitch, loudness)` of the chords; with a bass player, the hand leaves the bass notes to him."""
    low, high = register(program, *CHORDS_BETWEEN)
    n_tones = 4 if pattern in FOUR_TONES else 3
    hand, deep, found = (), None, []
    for chord, start, end, bar, meter in stretches:
        hand = voicing(chord, n_tones, low, high, hand)
        strokes = PATTERNS[pattern](meter, start - bar, end - bar) if meter else [Stroke(0, end - start, ALL, LOUD)]
        for stroke in strokes:
            if stroke.tones == BASS and with_bass:
                continue
            if stroke.tones == BASS:
                deep = nearest(chord.bass, low - 12, low + 5, deep) if low - 12 >= playable(program)[0] else hand[0]
                pitches = [deep]
            else:
                pitches = [hand[i] for i in stroke.tones if i < n_tones]
            found += [(bar + stroke.start, stroke.length, pitch, stroke.loudness) for pitch in pitches]
    return found


def _bass_part(stretches, program):
    """The bass note of each chord on strong beats; a chord that holds on has its fifth in between."""
    low, high = register(program, *BASS_BETWEEN)
    pitch, found, last_chord, n_held = None, [], None, 0
    for chord, start, end, bar, meter in stretches:
        places = [bar + beat for beat in strong_beats(meter)] if meter else []
        ticks = sorted({start, *(tick for tick in places if start < tick < end)})
        for tick, following in zip(ticks, [*ticks[1:], end]):
            n_held = 0 if chord != last_chord or tick == bar else n_held + 1
            last_chord = chord
            fifth = chord.pitch_classes[2] if chord.bass == chord.root and meter else chord.bass
            pitch = nearest(fifth if n_held % 2 else chord.bass, low, high, pitch)
            found.append((tick, following - tick, pitch, 0.9 if n_held else 1.0))
    return found


def _drum_part(piece, stretches, style):
    """A bar of drums for each bar, up to the last chord."""
    final = stretches[-1][1]
    found = []
    for bar, meter in dict.fromkeys((bar, meter) for _, _, _, bar, meter in stretches if meter):
        end = min(final, *(stop for start, stop in piece.bars if start == bar))
        strokes = [stroke for stroke in drum_bar(meter, style) if bar + stroke[0] < end]
        ticks = [*sorted({tick for tick, _, _ in strokes}), end - bar]
        lengths = {tick: following - tick for tick, following in zip(ticks, ticks[1:])}  # until the next stroke, which reads best
        found += [(bar + tick, lengths[tick], drum, loudness) for tick, drum, loudness in strokes]
    return [*found, (final, piece.end - final, LAST, 1.0)]
