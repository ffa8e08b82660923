"""Cut the sound font that ships with musiclab out of Fluid R3 GM (`make soundfont`).

Fluid R3 GM is 148 MB; what a course needs of it fits in 4 MB: the instruments below, in mono, nothing after a loop's end,
Vorbis instead of plain samples. The input is Debian's package fluid-soundfont-gm 3.1-5.3, whose licence (MIT) and authors
are copied beside the result. The same input and libsndfile give the same bytes.
"""

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfont
from soundfont import ATTENUATION, COARSE_TUNE, FINE_TUNE, KEYS, LOOPS, PAN, ROOT, VELOCITIES, Instrument, Preset, SoundFont, Zone

SOURCE = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
SOURCE_SHA256 = "74594e8f4250680adf590507a306655a299935343583256f3b722c48a1bc1cb0"
LICENCE = Path("/usr/share/doc/fluid-soundfont-gm/copyright")
LICENCE_HEAD = """\
soundfont.sf3 is cut out of the sound font Fluid R3 GM by Frank Wen (tools/build_soundfont.py in musiclab's repository says how:
some of its instruments, in mono, shortened, compressed, retuned and balanced). It stays under the licence of the original, whose
text and authors follow as Debian's package fluid-soundfont-gm 3.1-5.3 gives them.
"""
TARGET = Path(__file__).resolve().parent.parent / "musiclab" / "data"

DRUM_BANK = 128
DRUM_KEYS = range(35, 82)  # the kit of General MIDI level 1
DRUM_SECONDS = 2.5  # cymbals ring longer; they are faded out here
HEADROOM = 0.8  # compression overshoots, and what leaves 16 bits on decoding wraps around into a loud click
AFTER_LOOP = 2048  # frames after a loop's end: room to look for a place where its ends meet
INTERPOLATION = 8  # frames that a synthesiser may look ahead
ONSET_RISE = 0.01  # seconds in which a recording that starts later fades in


class Cut(NamedTuple):
    """How much of a preset is kept, and what is put right in it.

    Args:
        gain: dB, so that all presets are about as loud at the same velocity.
        step: every how many of its recordings stay; the others' keys go to their neighbours.
        onset: start each recording where it first reaches this part of its level; the players of some swell in so slowly
            that the notes of a reel would be over before they are heard. 0 keeps all.
        tune: measure each recording's pitch and correct it.
        quality: of Vorbis, 0 to 1.
    """

    program: int
    gain: float = 0.0
    step: int = 1
    onset: float = 0.0
    tune: bool = False
    quality: float = 0.2
    bank: int = 0


CUTS = (
    Cut(0, 2.0),  # piano
    Cut(6, -5.0),  # harpsichord
    Cut(11, 4.0),  # vibraphone
    Cut(19, -7.0, step=2),  # church organ
    Cut(21, -3.0),  # accordion
    Cut(24, -3.5),  # nylon guitar
    Cut(32, 0.0),  # acoustic bass
    Cut(40, -5.0, onset=0.7),  # violin
    Cut(41, -4.0, onset=0.6, step=2),  # viola
    Cut(42, -2.5, onset=0.6, step=2),  # cello
    Cut(46, 2.5, step=2),  # harp
    Cut(48, 0.0, onset=0.3, step=2),  # strings
    Cut(52, -2.0, onset=0.3, tune=True),  # choir
    Cut(56, -6.5),  # trumpet
    Cut(57, -9.0, step=2),  # trombone
    Cut(60, -3.5),  # French horn
    Cut(68, -7.5, onset=0.3),  # oboe
    Cut(70, -3.5, step=2),  # bassoon
    Cut(71, -7.5, step=2),  # clarinet
    Cut(73, -8.5),  # flute
    Cut(74, -13.0),  # recorder
    Cut(110, -5.0, onset=0.7),  # fiddle: the violin's recordings with another envelope
    Cut(0, bank=DRUM_BANK),
)


def cut(font, cuts=CUTS):
    """The part of a font that `cuts` names, as a new font."""
    presets = {(preset.bank, preset.program): preset for preset in font.presets}
    done = {}  # instruments and samples that presets share stay shared
    return SoundFont(font.info, [cut_preset(presets[wanted.bank, wanted.program], wanted, done) for wanted in cuts])


