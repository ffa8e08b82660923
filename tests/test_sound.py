"""Sound: right pitches at the right times, loud enough, never clipped, and never silent without FluidSynth."""

import resource
import subprocess
import sys
import wave

import numpy as np
import pytest
from conftest import missing_part
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import fluid, sound, tones
from musiclab.instruments import NAMES, NEAREST, nearest_program, substitutions
from musiclab.piece import DRUMS, Note, Piece, Voice
from musiclab.sound import SAMPLE_RATE, audio_bytes, missing_sound_font_line, render, write_wav

PRESETS = {0, 6, 11, 19, 21, 24, 32, 40, 41, 42, 46, 48, 52, 56, 57, 60, 68, 70, 71, 73, 74, 110}
FOLK_RANGE = (55, 62, 69, 74, 79, 86)  # G3 to D6
SECOND = 48  # ticks, at 120 quarters a minute


@pytest.fixture
def orchestra():
    if missing_sound_font_line():
        missing_part("FluidSynth", missing_sound_font_line())


@pytest.fixture
def no_fluidsynth(monkeypatch):
    """Python as it is where libfluidsynth is nowhere to be found."""
    monkeypatch.setattr(fluid, "_candidates", lambda: iter(["libfluidsynth-not-there.so"]))
    fluid.library.cache_clear()
    sound._problem.cache_clear()
    yield
    fluid.library.cache_clear()
    sound._problem.cache_clear()


def held(pitch, program=0, seconds=2, velocity=80):
    return Piece([Note(0, seconds * SECOND, pitch, velocity)], voices=[("", program)])


def frequency(pitch):
    return 440 * 2 ** ((pitch - 69) / 12)


def cents_off(samples, pitch):
    """How far the first two harmonics lie from where they should, in cents: their mean frequency, so that vibrato cancels."""
    spectrum = np.fft.fft(samples.mean(axis=1))
    frequencies = np.fft.fftfreq(len(spectrum), 1 / SAMPLE_RATE)
    heights = []
    for harmonic in (1, 2):
        expected = harmonic * frequency(pitch)
        near = np.abs(np.log2(np.maximum(frequencies, 1) / expected)) < 1 / 14
        partial = np.fft.ifft(np.where(near, spectrum, 0))  # one turning arrow: its speed is the pitch
        turn = np.angle(np.sum(partial[1:] * np.conj(partial[:-1])))
        heights.append((np.sum(np.abs(partial) ** 2), 1200 * np.log2(turn * SAMPLE_RATE / (2 * np.pi) / expected)))
    return max(heights)[1]


def strength(samples, pitch):
    """The height of the spectrum at a pitch, as a part of its highest point."""
    spectrum = np.abs(np.fft.rfft(samples.mean(axis=1) * np.hanning(len(samples)), 1 << 18))
    return _height(spectrum, pitch) / spectrum.max()


def _height(spectrum, pitch):
    place = round(frequency(pitch) * (1 << 18) / SAMPLE_RATE)
    return spectrum[place - 30 : place + 31].max()


def sides(samples, pitch):
    """The height of the spectrum at a pitch, left and right."""
    spectra = np.abs(np.fft.rfft(samples.T * np.hanning(len(samples)), 1 << 18))
    return np.array([_height(spectrum, pitch) for spectrum in spectra])


def onset_s(samples):
    """The first second at which something is heard."""
    return np.flatnonzero(np.abs(samples).max(axis=1) > 0.02)[0] / SAMPLE_RATE


