"""The command `musiclab studio`: the Studio as a page of its own, served by Voilà."""

import os
import sys

from musiclab.lab import SETTINGS, has_screen, lessons_folder

EXTENSIONS = (
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
)  # of JupyterLab's, all that the page needs


def add_arguments(parser):
    """The options of `musiclab studio`."""
    parser.add_argument(
        "--port", type=int, default=8866, metavar="N", help="where on this machine (default: 8866, or the next that is free)"
    )
    parser.add_argument("--dark", action="store_true", help="light letters on a dark ground")
    parser.add_argument("--no-open", action="store_true", help="print the address instead of opening a browser")


def run(arguments):
    """Serve the page until it is stopped."""
    notebook = lessons_folder() / "studio.ipynb"
    if not notebook.is_file():
        raise FileNotFoundError(f"no {notebook}: get the whole repository, or write the lessons with `make lessons`")
    settings = {
        "Voila.port": arguments.port,
        "VoilaConfiguration.template": "studio",
        "VoilaConfiguration.theme": "dark" if arguments.dark else "light",
        "KernelManager.transport_encryption": "auto",
    }
    options = [str(notebook), *(f"--{name}={value}" for name, value in settings.items())]
    options += [f"--VoilaConfiguration.extension_allowlist={name}" for name in EXTENSIONS]
    if arguments.no_open or not has_screen():
        options.append("--no-browser")
    from voila.app import Voila

    earlier = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(SETTINGS), *([earlier] if earlier else [])])  # where the template is
    programs = os.path.dirname(sys.executable)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    print("The Studio starts; below you read where. To stop it, press Ctrl+C here.", flush=True)
    Voila.launch_instance(options)
