"""Count how chords follow each other in Bach's chorales, and which of their notes the melody has: musiclab/data/chords.json.

    python tools/count_chords.py

Only the chorales for training are counted. A chord is read on every beat (`musiclab.harmony.chords_in`); sevenths other than the
dominant's count as their triads, suspensions and augmented triads not at all. Degrees are semitones
above the tonic of the piece, `tones` are quarter notes of melody at each interval above the root, `stays` are (held on, of all).
"""

import json
from collections import Counter, defaultdict

from musiclab import datasets
from musiclab.harmony import chords_in
from musiclab.harmony.progression import COUNTED, COUNTS, SIMPLER
from musiclab.harmony.pulse import beats, spans
from musiclab.piece import TICKS_PER_QUARTER


def main():
    moves = defaultdict(lambda: defaultdict(Counter))
    tones = {quality: [0] * 12 for quality in COUNTED}
    stays = {"bar line": [0, 0], "inside": [0, 0]}
    chorales = datasets.load("chorales").train
    for piece in chorales:
        tonic, held = piece.key.pitch_class, None
        soprano = [note for note in piece.notes if note.voice == 0]
        known = {tick: chord for start, end, chord in chords_in(piece) for tick in range(start, end)}
        for start, end, place in spans(piece, beats):
            chord = known.get(start)
            quality = chord and SIMPLER.get(chord.quality, chord.quality)
            if quality not in COUNTED:
                held = None
                continue
            state = f"{(chord.root - tonic) % 12} {quality}"
            if held:
                stays["inside" if place else "bar line"][0] += state == held
                stays["inside" if place else "bar line"][1] += 1
                if state != held:
                    moves[piece.key.mode][held][state] += 1
            held = state
            for note in soprano:
                ticks = min(end, note.end) - max(start, note.start)
                if ticks > 0:
                    tones[quality][(note.pitch - chord.root) % 12] += ticks / TICKS_PER_QUARTER
    content = {
        "source": f"{len(chorales)} chorales by J. S. Bach, those for training in datasets/chorales; counted by tools/count_chords.py",
        "stays": stays,
        "tones": {quality: [round(quarters, 1) for quarters in counts] for quality, counts in tones.items()},
        "moves": {mode: {a: dict(sorted(b.items())) for a, b in sorted(table.items())} for mode, table in sorted(moves.items())},
    }
    COUNTS.write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n", encoding="utf-8"
    )
    print(f"{COUNTS}: {sum(sum(b.values()) for table in moves.values() for b in table.values())} changes of chord")


if __name__ == "__main__":
    main()
