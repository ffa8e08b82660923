"""A piece to take home: MIDI, MusicXML, picture, sound and card, side by side."""

import errno
import json
import os
import tempfile
from pathlib import Path


def write_all(piece, card, stem):
    """Write a piece as MIDI, MusicXML, picture and sound, and its card as JSON: all five files or, on an error, none.

    Args:
        stem: path without suffix; its folder is made where there is none.

    Returns:
        list of Path.

    Raises:
        OSError: the folder cannot be written to; the message names it.
    """
    from musiclab.midi import midi_bytes
    from musiclab.score import musicxml, svg_pages
    from musiclab.sound import missing_sound_font_line, render, substitutions, wav_bytes

    stem = Path(stem)
    sound = [missing_sound_font_line() or "FluidSynth with the course's sound font", *substitutions(piece)]
    contents = {
        ".mid": midi_bytes(piece),
        ".musicxml": musicxml(piece).encode(),
        ".svg": svg_pages(piece)[0].encode(),
        ".wav": wav_bytes(render(piece)),
        ".json": (json.dumps(card | {"sound": sound}, indent=2, ensure_ascii=False) + "\n").encode(),
    }
    paths = [stem.with_name(stem.name + suffix) for suffix in contents]
    made = [folder for folder in (stem.parent, *stem.parent.parents) if not folder.exists()]
    try:
        for path in paths:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{path.name} is a folder")
        for folder in stem.parents:
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, f"{folder} is no folder")
        stem.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=stem.parent) as aside:
            for path, content in zip(paths, contents.values()):
                (Path(aside) / path.name).write_bytes(content)
            for path in paths:
                os.replace(Path(aside) / path.name, path)
    except OSError as error:
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise OSError(f"cannot write {stem}.mid and the rest: {error.strerror}; choose another place with --out") from error
    return paths
