"""What a kernel sends to a page beside its outputs: the player by the Stage, and pieces by the widget."""

import base64

import pytest

from musiclab import datasets
from musiclab.piece import Note, Piece, Voice
from musiclab.score import svg_pages
from musiclab.sheet import sheet
from musiclab.widgets import ScorePlayer, stage

DUET = Piece(
    [Note(0, 24, 72), Note(0, 48, 48, voice=1)], voices=[Voice("Flute", 73), Voice("Cello", 42, volume=80)], title="Duet"
)
SHOW = "from musiclab.piece import Note, Piece\nPiece([Note(0, 24, 60)])"


@pytest.fixture(scope="module")
def client():
    """A kernel, and a page's end of the line to it."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code, until, **how):
    """Run code and collect what comes until a message is as `until` says: `(type, content, buffers)` each."""
    client.execute(code, **how)
    return listen(client, until)


def listen(client, until):
    heard = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        heard.append((message["msg_type"], message["content"], message["buffers"]))
        if until(*heard[-1]):
            return heard


def idle(kind, content, _):
    return kind == "status" and content["execution_state"] == "idle"


def what(content):
    return content.get("data", {}).get("content", {}).get("what")


@pytest.mark.slow
def test_nobody_looks_on_nothing_is_sent(client):
    heard = run(client, SHOW, idle, allow_stdin=False)
    kinds = [kind for kind, _, _ in heard]
    assert "execute_result" in kinds and not {"comm_open", "comm_msg", "stream"} & set(kinds)


@pytest.mark.slow
def test_the_stage_brings_the_player_at_once_and_the_sound_while_the_cell_runs(client):
    code = "display(Piece([Note(0, 24, 60)]))\nimport time\ntime.sleep(3)"
    heard = run(client, code, lambda kind, content, _: what(content) == "sound", allow_stdin=True)
    assert not any(idle(*message) for message in heard)
    kinds = [what(content) if kind == "comm_msg" else kind for kind, content, _ in heard]
    kinds = list(dict.fromkeys(kind for kind in kinds if kind in ("comm_open", "player", "display_data", "sound")))
    assert kinds == ["comm_open", "player", "display_data", "sound"]  # the large part does not keep the picture waiting
    sizes = {what(content): list(map(len, buffers)) for _, content, buffers in heard if buffers}
    assert sizes == {
        "player": [(stage.STATIC / "player.js").stat().st_size],
        "sound": [(stage.STATIC / "synth.js").stat().st_size, stage.SOUND_FONT.stat().st_size],
    }
    [opened] = [content for kind, content, _ in heard if kind == "comm_open" and "_esm" in content["data"]["state"]]
    assert "initialize" in opened["data"]["state"]["_esm"] and len(opened["data"]["state"]["_esm"]) < 4000

    listen(client, idle)
    heard = run(client, SHOW, idle, allow_stdin=True)
    assert not [kind for kind, _, _ in heard if kind.startswith("comm")]  # one Stage is enough


def test_a_page_gets_its_sound_from_the_kernel_where_it_cannot_play(monkeypatch):
    sent = []
    monkeypatch.setattr(stage.Stage, "send", lambda self, message, buffers=None: sent.append((message, buffers)))
    monkeypatch.setattr(stage, "LATER", 3600)
    asked = stage.Stage()
    sent.clear()
    asked._wanted(None, {"want": "sound", "midi": sheet(DUET)["midi"], "id": 7}, [])
    [(answer, [sound])] = sent
    assert (answer["what"], answer["id"]) == ("answer", 7) and answer["mime"] in ("audio/mpeg", "audio/ogg") and len(sound) > 1000
    sent.clear()
    asked._wanted(None, {"want": "sound", "midi": base64.b64encode(b"no MIDI").decode(), "id": 8}, [])
    [(answer, buffers)] = sent
    assert answer["id"] == 8 and buffers == [] and answer["problem"].startswith("The kernel could not make the sound: ")


def test_a_missing_sound_font_is_told_to_the_page(monkeypatch, tmp_path, capfd):
    sent = []
    monkeypatch.setattr(stage.Stage, "send", lambda self, message, buffers=None: sent.append((message, buffers)))
    monkeypatch.setattr(stage, "LATER", 3600)
    monkeypatch.setattr(stage, "SOUND_FONT", tmp_path / "soundfont.sf3")
    stage.Stage()._wanted(None, {"want": "stage"}, [])
    assert sent[-1] == ({"what": "sound", "problem": "soundfont.sf3 is missing from the installed package."}, [])
    assert capfd.readouterr().err == ""


def test_a_widget_shows_a_piece_and_another():
    player = ScorePlayer(DUET)
    assert player.sheet == sheet(DUET)
    assert player.picture == svg_pages(DUET, height=24_000)[0]
    assert player.mix == [
        {"volume": 100, "balance": 44, "space": 40, "muted": False},
        {"volume": 80, "balance": 84, "space": 40, "muted": False},
    ]
    other = datasets.load("reels").train[0]
    player.piece = other
    assert player.sheet["title"] == other.title and len(player.mix) == 1
    player.piece = None
    assert (player.sheet, player.picture, player.mix) == ({}, "", [])


def test_where_no_widget_can_be_shown_the_piece_is_a_figure():
    data, _ = ScorePlayer(DUET)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and data["text/html"].startswith("<figure")