def steady(samples):
    """A held note without its attack and release."""
    return samples[SAMPLE_RATE // 4 : 2 * SAMPLE_RATE]


@pytest.mark.parametrize("program", sorted(PRESETS))
def test_every_instrument_plays_the_pitch_that_is_asked_for(orchestra, program):
    low = {32: 30, 57: 46, 70: 40, 42: 40}.get(program, 60)
    for pitch in (low, low + 8, low + 15):
        assert abs(cents_off(steady(render(held(pitch, program))), pitch)) < 30, (program, pitch)


@pytest.mark.parametrize("program", [110, 40, 21, 73])
def test_instruments_of_folk_tunes_sound_in_tune_and_soon_over_their_whole_range(orchestra, program):
    for pitch in FOLK_RANGE:
        samples = render(held(pitch, program))
        assert abs(cents_off(steady(samples), pitch)) < 30, pitch
        envelope = np.sqrt(np.convolve(samples.mean(axis=1) ** 2, np.full(441, 1 / 441), "same"))[:SAMPLE_RATE]
        reached = np.argmax(envelope > np.median(envelope) / 2) / SAMPLE_RATE
        assert reached < 0.13, f"{pitch} is half as loud as it gets only after {reached:.3f} s, an eighth note of a reel"


def test_no_preset_is_much_louder_than_another(orchestra):
    """Loudness by the ear's weights (IEC 61672, curve A) in the first 0.4 s, averaged over a middle octave."""

    def loudness(program):
        low = {32: 40, 42: 48, 57: 48, 70: 48, 40: 62, 110: 62, 73: 67, 74: 67}.get(program, 57)
        levels = []
        with fluid.Synth(sound.SOUND_FONT, SAMPLE_RATE) as synth:
            synth.select(0, program)
            for pitch in range(low, low + 13, 3):
                samples, rest = np.zeros((17640, 2), np.float32), np.zeros((2 * SAMPLE_RATE, 2), np.float32)
                synth.note_on(0, pitch, 80)
                synth.play_into(samples)
                synth.note_off(0, pitch)
                synth.play_into(rest)
                power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
                f2 = np.fft.rfftfreq(17640, 1 / SAMPLE_RATE) ** 2
                weight = 12194**2 * f2**2 / ((f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194**2))
                levels.append(10 * np.log10(power @ weight**2))
        return np.mean(levels)

    levels = {program: loudness(program) for program in PRESETS}
    middle = np.median(list(levels.values()))
    assert {program: round(level - middle, 1) for program, level in levels.items() if abs(level - middle) > 6} == {}


@pytest.mark.parametrize("program", [19, 21, 40, 42, 48, 52, 68, 70])
def test_held_notes_do_not_click_where_the_loop_comes_round(orchestra, program):
    for pitch in (52, 60, 67, 76):
        samples = render(held(pitch, program, seconds=4)).mean(axis=1)[SAMPLE_RATE : 4 * SAMPLE_RATE]
        jumps = np.diff(samples, 2)  # a click is a jump of the slope; it stands out of its neighbourhood
        level = np.sqrt((jumps[: len(jumps) // 64 * 64].reshape(-1, 64) ** 2).mean(axis=1))
        usual = np.array([np.median(level[max(0, i - 15) : i + 15]) for i in range(len(level))])
        assert (level / usual).max() < 5, pitch


def test_sound_is_loud_but_never_clipped(orchestra):
    for piece in (held(60, velocity=1), held(60, velocity=127), Piece([Note(0, 96, p, 127) for p in range(36, 96)])):
        samples = render(piece)
        assert samples.dtype == np.float32 and samples.shape[1] == 2
        assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)


def test_louder_notes_sound_louder(orchestra):
    samples = render(Piece([Note(0, 24, 60, 40), Note(96, 24, 60, 110)]))
    soft, loud = samples[:SAMPLE_RATE], samples[2 * SAMPLE_RATE : 3 * SAMPLE_RATE]
    assert np.abs(loud).max() > 3 * np.abs(soft).max()


def test_length_is_that_of_the_notes_and_what_rings_on(orchestra):
    assert 3 < len(render(held(60, 19, seconds=3))) / SAMPLE_RATE < 3 + sound.TAIL
    assert len(render(held(60), max_seconds=1.5)) == 1.5 * SAMPLE_RATE
    cut = render(held(60, 19, seconds=10), max_seconds=2)
    assert np.abs(cut[-50:]).max() < 0.01 < np.abs(cut[-SAMPLE_RATE:]).max()


def test_both_voices_are_heard_each_on_its_own_instrument(orchestra):
    both = render(Piece([Note(0, 96, 60, 80, 0), Note(0, 96, 67, 80, 1)], voices=[("", 73), ("", 21)]))
    assert strength(both, 60) > 0.05 and strength(both, 67) > 0.05
    assert strength(render(held(60, 73)), 67) < 0.02
    one_by_one = render(Piece([Note(0, 48, 60, 80, 0), Note(96, 48, 60, 80, 1)], voices=[("", 73)] * 2))
    first, second = (np.abs(one_by_one[start : start + SAMPLE_RATE]).sum(axis=0) for start in (0, 2 * SAMPLE_RATE))
    assert first[0] > 1.2 * first[1] and second[1] > 1.2 * second[0], "the first voice stands on the left"


def test_the_mix_is_heard(orchestra):
    """Two flutes a fifth apart: one as it is, the other mixed."""

    def levels(**mix):
        both = render(
            Piece([Note(0, 96, 60, 80, 0), Note(0, 96, 67, 80, 1)], voices=[Voice("", 73, 127, 64, 0), Voice("", 73, **mix)])
        )
        return sides(both, 60), sides(both, 67)

    one, other = levels(volume=127, balance=64, space=0)
    full = other / one
    for volume in (90, 64, 32):
        one, other = levels(volume=volume, balance=64, space=0)
        fallen = 20 * np.log10(other / one / full)
        assert fallen == pytest.approx(40 * np.log10(volume / 127), abs=0.6), f"controller 7 at {volume}, in decibels"
    (_, left), (_, right) = (levels(volume=127, balance=balance, space=0) for balance in (0, 127))
    assert left[1] < 0.2 * left[0] and right[0] < 0.2 * right[1], "but for what the room gives back"
    one, gone = levels(volume=0, balance=64, space=0)
    assert gone.max() < 0.01 * one.max()
    dry, wet = (render(Piece([Note(0, 6, 60)], voices=[Voice("", 0, space=space)])) for space in (0, 127))
    assert len(wet) > len(dry) + SAMPLE_RATE // 10, "the room answers after the note"


def test_plain_tones_keep_the_mix(monkeypatch):
    monkeypatch.setattr(sound, "missing_sound_font_line", lambda: "no font")
    notes = [Note(0, 24, 60, 80, 0), Note(48, 24, 67, 80, 1)]
    both = render(Piece(notes, voices=[Voice("", 0, 127, 0), Voice("", 0, 64, 127)]))
    first, second = np.abs(both[: SAMPLE_RATE // 2]).max(axis=0), np.abs(both[SAMPLE_RATE : 3 * SAMPLE_RATE // 2]).max(axis=0)
    assert first[1] < 0.01 and second[0] < 0.01
    assert second[1] / first[0] == pytest.approx((64 / 127) ** 2, abs=0.02)


def test_more_voices_than_midi_has_channels_all_sound(orchestra):
    n_voices = 300
    notes = [Note(24 * i, 12, 40 + i % 40, 80, i) for i in range(n_voices)]
    piece = Piece(notes, voices=[("", i % 128) for i in range(n_voices)])
    samples = render(piece)
    for i in (0, 17, 150, 299):
        start = round(i * SAMPLE_RATE / 2)
        assert np.abs(samples[start : start + SAMPLE_RATE // 4]).max() > 0.01, i


def test_time_follows_the_tempo_map(orchestra):
    notes = [Note(0, 6, 60), Note(48, 6, 60), Note(96, 6, 60)]
    samples = render(Piece(notes, voices=[Voice("", 24, space=0)], tempos=[(0, 500_000), (48, 250_000)]))
    level = np.abs(samples).max(axis=1)
    times = [onset_s(samples[round(t * SAMPLE_RATE) :]) + t for t in (0, 0.9, 1.4)]
    assert level.max() > 0.5
    assert np.diff(times) == pytest.approx([1.0, 0.5], abs=0.03)


def test_the_same_piece_gives_the_same_samples(orchestra):
    piece = Piece([Note(12 * i, 24, 60 + i % 12, 80, i % 2) for i in range(12)], voices=[("", 48), ("", DRUMS)])
    assert np.array_equal(render(piece), render(piece))
    assert audio_bytes(piece) == audio_bytes(piece)


def test_a_note_that_is_struck_again_while_it_sounds_is_held_until_its_last_end(orchestra):
    samples = render(Piece([Note(0, 48, 60), Note(24, 144, 60)], voices=[("", 19)]))
    late = samples[int(2.5 * SAMPLE_RATE) : 3 * SAMPLE_RATE]
    assert np.abs(late).max() > 0.3


def test_every_drum_of_general_midi_sounds(orchestra):
    keys = range(35, 82)
    kit = Piece([Note(192 * i, 12, key, 100) for i, key in enumerate(keys)], voices=[("", DRUMS)])
    samples = render(kit)
    for i, key in enumerate(keys):
        assert np.abs(samples[4 * i * SAMPLE_RATE :][: SAMPLE_RATE // 2]).max() > 0.05, key
    beyond = render(Piece([Note(0, 12, 127)], voices=[("", DRUMS)]))
    assert np.abs(beyond).max() > 0.8 and len(beyond) / SAMPLE_RATE < 4


def test_nothing_is_printed(orchestra, capfd):
    render(Piece([Note(0, 24, 127), Note(0, 24, 0, 127, 1)], voices=[("", 127), ("", DRUMS)]))
    with pytest.raises(OSError, match="cannot read it"):
        fluid.Synth(__file__, SAMPLE_RATE)
    out, err = capfd.readouterr()
    assert out == "" and "fluidsynth:" not in err


def test_programs_without_an_own_sound_are_played_by_the_nearest_and_it_is_said():
    assert {program for program in range(128) if nearest_program(program) == program} == PRESETS
    assert set(NEAREST) <= PRESETS and len(NEAREST) == len(NAMES) == 128 == len(set(NAMES))
    assert nearest_program(DRUMS) == DRUMS
    piece = Piece([Note(0, 1, 60, 80, 0), Note(0, 1, 60, 80, 2)], voices=[("", 58), ("", 64), ("", 40)])
    assert substitutions(piece) == ["The sound font has no tuba (program 58): the trombone plays its part."]
    assert substitutions(held(60, 110)) == []
    with pytest.raises(ValueError, match="program 200: expected 0 to 127, or 128 for drums"):
        nearest_program(200)


def test_without_fluidsynth_plain_tones_sound_and_a_line_says_what_to_install(no_fluidsynth, capfd):
    line = missing_sound_font_line()
    assert "\n" not in line
    for word in ("plain tones", "libfluidsynth", "apt-get", "conda", "brew", "Windows"):
        assert word in line
    for pitch in (40, 60, 69, 86):
        samples = render(held(pitch))
        assert abs(cents_off(steady(samples), pitch)) < 2
        assert np.abs(samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-4)
        assert 2 <= len(samples) / SAMPLE_RATE < 2.2
    drums = render(Piece([Note(0, 12, 36), Note(24, 12, 42)], voices=[("", DRUMS)]))
    low, high = (np.abs(np.fft.rfft(drums[i : i + 11025, 0])) for i in (0, SAMPLE_RATE // 2))
    centre = lambda spectrum: np.arange(len(spectrum)) @ spectrum / spectrum.sum()  # noqa: E731
    assert centre(low) < centre(high) / 2
    assert capfd.readouterr() == ("", "")


def test_without_the_sound_font_plain_tones_sound(orchestra, monkeypatch, tmp_path):
    sound._problem.cache_clear()
    monkeypatch.setattr(sound, "SOUND_FONT", tmp_path / "soundfont.sf3")
    assert "soundfont.sf3 is missing" in missing_sound_font_line()
    assert np.abs(render(held(60))).max() > 0.8
    sound._problem.cache_clear()


def test_the_library_is_found_in_a_conda_environment_before_the_system(monkeypatch, tmp_path):
    library = tmp_path / "lib" / fluid.FILES[0]
    library.parent.mkdir()
    library.write_bytes(b"no library")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path))
    assert next(fluid._candidates()) == str(library)


def test_tones_above_what_can_be_sampled_do_not_fold_back():
    spectrum = np.abs(np.fft.rfft(tones.tone(127, 1.0, SAMPLE_RATE)))
    peak = np.argmax(spectrum) * SAMPLE_RATE / (2 * (len(spectrum) - 1))
    assert 1200 * abs(np.log2(peak / frequency(127))) < 5
    below = spectrum[: int(len(spectrum) * frequency(125) / (SAMPLE_RATE / 2))]
    assert below.max() < spectrum.max() / 50


notes = st.builds(
    Note, st.integers(0, 200), st.integers(1, 96), st.integers(0, 127), st.integers(1, 127), voice=st.integers(0, 2)
)


@settings(max_examples=15, deadline=None)
@given(st.lists(notes, max_size=12), st.tuples(*[st.integers(0, DRUMS)] * 3))
def test_any_piece_gives_finite_samples_as_long_as_its_notes(notes, programs):
    piece = Piece(notes, voices=[("", program) for program in programs])
    samples = render(piece)
    assert np.isfinite(samples).all() and np.abs(samples).max(initial=0) < 0.9
    assert len(samples) >= round(piece.seconds(piece.end) * SAMPLE_RATE)
    assert len(sound.wav_bytes(samples)) == 44 + 4 * len(samples)


def test_a_piece_without_notes_is_a_file_without_sound(tmp_path):
    write_wav(Piece(), tmp_path / "empty.wav")
    with wave.open(str(tmp_path / "empty.wav")) as file:
        assert file.getnframes() == 0
    assert len(audio_bytes(Piece())[0]) > 100


def test_absurd_lengths_are_refused_with_a_way_out():
    endless = Piece([Note(2**27, 24, 60)])
    with pytest.raises(ValueError, match=r"lasts 776\.7 hours: expected at most 1; pass max_seconds, or cut it"):
        render(endless)
    assert len(render(endless, max_seconds=2)) == 2 * SAMPLE_RATE
    for wrong in (0, -1, 1e9, float("nan")):
        with pytest.raises(ValueError, match="max_seconds .*: expected more than 0 and at most 3600"):
            render(held(60), max_seconds=wrong)


def test_a_wav_file_is_read_back_by_libsndfile(tmp_path):
    import soundfile

    path = tmp_path / "piece.wav"
    piece = held(69)
    write_wav(piece, path)
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == SAMPLE_RATE and soundfile.info(path).subtype == "PCM_16"
    assert np.abs(samples - render(piece)).max() < 1e-4
    assert [file.name for file in tmp_path.iterdir()] == ["piece.wav"]


def test_a_file_that_cannot_be_written_leaves_nothing_behind_and_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_wav(held(60), tmp_path / "nowhere" / "piece.wav")
    with pytest.raises(IsADirectoryError, match="cannot write the sound"):
        write_wav(held(60), tmp_path)
    (tmp_path / "piece.wav").write_bytes(b"before")

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # as small as a full disk
    try:
        with pytest.raises(OSError, match=r"cannot write the sound: File too large.*piece\.wav'"):
            write_wav(held(60), tmp_path / "piece.wav")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [file.name for file in tmp_path.iterdir()] == ["piece.wav"]
    assert (tmp_path / "piece.wav").read_bytes() == b"before"


@pytest.mark.parametrize("formats, mime", [({"MP3": ""}, "audio/mpeg"), ({}, "audio/ogg")])
def test_sound_for_notebooks_is_small_and_says_the_same(monkeypatch, formats, mime):
    import io

    import soundfile

    monkeypatch.setattr(soundfile, "available_formats", lambda: formats)
    piece = Piece([Note(12 * i, 12, 60 + i % 17, 80, i % 2) for i in range(60)])
    content, kind = audio_bytes(piece)
    samples, rate = soundfile.read(io.BytesIO(content), always_2d=True)
    assert kind == mime and rate == SAMPLE_RATE and samples.shape[1] == 2
    assert len(samples) / rate == pytest.approx(len(render(piece)) / SAMPLE_RATE, abs=0.1)
    assert len(content) / (len(samples) / rate) < 900_000 / 120 * 1.3
    short, _ = audio_bytes(held(69, 73, seconds=4), max_seconds=2)
    samples, _ = soundfile.read(io.BytesIO(short), always_2d=True)
    assert samples.shape[1] == 1 and len(samples) / rate == pytest.approx(2, abs=0.1)
    assert abs(cents_off(steady(samples), 69)) < 30


def test_importing_and_playing_loads_no_heavy_library():
    code = (
        "import sys; from musiclab.piece import Note, Piece; from musiclab.sound import render; "
        "render(Piece([Note(0, 24, 60)])); "
        "print([name for name in ('tensorflow', 'keras', 'music21', 'scipy', 'soundfile', 'IPython') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    import os
    import stat
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_wav(held(60), pipe)
    reader.join(timeout=10)
    assert heard and heard[0][:4] == b"RIFF" and stat.S_ISFIFO(pipe.stat().st_mode)
