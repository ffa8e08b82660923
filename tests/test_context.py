import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.context import KEPT, LAGS, LONGEST, MOST_BARS, REPEATS, UNKNOWN_BARS, Context
from musiclab.symbols import BAR_LINE, HEAD, LENGTH, PITCH, Vocabulary

VOCABULARY = Vocabulary(
    [
        "<reel>",
        "<2/4>",
        "<3/4>",
        "<major>",
        "<4 bars>",
        "<12 bars>",
        "<64 bars>",
        "C5",
        "D5",
        "E5",
        "F5",
        "R",
        "~",
        "1/8",
        "1/4",
        "1/2",
    ]
)
CONTEXT = Context(VOCABULARY.kinds, VOCABULARY.ticks, VOCABULARY.bars)
HEAD_OF = ["<reel>", "<2/4>", "<major>", "<12 bars>"]


def seen(symbols, context=CONTEXT):
    """What the network sees after each of the symbols, as dicts."""
    state, rows = context.start(), []
    for id in VOCABULARY.ids(symbols):
        state, features = context.step(state, id)
        rows.append(dict(zip(context.names, features)))
    return rows


def last(text, head=HEAD_OF):
    return seen([*head, *text.split()])[-1]


def name(id):
    return VOCABULARY[id]


def test_a_tune_of_two_bars_is_seen_as_by_hand():
    rows = seen([*HEAD_OF, *"C5 1/8 D5 3".replace("3", "1/8").split(), *"E5 1/4 | C5 1/8".split()])
    assert [row["place"] for row in rows] == [0, 0, 0, 0, 0, 12, 12, 24, 24, 48, 0, 0, 12]
    assert [row["left"] for row in rows] == [0, 49, 49, 49, 49, 37, 37, 25, 25, 1, 49, 49, 37]
    assert [row["bar"] for row in rows] == [8] * 10 + [1] * 3  # the first bar was full, so it was bar 0
    assert [row["bars_left"] for row in rows] == [UNKNOWN_BARS] * 3 + [12] * 7 + [11] * 3
    assert [name(row["match"]) for row in rows[-3:]] == ["<start>", "1/8", "D5"]
    assert [row["match_length"] for row in rows[-3:]] == [0, 1, 2]
    assert [name(row["back_1"]) for row in rows[-3:]] == ["C5", "1/8", "D5"]
    assert [row["hits_1"] for row in rows[-3:]] == [0, 1, 2]


def test_bars_after_a_pickup_are_numbered_from_0_and_the_last_one_completes_it():
    row = last("C5 1/8 | D5 1/2 |")
    assert (row["bar"], row["bars_left"]) == (1, 11)
    rows = seen(["<2/4>", "<4 bars>", "C5", "1/8", "|", *["C5", "1/2", "|"] * 3, "D5", "1/4"])
    assert (rows[-1]["bars_left"], rows[-1]["left"]) == (1, 48 - 12 - 24 + 1)


def test_a_pickup_returns_at_the_end_of_a_bar():
    bars = "D5 1/8 | " + "C5 1/4 E5 1/8 F5 1/8 | " * 3 + "C5 1/4 E5 1/8"  # where the 4th bar's last eighth will stand
    assert name(last(bars)["back_4"]) == "D5"


def test_the_symbol_at_the_same_place_some_bars_back_is_found():
    bars = [f"{pitch} 1/4 {pitch} 1/4 |" for pitch in "C5 D5 E5 F5 C5 D5 E5 F5".split()]
    row = last(" ".join(bars) + " D5 1/4")
    assert [name(row[f"back_{lag}"]) for lag in LAGS] == ["F5", "E5", "C5", "C5"]
    row = last(" ".join(bars) + " D5 1/8")  # no symbol began an eighth after any bar line
    assert [row[f"back_{lag}"] for lag in LAGS] == [0] * 4
    assert name(last(" ".join(bars) + " D5")["back_4"]) == "1/4"  # a pitch waits for its length


def test_a_match_is_what_followed_the_longest_earlier_repeat():
    row = last("C5 1/8 D5 1/4 E5 1/8 C5 1/8 D5 1/4 E5 1/8 C5 1/8 D5 1/4")
    assert (name(row["match"]), row["match_length"]) == ("E5", 4)  # 8 symbols again; the levels are 1, 2, 4, 8 ...
    row = last("C5 1/8 D5 1/4 C5 1/8 E5 1/4 C5 1/8")
    assert name(row["match"]) == "E5"  # of equally long ones the latest


ids = st.lists(st.integers(0, len(VOCABULARY) - 1), max_size=120)


@given(ids)
def test_any_history_gives_features_in_their_range(history):
    state = CONTEXT.start()
    for id in history:
        state, features = CONTEXT.step(state, id)
        assert all(type(value) is int and 0 <= value < size for value, size in zip(features, CONTEXT.sizes, strict=True))


