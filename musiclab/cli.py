"""The `musiclab` command: one sub-command a room, each loaded only when it is asked for."""

import argparse
import sys
from importlib import import_module

from musiclab import __version__

COMMANDS = {  # name -> (module that defines add_arguments(parser) and run(args), line of help)
    "lab": ("musiclab.lab", "open the course in JupyterLab"),
    "compose": ("musiclab.compose_command", "write a piece: MIDI, score, sound and a card that says how it was made"),
    "harmonise": ("musiclab.harmonise_command", "put three voices under a tune, as in a chorale"),
    "studio": ("musiclab.studio.command", "open the Studio, where knobs say what a network writes, as a page"),
    "train": ("musiclab.train_command", "train a model on a data set or on your own folder of MIDI"),
}


class Parser(argparse.ArgumentParser):
    """argparse, that says in one line what is wrong with a command, and where help is."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")


def main(argv=None):
    """Run one sub-command; returns the exit code (2, after one line on stderr, where the user can put it right)."""
    argv = sys.argv[1:] if argv is None else list(argv)
    parser = Parser(prog="musiclab", description="Music and neural networks, by hand and by ear.")
    parser.add_argument("-V", "--version", action="version", version=f"musiclab {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name in argv[:1]:
            room = import_module(module)
            room.add_arguments(command)
            command.set_defaults(run=room.run)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        commands.choices[arguments.command].error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return arguments.run(arguments) or 0
    except (ValueError, KeyError, OSError) as error:
        print(f"musiclab {arguments.command}: {' '.join(_words(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nmusiclab {arguments.command}: stopped", file=sys.stderr)
        return 130


def _words(error):
    """What an error says, without the marks that Python puts around it."""
    if isinstance(error, KeyError) and error.args:
        return str(error.args[0])
    if isinstance(error, OSError) and error.strerror:  # from the system, not one of our sentences
        return error.strerror if error.filename is None else f"{error.strerror}: {error.filename}"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
