"""A network writes a piece: notes, score, sound, and a card that says how it came about.

In the shell: `musiclab compose --style reel --key "G major" --seed 1`. Neither Keras nor music21 is loaded.
"""

import hashlib
import re
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from musiclab.bundle import write_all
from musiclab.commission import TONES, beats_a_minute, commission
from musiclab.controls import TuneControls
from musiclab.corpus import Corpus, beside
from musiclab.evaluate import longest_copy, nats
from musiclab.generate import continue_from, read, sample
from musiclab.opening import legible, opening
from musiclab.piece import TICKS_PER_WHOLE, Piece, Voice
from musiclab.symbols import C5, decode

LOW, HIGH = 55, 86  # G3 to D6: from a fiddle's lowest string to as high as dance tunes go
MIDDLE = 73  # the middle pitch of the tunes in the books; of half of them it is 71 to 74
CONTINUED = re.compile(r", continued \(seed \d+\)$")
FIDDLE = Voice("Fiddle", 110)
TUNE = 60  # notes; fewer are too short a piece to compare with whole tunes by people
FEW = 10  # tunes; a style with fewer is hardly learned
LONGEST_GIVEN = 600  # seconds of a tune to go on from
WISHES = "style bars key meter pickup tempo temperature seed continue_ model".split()  # arguments of `compose` and options alike


def compose(
    style=None,
    bars=16,
    key=None,
    tempo=None,
    temperature=0.9,
    seed=None,
    *,
    meter=None,
    pickup=None,
    continue_=None,
    model=None,
    corpus=None,
):
    """Let a network write a tune.

    Bars are full (a tune with a pickup ends so much earlier in its last bar), the tune keeps to the scale of its key and ends on
    its tonic, and it stays within a fiddle's range. The same arguments give the same tune.

    Args:
        style: one that the model knows; "reel", or that of the tune to go on from, if None.
        bars: full bars to write, 1 to 64; with `continue_`, to add.
        key: such as "E dorian" or a `Key`; the most usual one of the style if None.
        tempo: beats a minute, in the beat of the meter: half notes in 2/2, dotted quarters in 6/8; the usual one if None.
        temperature: >= 0; below 1 is safer, 0 always takes the likeliest.
        seed: whole number, 0 or more; a fresh one is drawn, and named in the card, if None.
        meter: such as "6/8" or a `Meter`; the most usual one of the style if None.
        pickup: such as "1/8", a fraction of a whole note, 0 for none; if None, the network chooses as is usual in the style.
        continue_: a `Piece` of one voice to go on from. Its notes stay as they are; so do its key, meter and tempo, unless asked
            otherwise.
        model: as from `musiclab.lstm.load`, or the path of its file; the one that ships with the package if None.
        corpus: a `Corpus` of what the model learned from; if None, the one beside the model's file.

    Returns:
        `(Piece, dict)`: the tune, and a card with the settings, what the model is, how surprising the tune is to it, and how much
        of it was there before.

    Raises:
        ValueError, OSError: something cannot be had; the message says what can.
    """
    model, corpus, about = _loaded(model, corpus)
    habits = corpus.habits if corpus else {}
    vocabulary, given = model.vocabulary, continue_
    if given and given.seconds(given.end) > LONGEST_GIVEN:
        minutes = given.seconds(given.end) / 60
        raise ValueError(
            f"{given.title!r} lasts {minutes:.0f} minutes: expected at most {LONGEST_GIVEN // 60}; give a shorter part"
        )
    order = commission(
        vocabulary,
        habits,
        style=style,
        bars=bars,
        key=key,
        tempo=tempo,
        temperature=temperature,
        seed=seed,
        meter=meter,
        pickup=pickup,
        given=given,
    )
    begun, tonic, n_given = opening(given, order.meter, order.key) if given else ([], _home(order.key), 0)
    controls = TuneControls(
        vocabulary,
        style=order.style,
        meter=order.meter,
        mode=order.key.mode,
        bars=n_given + order.bars,
        pickup=order.pickups,
        pitches=[pitch - tonic + C5 for pitch in range(LOW, HIGH + 1) if (pitch - tonic) % 12 in TONES[order.key.mode]],
    )
    prompt = [*controls.head, *legible(begun, vocabulary, controls)]
    place = read(model, prompt, controls=controls)
    place = place._replace(rules=place.rules._replace(held=0))  # the last given note keeps its length
    if not controls.allowed(place.rules).any():
        raise ValueError(f"{given!r} stops where none of the lengths this model knows completes the bar: let it end on a beat")
    draw = partial(sample, temperature=order.temperature)
    most = (n_given + order.bars + 1) * (2 * order.meter.bar + 1) + 1  # if every note lasted a tick
    ids, _ = continue_from(model, place, most, sample=draw, controls=controls, rng=np.random.default_rng(order.seed))
    written = decode([*vocabulary.names(controls.head), *begun, *vocabulary.names(ids)], tonic)
    written = written if given else _in_register(written)
    new = [note for note in written.notes if not given or note.start >= given.end]
    piece = _finished(written, new, given, order)
    return piece, {
        "title": piece.title,
        "settings": {
            "style": order.style,
            "bars": order.bars,
            "key": str(order.key),
            "meter": str(order.meter),
            "pickup": str(Fraction(piece.pickup, TICKS_PER_WHOLE)),
            "tempo": round(beats_a_minute(order.tempo, order.meter), 2),
            "beat": str(Fraction(order.meter.beat, TICKS_PER_WHOLE)),
            "temperature": order.temperature,
            "seed": order.seed,
            "goes_on_from": {"title": given.title, "bars": n_given, "notes": len(given.notes)} if given else None,
        },
        "model": about,
        "examples": sum(habits[order.style]["meters"].values()) if order.style in habits else None,
        "notes": len(new),
        "symbols": len(ids),
        "nats_a_symbol": round(float(nats(model, prompt + ids)[len(prompt) :].mean()), 4),
        "originality": _originality(new, piece, corpus),
    }


