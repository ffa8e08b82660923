"""What the card of the chorale network says: how surprised it is by chorales it has not seen, and how its own music compares with Bach's."""

from collections import Counter
from dataclasses import replace

import numpy as np

from musiclab.choir.frames import LAYOUT, frames_of
from musiclab.choir.writing import compose_chorale, hearing
from musiclab.evaluate import nats
from musiclab.harmonise import harmonise
from musiclab.harmony import dissonance, fault_rates, triad_share
from musiclab.modelcard import interval
from musiclab.ngram import Bigram, Cached, KneserNey

ORDER = 9  # symbols of an n-gram: this frame so far, and the two before
N_COMPOSED = 20  # chorales, seeds 0 to 19
HOW = (
    "Nats of all ids, holds included, divided by the notes struck. *Free*: four voices, the melody unknown. *Under a melody*: the three "
    "lower voices, soprano and melody ahead known. Both are told the key, the meter, the fermatas and the length; those that count are "
    "told nothing. An interval holds the middle 95 % of what comes out when the test chorales are drawn anew, with replacement, 2,000 times."
)
ROWS = {
    "uniform": "every id equally likely",
    "bigram": "counts of pairs in each voice",
    "kneser_ney": f"counts of up to {ORDER} ids (Kneser-Ney)",
    "kneser_ney_with_cache": "the same, with a memory of this chorale",
    "network": "**this model**",
}
LOOKED_AT = ("parallel fifths", "parallel octaves", "hidden fifths", "hidden octaves", "crossing", "overlap", "spacing", "range")


class PairsInEachVoice:
    """Counts of pairs in each voice alone, as a model of ids that come voice by voice."""

    def __init__(self, frames):
        self._voices = [Bigram([rows[:, slot] for rows in frames], LAYOUT.n_symbols) for slot in range(LAYOUT.n_slots)]

    def start(self):
        return (0,) * LAYOUT.n_slots, -1

    def step(self, state, id):
        last, slot = state
        last = last if slot < 0 else (*last[:slot], int(id), *last[slot + 1 :])
        slot = (slot + 1) % LAYOUT.n_slots
        return (last, slot), self._voices[slot].step(None, last[slot])[1]


def soprano(piece):
    """The tune of a chorale: key, meter and fermatas as they are."""
    return replace(piece, notes=[note for note in piece.notes if note.voice == 0], voices=piece.voices[:1])


def surprise(voices, parts):
    """Nats a note of the network and of models that only count, free and under a melody: a dict for the card."""
    known = {name: [frames_of(piece) for piece in pieces] for name, pieces in parts.items()}
    learned = [frames for frames, _ in known["train"]]
    counting = KneserNey([frames.ravel().tolist() for frames in learned], LAYOUT.n_symbols, ORDER)
    others = {"uniform": Bigram([], LAYOUT.n_symbols), "bigram": PairsInEachVoice(learned)}
    others |= {"kneser_ney": counting, "kneser_ney_with_cache": Cached(counting)}
    found = {"nats_a_note": {}, "how": HOW, "interval_95": {}}
    for split in ("valid", "test"):
        n_notes = np.array([[len(piece.notes), sum(note.voice > 0 for note in piece.notes)] for piece in parts[split]])
        tables = {name: [[nats(model, f.ravel()).reshape(-1, 4)] * 2 for f, _ in known[split]] for name, model in others.items()}
        tables["network"] = [
            [nats(hearing(voices, plan.given(line)), f.ravel()).reshape(-1, 4) for line in (None, f[:, 0])]
            for f, plan in known[split]
        ]
        for i, (kind, voice) in enumerate((("free", 0), ("under_a_melody", 1))):
            totals = {name: np.array([pair[i][:, voice:].sum() for pair in rows]) for name, rows in tables.items()}
            for name, values in totals.items():
                column = found["nats_a_note"].setdefault(f"{kind}, {split}", {})
                column[name] = round(float(values.sum() / n_notes[:, i].sum()), 4)
            if split == "test":
                found["interval_95"][kind] = interval(totals["network"], n_notes[:, i])
                n_ids = sum((4 - voice) * len(f) for f, _ in known[split])
                found[f"nats_a_symbol_{kind}"] = round(float(totals["network"].sum() / n_ids), 4)
    return found


