"""What comes out of the browser's loudspeakers, measured: the synthesiser plays, and a recorder stands beside it."""

import shutil
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from musiclab.piece import DRUMS, Meter, Note, Piece, Voice
from musiclab.sheet import sheet

from .conftest import PATIENCE, watched

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[2] / "musiclab"
FLUTE, CLARINET, ORGAN, PIANO, GUITAR = 73, 71, 19, 0, 24
BEAT = 0.5  # seconds a quarter at the tempo that pieces have by themselves


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with all that a page without a kernel has."""
    folder = tmp_path_factory.mktemp("hall")
    for file in (
        Path(__file__).parent / "hall.html",
        PACKAGE / "widgets" / "static" / "synth.js",
        PACKAGE / "data" / "soundfont.sf3",
    ):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def stage(browser, serve, folder):
    """A page with an orchestra, for all tests: each brings its own pieces."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong = watched(page)
    page.goto(serve(folder) + "hall.html")
    page.wait_for_function("globalThis.ready")
    page.evaluate("open('soundfont.sf3')")
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def hall(stage):
    """The same page; whatever a test has left playing is silent when the next begins."""
    yield stage
    stage.evaluate("async () => { musiclab.sounding?.pause(); await until(() => Math.max(...orchestra.levels()) < 1e-5); }")


def hear(page, script, piece=None, **more):
    """What is heard while a script runs, which finds the piece as `performance`: samples, their rate, the frame of the first."""
    told = page.evaluate(
        """async ({ script, sheet, more }) => {
          const performance = sheet && orchestra.perform(sheet);
          await performance?.ready;
          await orchestra.wake();
          record();
          const answer = await new Function("performance", "more", `return (async () => { ${script} })()`)(performance, more);
          const heard = await recorded();
          performance?.dispose();
          return { answer, ...heard };
        }""",
        {"script": script, "sheet": piece and sheet(piece), "more": more},
    )
    samples = np.stack([np.frombuffer(b64decode(told[side]), "<f4") for side in ("left", "right")], axis=1)
    return SimpleNamespace(samples=samples, rate=told["rate"], first=told["first"], answer=told["answer"])


PLAYED = "await performance.play(); await until(() => !performance.playing);"


def strokes(n, **voice):
    """A stroke on the rim of a drum, on each beat."""
    return Piece([Note(24 * i, 6, 37, 100) for i in range(n)], voices=[Voice("", DRUMS, space=0, **voice)])


def onsets(heard, *, side=None):
    """Where something is struck after a silence, in seconds from the first sample."""
    sound = np.abs(heard.samples).max(axis=1) if side is None else np.abs(heard.samples[:, side])
    silence, loud = round(0.02 * heard.rate), sound > 0.1 * sound.max()
    struck = np.flatnonzero(loud)
    return struck[np.diff(struck, prepend=-silence - 1) > silence] / heard.rate


def steady(heard, after=0.1, seconds=None):
    """What sounds from a moment after it began, left and right together."""
    sound = heard.samples.sum(axis=1)
    begin = np.argmax(np.abs(sound) > 0.2 * np.abs(sound).max()) + round(after * heard.rate)
    return sound[begin : None if seconds is None else begin + round(seconds * heard.rate)]


def level(samples):
    """Decibels of the root mean square."""
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=float))) + 1e-12)


def strength(samples, rate, hertz, width=0.02):
    """Decibels of what sounds near a frequency."""
    window = np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(samples * window)) / window.sum() * 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / rate) / hertz - 1) < width
    return 20 * np.log10(spectrum[near].max() + 1e-12)


def pitch_of(samples, rate, near):
    """The fundamental near a frequency, from the phase of a spectral line between two moments."""
    size, hop = 16384, 1024
    window = np.hanning(size)
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    first, second = (np.fft.rfft(samples[at : at + size] * window) for at in (0, hop))
    line = np.argmax(np.abs(first) * (np.abs(frequencies / near - 1) < 0.06))
    turned = np.angle(second[line] / first[line]) - 2 * np.pi * frequencies[line] * hop / rate
    return frequencies[line] + (turned + np.pi) % (2 * np.pi) / (2 * np.pi) * rate / hop - rate / hop / 2


