"""Pieces as the Studio makes them: what was wished, what came of it, and the steps from the one to the other."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from musiclab import choir, lstm
from musiclab.arrange import arrange, program_of
from musiclab.arrange.band import player
from musiclab.compose import compose, is_chorale
from musiclab.harmonise import best_harmonisation, harmony_card
from musiclab.perform import seated
from musiclab.piece import DRUMS, Piece
from musiclab.provenance import loaded
from musiclab.studio.worker import part

TUNE, SECOND, CHORDS, BASS, DRUMMER = "tune", "second player", "chords", "bass", "drums"
SINGERS = ("soprano", "alto", "tenor", "bass voice")
ROLES = {TUNE: "melody", SECOND: "doubling", CHORDS: "chords", BASS: "bass"}  # as `arrange` calls them
MOST_SEEDS = 10_000  # of those that are drawn, so that they are short to note down
TUNES_ONLY = ("form", "range_", "density", "swing")  # of a chorale they cannot be asked


@dataclass(frozen=True)
class Wishes:
    """What a piece should be like; None where the network, or what is usual, decides.

    Args:
        style, bars, key, meter, tempo, temperature, seed, form, range_, density, swing: as for `musiclab.compose.compose`.
        opening: a `Piece` to go on from.
        harmony: "chorale" for three voices under the tune.
        pattern, doubling, bass, drums: as for `musiclab.arrange.arrange`; no pattern, no band.
        instruments: part -> name of an instrument.
    """

    style: str | None = None
    bars: int = 16
    key: str | None = None
    meter: str | None = None
    tempo: float | None = None
    temperature: float | None = None
    seed: int | None = None
    form: str | None = None
    range_: str | None = None
    density: str | None = None
    swing: bool = False
    opening: Piece | None = None
    harmony: str | None = None
    pattern: str | None = None
    doubling: str | None = None
    bass: bool = True
    drums: bool = True
    instruments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Take:
    """A piece and how it came about.

    Args:
        tune: as the network wrote it, before anybody put voices or a band under it.
        choir: the tune with the voices under it, if any were asked for, else the tune.
        piece: as it is played.
        parts: who plays each of its voices, such as "tune" or "chords".
        card: what there is to say about it, a dict.
        wishes: that led to it, the seed among them.
    """

    tune: Piece
    choir: Piece
    piece: Piece
    parts: tuple
    card: dict
    wishes: Wishes

    def mixed(self, desk, mute=True):
        """The piece as a mixing desk makes it sound.

        Args:
            desk: part -> a dict of volume, balance, space and muted.
            mute: whether a muted voice gets volume 0.
        """
        voices = []
        for name, voice in zip(self.parts, seated(self.piece).voices):
            if name in desk:
                knobs = {knob: desk[name][knob] for knob in ("volume", "balance", "space")}
                voice = voice._replace(**knobs | ({"volume": 0} if mute and desk[name]["muted"] else {}))
            voices.append(voice)
        return replace(self.piece, voices=voices)


class Networks:
    """The networks that write, each read from its file once, when it is first needed.

    Args:
        path: a model of tunes of your own; the one that ships if None.
    """

    def __init__(self, path=None):
        self.path = path

    @cached_property
    def tunes(self):
        """`(model, corpus, about)` as from `musiclab.provenance.loaded`."""
        return loaded(self.path, None, lstm.SHIPPED, lstm.load)

    @cached_property
    def choir(self):
        """The same of the network that writes for four voices."""
        return loaded(None, None, choir.SHIPPED, choir.load_choir)


def write(wishes, networks, tick):
    """Let a network write a piece as wished, with voices and a band under it if they are asked for.

    Returns:
        Take.

    Raises:
        ValueError: something cannot be had; the message says what can.
    """
    sung = is_chorale(wishes.style, wishes.opening)
    model, corpus, about = networks.choir if sung else networks.tunes
    wishes = replace(wishes, seed=int(_rng(None).integers(1, MOST_SEEDS)) if wishes.seed is None else wishes.seed)
    asked = {name: getattr(wishes, name) for name in ("style", "bars", "key", "meter", "tempo", "temperature", "seed")}
    asked |= {} if sung else {name: getattr(wishes, name) for name in TUNES_ONLY}
    tune, card = compose(**asked, continue_=wishes.opening, model=model, corpus=corpus, tick=part(tick, 0, 0.5))
    wishes = replace(wishes, seed=card["settings"]["seed"], harmony=None if sung else wishes.harmony)
    return _settled(tune, card | {"model": about}, wishes, networks, part(tick, 0.5, 0.9))


def more(take, wishes, networks, tick):
    """Go on from the tune of a take, in its style, key, meter and tempo; length and rhythm are as wished now.

    What was put under the tune, voices or a band, is put under it again.
    """
    kept = {"style": None, "key": None, "meter": None, "tempo": None, "form": None, "opening": take.tune}
    band = {name: getattr(take.wishes, name) for name in ("harmony", "pattern", "doubling", "bass", "drums", "instruments")}
    return write(replace(wishes, **kept, **band), networks, tick)


def harmonised(take, networks, tick):
    """Three voices under the tune of a take, in place of what was there."""
    if len({note.voice for note in take.tune.notes}) > 1:
        raise ValueError(f"{take.tune.title} has four voices already: there is nothing to add")
    return _settled(take.tune, take.card, replace(take.wishes, harmony="chorale", pattern=None), networks, tick)


def arranged(take, wishes):
    """A band for the tune of a take; the wishes say which. The voices under the tune, if there are any, give the chords."""
    band = {name: getattr(wishes, name) for name in ("doubling", "bass", "drums")}
    band |= {"pattern": wishes.pattern or "block", "instruments": take.wishes.instruments | wishes.instruments}
    return _with_band(take.tune, take.choir, take.card, replace(take.wishes, **band))


def played_by(take, part_name, instrument):
    """The same take, with another instrument for one of its parts."""
    wishes = replace(take.wishes, instruments=take.wishes.instruments | {part_name: instrument})
    return _with_band(take.tune, take.choir, take.card, wishes)


def _settled(tune, card, wishes, networks, tick):
    """A take from a tune that the network wrote."""
    card = {name: value for name, value in card.items() if name != "harmony"}
    if not wishes.harmony:
        return _with_band(tune, tune, card, wishes)
    found = best_harmonisation(tune, networks.choir[0], _rng(wishes.seed), tick=tick)
    sung = replace(found.piece, title=f"{tune.title}, for four voices")
    return _with_band(tune, sung, card | {"harmony": harmony_card(found)}, wishes)


def _with_band(tune, sung, card, wishes):
    """The last step to a take: the band, and who plays what."""
    if wishes.pattern:
        instruments = {role: wishes.instruments[name] for name, role in ROLES.items() if name in wishes.instruments}
        band = {"doubling": wishes.doubling, "bass": wishes.bass, "drums": wishes.drums}
        piece = arrange(sung, wishes.pattern, instruments=instruments, **band)
        piece = replace(piece, title=f"{tune.title}, {wishes.pattern} arrangement")
        plays = {SECOND: wishes.doubling, CHORDS: True, BASS: wishes.bass, DRUMMER: wishes.drums}
        parts = (TUNE, *(name for name in plays if plays[name]))
        return Take(tune, sung, piece, parts, card, wishes)
    parts = SINGERS if len(sung.voices) == len(SINGERS) else (TUNE,) * len(sung.voices)
    voices = [_voice(voice, name, wishes.instruments) for voice, name in zip(sung.voices, parts)]
    return Take(tune, sung, replace(sung, voices=voices), parts, card, wishes)


def _voice(voice, part_name, instruments):
    """A voice with the instrument that is wished for its part."""
    if part_name not in instruments or voice.program == DRUMS:
        return voice
    if part_name == TUNE:
        return player(instruments[part_name])
    return voice._replace(program=program_of(instruments[part_name]))


def _rng(seed):
    import numpy as np

    return np.random.default_rng(seed)