@given(ids, ids)
def test_a_state_stays_as_it_is(history, other):
    def run(state, ids):
        rows = []
        for id in ids:
            state, features = CONTEXT.step(state, id)
            rows.append(features)
        return state, rows

    state, _ = run(CONTEXT.start(), history)
    first = run(state, other)
    run(state, history)
    assert run(state, other) == first


@given(st.lists(st.integers(1, len(VOCABULARY) - 1), min_size=1, max_size=80))
def test_a_match_agrees_with_a_search_by_hand(history):
    row = dict(zip(CONTEXT.names, _features(history)))
    found = (0, 0)
    for level, length in enumerate(REPEATS, start=1):
        places = [i for i in range(len(history) - length) if history[i : i + length] == history[-length:]]
        if length > len(history) or not places:
            break
        found = history[places[-1] + length], level
    assert (row["match"], row["match_length"]) == found


def _features(history):
    state = CONTEXT.start()
    for id in history:
        state, features = CONTEXT.step(state, id)
    return features


@given(st.lists(st.lists(st.sampled_from(["C5 1/8", "D5 1/8", "E5 1/4", "R 1/8"]), max_size=4), min_size=2, max_size=12))
def test_what_stood_some_bars_back_agrees_with_a_search_by_hand(bars):
    bars = [["C5 1/2"], *[bar or ["F5 1/4"] for bar in bars]]  # the first bar is full: there is no pickup
    state, symbols = CONTEXT.start(), [*HEAD_OF]
    for bar in bars:
        symbols += " ".join(bar).split() + ["|"]
    placed, place, waiting = [{}], 0, False  # for each bar so far: (place, waits for a length) -> symbol
    for symbol, id in zip(symbols, VOCABULARY.ids(symbols)):
        state, features = CONTEXT.step(state, id)
        kind = VOCABULARY.kinds[id]
        if kind == HEAD:
            continue
        placed[-1].setdefault((place, waiting), symbol)
        place += int(VOCABULARY.ticks[id]) if kind == LENGTH else 0
        waiting = kind == PITCH
        if kind == BAR_LINE:
            placed.append({})
            place = 0
        row = dict(zip(CONTEXT.names, features))
        for lag in LAGS:
            expected = placed[-1 - lag].get((place, waiting), "<start>") if len(placed) > lag else "<start>"
            assert name(row[f"back_{lag}"]) == expected


def test_hits_count_guesses_that_were_right_in_a_row():
    bar = "C5 1/8 D5 1/8 E5 1/4 |"
    assert last(f"{bar} C5")["hits_1"] == 1
    assert last(f"{bar} C5 1/8 D5")["hits_1"] == 2  # 3 in a row: the levels are 1, 2-3, 4-7, 8-15 ...
    assert last(f"{bar} {bar} {bar}")["hits_1"] == 4  # 14 in a row
    assert last(f"{bar} {bar} D5")["hits_1"] == 0


def test_endless_music_is_kept_in_bounded_memory():
    state = CONTEXT.start()
    bar = VOCABULARY.ids("C5 1/8 D5 1/8 E5 1/4 |".split())
    for i, id in enumerate(VOCABULARY.ids(HEAD_OF) + bar * 700):
        state, features = CONTEXT.step(state, id)
        assert i < 100 or all(features[feature] for feature in CONTEXT.copied)  # also where the oldest are forgotten
    row = dict(zip(CONTEXT.names, features))
    assert len(state.history) == len(state.places) < 2 * KEPT
    assert len(state.bars) <= LAGS[-1] + 1
    assert [name(row[f"back_{lag}"]) for lag in LAGS] == ["C5"] * 4
    assert row["match_length"] == row["hits_1"] == len(REPEATS)
    assert row["bars_left"] == 0


@pytest.mark.parametrize("symbols", [["<64 bars>"], ["1/2"] * 9, ["<2/4>", "C5", "1/2", "C5", "1/2"]])
def test_long_pieces_and_overfull_bars_are_clipped(symbols):
    row = seen(symbols)[-1]
    assert row["bars_left"] in (MOST_BARS, UNKNOWN_BARS)
    assert row["place"] <= LONGEST
    assert row["left"] in (0, 1)


def test_copied_features_are_symbols():
    assert [CONTEXT.names[i] for i in CONTEXT.copied] == ["match", *(f"back_{lag}" for lag in LAGS)]
    assert {CONTEXT.sizes[i] for i in CONTEXT.copied} == {len(VOCABULARY)}


def test_tables_may_be_arrays_or_lists():
    lists = Context(VOCABULARY.kinds.tolist(), VOCABULARY.ticks.tolist(), VOCABULARY.bars.tolist())
    assert seen(["C5", "1/8", "C5"], lists) == seen(["C5", "1/8", "C5"])
    assert np.array(seen(["C5"])[0]["symbol"]) == VOCABULARY.ids(["C5"])[0]