def hertz(pitch):
    return 440 * 2 ** ((pitch - 69) / 12)


# --- what is heard ------------------------------------------------------------


@pytest.mark.parametrize("program, pitch", [(FLUTE, 69), (FLUTE, 81), (ORGAN, 48), (PIANO, 60), (40, 76), (52, 57)])
def test_the_pitch_is_right_within_20_cents(hall, program, pitch):
    heard = hear(hall, PLAYED, Piece([Note(0, 48, pitch, 100)], voices=[Voice("", program, space=0)]))
    found = pitch_of(steady(heard, 0.2), heard.rate, hertz(pitch))
    assert abs(1200 * np.log2(found / hertz(pitch))) < 20


def test_the_first_note_sounds_within_0_3_seconds_of_play(hall):
    script = """
    const asked = globalThis.performance.now();
    await performance.play();
    await until(() => Math.max(...performance.levels()) > 1e-3);
    return (globalThis.performance.now() - asked) / 1000;
    """
    assert hear(hall, script, strokes(4)).answer < 0.3


def test_a_muted_voice_is_gone_at_once_and_comes_back(hall):
    voices = [Voice("", CLARINET, space=0), Voice("", CLARINET, space=0)]
    piece = Piece([Note(0, 240, 60, 100, 0), Note(0, 240, 67, 100, 1)], voices=voices)
    script = """
    const moments = [];
    const mark = () => moments.push(Math.round(orchestra.context.currentTime * orchestra.context.sampleRate));
    await performance.play();
    for (const muted of [false, true, false]) {
      performance.setVoice(1, { muted });
      await pass(0.2);
      mark();
      await pass(0.5);
    }
    performance.pause();
    return moments;
    """
    heard = hear(hall, script, piece)
    spans = [heard.samples[moment - heard.first :][: round(0.4 * heard.rate)].sum(axis=1) for moment in heard.answer]
    lower, upper = ([strength(span, heard.rate, hertz(pitch)) for span in spans] for pitch in (60, 67))
    assert max(lower) - min(lower) < 3
    assert upper[1] < upper[0] - 40 and abs(upper[2] - upper[0]) < 3


@pytest.mark.parametrize("balance, left_less_right", [(0, 20), (127, -20), (64, 0)])
def test_balance_left_is_left(hall, balance, left_less_right):
    heard = hear(hall, PLAYED, Piece([Note(0, 24, 60, 100)], voices=[Voice("", GUITAR, balance=balance, space=0)]))
    left, right = (level(heard.samples[:, side]) for side in (0, 1))
    assert abs(left - right) < 1 if left_less_right == 0 else np.sign(left_less_right) * (left - right) > 20


def test_louder_is_louder_by_the_law_of_controller_7(hall):
    piece, levels, volumes = Piece([Note(0, 24, 60, 100)], voices=[Voice("", CLARINET, space=0)]), [], [127, 90, 64, 45]
    for volume in volumes:
        heard = hear(hall, f"performance.setVoice(0, {{ volume: {volume} }});" + PLAYED, piece)
        levels.append(level(steady(heard, seconds=0.3)))
    assert np.allclose(np.diff(levels), np.diff(40 * np.log10(volumes)), atol=0.3)


def test_more_space_rings_longer(hall):
    tails = []
    for space in (0, 127):
        piece = Piece([Note(0, 24, 60, 100)], voices=[Voice("", CLARINET, space=space)])
        heard = hear(hall, PLAYED + "await pass(0.5);", piece)
        tails.append(level(steady(heard, 0.7, 0.2)) - level(steady(heard, 0.1, 0.3)))
    assert tails[1] > tails[0] + 6 and tails[1] > -40


@pytest.mark.parametrize("name, index", [("chorales", 0), ("quartets", 1), ("piano pieces", 1)])
def test_music_is_neither_clipped_nor_too_soft(hall, name, index):
    from musiclab import datasets

    piece = datasets.load(name).train[index]
    piece = piece.between(0, min(piece.end, 24 * 6))
    peak = np.abs(hear(hall, PLAYED, piece).samples).max()
    assert 0.1 < peak < 0.95


