"""How much memory is left, and which notebooks hold TensorFlow: asked before one more loads it.

A computer in a container, such as Binder's, ends a kernel that asks for more than its limit, without a word. Linux tells what is
left; elsewhere nothing is known, so nothing is said.
"""

import os
import sys
from html import escape
from pathlib import Path
from typing import NamedTuple

GB = 1e9
NEEDED = 0.9 * GB  # what a lesson with Keras takes at its peak, beyond a kernel that runs
GROWTH = 0.3 * GB  # what one that has TensorFlow loaded may still take when it trains
LIMIT_OF_HUB = "MEM_LIMIT"  # JupyterHub and Binder tell each server its limit, in bytes
NO_LIMIT = 1 << 60  # what the first kind of control group says where there is none
SYSTEM = Path("/")


class Memory(NamedTuple):
    """Bytes that can still be taken, and those there are in all."""

    left: int
    total: int


def memory(system=SYSTEM):
    """The `Memory` of this computer or container, whichever is shorter of it; None where it is not known.

    Args:
        system: the folder in which `proc` and `sys` lie.
    """
    found = [known for ask in (_computer, _second_groups, _first_groups, _hub) if (known := _asked(ask, Path(system)))]
    return min(found, default=None)


def _asked(ask, system):
    try:
        return ask(system)
    except (OSError, ValueError, KeyError, StopIteration):
        return None  # another system, or another kernel of it


def _computer(system):
    lines = (line.split(":") for line in (system / "proc/meminfo").read_text().splitlines())
    kilobytes = {name: int(value.split()[0]) for name, value in lines}
    return Memory(kilobytes["MemAvailable"] * 1024, kilobytes["MemTotal"] * 1024)


def _second_groups(system):
    """Control groups as they are now: the shortest of this process's group and of those around it."""
    own = next(line[3:] for line in (system / "proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
    root = system / "sys/fs/cgroup"
    inner = root / own.strip("/")
    folders = [inner, *inner.parents]
    limited = [_group(folder, "memory.max", "memory.current", "inactive_file") for folder in folders[: folders.index(root) + 1]]
    return min(filter(None, limited), default=None)


def _first_groups(system):
    return _group(
        system / "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
    )  # as a container sees its own


def _group(folder, limit, usage, idle):
    """The memory of one control group; what it keeps of files is given back when it is needed."""
    if not (folder / limit).is_file() or (most := (folder / limit).read_text().strip()) == "max" or int(most) > NO_LIMIT:
        return None
    told = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    used = int((folder / usage).read_text()) - int(told.get(idle, 0))
    return Memory(max(int(most) - used, 0), int(most))


def _hub(system):
    most = int(float(os.environ[LIMIT_OF_HUB]))
    used = sum(_resident(process) for process in _own_processes(system)) if most else 0
    return Memory(max(most - used, 0), most) if most else None


def _own_processes(system):
    """The folders of the processes that run under this user's name."""
    for folder in (system / "proc").iterdir():
        try:
            if folder.name.isdigit() and folder.stat().st_uid == os.getuid():
                yield folder
        except OSError:
            continue  # it has just ended


def _resident(process):
    try:
        return int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def holders(system=SYSTEM):
    """The names of this user's other notebooks that have TensorFlow loaded; "a notebook" where the name is not known."""
    system = Path(system)
    try:
        processes = sorted(_own_processes(system))
    except (OSError, AttributeError):
        return []
    return sorted(name for process in processes if process.name != str(os.getpid()) for name in _notebook(process))


def _notebook(process):
    """The one name of a notebook whose kernel this process is, if it has TensorFlow; else none."""
    try:
        if b"ipykernel" not in (process / "cmdline").read_bytes() or "libtensorflow" not in (process / "maps").read_text():
            return
        entries = (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return  # it has ended, or it is none of ours
    names = [entry.partition(b"=")[2].decode(errors="replace") for entry in entries if entry.startswith(b"JPY_SESSION_NAME=")]
    yield os.path.basename(names[0]) if names and names[0] else "a notebook"


def notice(memory, holders):
    """What to tell a student before Keras is loaded, as HTML; "" if there is room for it.

    >>> notice(Memory(left=6e9, total=8e9), ["08-classroom-midi.ipynb"])
    ''
    >>> "Kernel → Shut Down Kernel" in notice(Memory(left=0.4e9, total=2e9), ["08-classroom-midi.ipynb"])
    True
    """
    if memory is None or memory.left >= NEEDED + GROWTH * len(holders):
        return ""
    if holders:
        names = " and ".join(f"<b>{escape(name)}</b>" for name in holders)
        way_out = (
            f"It is loaded in {names} too. Go to that tab and choose <i>Kernel → Shut Down Kernel</i>: the notebook and what it "
            "shows stay, only its variables go."
        )
    else:
        way_out = "Close what you do not need: a notebook lets go of its memory with <i>Kernel → Shut Down Kernel</i>."
    return (
        '<div role="note" style="border: 2px solid #b3541e; border-radius: 4px; padding: 0.5em 1em; max-width: 60em">'
        f"<b>Memory is short.</b> TensorFlow needs about {NEEDED / GB:.1f} GB, and {memory.left / GB:.1f} of "
        f"{memory.total / GB:.1f} GB are left. {way_out} Then run this cell again. If you go on as it is, the kernel may stop."
        "</div>"
    )


def warn_before_keras(system=SYSTEM):
    """Show the notice in the notebook that is about to load Keras; nothing in a program, nor while nbgrader marks."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if "tensorflow" in sys.modules or not hasattr(shell, "kernel") or "NBGRADER_EXECUTION" in os.environ:
        return
    if words := notice(memory(system), holders(system)):
        from IPython.display import HTML, display

        display(HTML(words))
