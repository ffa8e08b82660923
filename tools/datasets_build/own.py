"""Any folder of music21's corpus, for your own use: collections whose terms do not let the course ship them."""

import re
from collections import Counter
from dataclasses import replace

from datasets_build import Entry
from datasets_build.abc import LeftOut
from datasets_build.scores import read_score


def own_entries(name):
    """Read all scores in a folder of music21's corpus: `(entries, Counter of why others were left out)`.

    Raises:
        ValueError: the corpus has no such folder.
    """
    from music21 import common, converter

    corpus = common.getCorpusFilePath()
    files = sorted(path for path in (corpus / name).rglob("*") if path.suffix in (".abc", ".krn", ".mxl", ".xml", ".musicxml"))
    if not files:
        folders = sorted(path.name for path in corpus.iterdir() if path.is_dir() and not path.name.startswith("_"))
        raise ValueError(f"music21's corpus has no folder {name!r} with scores: expected one of {', '.join(folders)}")
    entries, left_out = [], Counter()
    for path in files:
        print(f"reading {path.name}", flush=True)
        parsed = converter.parse(path, forceSource=True)
        for score in getattr(parsed, "scores", None) or [parsed]:
            stem = re.sub("[^a-z0-9]+", "-", path.relative_to(corpus / name).with_suffix("").as_posix().lower())
            id = f"{stem}-{len(entries) + 1}"
            title = (score.metadata and score.metadata.bestTitle) or path.stem
            try:
                piece = replace(read_score(score), title=title, style=name)
            except (LeftOut, ValueError) as reason:
                left_out[re.sub(r"\d+", "N", str(reason))[:80]] += 1
                continue
            if not piece.notes:
                left_out["no notes"] += 1
                continue
            entries.append(Entry(id, piece, f"music21 corpus, {path.relative_to(corpus)}", ""))
    return entries, left_out