def test_an_arrangement_at_full_volume_is_not_clipped(hall):
    from musiclab import arrange, datasets

    piece = arrange.arrange(datasets.load("reels").train[0])
    piece = piece.between(0, 24 * 8)
    script = "performance.sheet.voices.forEach((_, i) => performance.setVoice(i, { volume: 127, space: 127 }));" + PLAYED
    peak = np.abs(hear(hall, script, piece).samples).max()
    assert 0.1 < peak < 0.95


# --- time ---------------------------------------------------------------------


def test_notes_are_struck_when_they_should(hall):
    found = onsets(hear(hall, PLAYED, strokes(6)))
    assert len(found) == 6
    assert np.allclose(np.diff(found), BEAT, atol=0.002)


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_the_tempo_changes_and_the_pitch_does_not(hall, rate):
    heard = hear(
        hall,
        f"performance.rate = {rate};" + PLAYED,
        Piece([Note(24 * i, 6, 69, 100) for i in range(4)], voices=[Voice("", CLARINET, space=0)]),
    )
    found = onsets(heard)
    assert np.allclose(np.diff(found), BEAT / rate, atol=0.005)
    begin = int((found[0] + 0.03) * heard.rate)
    assert abs(1200 * np.log2(pitch_of(heard.samples[begin:].sum(axis=1), heard.rate, 440) / 440)) < 20


def test_the_tempo_changes_while_it_plays(hall):
    script = "await performance.play(); await until(() => performance.position > 1.2); performance.rate = 2; await until(() => !performance.playing);"
    steps = np.diff(onsets(hear(hall, script, strokes(8))))
    assert np.allclose(steps[:2], BEAT, atol=0.005) and np.allclose(steps[-3:], BEAT / 2, atol=0.005)


def test_a_loop_has_no_seam(hall):
    script = """
    performance.loop = [1, 2];
    await performance.play();
    let rounds = 0;
    let last = 0;
    await until(() => {
      const now = performance.position;
      if (now < last - 0.5) rounds += 1;
      last = now;
      return rounds === 4;
    });
    performance.loop = null;
    const at = performance.position;
    await until(() => !performance.playing);
    return at;
    """
    heard = hear(hall, script, strokes(6))
    assert 1 <= heard.answer < 2
    found = onsets(heard)
    assert len(found) >= 10
    assert np.allclose(np.diff(found), BEAT, atol=0.002)


def test_a_loop_begins_at_its_first_bar_and_plays_only_what_is_in_it(hall):
    piece = Piece([Note(24 * i, 24, 60 + i, 100) for i in range(8)], voices=[Voice("", ORGAN, space=0)])
    script = "performance.loop = [1, 2]; await performance.play(); const at = performance.position; await pass(2.5); performance.pause(); return at;"
    heard = hear(hall, script, piece)
    assert abs(heard.answer - 1) < 0.2
    sound = heard.samples.sum(axis=1)
    inside, outside = ([strength(sound, heard.rate, hertz(60 + i), 0.01) for i in range(*span)] for span in ((2, 4), (4, 8)))
    assert min(inside) > max(outside) + 20


def test_a_seek_goes_there_at_once_and_what_lasts_is_struck_again(hall):
    piece = Piece([Note(0, 24, 60, 100), Note(24, 240, 72, 100)], voices=[Voice("", ORGAN, space=0)])
    script = "performance.seek(3.5); const asked = performance.position; await performance.play(); await until(() => performance.position > 4.2); const rest = performance.position; performance.pause(); const at = performance.position; return [asked, rest, at];"
    heard = hear(hall, script, piece)
    asked, rest, at = heard.answer
    assert asked == 3.5 and 4.2 <= rest <= at < rest + 0.2
    span = steady(heard, seconds=0.3)
    assert strength(span, heard.rate, hertz(72)) > strength(span, heard.rate, hertz(60)) + 30


