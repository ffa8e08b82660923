"""The shipped collections, and folders of one's own."""

import csv
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from subprocess import run
from sys import executable

import pytest

from musiclab import datasets
from musiclab.midi import read_midi, write_midi
from musiclab.piece import Note, Piece

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "datasets"
COLLECTIONS = ("aird", "chorales", "northumbrian", "oneill", "piano", "quartets", "ryan")
TUNES = ("aird", "northumbrian", "oneill", "ryan")


@pytest.fixture(scope="module")
def rows():
    found = {}
    for index in sorted(FOLDER.glob("*/index.csv")):
        with open(index, encoding="utf-8", newline="") as file:
            found[index.parent.name] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def tunes():
    return datasets.load("tunes")


def test_every_row_has_its_file_and_every_file_its_row(rows):
    assert tuple(rows) == COLLECTIONS
    for name, collection in rows.items():
        files = [row["file"] for row in collection]
        assert sorted(files) == sorted(path.relative_to(FOLDER / name).as_posix() for path in (FOLDER / name).rglob("*.mid"))
        assert len(set(files)) == len(files)


def test_ids_are_never_used_twice(rows):
    ids = Counter(row["id"] for collection in rows.values() for row in collection)
    assert ids.most_common(1)[0][1] == 1


def test_no_group_crosses_the_splits_of_any_collection(rows):
    parts = defaultdict(set)
    for row in (row for collection in rows.values() for row in collection):
        parts[row["group"]].add(row["split"])
    assert {len(found) for found in parts.values()} == {1}
    assert set().union(*parts.values()) == {"train", "valid", "test"}


def test_at_least_eight_styles_have_sixty_pieces_or_more_and_each_its_tests(rows):
    pieces = [row for collection in rows.values() for row in collection]
    large = {style for style, n in Counter(row["style"] for row in pieces).items() if n >= 60}
    assert large >= {"reel", "jig", "slip jig", "hornpipe", "air", "strathspey", "march", "chorale"}
    for style in large:
        parts = Counter(row["split"] for row in pieces if row["style"] == style)
        assert 0.75 < parts["train"] / parts.total() < 0.85, style
        assert min(parts["valid"], parts["test"]) >= 0.06 * parts.total(), style


def test_the_collections_are_small_enough():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 15e6


def test_every_collection_says_its_terms_and_names_all_its_transcribers(rows):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, collection in rows.items():
        terms = (FOLDER / name / "TERMS.txt").read_text(encoding="utf-8")
        assert [line.split(":")[0] for line in terms.splitlines()[:4]] == ["Title", "Source", "Licence", "Voices"]
        people = {person for row in collection for person in row["transcriber"].split("; ")}
        assert [person for person in people if person not in terms] == [], name
        assert f"`{name}`" in readme


def test_loading_gives_what_the_index_says(rows):
    for name in ("northumbrian", "quartets", "piano"):
        dataset = datasets.load(name)
        by_id = {piece.id: (piece, part) for part in ("train", "valid", "test") for piece in getattr(dataset, part)}
        assert len(by_id) == len(dataset.pieces) == len(rows[name])
        for row in rows[name]:
            piece, part = by_id[row["id"]]
            assert (piece.title, piece.style, piece.group, piece.collection, part) == (
                *(row[column] for column in ("title", "style", "group")),
                name,
                row["split"],
            )
            assert (str(piece.key), str(piece.meter)) == (row["key"], row["meter"])


def test_a_style_is_gathered_from_all_collections(tunes):
    reels = datasets.load("reels")
    assert {piece.style for piece in reels.pieces} == {"reel"}
    assert {piece.collection for piece in reels.pieces} == {"oneill", "ryan", "aird"}
    assert set(reels.test) == {piece for piece in tunes.test if piece.style == "reel"}
    assert "O'Neill" in reels.source and "Ryan" in reels.source and "Jack Campin" in reels.licence


def test_names_may_be_singular_and_written_in_other_ways():
    first = datasets.load("slip jigs")
    assert datasets.load("Slip_Jig").pieces == first.pieces
    assert datasets.load("slip-jigs", "slip jig").pieces == first.pieces


