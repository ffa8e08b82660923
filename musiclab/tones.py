"""Plain tones: what is heard where FluidSynth is missing. Right pitches, right times, no instrument in particular."""

import numpy as np

HARMONICS = (1.0, 0.5, 0.25, 0.12, 0.06)  # strength of each multiple of the pitch
ATTACK, RELEASE = 0.01, 0.08  # seconds; without them every note would click
DECAY = 1.5  # seconds in which a held tone falls to 1/e
DRUM_DECAY = 0.06
DEEP_DRUMS = {35, 36, 41, 43, 45, 47, 48, 50}  # bass drums and toms


def play(notes, n_frames, rate):
    """Sum the tones of some notes.

    Args:
        notes: `(start_s, end_s, pitch, velocity, is_drum)` tuples, times in seconds.
        n_frames: length of the result; what sounds beyond is cut.
        rate: frames a second.

    Returns:
        (n_frames,) float32, not normalised.

    >>> play([(0.0, 1.0, 69, 80, False)], 44100, 44100).shape
    (44100,)
    """
    samples = np.zeros(n_frames, np.float32)
    for start, end, pitch, velocity, is_drum in notes:
        first = round(start * rate)
        room = n_frames - first
        if room > 0:
            sound = burst(pitch, rate) if is_drum else tone(pitch, end - start, rate)
            samples[first : first + len(sound)] += (velocity / 127) ** 2 * sound[:room]
    return samples


def tone(pitch, seconds, rate):
    """One note: a few harmonics under an envelope; (n_frames,) float32."""
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    time = np.arange(int((seconds + RELEASE) * rate)) / rate
    wave = sum(
        strength * np.sin(2 * np.pi * n * frequency * time)
        for n, strength in enumerate(HARMONICS, 1)
        if n * frequency < rate / 2  # higher ones would fold back as wrong pitches
    )
    rise = np.minimum(time / ATTACK, 1)
    fall = np.clip((seconds + RELEASE - time) / RELEASE, 0, 1)
    return (wave * rise * fall * np.exp(-time / DECAY)).astype(np.float32)


def burst(pitch, rate):
    """One drum stroke: noise that dies away, the same each time; deep drums rumble, all others hiss."""
    time = np.arange(int(6 * DRUM_DECAY * rate)) / rate
    noise = np.random.default_rng(pitch).standard_normal(len(time))
    if pitch in DEEP_DRUMS:
        width = 8 * (60 - pitch)  # frames of a running mean: the longer, the duller
        noise = np.convolve(noise, np.full(width, width**-0.5), "same")
    return (noise * np.exp(-time / DRUM_DECAY)).astype(np.float32)