def test_it_goes_on_where_it_was_paused_and_starts_anew_after_the_end(hall):
    script = """
    const states = [];
    performance.onstate = (state) => states.push(state);
    await performance.play();
    await until(() => performance.position > 0.7);
    performance.pause();
    const paused = performance.position;
    await pass(0.1);
    const still = performance.position;
    await performance.play();
    const resumed = performance.position;
    await until(() => !performance.playing);
    const end = performance.position;
    await performance.play();
    const anew = performance.position;
    performance.pause();
    return { paused, still, resumed, end, anew, states };
    """
    told = hear(hall, script, strokes(3)).answer
    assert 0.7 <= told["paused"] < 1.0 and told["still"] == told["paused"]
    assert abs(told["resumed"] - told["paused"]) < 0.15
    assert told["end"] == 1.125 and told["anew"] < 0.2
    assert told["states"] == ["play", "pause", "play", "end", "play", "pause"]


def test_the_position_is_what_is_heard(hall):
    script = """
    const seen = [];
    await performance.play();
    while (performance.playing) {
      const now = orchestra.context.currentTime;
      seen.push([now - orchestra.lateness, performance.position]);
      await pass(0.02);
    }
    return seen;
    """
    heard = hear(hall, script, strokes(10))
    struck = onsets(heard) + heard.first / heard.rate
    assert len(struck) == 10
    seen = np.array(heard.answer)
    moments = np.interp(np.arange(1, 9) * BEAT, seen[:, 1], seen[:, 0])  # when the position said that a beat is heard
    assert np.abs(moments - struck[1:9]).max() < 0.03


def test_starting_one_piece_pauses_the_other(hall):
    script = """
    const other = orchestra.perform(performance.sheet);
    const states = [];
    other.onstate = (state) => states.push(state);
    await other.play();
    await performance.play();
    const playing = [other.playing, performance.playing];
    other.dispose();
    performance.pause();
    return { playing, states };
    """
    assert hear(hall, script, strokes(8)).answer == {"playing": [False, True], "states": ["play", "pause"]}


def test_a_sound_card_that_falls_silent_is_noticed(hall):
    script = """
    const states = [];
    performance.onstate = (state) => states.push(state);
    await performance.play();
    await until(() => performance.position > 0.3);
    await orchestra.context.suspend();
    await until(() => !performance.playing);
    const { position } = performance;
    await performance.play();
    await until(() => performance.position > 0.8);
    return { position, states: [...states] };
    """
    told = hear(hall, script, strokes(4)).answer
    assert 0.2 < told["position"] < 0.8 and told["states"] == ["play", "pause", "play"]


# --- metronome ----------------------------------------------------------------


def clicks(heard):
    """When the metronome clicks, and whether with an accent: by the pitch of the click."""
    found = onsets(heard)
    spans = [heard.samples[round(at * heard.rate) :][: round(0.02 * heard.rate)].sum(axis=1) for at in found]
    return found, [strength(span, heard.rate, 1600, 0.1) > strength(span, heard.rate, 1000, 0.1) for span in spans]


SILENT = "performance.setVoice(0, { muted: true });"


def test_the_metronome_clicks_on_each_beat_with_an_accent_on_the_first_of_the_bar(hall):
    waltz = Piece([Note(0, 24 * 6, 60)], meters=[(0, Meter(3, 4))])
    found, accents = clicks(hear(hall, SILENT + "performance.metronome = true;" + PLAYED, waltz))
    assert np.allclose(np.diff(found), BEAT, atol=0.001)
    assert accents == [True, False, False, True, False, False]


def test_the_metronome_keeps_to_tempo_and_loop(hall):
    script = (
        SILENT
        + "performance.metronome = true; performance.rate = 2; performance.loop = [0, 1.5]; await performance.play(); await pass(2.6); performance.pause();"
    )
    found, accents = clicks(hear(hall, script, Piece([Note(0, 24 * 6, 60)], meters=[(0, Meter(3, 4))])))
    assert len(found) >= 8
    assert np.allclose(np.diff(found), BEAT / 2, atol=0.002)
    assert accents[:6] == [True, False, False, True, False, False]