def test_all_names_load_something():
    names = datasets.names()
    assert set(names) >= {"tunes", "reels", "jigs", "hornpipes", "slip jigs", "airs", "strathspeys", "chorales", *COLLECTIONS}
    for name in set(names) - {"tunes", *TUNES, "reels", "jigs", "airs", "hornpipes", "chorales", "Scottish airs"}:
        assert datasets.load(name).pieces


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(ValueError, match="'reelz': did you mean 'reels'.*hornpipes.*load_folder"):
        datasets.load("reelz")
    with pytest.raises(ValueError, match="without a name"):
        datasets.load()


@pytest.mark.parametrize(
    ("wanted", "by", "expected"),
    [
        (["piano"], "foo", "by='foo'.*'piano', expected 'split'$"),
        (["chorales"], "title", "by='title'.*expected 'split' or 'split_jsb'$"),
        (["reels"], "split_jsb", "by='split_jsb'.*expected 'split'$"),
        (["chorales", "piano"], "split_jsb", "by='split_jsb'.*'piano'"),
    ],
)
def test_what_is_no_split_of_all_the_collections_asked_for_is_refused(wanted, by, expected):
    with pytest.raises(ValueError, match=expected):
        datasets.load(*wanted, by=by)


def test_a_dataset_has_a_proper_title_however_it_was_asked_for(tunes):
    assert tunes.title == "Tunes"
    assert datasets.load("chorales ").title == "Chorales by J. S. Bach"
    assert datasets.load("chorale").title == "Chorales"
    assert datasets.load("PIANO", "slip-jigs", "slip jig").title == "Ragtimes and piano pieces, Slip jigs"
    assert datasets.load("northumbrian").title == "Northumbrian Minstrelsy"


def test_a_style_with_too_few_tunes_for_three_parts_says_so():
    gavottes = repr(datasets.load("gavottes"))
    assert gavottes.splitlines() == [
        "Dataset('Gavottes': 1 train, 0 valid, 0 test)",
        "no valid or test tunes: too few (1 tune in 1 group of near-duplicates, which are never divided)",
    ]


def test_pieces_that_name_no_transcriber_are_blank_and_counted(rows):
    unnamed = {name: sum(not row["transcriber"] for row in collection) for name, collection in rows.items()}
    assert unnamed == {"aird": 0, "chorales": 46, "northumbrian": 1, "oneill": 68, "piano": 0, "quartets": 22, "ryan": 111}
    counts, readme = ((FOLDER / name).read_text(encoding="utf-8") for name in ("COUNTS.md", "README.md"))
    for name, n in unnamed.items():
        assert f"\n| {name} | {n} | {len(rows[name])} |\n" in counts
        (line,) = (line for line in readme.splitlines() if line.startswith(f"| `{name}` |"))
        assert n in (0, len(rows[name])) or f"{n} of {len(rows[name]):,} files" in line
    assert "46 name nobody" in " ".join((FOLDER / "chorales" / "TERMS.txt").read_text(encoding="utf-8").split())


def test_what_was_left_out_adds_up():
    left_out = (FOLDER / "COUNTS.md").read_text(encoding="utf-8").split("## Left out")[1]
    table = [line.strip("| ").split(" | ") for line in left_out.splitlines() if line.startswith("|")][2:]
    reasons = [(row[0], int(row[-1])) for row in table if row[0] != "all"]
    (total,) = (int(row[-1].strip("| ")) for row in table if row[0].startswith("all"))
    assert sum(n for _, n in reasons) == total
    assert f"{sum(n for name, n in reasons if name in TUNES)} of them are tunes of one voice." in left_out


def test_tunes_have_one_voice_full_bars_and_a_grid_that_ends(tunes):
    for piece in tunes.pieces:
        assert len(piece.voices) == len(piece.meters) == len(piece.keys) == 1
        for before, after in zip(piece.notes, piece.notes[1:]):
            assert before.end <= after.start, piece.id
        assert len(piece.bars) >= 4
        assert {end - start for start, end in piece.bars[1:]} == {piece.meter.bar}
        assert piece.end - piece.bars[-1][0] <= piece.meter.bar
        assert all(45 <= note.pitch <= 100 for note in piece.notes), piece.id


