"""Where a browser allows no synthesiser, an `<audio>` element plays a sound that is finished: it keeps time all the same."""

import shutil
from base64 import b64decode, b64encode
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from musiclab.piece import Note, Piece, Voice
from musiclab.sheet import sheet
from musiclab.sound import audio_bytes, missing_sound_font_line

from .conftest import PATIENCE, watched
from .test_sound import BEAT, CLARINET, hertz, level, onsets, pitch_of, strength, strokes

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing_sound_font_line()), reason=missing_sound_font_line())]

SOURCES = Path(__file__).parents[2] / "musiclab" / "widgets" / "js" / "sound"
SCALE = Piece([Note(24 * i, 20, 69 + 2 * i, 100) for i in range(6)], voices=[Voice("", CLARINET, space=0)])


@pytest.fixture(scope="module")
def stage(browser, serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    shutil.copy(Path(__file__).parent / "hall.html", folder)
    shutil.copytree(SOURCES, folder / "sound")
    (folder / "synth.js").write_text("")  # this browser has none
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong = watched(page)
    page.goto(serve(folder) + "hall.html")
    page.wait_for_function("globalThis.ready")
    page.evaluate("""async () => {
      globalThis.elementPerformance = (await import("./sound/element.js")).elementPerformance;
      const context = new AudioContext();
      globalThis.orchestra = { context, output: new GainNode(context) };
      await context.audioWorklet.addModule(recorderModule);
      globalThis.clicks = [];
      const start = AudioBufferSourceNode.prototype.start;
      AudioBufferSourceNode.prototype.start = function (when) {
        clicks.push([when + performance.now() / 1000 - this.context.currentTime, this.buffer.getChannelData(0).findIndex((x) => x < 0)]);
        start.call(this, when);
      };
    }""")
    yield page
    context.close()
    assert wrong == []


def hear(page, script, piece=SCALE):
    """What a script returns, which finds the piece as `performance`, and what was heard: samples and their rate."""
    sound, mime = audio_bytes(piece)
    told = page.evaluate(
        """async ({ script, sheet, source }) => {
          const audio = new Audio(source);
          const performance = elementPerformance(audio, sheet);
          new MediaElementAudioSourceNode(orchestra.context, { mediaElement: audio }).connect(orchestra.output);
          await orchestra.context.resume();
          clicks.length = 0;
          record();
          const answer = await new Function("performance", "audio", `return (async () => { ${script} })()`)(performance, audio);
          const heard = await recorded();
          performance.dispose();
          return { answer, ...heard };
        }""",
        {"script": script, "sheet": sheet(piece), "source": f"data:{mime};base64,{b64encode(sound).decode()}"},
    )
    return told["answer"], np.frombuffer(b64decode(told["left"]), "<f4"), told["rate"]


PLAYED = "await performance.play(); await until(() => !performance.playing);"


def test_it_plays_to_the_end_tells_so_and_starts_anew(stage):
    script = """
    const states = [];
    performance.onstate = (state) => states.push(state);
    await performance.play();
    await until(() => performance.position > 0.6);
    performance.pause();
    const paused = performance.position;
    await performance.play();
    await until(() => !performance.playing);
    const end = performance.position;
    await performance.play();
    await until(() => performance.position > 0);
    const anew = performance.position;
    performance.pause();
    return { live: performance.live, paused, end, seconds: performance.seconds, anew, states };
    """
    told, samples, _ = hear(stage, script)
    assert told["live"] is False and told["seconds"] == told["end"]
    assert 0.6 <= told["paused"] < 0.9 and told["anew"] < 0.3
    assert told["states"] == ["play", "pause", "play", "end", "play", "pause"]
    assert level(samples) > -40


def test_the_tempo_changes_and_the_pitch_does_not(stage):
    script = "performance.rate = 0.5; const asked = globalThis.performance.now(); await performance.play(); await until(() => performance.position > 1); performance.pause(); return (globalThis.performance.now() - asked) / 1000;"
    seconds, samples, rate = hear(stage, script, Piece([Note(0, 96, 69, 100)], voices=[Voice("", CLARINET, space=0)]))
    assert 1.7 < seconds < 3
    loud = np.flatnonzero(np.abs(samples) > 0.2 * np.abs(samples).max())[0] + rate // 4
    assert abs(1200 * np.log2(pitch_of(samples[loud:], rate, 440) / 440)) < 20


def test_seek_and_loop_go_where_they_should(stage):
    script = """
    performance.loop = [1, 1.5];
    const seen = [];
    let returns = 0;
    await performance.play();
    await until(() => {
      seen.push(performance.position);
      if (seen.at(-1) < seen.at(-2) - 0.2) returns += 1;
      return returns === 3;
    });
    performance.loop = null;
    performance.seek(2);
    await until(() => performance.position > 2.45); // its note is over at 2.42, and what is heard lags behind
    performance.pause();
    return [Math.min(...seen), Math.max(...seen)];
    """
    (first, last), samples, rate = hear(stage, script)
    assert 0.99 <= first < 1.1 and 1.4 < last < 1.65
    spans = np.lib.stride_tricks.sliding_window_view(samples, 8192)[::2048]
    heard = [max(strength(span, rate, hertz(69 + 2 * i), 0.01) for span in spans) for i in range(6)]
    assert min(heard[2], heard[4]) > max(heard[0], heard[1], heard[5]) + 10


def test_the_position_is_what_is_heard(stage):
    script = """
    const seen = [];
    await performance.play();
    while (performance.playing) {
      seen.push([orchestra.context.currentTime, performance.position]);
      await new Promise((done) => setTimeout(done, 20));
    }
    return seen;
    """
    told, samples, rate = hear(stage, script, strokes(8))
    struck = onsets(SimpleNamespace(samples=samples[:, None], rate=rate))
    assert len(struck) == 8
    seen = np.array(told)
    moments = np.interp(np.arange(1, 7) * BEAT, seen[:, 1], seen[:, 0])  # when the position said that a beat is heard
    late = moments - struck[1:7]
    assert np.ptp(late) < 0.06  # as even as an element tells its time


def test_the_metronome_and_the_count_keep_to_the_beat(stage):
    script = "performance.countIn = true; performance.metronome = true;" + PLAYED + "return clicks;"
    told, _, _ = hear(stage, script)
    times, turns = np.array(told).T
    assert len(times) == 4 + 6
    assert np.allclose(np.diff(times), BEAT, atol=0.12)  # an element tells its position by the frame of the screen
    accents = turns == turns.min()
    assert accents.tolist() == [True, False, False, False] * 2 + [True, False]


def test_the_files_are_the_sound_and_the_notes(stage, tmp_path):
    import soundfile

    from musiclab.midi import read_midi

    script = "return { wav: base64(await performance.exportWav()), midi: base64(performance.exportMidi()) };"
    told, _, _ = hear(stage, script)
    (tmp_path / "a.wav").write_bytes(b64decode(told["wav"]))
    (tmp_path / "a.mid").write_bytes(b64decode(told["midi"]))
    samples, rate = soundfile.read(tmp_path / "a.wav")
    assert rate == 44_100 and samples.shape[1] == 2
    assert len(samples) / rate > sheet(SCALE)["seconds"] - 0.1 and 0.5 < np.abs(samples).max() <= 1
    assert read_midi(tmp_path / "a.mid").notes == SCALE.notes


def test_starting_one_pauses_the_other(stage):
    script = """
    const other = elementPerformance(audio.cloneNode(), performance.sheet);
    await other.play();
    await performance.play();
    const playing = [other.playing, performance.playing];
    other.dispose();
    performance.pause();
    return playing;
    """
    assert hear(stage, script)[0] == [False, True]


def test_a_media_key_that_pauses_it_is_noticed(stage):
    script = """
    const states = [];
    performance.onstate = (state) => states.push(state);
    await performance.play();
    audio.pause();
    await until(() => !performance.playing);
    return states;
    """
    assert hear(stage, script)[0] == ["play", "pause"]


def test_a_struck_key_gives_a_plain_tone(stage):
    script = "const levels = performance.levels(); await performance.strike(69, 100); performance.release(69); return levels;"
    assert len(hear(stage, script)[0]) == 2
