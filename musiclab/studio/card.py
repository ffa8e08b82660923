"""What there is to say about a piece, in plain words: as a card, and two cards side by side."""

from html import escape
from math import exp

from musiclab.compose_command import FEW
from musiclab.form import form_of
from musiclab.harmony import faults
from musiclab.harmony.partwriting import moves
from musiclab.instruments import NAMES, nearest_program, substitutions
from musiclab.piece import DRUMS
from musiclab.provenance import originality_line

RARE = 0.05  # share of tunes by people; what fewer of them do is worth a word


def lines(take):
    """What there is to say: a list of (what it is about, words)."""
    settings, card = take.card["settings"], take.card
    found = [
        ("Asked for", _asked(settings, card["examples"])),
        ("Length", _length(take)),
        ("Who plays", ", ".join(_player(voice) for voice in take.piece.voices)),
        ("Form", _form(take)),
        ("Boldness", f"temperature {settings['temperature']:g}, seed {settings['seed']}"),
        ("Surprise", _surprise(card)),
        ("Longest copy", longest_copy(card)),
    ]
    if len(take.choir.voices) > 1:
        found.append(("Part-writing", _part_writing(take.choir)))
    found += [("Note", words) for words in substitutions(take.piece)]
    return found


def longest_copy(card):
    """How much of a piece was there before, in plain words, and what to think of it."""
    words = originality_line(card).removeprefix("Originality: ")
    words = words[0].upper() + words[1:]
    share = (card["originality"] or {}).get("human_tunes_that_share_as_much")
    if share is None:
        return words
    return f"{words} {'That is as usual.' if share >= RARE else 'That is more than is usual: it may be a copy.'}"


def card_html(take):
    """The card of a take as a table."""
    rows = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in lines(take))
    return f'<table class="musiclab-card">{rows}</table>'


def comparison_html(one, other):
    """The cards of two entries of the history, side by side; what differs is in bold and marked in words for those who listen."""
    cards = [dict(lines(entry.take)) for entry in (one, other)]
    names = list(dict.fromkeys([*cards[0], *cards[1]]))
    heads = "".join(
        f"<th scope=col>{letter}: {entry.number} · {escape(entry.take.piece.title)}</th>"
        for letter, entry in (("A", one), ("B", other))
    )
    rows = ""
    for name in names:
        words = [card.get(name, "–") for card in cards]
        differ = words[0] != words[1]
        cells = "".join(f"<td>{'<strong>' * differ}{escape(text)}{'</strong>' * differ}</td>" for text in words)
        rows += f"<tr><th scope=row>{escape(name)}{' (differs)' * differ}</th>{cells}</tr>"
    return f'<div class="musiclab-compare"><table><caption>A and B side by side</caption><tr><td></td>{heads}</tr>{rows}</table></div>'


def _asked(settings, examples):
    style = settings["style"] or "a piece"
    words = f"{style} in {settings['meter']}, {settings['key']}, {settings['tempo']:g} beats a minute"
    if settings["goes_on_from"]:
        words += f", going on from {settings['goes_on_from']['title']}"
    if examples is not None:
        few = ", too few to know the style well" if examples < FEW else ""
        words += f"; the network learned from {examples} such piece{'s' * (examples != 1)}{few}"
    return words


def _length(take):
    settings, piece = take.card["settings"], take.piece
    bars = f"{settings['bars']} bar{'s' * (settings['bars'] != 1)}"
    if settings["goes_on_from"]:
        bars += f" added to {settings['goes_on_from']['bars']}"
    return f"{bars}, {len(piece.notes)} notes, {piece.seconds(piece.end):.0f} seconds"


def _player(voice):
    if voice.program == DRUMS:
        return "drums"
    name = NAMES[nearest_program(voice.program)]
    return name if voice.name.lower() in (name.lower(), "") else f"{voice.name} ({name})"


def _form(take):
    each = 4 if len(take.tune.bars) >= 16 else 2 if len(take.tune.bars) >= 4 else 1
    form = form_of(take.tune, each)
    return f"{form} (a letter for {each} bar{'s' * (each > 1)}; the same letter, the same music; a dot: it ends on the home note)"


def _surprise(card):
    nats = card["nats_a_symbol"]
    return f"{nats:.2f} nats a symbol, as if it had drawn one of {exp(nats):.1f} likely ones each time; 0 would be no surprise at all"


def _part_writing(piece):
    counts = [f"{len(found)} {kind}" for kind, found in faults(piece).items() if found]
    return f"{', '.join(counts) or 'no faults'} in {moves(piece)} moves from chord to chord"