def test_reels_and_jigs_are_in_meters_that_can_be_danced(tunes):
    meters = defaultdict(set)
    for piece in tunes.pieces:
        meters[piece.style].add(str(piece.meter))
    assert meters["slip jig"] == {"9/8"}
    assert meters["jig"] <= {"6/8", "12/8"}
    assert meters["reel"] | meters["hornpipe"] | meters["strathspey"] == {"2/2", "2/4", "4/4"}


def test_no_tune_is_there_twice(tunes):
    copies = Counter((piece.collection, piece.notes, piece.meter) for piece in tunes.pieces)
    assert copies.most_common(1)[0][1] == 1


def test_known_tunes_are_where_the_books_have_them(rows):
    titles = {row["source"]: row["title"] for row in rows["oneill"]}
    assert titles["O'Neill's Music of Ireland, no. 1031"] == "The Top of Cork Road"
    aird = {row["source"]: row for row in rows["aird"]}
    first = aird["Aird's Selection, no. 1"]
    assert (first["title"], first["tempo"], first["key"]) == ("The Ranting Highlandman", "1/2=112", "G major")
    piece = read_midi(FOLDER / "aird" / first["file"])
    assert piece.pickup == 24 and piece.tempos[0][1] == 60_000_000 // 224
    assert [note.pitch for note in piece.notes[:6]] == [69, 67, 71, 71, 71, 69]  # AG|B2B2 B2AG|


def test_chorales_have_four_voices_and_the_jsb_split():
    jsb = datasets.load("chorales", by="split_jsb")
    assert (len(jsb.train), len(jsb.valid), len(jsb.test)) == (222, 73, 77)
    assert "bwv414" in {piece.id for piece in jsb.train} - {piece.id for piece in jsb.valid}
    for piece in jsb.pieces:
        assert [voice.name for voice in piece.voices] == ["Soprano", "Alto", "Tenor", "Bass"]
        assert {note.voice for note in piece.notes} == {0, 1, 2, 3}


def test_chorales_on_one_tune_are_one_group():
    group = {piece.id: piece.group for piece in datasets.load("chorales").pieces}
    passion = [group[id] for id in ("bwv244.15", "bwv244.44", "bwv244.54", "bwv244.62", "bwv248.5", "bwv270")]
    assert len(set(passion)) == 1  # "O Haupt voll Blut und Wunden" under four titles
    assert group["bwv269"] != group["bwv244.54"]


def test_dynamics_of_the_piano_pieces_are_real():
    velocities = {piece.id: {note.velocity for note in piece.notes} for piece in datasets.load("piano").pieces}
    for id in ("fur-elise", "clair-de-lune", "mozart-k545-mvt1", "bach-prelude-c-major-bwv846"):
        assert len(velocities[id]) > 30