def chords(piece):
    """What sounds on each beat, as `(pitch class of the melody, that of the bass, all pitch classes)` above the tonic."""
    tonic, found = piece.key.pitch_class, []
    for tick in range(piece.pickup % 24, piece.end, 24):
        sounds = [(note.voice, note.pitch) for note in piece.notes if note.start <= tick < note.end]
        if len({voice for voice, _ in sounds}) == 4:
            classes = frozenset((pitch - tonic) % 12 for _, pitch in sounds)
            found.append((tick, (dict(sounds)[0] - tonic) % 12, (dict(sounds)[3] - tonic) % 12, classes))
    return found


def music(voices, parts, corpus):
    """How harmonised and composed chorales compare with Bach's: a dict for the card."""
    usual = {}
    for piece in parts["train"]:
        for _, above, bass, classes in chords(piece):
            usual.setdefault((piece.key.mode, above), Counter())[bass, classes] += 1
    harmonised = [harmonise(soprano(piece), voices, np.random.default_rng(i)) for i, piece in enumerate(parts["test"])]
    same = {"network": [], "commonest": []}
    for bach, ours in zip(parts["test"], harmonised):
        sung = {tick: rest for tick, *rest in chords(ours)}
        pairs = [(rest, sung[tick]) for tick, *rest in chords(bach) if tick in sung]
        guessed = [
            usual.get((bach.key.mode, above), Counter({(0, frozenset()): 1})).most_common(1)[0][0] for (above, *_), _ in pairs
        ]
        for name, answers in (("network", [tuple(answer[1:]) for _, answer in pairs]), ("commonest", guessed)):
            hits = [[answer[1] == truth[2], answer[0] == truth[1], len(pairs) > 0] for (truth, _), answer in zip(pairs, answers)]
            same[name].append(np.sum(hits, axis=0))
    composed = [compose_chorale(8, seed=seed, model=voices, corpus=corpus)[0] for seed in range(N_COMPOSED)]
    groups = {"Bach, test": parts["test"], "harmonised": harmonised, "composed": composed}
    return {
        "same_as_bach": {
            name: {
                what: {
                    "share": round(float(counts[:, i].sum() / counts[:, 2].sum()), 3),
                    "interval_95": interval(counts[:, i], counts[:, 2]),
                }
                for i, what in enumerate(("chord", "bass"))
            }
            for name, counts in ((name, np.array(rows)) for name, rows in same.items())
        },
        "compared": {
            name: {
                "pieces": len(pieces),
                "triads": round(triad_share(pieces), 3),
                "dissonant_pairs": round(dissonance(pieces), 3),
                "faults_a_1000_moves": {kind: round(rate, 2) for kind, rate in fault_rates(pieces).items() if kind in LOOKED_AT},
            }
            for name, pieces in groups.items()
        },
    }


