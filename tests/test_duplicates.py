"""Near-duplicates and splits."""

from hypothesis import given
from hypothesis import strategies as st

from musiclab.duplicates import grams, group, melody, split
from musiclab.piece import DRUMS, Note, Piece, Voice


def test_a_tune_in_another_key_has_the_same_runs():
    pitches = [60, 62, 64, 65, 67, 65, 64, 62, 60, 67, 60, 72]
    assert grams(pitches) == grams([pitch + 5 for pitch in pitches])
    assert len(grams(pitches)) == 2


def test_a_melody_of_few_notes_is_one_run_and_one_note_is_none():
    assert grams([60, 64, 67]) == {(4, 3)}
    assert grams([60]) == set()
    assert grams([]) == set()


def test_melody_is_the_highest_sounding_note_without_drums():
    notes = [Note(0, 24, 48, voice=1), Note(0, 24, 72), Note(24, 24, 70), Note(0, 24, 90, voice=2)]
    assert melody(Piece(notes, [Voice("a"), Voice("b"), Voice("drums", DRUMS)])) == [72, 70]


def test_groups_chain_and_need_enough_in_common():
    runs = [{1, 2, 3, 4}, {3, 4, 5, 6}, {5, 6, 7, 8}, {1, 7, 20, 21}]
    assert group(runs, shared=2) == [0, 0, 0, 3]


def test_a_short_piece_belongs_to_the_long_one_that_holds_all_of_it():
    assert group([set(range(20)), {3, 4}, {3, 99}], shared=8) == [0, 0, 2]


def test_pieces_without_any_run_are_groups_of_their_own():
    assert group([set(), set()]) == [0, 1]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["reel", "jig"])), max_size=80))
def test_no_group_is_ever_divided_and_train_is_never_empty(pieces):
    groups, kinds = [str(name) for name, _ in pieces], [kind for _, kind in pieces]
    parts = split(groups, kinds)
    assert len({(name, part) for name, part in zip(groups, parts)}) == len(set(groups))
    assert not pieces or "train" in parts


def test_each_kind_gets_about_a_tenth_for_valid_and_for_test():
    groups = [f"tune-{n}" for n in range(300)]
    kinds = ["reel"] * 200 + ["jig"] * 100
    parts = split(groups, kinds)
    assert [parts[:200].count(part) for part in ("train", "valid", "test")] == [160, 20, 20]
    assert [parts[200:].count(part) for part in ("train", "valid", "test")] == [80, 10, 10]


def test_the_split_depends_on_names_alone():
    names = [f"tune-{n}" for n in range(50)]
    parts = dict(zip(names, split(names)))
    assert dict(zip(reversed(names), split(names[::-1]))) == parts


def test_few_groups_are_trained_on():
    assert split([]) == []
    assert split(["a"]) == ["train"]
    assert split(["a", "a", "a"]) == ["train"] * 3
    assert sorted(split(["a", "b"])) == ["test", "train"]
    assert sorted(split(["a", "b", "c"])) == ["test", "train", "valid"]
