"""The `musiclab` command itself; what its sub-commands do is tested with their rooms."""

import subprocess
import sys
import types

import pytest

import musiclab
from musiclab import cli


@pytest.fixture
def room(monkeypatch):
    """A sub-command `try` whose run() can be replaced."""
    module = types.ModuleType("a_room_for_tests")
    module.add_arguments = lambda parser: parser.add_argument("--loud", action="store_true")
    module.run = lambda arguments: None
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(cli.COMMANDS, "try", (module.__name__, "a room for tests"))
    return module


def raises(error):
    def run(arguments):
        raise error

    return run


def test_a_command_that_returns_nothing_ends_well(room):
    assert cli.main(["try", "--loud"]) == 0


@pytest.mark.parametrize(
    "error, line",
    [
        (ValueError("tempo -3: a tempo is\n  above 0"), "musiclab try: tempo -3: a tempo is above 0"),
        (KeyError("no style 'polka': there are jig and reel"), "musiclab try: no style 'polka': there are jig and reel"),
        (
            PermissionError(13, "Permission denied", "out/piece.mid"),
            "musiclab try: Permission denied: out/piece.mid",
        ),
        (OSError(28, "No space left on device"), "musiclab try: No space left on device"),
        (OSError("cannot write out: choose another"), "musiclab try: cannot write out: choose another"),
    ],
)
def test_what_the_user_can_put_right_is_one_line_and_exit_code_2(room, capsys, error, line):
    room.run = raises(error)
    assert cli.main(["try"]) == 2
    assert capsys.readouterr() == ("", f"{line}\n")


def test_a_fault_of_ours_is_not_dressed_up_as_the_users(room):
    room.run = raises(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["try"])


def test_ctrl_c_ends_with_a_line_not_with_a_traceback(room, capsys):
    room.run = raises(KeyboardInterrupt())
    assert cli.main(["try"]) == 130
    assert capsys.readouterr().err == "\nmusiclab try: stopped\n"


@pytest.mark.parametrize(
    "argv, named, program",
    [
        ([], "COMMAND", "musiclab"),
        (["polka"], "'polka'", "musiclab"),
        (["try", "--soft"], "--soft", "musiclab try"),
        (["try", "--loud=3"], "--loud", "musiclab try"),
    ],
)
def test_an_unknown_command_or_option_is_one_line_that_names_the_help(room, capsys, argv, named, program):
    with pytest.raises(SystemExit) as stop:
        cli.main(argv)
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"{program}: ")
    assert named in err
    assert err.endswith(f"; see {program} --help\n")


def test_help_lists_every_command_and_loads_no_room():
    code = "import sys; from musiclab import cli\ntry: cli.main(['--help'])\nexcept SystemExit: print(sorted(m for m in sys.modules if m.startswith('musiclab')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert all(f"\n    {name} " in done.stdout for name in cli.COMMANDS)
    assert done.stdout.endswith("['musiclab', 'musiclab.cli']\n")


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert (stop.value.code, capsys.readouterr().out) == (0, f"musiclab {musiclab.__version__}\n")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_its_own_help(name, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([name, "--help"])
    assert stop.value.code == 0
    assert f"usage: musiclab {name}" in capsys.readouterr().out


def test_the_command_is_installed_beside_python():
    from pathlib import Path

    program = Path(sys.executable).with_name("musiclab.exe" if sys.platform == "win32" else "musiclab")
    assert subprocess.run([program, "--help"], capture_output=True).returncode == 0