def cut_preset(preset, wanted, done):
    """One preset, smaller."""
    common = {}
    zones = []
    for zone in preset.zones:
        if zone.target is None:
            common = zone.generators
            zones.append(Zone({**common}, zone.modulators))
            continue
        instrument = cut_instrument(zone.target, wanted, done)
        if instrument.zones:
            # FluidSynth, as the Sound Blaster did, takes 0.4 dB for each ten of attenuation.
            louder = round(wanted.gain / 0.04)
            attenuation = zone.generators.get(ATTENUATION, common.get(ATTENUATION, 0)) - louder
            zones.append(Zone({**zone.generators, ATTENUATION: attenuation}, zone.modulators, instrument))
    return Preset(preset.name, preset.bank, preset.program, zones)


def cut_instrument(instrument, wanted, done):
    """One instrument in mono, with every `step`-th recording, over the whole keyboard; a drum kit with its keys only."""
    if instrument in done:
        return done[instrument]
    common = {}
    kept = []
    for zone in mono(instrument.zones) if wanted.bank == DRUM_BANK else thin(list(mono(instrument.zones)), wanted.step):
        low, high = zone.range_of(KEYS)
        if zone.target is None:
            common = zone.generators
            kept.append(zone)
        elif wanted.bank != DRUM_BANK or set(DRUM_KEYS) & set(range(low, high + 1)):
            looped = bool(zone.generators.get(LOOPS, common.get(LOOPS, 0)) & 1)
            kept.append(replace(zone, target=cut_sample(zone.target, looped, wanted, done)))
            if wanted.tune:
                kept[-1] = tuned(kept[-1])
    if all(zone.target is None for zone in kept):
        kept = []
    return done.setdefault(instrument, Instrument(instrument.name, kept))


def mono(zones):
    """Zones without the right half of stereo pairs, the rest in the middle.

    The halves of a pair have the same keys and velocities; mixed, they would partly cancel each other.
    """
    place = lambda zone: (zone.range_of(KEYS), zone.range_of(VELOCITIES))  # noqa: E731
    left = {place(zone) for zone in zones if zone.target and zone.generators.get(PAN, 0) < 0}
    for zone in zones:
        if zone.target is None or zone.generators.get(PAN, 0) <= 0 or place(zone) not in left:
            yield replace(zone, generators={number: amount for number, amount in zone.generators.items() if number != PAN})