def test_one_bar_is_counted_before_the_music(hall):
    script = "performance.countIn = true; await performance.play(); const at = performance.position; await until(() => !performance.playing); return at;"
    heard = hear(hall, script, strokes(4))
    found, _ = clicks(heard)
    assert heard.answer == 0
    assert len(found) == 8 and np.allclose(np.diff(found), BEAT, atol=0.01)  # a stroke takes a moment to become loud
    _, accents = clicks(hear(hall, SILENT + script, strokes(4)))
    assert accents == [True, False, False, False]


def test_the_count_leads_into_a_pickup(hall):
    piece = Piece([Note(24 * i, 24, 60, 100) for i in range(5)], pickup=24)
    script = SILENT + "performance.countIn = true; performance.metronome = true;" + PLAYED
    found, accents = clicks(hear(hall, script, piece))
    assert np.allclose(np.diff(found), BEAT, atol=0.002)
    assert accents == [True, False, False, False, True, False, False, False]  # 1 2 3, the pickup is 4


# --- by hand, and without end ---------------------------------------------------


def test_a_key_sounds_until_it_is_released(hall):
    script = """
    await orchestra.prepare({ plays: 19 });
    await orchestra.strike(69, 100, { plays: 19, space: 0 });
    await pass(0.6);
    const sounding = Math.max(...orchestra.levels());
    orchestra.release(69, { plays: 19, space: 0 });
    await pass(1);
    return [sounding, Math.max(...orchestra.levels())];
    """
    heard = hear(hall, script)
    sounding, after = heard.answer
    assert sounding > 0.02 and after < sounding / 100
    assert abs(1200 * np.log2(pitch_of(steady(heard), heard.rate, 440) / 440)) < 20


def test_a_stream_goes_on_without_a_gap_while_it_is_fed(hall):
    script = """
    let until_s = 0;
    let asked = 0;
    const more_music = () => {
      asked += 1;
      if (asked > 6) return;
      stream.push([[until_s, until_s + 0.1, 37, 100, 0], [until_s + 0.5, until_s + 0.6, 37, 100, 0]], until_s + 1);
      until_s += 1;
    };
    const stream = orchestra.live({ voices: [{ drums: true, space: 0 }], low: 0.6, onlow: more_music });
    more_music();
    await stream.ready;
    await until(() => asked > 6 && stream.ahead === 0);
    const told = [stream.position, stream.playing];
    stream.stop();
    return [...told, stream.playing];
    """
    heard = hear(hall, script)
    found = onsets(heard)
    assert len(found) == 12 and np.allclose(np.diff(found), BEAT, atol=0.002)
    assert heard.answer[0] == pytest.approx(6, abs=0.01) and heard.answer[1:] == [True, False]


def test_a_stream_that_was_left_without_music_waits_for_it_and_goes_on(hall):
    script = """
    const stream = orchestra.live({ voices: [{ drums: true, space: 0 }] });
    stream.push([[0, 0.1, 37, 100, 0]], 0.5);
    await stream.ready;
    await until(() => stream.ahead === 0);
    await pass(0.3);
    const waited = stream.position;
    stream.push([[0.5, 0.6, 37, 100, 0]], 1);
    await until(() => stream.position > 0.9);
    stream.stop();
    return waited;
    """
    heard = hear(hall, script)
    assert heard.answer == pytest.approx(0.5, abs=0.01)
    found = onsets(heard)
    assert len(found) == 2 and found[1] - found[0] > 0.7


# --- files --------------------------------------------------------------------


def test_the_wav_file_is_whole_audible_not_clipped_and_has_the_mix(hall, tmp_path):
    import soundfile

    piece = Piece([Note(0, 96, 60, 100, 0), Note(0, 96, 67, 100, 1)], voices=[Voice("", ORGAN), Voice("", ORGAN)])
    script = """
    performance.setVoice(1, { muted: true });
    performance.setVoice(0, { balance: 0 });
    const parts = [];
    const bytes = await performance.exportWav((part) => parts.push(part));
    return { bytes: base64(bytes), parts };
    """
    told = hear(hall, script, piece).answer
    (tmp_path / "piece.wav").write_bytes(b64decode(told["bytes"]))
    information = soundfile.info(tmp_path / "piece.wav")
    assert (information.samplerate, information.channels, information.subtype) == (44_100, 2, "PCM_16")
    samples, rate = soundfile.read(tmp_path / "piece.wav")
    assert 2.0 <= len(samples) / rate < 4.5
    assert 0.85 < np.abs(samples).max() < 0.95
    left, right = samples[:rate].T
    assert level(left) > level(right) + 15
    assert strength(left, rate, hertz(60)) > strength(left, rate, hertz(67)) + 40
    assert told["parts"] == sorted(told["parts"]) and all(0 <= part <= 1 for part in told["parts"])


