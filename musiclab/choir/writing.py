"""A network writes for four voices: a chorale of its own, or one that goes on from what is given.

First a plan is drawn: whether there is a pickup, where the phrases end, how long each last chord lasts. Then the network writes
frame after frame, and hard rules keep the singers within their ranges and strike the last chord of every phrase together.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from musiclab.choir.beam import follow
from musiclab.choir.frames import FRAME, FRAMES_A_BEAT, LAYOUT, SINGERS, Plan, frames_of, piece_of
from musiclab.choir.part_rules import HOLD, MOVE, RANGES, STRIKE, PartRules
from musiclab.choir.phrases import draw_phrases
from musiclab.commission import checked_seed, commission, continued
from musiclab.evaluate import nats
from musiclab.generate import read
from musiclab.piece import Piece
from musiclab.provenance import loaded, originality
from musiclab.symbols import Vocabulary
from musiclab.voices import load_voices

CHORALE, BARS, TEMPERATURE = "chorale", 8, 1.0
CALM = (0.85, 0.55, 0.6, 0.6)  # which pitch comes next is drawn at this share of the temperature; when one comes, at all of it
SHIPPED = Path(__file__).parents[1] / "data" / "chorales.npz"
CAN = Vocabulary([f"<{CHORALE}>", "<3/4>", "<4/4>", "<major>", "<minor>", "<dorian>", "<mixolydian>"])  # be asked for


def load_choir(path=SHIPPED):
    """Read a network that writes chorales.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the file holds something else.
    """
    voices = load_voices(path)
    if voices.layout != LAYOUT:
        raise ValueError(f"{path}: a network for other voices than a chorale's; train one with tools/train_chorales.py")
    return voices


def compose_chorale(
    bars=None,
    key=None,
    tempo=None,
    temperature=None,
    seed=None,
    *,
    meter=None,
    pickup=None,
    continue_=None,
    model=None,
    corpus=None,
    tick=None,
):
    """Let a network write a chorale.

    The voices keep to their singers' ranges and do not cross, every phrase ends in a chord that all strike, under a fermata, and
    the last chord is the tonic triad.

    Args:
        bars, key, tempo, temperature, seed: as for `musiclab.compose.compose`; 8 bars and 1.0 if None, and one of the keys that
            Bach wrote in, as often as he did. Pitches are drawn at less than the temperature, see CALM.
        meter: 4/4 or 3/4.
        pickup: whole beats, such as "1/4".
        continue_: a `Piece` of four voices to go on from, soprano first.
        model: as from `load_choir`, or the path of its file; the one that ships with the package if None.
        corpus: a `Corpus` of the sopranos it learned from; if None, the one beside the model's file.
        tick: told now and then how much is done, from 0 to 1; what it raises ends the composing.

    Returns:
        `(Piece, dict)`: the chorale, and a card as of a tune; copies are looked for in the soprano.

    Raises:
        ValueError, OSError: something cannot be had; the message says what can.
    """
    model, corpus, about = loaded(model, corpus, SHIPPED, load_choir)
    habits, given = corpus.habits if corpus else {}, continue_
    meter = "4/4" if meter is None and not habits and not given else meter
    temperature = TEMPERATURE if temperature is None else temperature
    seed = checked_seed(seed)
    key = _usual_key(habits, seed) if key is None and not given else key
    wishes = {"bars": BARS if bars is None else bars, "key": key, "tempo": tempo, "temperature": temperature, "seed": seed}
    order = commission(CAN, habits, style=CHORALE, meter=meter, pickup=pickup, given=given, **wishes)
    pickups = habits.get(CHORALE, {}).get("pickups", {}).get(str(order.meter))
    phrases = getattr(model, "card", {}).get("phrases", {}).get(str(order.meter))
    piece, prompt, ids = write_chorale(model, order, pickups, phrases, given, tick)
    title = continued(given.title or "A chorale", order.seed) if given else f"Chorale in {order.key} (seed {order.seed})"
    piece = replace(piece, title=title, style=CHORALE)
    new = [note for note in piece.notes if not given or note.start >= given.end]
    plan = Plan(replace(piece, notes=()), (len(prompt) + len(ids)) // 4)
    surprise = nats(hearing(model, plan.given()), prompt + ids)[len(prompt) :]
    found = originality([note for note in new if note.voice == 0], piece, corpus)
    return piece, {
        "title": piece.title,
        "settings": order.settings(piece.pickup, given, -(-given.end // given.meter.bar) if given else 0),
        "model": about,
        "examples": sum(habits[CHORALE]["meters"].values()) if CHORALE in habits else None,
        "notes": len(new),
        "symbols": len(ids),
        "nats_a_symbol": round(float(surprise.mean()), 4),
        "nats_a_note": round(float(surprise.sum() / len(new)), 4),
        "originality": found and found | {"notes": sum(note.voice == 0 for note in new), "of": "the soprano"},
    }


def hearing(model, given):
    """The model, which knows from its start what is given: ready for `musiclab.generate`."""
    return SimpleNamespace(start=partial(model.start, given), step=model.step)


def write_chorale(model, order, pickups=None, phrases=None, given=None, tick=None):
    """Let a network write a chorale.

    Args:
        model: `Voices`, or anything with `start(given)` and `step`, for the layout of `musiclab.choir.frames`.
        order: a `Commission`.
        pickups: ticks -> how often people begin so; equally often if None.
        phrases: habits of phrases in this meter, as from `musiclab.choir.phrases`; {} where nobody knows.
        given: a `Piece` of four voices to go on from, or None.
        tick: as for `musiclab.choir.beam.follow`.

    Returns:
        `(Piece, prompt, ids)`: the chorale, the ids that were given and those that were written.

    Raises:
        ValueError: the given piece is no chorale; the message says why.
    """
    rng = np.random.default_rng(order.seed)
    about, frames = _begun(order, pickups, given, rng)
    bar, n_given = order.meter.bar // FRAME, len(frames)
    n_frames = (-(-n_given // bar) + order.bars) * bar
    acts, fermatas = np.full(n_frames, MOVE), list(about.fermatas)
    place = (n_given - about.pickup // FRAME) % bar
    for begin, stroke, end in draw_phrases(phrases or {}, n_frames - n_given, bar, place, rng):
        acts[n_given + stroke : n_given + end] = HOLD
        acts[[n_given + begin, n_given + stroke]] = STRIKE
        fermatas.append((n_given + stroke) * FRAME)
    plan = Plan(replace(about, fermatas=fermatas), n_frames)
    rules = PartRules(acts, [(low + plan.shift, high + plan.shift) for low, high in RANGES], mode=about.key.mode)
    heard, prompt = hearing(model, plan.given()), [int(id) for id in frames.ravel()]
    start = read(heard, prompt, controls=rules)
    wishes = {"temperature": order.temperature, "rng": rng, "shape": _calm, "tick": tick}
    ids = follow(heard, start, 4 * (n_frames - n_given), rules, width=1, **wishes).ids
    written = piece_of(np.array(prompt + ids).reshape(-1, 4), plan)
    if given:
        loudness = {note.voice: note.velocity for note in given.notes}
        new = [note._replace(velocity=loudness[note.voice]) for note in written.notes if note.start >= given.end]
        written = replace(written, notes=[*given.notes, *new])
    return written, prompt, ids


def _usual_key(habits, seed):
    """One of the keys of the chorales that are known, by the seed; None where none are."""
    usual = habits.get(CHORALE, {}).get("keys", {})
    if not usual:
        return None
    often = np.array(list(usual.values()))
    return list(usual)[np.random.default_rng([seed, len(usual)]).choice(len(usual), p=often / often.sum())]


def _calm(logits, state):
    """Logits in which new pitches differ more, as CALM has it: how likely the pitch is held, or struck again, stays the same."""
    slot, held = len(state.chosen), state.before[len(state.chosen)] if state.before else LAYOUT.none
    new = np.ones(len(logits), dtype=bool)
    new[[held, LAYOUT.again_id]] = False
    sharper = logits / CALM[slot]
    sharper += np.logaddexp.reduce(logits[new]) - np.logaddexp.reduce(sharper[new])
    return np.where(new, sharper, logits)


def _begun(order, pickups, given, rng):
    """A piece without notes that says all else, and the frames that stand already."""
    if given:
        frames, plan = frames_of(replace(given, **order.kept(given)))
        return plan.about, frames
    usual = {int(ticks): n for ticks, n in (pickups or {}).items()}
    weights = np.array([usual.get(ticks, 1) for ticks in order.pickups], dtype=float)
    pickup = int(rng.choice(order.pickups, p=weights / weights.sum()))
    if pickup % (FRAME * FRAMES_A_BEAT):
        raise ValueError(f"pickup of {pickup} ticks: a chorale begins on a beat; ask for 0, 1/4, 1/2 or, in 4/4, 3/4")
    maps = {"keys": [(0, order.key)], "meters": [(0, order.meter)], "tempos": [(0, order.tempo)]}
    return Piece(voices=SINGERS, pickup=pickup, style=CHORALE, **maps), np.zeros((0, 4), dtype=int)