def thin(zones, step):
    """Every `step`-th group of keys; the keys between go to the nearer neighbour, the lowest and highest reach the ends."""
    groups = sorted({zone.range_of(KEYS) for zone in zones if zone.target})
    kept = groups[(step - 1) // 2 :: step]
    borders = [0, *((low[1] + high[0] + 1) // 2 for low, high in zip(kept, kept[1:])), 128]
    ranges = {group: low | (high - 1) << 8 for group, low, high in zip(kept, borders, borders[1:])}
    result = []
    for zone in zones:
        if zone.target is None:
            result.append(zone)
        elif zone.range_of(KEYS) in ranges:
            result.append(replace(zone, generators={**zone.generators, KEYS: ranges[zone.range_of(KEYS)]}))
    return result


def cut_sample(sample, looped, wanted, done):
    """What is heard of a sample: up to its loop's end, or the first seconds of one that does not repeat."""
    if (sample, looped) not in done:
        audio = np.round(sample.audio * HEADROOM).astype(np.int16)
        plain = replace(sample, audio=audio, kind=soundfont.MONO, quality=wanted.quality)
        done[sample, looped] = joined(repeating(plain, wanted.onset)) if looped else once(plain)
    return done[sample, looped]


def once(sample):
    """A sample that sounds once, faded out after `DRUM_SECONDS`."""
    audio = sample.audio[: int(DRUM_SECONDS * sample.rate)].copy()
    if len(audio) < len(sample.audio):
        fade = np.linspace(1, 0, sample.rate // 2) ** 2
        audio[-len(fade) :] = np.round(audio[-len(fade) :] * fade)
    return replace(sample, audio=audio, loop=(0, len(audio)))


def repeating(sample, onset):
    """A sample that repeats: from its onset to its loop's end, and the loop's beginning once more."""
    first, last = sample.loop
    start = onset_of(sample, onset) if onset else 0
    audio = np.concatenate([sample.audio[start:last], np.resize(sample.audio[first:last], AFTER_LOOP)])
    if start:
        rise = int(ONSET_RISE * sample.rate)
        audio[:rise] = np.round(audio[:rise] * np.linspace(0, 1, rise))
    return replace(sample, audio=audio, loop=(first - start, last - start))


def joined(sample):
    """The same sample with its loop moved to where its ends meet after compression.

    Both ends are altered by it, each in its own way, and the step from one to the other is heard as a click. As the loop's
    beginning follows its end, it may as well start some frames later: where the values on both sides agree best.
    """
    first, last = sample.loop
    heard = soundfont.decoded(soundfont.vorbis(sample.audio, sample.rate, sample.quality)).astype(float)
    n_after = len(heard) - last
    steps = heard[last:] - heard[first : first + n_after]  # from frame k after the loop's end to frame k after its beginning
    shift = 1 + int(np.argmin((steps[:-1] ** 2 + steps[1:] ** 2)[: n_after - INTERPOLATION]))
    return replace(sample, loop=(first + shift, last + shift))


def onset_of(sample, part):
    """The frame before the loop at which a sample first reaches `part` of its loop's level."""
    first, last = sample.loop
    window = sample.rate // 50
    power = np.convolve(sample.audio.astype(float) ** 2, np.full(window, 1 / window), "same")
    reached = np.flatnonzero(power[:first] > part**2 * power[first:last].mean())
    return max(0, int(reached[0]) - window // 2) if len(reached) else 0


def tuned(zone):
    """A zone whose recording is corrected by what it is off at its root, if that can be heard."""
    sample = zone.target
    asked = 100 * zone.generators.get(COARSE_TUNE, 0) + zone.generators.get(FINE_TUNE, 0) + sample.correction
    root = zone.generators.get(ROOT, sample.root)
    cents = cents_off(sample, 440 * 2 ** ((root - 69 - asked / 100) / 12))
    if abs(cents) < 5:
        return zone
    return replace(zone, generators={**zone.generators, FINE_TUNE: zone.generators.get(FINE_TUNE, 0) - cents})


def cents_off(sample, expected):
    """How many cents the loop of a sample sounds above `expected` Hz, -80 to 80: where its harmonics add up to most."""
    first, last = sample.loop
    loop = np.resize(sample.audio[first:last].astype(float), 2 * sample.rate)
    spectrum = np.abs(np.fft.rfft(loop * np.hanning(len(loop)), 1 << 18))
    candidates = np.arange(-80, 81)
    pitches = expected * 2 ** (candidates[:, None] / 1200) * np.arange(1, 7)
    places = np.rint(pitches * (1 << 18) / sample.rate).astype(int)
    strengths = np.where(places < len(spectrum), spectrum[np.minimum(places, len(spectrum) - 1)], 0)
    weights = strengths.sum(axis=1) ** 4  # the centre of the peak: vibrato spreads it evenly to both sides
    return round(float(weights @ candidates / weights.sum()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--source", type=Path, default=SOURCE, help="Fluid R3 GM (default: where Debian puts it)")
    parser.add_argument("--licence", type=Path, default=LICENCE, help="its copyright file")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder to write into")
    arguments = parser.parse_args()
    for path in (arguments.source, arguments.licence):
        if not path.exists():
            sys.exit(f"{path} is missing: apt-get install fluid-soundfont-gm, or see --help")
    digest = hashlib.sha256(arguments.source.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        sys.exit(f"{arguments.source} has SHA-256 {digest}: expected {SOURCE_SHA256}, the file of the package named above")
    font = cut(soundfont.read(arguments.source))
    font.info[b"INAM"] = b"Fluid R3 GM, cut for musiclab"
    target = arguments.out / "soundfont.sf3"
    soundfont.write_sf3(font, target)
    # The package's last paragraph is about the licence of Debian's own scripts, which are not copied.
    licence = arguments.licence.read_text(encoding="utf-8").partition("The Debian packaging is")[0].rstrip()
    (arguments.out / "SOUNDFONT-LICENCE.txt").write_text(f"{LICENCE_HEAD}\n{licence}\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB, {len(font.presets)} presets, {len(font.samples)} samples")


if __name__ == "__main__":
    main()