def test_a_piece_can_be_played_while_a_long_file_is_written(hall):
    script = """
    const stop = new AbortController();
    let written = false;
    const file = performance.exportWav(() => {}, stop.signal).then(() => (written = true), () => {});
    const other = orchestra.perform(more.sheet);
    await other.play();
    await until(() => Math.max(...other.levels()) > 1e-3);
    const told = written;
    other.dispose();
    stop.abort();
    await file;
    return told;
    """
    another = Piece([Note(0, 24, 60, 100)], voices=[Voice("", 68)])
    assert hear(hall, script, strokes(2000), sheet=sheet(another)).answer is False


def test_writing_a_wav_file_can_be_stopped(hall):
    script = """
    const stop = new AbortController();
    const wav = performance.exportWav(() => stop.abort(), stop.signal).catch((problem) => problem.message);
    return await wav;
    """
    assert hear(hall, script, strokes(400)).answer == "stopped"


def test_the_midi_file_has_the_mix_as_it_is_heard(hall, tmp_path):
    from musiclab.midi import read_midi

    voices = [Voice("Flute", FLUTE), Voice("Drums", 128), Voice("Bass", 32, volume=90)]
    notes = [Note(0, 24, 72, 100, 0), Note(24, 24, 38, 90, 1), Note(24, 48, 40, 80, 2), Note(24, 24, 40, 80, 2)]
    script = """
    performance.setVoice(0, { volume: 70, balance: 10, space: 99 });
    performance.setVoice(1, { muted: true });
    performance.setVoice(2, { balance: 127 });
    return base64(performance.exportMidi());
    """
    (tmp_path / "piece.mid").write_bytes(b64decode(hear(hall, script, Piece(notes, voices)).answer))
    piece = read_midi(tmp_path / "piece.mid")
    assert piece.notes == Piece(notes, voices).notes
    assert [voice[2:] for voice in piece.voices] == [(70, 10, 99), (0, 64, 40), (90, 127, 40)]


# --- the page -------------------------------------------------------------------


def test_the_script_may_come_twice_and_the_first_orchestra_stays(hall):
    told = hall.evaluate("""async () => {
      const { synth } = musiclab;
      const again = document.createElement("script");
      again.src = "synth.js?again";
      await new Promise((resolve) => { again.onload = resolve; document.head.append(again); });
      const other = await musiclab.synth({ font: new ArrayBuffer(0) });
      return [musiclab.synth === synth, other === orchestra];
    }""")
    assert told == [True, True]


@pytest.mark.parametrize("missing", ["AudioWorkletNode", "isSecureContext"])
def test_where_a_browser_allows_no_synthesiser_it_says_so_in_a_sentence(page, serve, folder, missing):
    page.add_init_script(f"Object.defineProperty(globalThis, '{missing}', {{ value: undefined }});")
    page.goto(serve(folder) + "hall.html")
    page.wait_for_function("globalThis.ready")
    told = page.evaluate(
        "musiclab.synth({ font: new ArrayBuffer(8) }).catch((problem) => [problem instanceof Error, problem.message])"
    )
    assert told[0] is True and "https or localhost" in told[1]


def test_a_sound_font_that_is_none_is_refused_with_a_reason(page, serve, folder):
    page.goto(serve(folder) + "hall.html")
    page.wait_for_function("globalThis.ready")
    told = page.evaluate("musiclab.synth({ font: new ArrayBuffer(800) }).catch((problem) => problem.message)")
    assert told.startswith("The synthesiser could not be started")
