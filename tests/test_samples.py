"""Samples become a small sound in a notebook, no louder and no shorter than they are."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
import soundfile

from musiclab.samples import Sound, encoded

RATE = 22050


def tone(hz, seconds, loud=0.3):
    return loud * np.sin(2 * np.pi * hz * np.arange(int(RATE * seconds)) / RATE)


def heard(sound):
    """The samples that a browser gets out of a notebook's output."""
    return soundfile.read(io.BytesIO(b64decode(re.search(r'base64,([^"]+)"', sound._repr_html_())[1])))


def test_what_is_heard_has_the_pitch_the_loudness_and_the_length_of_the_samples():
    samples, rate = heard(Sound(tone(440, 2.0), RATE))
    assert rate == RATE and abs(len(samples) / RATE - 2) < 0.1
    spectrum = np.abs(np.fft.rfft(samples))
    assert abs(spectrum.argmax() * RATE / len(samples) - 440) < 1
    assert np.abs(samples[RATE // 2 : RATE]).max() == pytest.approx(0.3, abs=0.02)


def test_it_is_small_and_has_a_name_for_who_listens():
    html = Sound(tone(440, 10.0), RATE)._repr_html_()
    assert len(html) < 10 * RATE * 2 / 5
    assert 'controls aria-label="A sound of 10.0 seconds"' in html


def test_too_loud_samples_are_cut_off_and_not_wrapped_around():
    samples, _ = heard(Sound(np.full(RATE, 3.0) * np.sign(tone(5, 1.0)), RATE))
    assert np.abs(samples).max() < 1.6
    assert np.mean(np.sign(samples) == np.sign(tone(5, 1.0))[: len(samples)][: len(samples)]) > 0.9


def test_left_and_right_stay_apart():
    both = np.column_stack([tone(440, 1.0), np.zeros(RATE)])
    samples, _ = heard(Sound(both, RATE))
    left, right = np.abs(samples[RATE // 2 :]).mean(axis=0)
    assert left > 0.1 > 50 * right
    assert encoded(both, RATE)[1] == "audio/mpeg"


@pytest.mark.parametrize("samples", [[], 0.5, np.zeros((10, 3)), np.zeros((0, 2))])
def test_what_is_no_sound_is_refused(samples):
    with pytest.raises(ValueError, match="samples of shape"):
        Sound(np.array(samples), RATE)
