"""Bach's chorales and the quartets of Haydn and Mozart, from the MusicXML files of music21's corpus."""

import re
import zipfile
from collections import Counter
from dataclasses import replace

from datasets_build import Entry
from datasets_build.abc import LeftOut
from datasets_build.scores import read_score
from musiclab.duplicates import grams, group
from musiclab.key import MODES, Key
from musiclab.piece import Voice

VOICES = ("Soprano", "Alto", "Tenor", "Bass")
CHOIR, VIOLIN, VIOLA, CELLO = 52, 40, 41, 42
STRINGS = (Voice("Violin 1", VIOLIN), Voice("Violin 2", VIOLIN), Voice("Viola", VIOLA), Voice("Cello", CELLO))

# Folder and file in the corpus, then the movement as its score names it and quarter notes a minute at which it is played.
QUARTETS = {
    "Haydn: String Quartet in B flat, Op. 1 No. 1": (
        "haydn/opus1no1",
        ("Presto", 160),
        ("Menuetto", 120),
        ("Adagio", 60),
        ("Menuetto", 120),
        ("Presto", 144),
    ),
    "Haydn: String Quartet in C, Op. 74 No. 1": (
        "haydn/opus74no1",
        ("Allegro", 132),
        ("Andantino grazioso", 54),
        ("Menuetto", 144),
        ("Finale: Vivace", 144),
    ),
    "Mozart: String Quartet in G, K. 80": ("mozart/k80", ("Adagio", 66), ("Allegro", 132), ("Menuetto", 120), ("Rondeau", 160)),
    "Mozart: String Quartet in D, K. 155": ("mozart/k155", ("Allegro", 132), ("Andante", 72), ("Molto allegro", 132)),
    "Mozart: String Quartet in G, K. 156": (
        "mozart/k156",
        ("Presto", 160),
        ("Adagio", 60),
        ("Tempo di Menuetto", 120),
        ("Adagio, first version", 60),
    ),
    "Mozart: String Quartet in B flat, K. 458": (
        "mozart/k458",
        ("Allegro vivace assai", 160),
        ("Menuetto: Moderato", 112),
        ("Adagio", 54),
        ("Allegro assai", 144),
    ),
}


def chorales(corpus):
    """Bach's chorales for four voices: `(entries, left out)`; their group is that of the chorale tune."""
    from music21.corpus.chorales import ChoraleListRKBWV

    titles = {str(number): known["title"].replace("AAch", "Ach") for number, known in ChoraleListRKBWV().byBWV.items()}
    found, left_out = {}, Counter()
    for path in sorted((corpus / "bach").glob("bwv*.mxl"), key=_by_number):
        try:
            piece = read_score(_four_voices(path))
        except LeftOut as reason:
            left_out[str(reason)] += 1
            continue
        number = path.stem.removeprefix("bwv")
        found[path.stem] = replace(
            piece,
            voices=[Voice(name, CHOIR) for name in VOICES],
            keys=[(0, _key(piece))],
            tempos=[(0, 60_000_000 // 80)],
            title=f"{titles[number]}, BWV {number}" if number in titles else f"BWV {number}",
            style="chorale",
        )
    tunes = _tunes(found)
    source = "music21 corpus, bach/{}.mxl"
    entries = [
        Entry(id, piece, source.format(id), credited(corpus / "bach" / f"{id}.mxl"), work=tunes[id])
        for id, piece in found.items()
    ]
    return entries, left_out


def credited(path):
    """Who encoded a chorale, as its score is signed; blank where it is not."""
    with zipfile.ZipFile(path) as score:
        return "Margaret Greentree" if any(b"Margaret Greentree" in score.read(name) for name in score.namelist()) else ""


def quartets(corpus):
    """Movements of string quartets by Haydn and Mozart: `(entries, left out)`; the movements of a work are one group."""
    entries, left_out = [], Counter()
    for title, (folder, *movements) in QUARTETS.items():
        for number, (name, tempo) in enumerate(movements, start=1):
            id = f"{folder.replace('/', '-')}-{number}"
            if not (corpus / folder / f"movement{number}.mxl").exists():
                raise FileNotFoundError(
                    f"{corpus / folder} has no movement {number}: another version of music21 than the lock names?"
                )
            try:
                piece = read_score(corpus / folder / f"movement{number}.mxl")
            except LeftOut as reason:
                left_out[str(reason)] += 1
                continue
            piece = replace(piece, voices=STRINGS, tempos=[(0, 60_000_000 // tempo)], title=f"{title}: {name}", style="quartet")
            entries.append(Entry(id, piece, f"music21 corpus, {folder}/movement{number}.mxl", "", work=folder))
    return entries, left_out


def _by_number(path):
    """bwv2.6 before bwv10.7."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", path.stem)]


def _four_voices(path):
    """The score with its four voices; instruments that play beside them are taken away."""
    from music21 import converter

    score = converter.parse(path, forceSource=True)
    voices = [part for part in score.parts if _voice(part) in VOICES]
    if sorted(map(_voice, voices)) != sorted(VOICES):
        raise LeftOut("not exactly one soprano, alto, tenor and bass")
    for part in list(score.parts):
        if part not in voices:
            score.remove(part)
    return score


def _voice(part):
    """The first word of a part's name: some are called "Soprano Oboe 1"."""
    return (part.partName or "?").split()[0]


def _key(piece):
    """The key: the files give the signature and guess major or minor, the last bass note tells the tonic of the modal tunes."""
    stated = piece.key
    last = min(note.pitch for note in piece.notes if note.end == piece.end) % 12
    fitting = [key for key in (Key.from_fifths(stated.fifths, mode) for mode in MODES) if key.pitch_class == last]
    return stated if stated.pitch_class == last or not fitting else fitting[0]


def _tunes(chorales):
    """Which chorales are settings of one tune: id -> the id of the first.

    Five shared runs of eight intervals, counted from beat to beat so that passing notes do not hide the tune, or the same title.
    """
    runs = [grams(_beats(piece), length=8) for piece in chorales.values()]
    titles = [piece.title.rpartition(",")[0].casefold() or id for id, piece in chorales.items()]
    firsts = group([{first, title} for first, title in zip(group(runs, shared=5), titles)], shared=1)
    ids = list(chorales)
    return {id: ids[first] for id, first in zip(ids, firsts)}


def _beats(piece):
    """What the soprano sings on each beat, repetitions left out."""
    soprano = [note for note in piece.notes if note.voice == 0]
    pitches, index = [], 0
    for tick in range(piece.pickup % piece.meter.beat, piece.end, piece.meter.beat):
        while index + 1 < len(soprano) and soprano[index + 1].start <= tick:
            index += 1
        if not pitches or pitches[-1] != soprano[index].pitch:
            pitches.append(soprano[index].pitch)
    return pitches
