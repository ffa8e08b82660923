"""Before Keras is loaded somebody looks whether there is memory for it; the files of Linux are made up here."""

import os
import subprocess
import sys

import pytest

from musiclab.memory import NEEDED, Memory, holders, memory, notice, warn_before_keras

MB = 1 << 20


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    monkeypatch.delenv("MEM_LIMIT", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


def write(system, files):
    for name, text in files.items():
        (system / name).parent.mkdir(parents=True, exist_ok=True)
        (system / name).write_text(text)


def computer(system, available_mb, total_mb=16000):
    write(system, {"proc/meminfo": f"MemTotal: {total_mb * 1024} kB\nMemFree: 1 kB\nMemAvailable: {available_mb * 1024} kB\n"})


def process(system, number, session=None, command="ipykernel_launcher", library="libtensorflow_cc.so.2", resident_mb=700):
    write(
        system,
        {
            f"proc/{number}/cmdline": f"python\0-m\0{command}\0-f\0kernel.json",
            f"proc/{number}/maps": f"7f00-7f01 r-xp 00000000 08:01 1 /somewhere/{library}\n",
            f"proc/{number}/environ": "HOME=/home/ada\0" + (f"JPY_SESSION_NAME={session}\0" if session else ""),
            f"proc/{number}/statm": f"1 {resident_mb * MB // os.sysconf('SC_PAGE_SIZE')} 0 0 0 0 0",
        },
    )


def test_a_computer_has_what_is_available(tmp_path):
    computer(tmp_path, 5000)
    assert memory(tmp_path) == Memory(5000 * MB, 16000 * MB)


def test_in_a_container_its_own_limit_counts_and_cached_files_are_no_use_of_it(tmp_path):
    computer(tmp_path, 9000)
    write(tmp_path, {"proc/self/cgroup": "0::/\n"})
    group = {
        "memory.max": f"{2000 * MB}\n",
        "memory.current": f"{1500 * MB}\n",
        "memory.stat": f"anon 1\ninactive_file {300 * MB}\n",
    }
    write(tmp_path / "sys/fs/cgroup", group)
    assert memory(tmp_path) == Memory(800 * MB, 2000 * MB)


def test_the_shortest_of_the_groups_around_a_process_counts(tmp_path):
    computer(tmp_path, 9000)
    write(tmp_path, {"proc/self/cgroup": "0::/user/ada\n"})
    for folder, most, used in (("user", "1000", "900"), ("user/ada", "max", "100")):
        most = most if most == "max" else str(int(most) * MB)
        write(tmp_path / "sys/fs/cgroup" / folder, {"memory.max": most, "memory.current": f"{int(used) * MB}", "memory.stat": ""})
    assert memory(tmp_path) == Memory(100 * MB, 1000 * MB)


@pytest.mark.parametrize("most, expected", [(2000 * MB, Memory(500 * MB, 2000 * MB)), (1 << 62, Memory(9000 * MB, 16000 * MB))])
def test_control_groups_of_the_first_kind_are_read_too(tmp_path, most, expected):
    computer(tmp_path, 9000)
    files = {
        "memory.limit_in_bytes": str(most),
        "memory.usage_in_bytes": str(1500 * MB),
        "memory.stat": "total_inactive_file 0\n",
    }
    write(tmp_path / "sys/fs/cgroup/memory", files)
    assert memory(tmp_path) == expected


def test_what_the_hub_allows_is_shared_by_all_processes_of_the_student(tmp_path, monkeypatch):
    computer(tmp_path, 9000)
    process(tmp_path, 101, resident_mb=700)
    process(tmp_path, 102, resident_mb=300, command="jupyter-lab")
    monkeypatch.setenv("MEM_LIMIT", str(2000 * MB))
    assert memory(tmp_path) == Memory(1000 * MB, 2000 * MB)
    monkeypatch.setenv("MEM_LIMIT", "plenty")
    assert memory(tmp_path) == Memory(9000 * MB, 16000 * MB)


def test_where_nothing_is_known_nothing_is_said(tmp_path):
    assert memory(tmp_path) is None and holders(tmp_path) == []
    assert notice(memory(tmp_path), []) == ""


def test_only_notebooks_with_tensorflow_are_named(tmp_path):
    process(tmp_path, 101, "/home/ada/work/08-classroom-midi/08-classroom-midi.ipynb")
    process(tmp_path, 102, "/home/ada/work/01-sound-and-score.ipynb", library="libverovio.so")
    process(tmp_path, 103, command="jupyter-lab")
    process(tmp_path, 104)
    process(tmp_path, os.getpid(), "this one.ipynb")
    assert holders(tmp_path) == ["08-classroom-midi.ipynb", "a notebook"]


def test_the_notice_names_the_notebook_to_shut_down_and_escapes_it():
    said = notice(Memory(600 * MB, 2000 * MB), ["a<b>.ipynb"])
    assert "a&lt;b&gt;.ipynb" in said and "Shut Down Kernel" in said and "0.6 of 2.1 GB" in said


def test_a_notebook_that_may_still_grow_is_left_room():
    between = Memory(int(NEEDED) + 1, 2000 * MB)
    assert notice(between, []) == ""
    assert "Memory is short" in notice(between, ["08-classroom-midi.ipynb"])


class Shell:
    """What IPython is asked for: that there is a kernel."""

    kernel = True


@pytest.fixture
def shown(monkeypatch):
    """What a notebook without TensorFlow was shown."""
    import IPython
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", Shell)
    monkeypatch.setattr(IPython.display, "display", lambda html: shown.append(html.data))
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    return shown


def test_a_student_reads_it_in_the_notebook_and_on_no_other_way(tmp_path, shown, capfd):
    computer(tmp_path, 400, 2000)
    process(tmp_path, 101, "/home/ada/07-remembering-longer.ipynb")
    warn_before_keras(tmp_path)
    assert ["07-remembering-longer.ipynb" in html for html in shown] == [True]
    assert capfd.readouterr() == ("", "")


def test_nothing_is_shown_where_there_is_room_or_tensorflow_is_loaded_or_nbgrader_marks(tmp_path, shown, monkeypatch):
    computer(tmp_path, 8000)
    warn_before_keras(tmp_path)
    computer(tmp_path, 400)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    warn_before_keras(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    warn_before_keras(tmp_path)
    assert shown == []


def test_a_program_without_a_notebook_is_told_nothing(tmp_path, capfd):
    computer(tmp_path, 400)
    script = f"from musiclab.memory import warn_before_keras; warn_before_keras({str(tmp_path)!r}); import sys; print('IPython' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
    assert capfd.readouterr() == ("False\n", "")
