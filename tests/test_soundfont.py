"""The sound font that ships, and the tool that cuts it."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as libsndfile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import build_soundfont as tool  # noqa: E402
import soundfont  # noqa: E402
from soundfont import Instrument, Preset, Sample, SoundFont, Zone  # noqa: E402

SHIPPED = ROOT / "musiclab" / "data" / "soundfont.sf3"
RATE = 32_000


def sine(seconds=1.0, hertz=440.0, height=20_000):
    return (height * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.int16)


def sample(name="A4", **fields):
    return Sample(name, **{"audio": sine(), "loop": (8_000, 24_000), "rate": RATE, "root": 69} | fields)


def keys(low, high, **generators):
    return {soundfont.KEYS: low | high << 8, **generators}


def one_preset(*zones, bank=0, program=40):
    return SoundFont({b"INAM": b"Small"}, [Preset("Violin", bank, program, [Zone({}, (), Instrument("Violin", list(zones)))])])


def tree(font):
    """A font as plain nested values, without the sound."""
    zone = lambda z: (  # noqa: E731
        z.generators,
        z.modulators,
        (z.target.name, [zone(inner) for inner in z.target.zones])
        if isinstance(z.target, Instrument)
        else z.target and (z.target.name, len(z.target.audio), z.target.loop, z.target.rate, z.target.root, z.target.correction),
    )
    return [(preset.name, preset.bank, preset.program, [zone(z) for z in preset.zones]) for preset in font.presets]


@pytest.fixture(scope="module")
def shipped():
    return soundfont.read(SHIPPED)


def test_the_shipped_font_is_small_and_its_licence_lies_beside_it():
    assert SHIPPED.stat().st_size <= 4_000_000
    licence = SHIPPED.with_name("SOUNDFONT-LICENCE.txt").read_text(encoding="utf-8")
    for words in ("Frank Wen", "Toby Smithe", "Ethan Winer", "Permission is hereby granted, free of charge", "WITHOUT WARRANTY"):
        assert words in licence


def test_the_shipped_font_has_what_the_course_promises(shipped):
    from musiclab.instruments import NEAREST

    assert {(0, program) for program in NEAREST} | {(128, 0)} == {(p.bank, p.program) for p in shipped.presets}
    kit = next(preset for preset in shipped.presets if preset.bank == 128)
    drums = {
        key
        for outer in kit.zones
        if outer.target
        for zone in outer.target.zones
        if zone.target
        for key in range(zone.range_of(soundfont.KEYS)[0], zone.range_of(soundfont.KEYS)[1] + 1)
    }
    assert drums >= set(range(35, 82))
    assert b"MIT" in shipped.info[b"ICMT"] and b"Frank Wen" in shipped.info[b"ICOP"]


def test_every_key_of_every_shipped_instrument_has_a_recording(shipped):
    for preset in shipped.presets:
        if preset.bank == 0:
            zones = [zone for outer in preset.zones if outer.target for zone in outer.target.zones if zone.target]
            covered = {
                key for zone in zones for key in range(zone.range_of(soundfont.KEYS)[0], zone.range_of(soundfont.KEYS)[1] + 1)
            }
            assert covered == set(range(128)), preset.name


def test_no_shipped_recording_leaves_16_bits_or_loops_outside_itself(shipped):
    files = [b"OggS\0\2" + rest for rest in SHIPPED.read_bytes().split(b"OggS\0\2")[1:]]  # each begins with a first page
    assert len(files) == len(shipped.samples)
    for recording, file in zip(shipped.samples, files):
        assert 0 <= recording.loop[0] < recording.loop[1] <= len(recording.audio), recording.name
        peak = np.abs(libsndfile.read(io.BytesIO(file), dtype="float32")[0]).max()
        assert peak < 1, f"{recording.name} would wrap around when FluidSynth decodes it to 16 bits"


def test_reading_what_was_written_gives_the_same_tree(tmp_path):
    shared = sample()
    font = SoundFont(
        {b"INAM": b"Odd", b"ICMT": b"Even"},
        [
            Preset("Two", 0, 1, [Zone({48: 30}, ()), Zone({44: 127 << 8}, (), Instrument("I", [Zone(keys(0, 60), (), shared)]))]),
            Preset(
                "Kit",
                128,
                0,
                [Zone({}, (), Instrument("J", [Zone({8: -100}, (b"0123456789",)), Zone(keys(61, 127), (), shared)]))],
            ),
        ],
    )
    soundfont.write_sf3(font, tmp_path / "font.sf3")
    again = soundfont.read(tmp_path / "font.sf3")
    assert tree(again) == tree(font)
    assert again.info == font.info
    assert len(again.samples) == 1
    assert np.corrcoef(again.samples[0].audio, shared.audio)[0, 1] > 0.99


def test_the_same_font_gives_the_same_bytes(tmp_path):
    for name in ("one.sf3", "two.sf3"):
        soundfont.write_sf3(one_preset(Zone({}, (), sample())), tmp_path / name)
    assert (tmp_path / "one.sf3").read_bytes() == (tmp_path / "two.sf3").read_bytes()


def test_compressed_sound_is_an_ogg_file_that_libsndfile_accepts():
    ogg = soundfont.vorbis(sine(3.0), RATE, 0.4)
    audio, rate = libsndfile.read(io.BytesIO(ogg), dtype="int16")
    assert (len(audio), rate) == (3 * RATE, RATE)
    assert np.corrcoef(audio, sine(3.0))[0, 1] > 0.99
    broken = bytearray(ogg)
    broken[22] ^= 1  # its checksum is real: libogg throws the page away when it does not fit
    with pytest.raises(libsndfile.LibsndfileError):
        libsndfile.read(io.BytesIO(bytes(broken)))


def test_a_file_that_is_no_sound_font_is_refused(tmp_path):
    (tmp_path / "tune.mid").write_bytes(b"MThd")
    with pytest.raises(ValueError, match=r"tune\.mid: not a sound font; expected a file that begins with RIFF"):
        soundfont.read(tmp_path / "tune.mid")


def test_mono_keeps_the_left_of_a_pair_and_everything_else():
    left, right, alone, middle = (sample(name) for name in ("left", "right", "alone", "middle"))
    zones = [
        Zone({8: 1}),
        Zone(keys(0, 60) | {soundfont.PAN: -500}, (), left),
        Zone(keys(0, 60) | {soundfont.PAN: 500}, (), right),
        Zone(keys(61, 70) | {soundfont.PAN: 300}, (), alone),
        Zone(keys(71, 80), (), middle),
    ]
    kept = list(tool.mono(zones))
    assert [zone.target and zone.target.name for zone in kept] == [None, "left", "alone", "middle"]
    assert not any(soundfont.PAN in zone.generators for zone in kept)


def test_thinning_leaves_no_key_without_a_recording():
    zones = [Zone({8: 1})] + [Zone(keys(low, low + 2), (), sample(str(low))) for low in range(30, 60, 3)]
    kept = tool.thin(zones, 2)
    assert [zone.target.name for zone in kept[1:]] == ["30", "36", "42", "48", "54"]
    ranges = [zone.range_of(soundfont.KEYS) for zone in kept[1:]]
    assert ranges == [(0, 33), (34, 39), (40, 45), (46, 51), (52, 127)]
    assert kept[0].generators == {8: 1}


def test_a_loop_is_moved_to_where_its_ends_meet():
    uneven = sample(audio=sine(hertz=441.3), loop=(8_000, 24_000))
    before = soundfont.decoded(soundfont.vorbis(uneven.audio, RATE, 0.2)).astype(int)
    whole = tool.repeating(uneven, onset=0)
    after = tool.joined(whole)
    heard = soundfont.decoded(soundfont.vorbis(after.audio, RATE, 0.2)).astype(int)
    assert after.loop[1] - after.loop[0] == 16_000
    step = lambda audio, loop: abs(audio[loop[1]] - audio[loop[0]])  # noqa: E731
    assert step(heard, after.loop) < 100 < step(before, (8_000, 24_000))


def test_a_slow_onset_is_left_out_and_the_loop_moves_with_it():
    swell = np.minimum(np.linspace(0, 4, RATE), 1)
    slow = sample(audio=(sine() * swell).astype(np.int16), loop=(10_000, 26_000))
    fast = tool.repeating(slow, onset=0.7)
    lost = 10_000 - fast.loop[0]
    assert lost == pytest.approx(0.7 / 4 * RATE, abs=RATE / 50)
    assert fast.audio[0] == 0
    assert np.array_equal(fast.audio[fast.loop[0] : fast.loop[1]], slow.audio[10_000:26_000])


def test_a_drum_that_rings_long_is_faded_out():
    long = tool.once(sample(audio=sine(4.0)))
    assert len(long.audio) == tool.DRUM_SECONDS * RATE and abs(int(long.audio[-1])) < 10
    short = tool.once(sample(audio=sine(1.0)))
    assert np.array_equal(short.audio, sine(1.0))


@pytest.mark.parametrize("cents", [-30, 0, 25])
def test_a_recording_out_of_tune_is_measured_and_put_right(cents):
    off = sample(audio=sine(hertz=440 * 2 ** (cents / 1200)))
    assert tool.cents_off(off, 440.0) == pytest.approx(cents, abs=2)
    zone = tool.tuned(Zone({soundfont.FINE_TUNE: 4}, (), replace(off, correction=-4)))
    assert zone.generators[soundfont.FINE_TUNE] == pytest.approx(4 - cents, abs=2)


def test_cutting_shares_what_presets_share_and_sets_their_level():
    stereo = [Zone({soundfont.LOOPS: 1}), Zone(keys(0, 127), (), sample())]
    instrument = Instrument("Violin", stereo)
    presets = [
        Preset("Violin", 0, 40, [Zone({soundfont.ATTENUATION: 90}), Zone({}, (), instrument)]),
        Preset("Fiddle", 0, 110, [Zone({}, (), instrument)]),
        Preset("Other", 0, 1, [Zone({}, (), instrument)]),
    ]
    font = tool.cut(SoundFont({}, presets), (tool.Cut(40, gain=-2.0), tool.Cut(110)))
    assert [preset.name for preset in font.presets] == ["Violin", "Fiddle"]
    assert len(font.samples) == 1
    assert font.presets[0].zones[1].generators[soundfont.ATTENUATION] == 90 + 50  # 0.4 dB for every ten
    assert font.presets[1].zones[0].generators[soundfont.ATTENUATION] == 0
    assert np.abs(font.samples[0].audio).max() == pytest.approx(20_000 * tool.HEADROOM, abs=2)


@pytest.mark.slow
def test_the_shipped_font_is_what_the_tool_cuts(shipped):
    if not tool.SOURCE.exists():
        pytest.skip(f"{tool.SOURCE.name} is not installed (apt-get install fluid-soundfont-gm)")
    font = tool.cut(soundfont.read(tool.SOURCE))
    by_number = SoundFont({}, sorted(font.presets, key=lambda preset: (preset.bank, preset.program)))
    without_loops = lambda nested: [preset[:3] for preset in nested]  # noqa: E731
    assert without_loops(tree(by_number)) == without_loops(tree(shipped))
    assert {s.name[:19]: len(s.audio) for s in font.samples} == {s.name: len(s.audio) for s in shipped.samples}