def _loaded(model, corpus):
    """The model, the corpus of what it learned from (None where nobody knows), and for the card what the model is."""
    if hasattr(model, "step"):
        return model, corpus, {"kind": type(model).__name__}
    from musiclab import lstm

    path = Path(model or lstm.SHIPPED)
    model = lstm.load(path)
    if corpus is None and beside(path).exists():
        corpus = Corpus.load(beside(path))
    return model, corpus, {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _home(key):
    """The MIDI pitch that the written C5 stands for: the tonic nearest the middle of the range."""
    return min((t for t in range(128) if t % 12 == key.pitch_class), key=lambda t: abs(2 * t - LOW - HIGH))


def _in_register(piece):
    """The piece in the octave where people would play it, within the range."""
    pitches = sorted(note.pitch for note in piece.notes)
    shifts = [shift for shift in (0, 12, -12) if LOW <= pitches[0] + shift and pitches[-1] + shift <= HIGH]
    return piece.transposed(min(shifts, key=lambda shift: abs(pitches[len(pitches) // 2] + shift - MIDDLE)))


def _finished(written, new, given, order):
    """The piece with its title, key, tempo and instrument; given notes exactly as they were."""
    if not given:
        title = f"{order.style.capitalize() or 'Tune'} in {order.key} (seed {order.seed})"
        return replace(written, keys=[(0, order.key)], voices=[FIDDLE], tempos=[(0, order.tempo)], title=title)
    _, _, _, velocity, voice = given.notes[-1]
    keys = given.keys if given.keys and given.key == order.key else [(0, order.key)]
    return replace(
        given,
        notes=[*given.notes, *(note._replace(velocity=velocity, voice=voice) for note in new)],
        keys=keys,
        meters=[(0, order.meter)],
        tempos=given.tempos if given.tempos[0][1] == order.tempo else [(0, order.tempo)],
        pickup=written.pickup,
        style=order.style or given.style,
        title=f"{CONTINUED.sub('', given.title) or 'A tune'}, continued (seed {order.seed})",
    )


def _originality(new, piece, corpus):
    """What the card says about copying; None where nobody knows what the model learned from."""
    if corpus is None:
        return None
    copy = longest_copy(Piece(new), corpus)
    bar = None
    if copy.notes:
        bar = piece.bar_number(new[copy.start].start)
    found = {
        "longest_copy": copy.notes,
        "from_bar": bar,
        "tune": copy.title,
        "compared_with": f"{len(corpus.titles)} melodies the model learned from, in every transposition; rhythm does not count",
        "human_tunes_that_share_as_much": None,
        "human_median": None,
    }
    if corpus.held_out and len(new) >= TUNE:
        found["human_tunes_that_share_as_much"] = round(sum(h >= copy.notes for h in corpus.held_out) / len(corpus.held_out), 3)
        found["human_median"] = corpus.held_out[len(corpus.held_out) // 2]
    return found


def originality_line(card):
    """One line in plain words on how much of a piece was there before.

    >>> originality_line({"notes": 99, "originality": None})
    'Originality: unknown, for nothing says what this model learned from.'
    """
    found = card["originality"]
    if not found:
        return "Originality: unknown, for nothing says what this model learned from."
    if not found["longest_copy"]:
        return "Originality: no two notes in a row are in a tune that the network learned from."
    line = f"Originality: at most {found['longest_copy']} of {card['notes']} notes in a row are also in a tune it learned from"
    line += f' ("{found["tune"]}", here from bar {found["from_bar"]})'
    if found["human_median"]:
        share = round(100 * found["human_tunes_that_share_as_much"])
        line += f"; {share} of 100 tunes by people share as many or more"
    elif card["notes"] < TUNE:
        line += "; the piece is too short to compare with tunes by people"
    return line + "."


def add_arguments(parser):
    """The options of `musiclab compose`."""
    add = parser.add_argument
    add("--style", help="such as reel or 'slip jig' (default: reel, or what is usual in the meter)")
    add("--bars", default=16, metavar="N", help="full bars to write, 1 to 64, the pickup not counted (default: 16)")
    add("--key", help="such as 'G major' or 'E dorian' (default: the usual one of the style)")
    add("--meter", help="such as 6/8 (default: the usual one of the style)")
    add("--pickup", help="such as 1/8, 0 for none (default: the network chooses)")
    add("--tempo", metavar="BEATS", help="beats a minute, in the beat of the meter: half notes in 2/2, dotted quarters in 6/8")
    add("--temperature", default=0.9, metavar="T", help="0 always takes the likeliest, 1 draws as it learned (default: 0.9)")
    add("--seed", metavar="N", help="the same seed gives the same piece (default: another one every time)")
    add("--continue", dest="continue_", metavar="FILE.mid", help="go on from this tune of one voice, adding --bars bars")
    add("--model", metavar="FILE", help="a model of your own, from musiclab train (default: the one that ships)")
    add("--out", metavar="PATH", help="where to, without suffix (default: named after the piece, here)")


def run(arguments):
    """Compose, write the files, and say where they are and how original the piece is."""
    wishes = {name: value for name, value in vars(arguments).items() if name in WISHES}
    source = arguments.continue_
    if source:
        from musiclab.midi import read_midi

        given = read_midi(source)
        wishes["continue_"] = given = replace(given, title=given.title or Path(source).stem)
    piece, card = compose(**wishes)
    stem = Path(arguments.out or re.sub("[^a-z0-9]+", "-", piece.title.lower().replace("#", " sharp")).strip("-"))
    stem = stem / "piece" if stem.is_dir() else stem
    if source and stem.with_name(stem.name + ".mid").resolve() == Path(source).resolve():
        raise ValueError(f"--out {stem} would write over {source}, the tune to go on from; choose another --out")
    paths = write_all(piece, card, stem)
    for line in summary(piece, card):
        print(line)
    print("Written:", *paths)
    print(originality_line(card))


def summary(piece, card):
    """What was written, in a line or more of plain words."""
    from musiclab.sound import missing_sound_font_line, substitutions

    settings, given = card["settings"], card["settings"]["goes_on_from"]
    bars = f"{settings['bars']} bar{'s' if settings['bars'] != 1 else ''}"
    added = f", added to {given['bars']}" if given else ""
    style = f", as a {settings['style']}" if given and settings["style"] else ""
    yield f"{piece.title}: {bars} of {settings['meter']}{added}{style}, {settings['tempo']:g} beats of {settings['beat']} a minute"
    if card["examples"] is not None and card["examples"] < FEW:
        yield f"The network saw only {card['examples']} tune{'s' * (card['examples'] != 1)} of this style: do not expect it to know it well."
    yield from filter(None, [missing_sound_font_line(), *substitutions(piece)])