def words(card):
    """The card as a page of Markdown for a teacher."""
    data, settings, figures = card["data"], card["settings"], card["nats_a_note"]
    counts = ", ".join(f"{n:,} for {split}" for split, n in data["pieces"].items())
    lines = ["# Model card: chorales", ""]
    lines += [
        f"An {card['model'].removeprefix('one ')} ({card['parameters']:,} parameters) that writes chorales and harmonises tunes,"
    ]
    lines[-1] += " sixteenth by sixteenth: soprano, bass, alto, tenor."
    lines += [
        "",
        f"- **Data.** {data['title']}: {counts}; {len(data['left_out'])} left out, because the meter changes or notes are",
    ]
    lines[-1] += f" shorter than sixteenths. Split: {data['split']}."
    lines += [f"- **{name}.** {data[key]}." for name, key in (("Source", "source"), ("Licence", "licence")) if data[key]]
    lines += [
        f"- **Settings.** {', '.join(f'{name} {value}' for name, value in settings.items() if name not in ('data', 'layout'))}."
    ]
    lines += [f"- **Command.** `{card['command']}`"]
    lines += [
        f"- **Training.** Epochs: {card['epochs']}, in {card['cpu_seconds']:,} s of one core; kept: epoch {card['best_epoch']},"
    ]
    lines[-1] += f" {card['best_epoch_was']}."
    lines[-1] += (
        f" It learned twice: from Bach's past alone, and then, in {settings['astray']:.0%} of the draws, from a past in which a share of the beats,"
        " any share, sounds as the first network had put it under the same soprano, while what is to follow is Bach's. So it meets in training"
        " what it meets when it writes."
    )
    lines += [
        "- **What it cannot do.** It knows four voices in 3/4 and 4/4, in Bach's manner, and no words: what a chorale is about it cannot",
    ]
    lines[-1] += (
        " know. It plans no form beyond where phrases end, modulates only by habit, and under a tune that no choir sings (a reel) its chords are"
        " those of a chorale. That phrases rest on whole triads in root position, that nothing clashes on a beat unprepared and that inner"
        " voices go by step is asked for by rules (`musiclab.choir.part_rules`), not learned well enough. Beside held-out chorales"
        " (`benchmarks/musicality.py 0 100`) its upper voices lie a semitone too high, alto and tenor go by step too seldom, there"
        " are fewer notes, lengths and intervals agree less with Bach's, and what it harmonises is too consonant. The figures say how"
        " well it foresees chorales, not whether anybody likes its own."
    )
    lines += ["", "Nats a note: less is better. Valid chose the epoch, test chose nothing.", ""]
    lines += ["| | " + " | ".join(name.replace("_", " ") for name in figures) + " |", "|---|" + "---|" * len(figures)]
    for name, what in ROWS.items():
        lines.append(f"| {what} | " + " | ".join(f"{column[name]:.3f}" for column in figures.values()) + " |")
    (low, high), (low_under, high_under) = card["interval_95"]["free"], card["interval_95"]["under_a_melody"]
    lines += [
        "",
        f"On test this model lies between {low:.3f} and {high:.3f}, under a melody between {low_under:.3f} and {high_under:.3f};",
    ]
    lines[-1] += (
        f" a symbol costs {card['nats_a_symbol_free']:.3f} and {card['nats_a_symbol_under_a_melody']:.3f} nats. {card['how']}"
    )
    shares, compared = card["music"]["same_as_bach"], card["music"]["compared"]
    lines += [
        "",
        "The sopranos of the test chorales, harmonised (seed: the number of the chorale), beat by beat beside Bach's own:",
        "",
    ]
    lines += ["| | same chord as Bach | same bass note |", "|---|---|---|"]
    for name, what in (("commonest", "the commonest chord over this note of the scale"), ("network", "**this model**")):
        cells = [
            f"{100 * s['share']:.0f} % ({100 * s['interval_95'][0]:.0f} to {100 * s['interval_95'][1]:.0f})"
            for s in shares[name].values()
        ]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    lines += [
        "",
        f"How its music is made, beside Bach's; *composed* are 8 bars each, seeds 0 to {N_COMPOSED - 1}. Faults are counted for each",
    ]
    lines[-1] += " 1,000 moves of two voices."
    lines += ["", "| | " + " | ".join(compared) + " |", "|---|" + "---|" * len(compared)]
    lines.append("| pieces | " + " | ".join(str(group["pieces"]) for group in compared.values()) + " |")
    for key, what in (("triads", "triads, of the time"), ("dissonant_pairs", "dissonant pairs of notes")):
        lines.append(f"| {what} | " + " | ".join(f"{100 * group[key]:.1f} %" for group in compared.values()) + " |")
    for kind in LOOKED_AT:
        cells = (f"{group['faults_a_1000_moves'][kind]:.1f}" for group in compared.values())
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])
