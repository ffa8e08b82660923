"""A network writes a piece: notes, score, sound, and a card that says how it came about.

In the shell: `musiclab compose --style reel --key "G major" --seed 1`. Neither Keras nor music21 is loaded.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from musiclab import lstm
from musiclab.choir import CHORALE, compose_chorale
from musiclab.commission import commission, continued
from musiclab.controls import TuneControls
from musiclab.evaluate import nats
from musiclab.form import ASKED, USUAL, Formed, draw_form
from musiclab.generate import continue_from, read, sample
from musiclab.key import TONES
from musiclab.limits import read_density, read_range, straight_places, swung
from musiclab.opening import legible, opening
from musiclab.piece import Voice
from musiclab.provenance import loaded, originality
from musiclab.symbols import C5, decode

LOW, HIGH = 55, 86  # G3 to D6: from a fiddle's lowest string to as high as dance tunes go
MIDDLE = 73  # the middle pitch of the tunes in the books; of half of them it is 71 to 74
FIDDLE = Voice("Fiddle", 110)
FREE = "free"  # the form that is no form
BARS, TEMPERATURE = 16, 1.0  # if nobody asks otherwise
PAGE = 16  # symbols from one word on how far it is to the next


def compose(
    style=None,
    bars=None,
    key=None,
    tempo=None,
    temperature=None,
    seed=None,
    *,
    meter=None,
    pickup=None,
    form=None,
    range_=None,
    density=None,
    swing=False,
    continue_=None,
    model=None,
    corpus=None,
    tick=None,
):
    """Let a network write a tune, or a chorale for four voices.

    Bars are full (a tune with a pickup ends so much earlier in its last bar), the tune keeps to the scale of its key and ends on
    its tonic, and it stays within a fiddle's range. A chorale is written by a network of its own: see
    `musiclab.choir.compose_chorale`. The same arguments give the same piece.

    Args:
        style: one that the model knows, or "chorale"; "reel", or that of the tune to go on from, if None.
        bars: full bars to write, 1 to 64; with `continue_`, to add. 16 if None, of a chorale 8.
        key: such as "E dorian" or a `Key`; the most usual one of the style if None.
        tempo: beats a minute, in the beat of the meter: half notes in 2/2, dotted quarters in 6/8; the usual one if None.
        temperature: >= 0; below 1 is safer, 0 always takes the likeliest; 1 if None.
        seed: whole number, 0 or more; a fresh one is drawn, and named in the card, if None.
        meter: such as "6/8" or a `Meter`; the most usual one of the style if None.
        pickup: such as "1/8", a fraction of a whole note, 0 for none; if None, the network chooses as is usual in the style.
        form: what comes back and when, such as "AABB", or "AA.BB." with a dot where a part ends on the tonic (see `musiclab.form`); the
            letters divide the bars, those of `continue_` too. A wish, not a rule. If None, one as is usual in tunes of the style and
            length, but none with `continue_`; "free" leaves it to the network.
        range_: such as "D4-B5", an octave or more, for the new notes; G3 to D6, a fiddle's, if None.
        density: the fewest and the most notes a bar, such as "6-8"; pickup and last bar are free.
        swing: whether eighth notes go in pairs, long and short, two thirds of a beat and one.
        continue_: a `Piece` of one voice to go on from, or of four for a chorale. Its notes stay as they are; so do its key,
            meter and tempo, unless asked otherwise.
        model: as from `musiclab.lstm.load` (a chorale's: `musiclab.voices.load_voices`), or the path of its file; the one that
            ships with the package if None.
        corpus: a `Corpus` of what the model learned from; if None, the one beside the model's file.
        tick: told now and then how much is done, from 0 to 1; what it raises ends the composing.

    Returns:
        `(Piece, dict)`: the tune, and a card with the settings, what the model is, how surprising the tune is to it, and how much
        of it was there before.

    Raises:
        ValueError, OSError: something cannot be had; the message says what can.
    """
    wishes = {
        "bars": bars,
        "key": key,
        "tempo": tempo,
        "temperature": temperature,
        "seed": seed,
        "meter": meter,
        "pickup": pickup,
    }
    if is_chorale(style, continue_, model):
        asked = [name for name, wish in (("form", form), ("range", range_), ("density", density), ("swing", swing)) if wish]
        if asked:
            raise ValueError(f"{asked[0]}: a chorale has its own; leave it out, or ask for a tune")
        return compose_chorale(**wishes, continue_=continue_, model=model, corpus=corpus, tick=tick)
    model, corpus, about = loaded(model, corpus, lstm.SHIPPED, lstm.load)
    habits = corpus.habits if corpus else {}
    vocabulary, given = model.vocabulary, continue_
    wishes["bars"] = BARS if bars is None else bars
    wishes["temperature"] = TEMPERATURE if temperature is None else temperature
    order = commission(vocabulary, habits, style=style, given=given, **wishes)
    low, high = read_range(range_) if range_ else (LOW, HIGH)
    begun, tonic, n_given = opening(given, order.meter, order.key) if given else ([], _home(order.key, low, high), 0)
    n_bars, rng = n_given + order.bars, np.random.default_rng(order.seed)
    strength = USUAL if form is None else ASKED
    form = draw_form(habits, order.style, n_bars, rng) if form is None and not given else form
    writer = Formed(model, vocabulary, form, n_bars, strength) if form and form != FREE else model
    controls = TuneControls(
        vocabulary,
        style=order.style,
        meter=order.meter,
        mode=order.key.mode,
        bars=n_bars,
        pickup=order.pickups,
        pitches=[pitch - tonic + C5 for pitch in range(low, high + 1) if (pitch - tonic) % 12 in TONES[order.key.mode]],
        places=straight_places(order.meter) if swing else None,
        density=None if density is None else read_density(density),
    )
    prompt = [*controls.head, *legible(begun, vocabulary, controls)]
    place = read(writer, prompt, controls=controls)
    place = place._replace(rules=place.rules._replace(held=0))  # the last given note keeps its length
    if not controls.allowed(place.rules).any():
        raise ValueError(f"{given!r} stops where none of the lengths this model knows completes the bar: let it end on a beat")
    draw = partial(sample, temperature=order.temperature)
    most = (n_bars + 1) * (2 * order.meter.bar + 1) + 1  # if every note lasted a tick
    ids = []
    while len(ids) < most and not controls.done(place.rules):
        if tick:
            tick(max(place.rules.bars, 0) / n_bars)
        more, place = continue_from(writer, place, min(PAGE, most - len(ids)), sample=draw, controls=controls, rng=rng)
        ids += more
    written = decode([*vocabulary.names(controls.head), *begun, *vocabulary.names(ids)], tonic)
    written = written if given else _in_register(written, low, high)
    written = swung(written, since=given.end if given else 0) if swing else written
    new = [note for note in written.notes if not given or note.start >= given.end]
    piece = _finished(written, new, given, order)
    return piece, {
        "title": piece.title,
        "settings": order.settings(piece.pickup, given, n_given)
        | {"form": form or FREE, "range": range_, "density": density, "swing": bool(swing)},
        "model": about,
        "examples": sum(habits[order.style]["meters"].values()) if order.style in habits else None,
        "notes": len(new),
        "symbols": len(ids),
        "nats_a_symbol": round(float(nats(model, prompt + ids)[len(prompt) :].mean()), 4),
        "originality": originality(new, piece, corpus),
    }


def is_chorale(style, given=None, model=None):
    """Whether a chorale is asked for: by its style, by four voices to go on from, or by a model that writes chorales."""
    if style is not None:
        return str(style).strip().lower().removesuffix("s") == CHORALE
    return hasattr(model, "layout") or (given is not None and len({note.voice for note in given.notes}) == 4)


def _home(key, low, high):
    """The MIDI pitch that the written C5 stands for: the tonic nearest the middle of the range."""
    return min((t for t in range(128) if t % 12 == key.pitch_class), key=lambda t: abs(2 * t - low - high))


def _in_register(piece, low, high):
    """The piece in the octave where people would play it, within the range."""
    pitches = sorted(note.pitch for note in piece.notes)
    shifts = [shift for shift in (0, 12, -12) if low <= pitches[0] + shift and pitches[-1] + shift <= high]
    return piece.transposed(min(shifts, key=lambda shift: abs(pitches[len(pitches) // 2] + shift - MIDDLE)))


def _finished(written, new, given, order):
    """The piece with its title, key, tempo and instrument; given notes exactly as they were."""
    if not given:
        title = f"{order.style.capitalize() or 'Tune'} in {order.key} (seed {order.seed})"
        return replace(written, keys=[(0, order.key)], voices=[FIDDLE], tempos=[(0, order.tempo)], title=title)
    _, _, _, velocity, voice = given.notes[-1]
    return replace(
        given,
        notes=[*given.notes, *(note._replace(velocity=velocity, voice=voice) for note in new)],
        **order.kept(given),
        meters=[(0, order.meter)],
        pickup=written.pickup,
        style=order.style or given.style,
        title=continued(given.title or "A tune", order.seed),
    )