def test_the_environment_variable_comes_first(tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    mine.mkdir()
    write_midi(Piece([Note(0, 24, 60)], style="polka"), mine / "a.mid")
    (mine / "TERMS.txt").write_text("Title: Mine\nSource: me\nLicence: free\nVoices: one\n")
    (mine / "index.csv").write_text("id,title,style,group,split,file\na,A tune,polka,a,test,a.mid\n")
    monkeypatch.setenv("MUSICLAB_DATASETS", str(tmp_path))
    assert datasets.names() == ("mine", "polkas", "tunes")
    assert [piece.title for piece in datasets.load("polkas").test] == ["A tune"]


def test_a_folder_without_collections_is_an_error_that_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setenv("MUSICLAB_DATASETS", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=f"{tmp_path}.*MUSICLAB_DATASETS"):
        datasets.load("reels")


def tune(*steps, start=60):
    pitches = [start]
    for step in steps:
        pitches.append(pitches[-1] + step)
    return Piece([Note(24 * n, 24, pitch) for n, pitch in enumerate(pitches)])


SCALE = tune(2, 2, 1, 2, 2, 2, 1, -1, -2, -2, -2, -1, -2, -2)
LEAPS = tune(4, 3, 5, -5, -3, -4, 7, -7, 12, -12, 4, -4, 5, -5)
TURNS = tune(1, -1, -2, 2, 1, -1, -2, 2, 4, -4, 1, -1, -2, 2)


def test_a_folder_of_ones_own_goes_on_past_bad_files(tmp_path):
    (tmp_path / "deeper").mkdir()
    write_midi(SCALE, tmp_path / "a.mid")
    write_midi(LEAPS, tmp_path / "deeper" / "b.MIDI")
    write_midi(TURNS, tmp_path / "c.mid")
    write_midi(TURNS.transposed(5), tmp_path / "d.mid")
    write_midi(Piece(), tmp_path / "silent.mid")
    (tmp_path / "bad.mid").write_bytes(b"this is not music")
    (tmp_path / "notes.txt").write_text("nor this, but nobody asked")
    mine = datasets.load_folder(tmp_path)
    assert {piece.id for piece in mine.pieces} == {"a", "deeper/b", "c", "d"}
    assert {piece.title for piece in mine.pieces} == {"a", "b", "c", "d"}
    assert [file for file, _ in mine.left_out] == ["bad.mid", "silent.mid"]
    assert str(tmp_path) not in mine.left_out[0][1]
    assert "left out 2 files" in repr(mine) and "bad.mid: " in repr(mine)
    group = {piece.id: piece.group for piece in mine.pieces}
    assert group["c"] == group["d"] == "c" and len(set(group.values())) == 3
    assert (len(mine.train), len(mine.valid), len(mine.test)) == (4, 0, 0)  # three tunes: none is spared


def test_a_folder_of_five_tunes_spares_one_each_for_valid_and_test(tmp_path):
    write_midi(TURNS, tmp_path / "again.mid")
    for i, steps in enumerate(([2, 2, 1, 2], [4, 3, 5, -7], [1, -1, -2, 2], [7, -5, 3, -4], [-2, -1, -2, 6])):
        write_midi(TURNS if i == 2 else tune(*(4 * steps)), tmp_path / f"{i}.mid")
    mine = datasets.load_folder(tmp_path)
    assert (len(mine.train), len(mine.valid), len(mine.test)) == (4, 1, 1)
    groups = [{piece.group for piece in part} for part in (mine.train, mine.valid, mine.test)]
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]


def test_one_file_or_one_tune_again_and_again_is_all_for_training(tmp_path):
    write_midi(SCALE, tmp_path / "one.mid")
    assert len(datasets.load_folder(tmp_path).train) == 1
    write_midi(SCALE.transposed(3), tmp_path / "two.mid")
    alike = datasets.load_folder(tmp_path)
    assert (len(alike.train), alike.valid, alike.test) == (2, (), ())
    assert "no valid or test tunes: too few (2 tunes in 1 group of near-duplicates" in repr(alike)


def test_a_folder_with_nothing_to_load_says_why(tmp_path):
    with pytest.raises(ValueError, match="no .mid or .midi files"):
        datasets.load_folder(tmp_path)
    (tmp_path / "bad.mid").write_bytes(b"RIFF")
    with pytest.raises(ValueError, match="nothing to load: bad.mid: "):
        datasets.load_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        datasets.load_folder(tmp_path / "absent")
    with pytest.raises(NotADirectoryError, match="read one file with"):
        datasets.load_folder(tmp_path / "bad.mid")


def test_loading_leaves_the_garbage_collector_as_it_was():
    import gc

    datasets.load("piano")
    assert gc.isenabled()


@pytest.mark.slow
def test_a_wheel_carries_the_collections(tmp_path):
    source = tmp_path / "source"  # a copy, so that no build folder is left in the repository
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy(ROOT / name, source)
    for name in ("musiclab", "datasets", "lessons"):
        copytree(ROOT / name, source / name, ignore=ignore_patterns("__pycache__"))
    uv = Path(executable).parent / "uv"
    command = [str(uv)] if uv.exists() else [executable, "-m", "uv"]
    built = run([*command, "build", "--wheel", "--out-dir", str(tmp_path), str(source)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr[-2000:]
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = {name.removeprefix("musiclab/data/datasets/") for name in wheel.namelist()}
        licences = {name.partition(".dist-info/licenses/")[2] for name in wheel.namelist()} - {""}
    missing = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} - inside
    assert not missing
    assert licences == {
        "LICENSE",
        "musiclab/data/SOUNDFONT-LICENCE.txt",
        "musiclab/widgets/static/LICENCES.txt",
        *(f"datasets/{name}/TERMS.txt" for name in COLLECTIONS),
    }
