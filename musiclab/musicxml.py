"""Writing a `Piece` as MusicXML 4.0 (score-partwise), directly: a page of music costs a few milliseconds.

Every notehead carries an `id`: "n17" stands for `piece.notes[17]`, "n17-2" for the second of the noteheads it is tied over.
"""

import re
from html import escape

from musiclab.notation import bars, layers
from musiclab.piece import DRUMS, TICKS_PER_QUARTER
from musiclab.rhythm import VALUES
from musiclab.spelling import signature, spelling
from musiclab.staves import CLEFS, KIT, clef, parts

ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
HEADS = {"x": "<notehead>x</notehead>", "o": "<notehead>circle-x</notehead>", "d": "<notehead>diamond</notehead>", "": ""}


def musicxml(piece, *, prefix="", bars_a_line=0):
    """The piece as a MusicXML 4.0 document.

    Every bar is full except a pickup, its complement at the end, and bars that a change of meter cuts short. A key that changes
    inside a bar spells its notes at once and shows its signature at the next bar line. MusicXML has no octave below 0: what
    lies there, under 16 hertz, is written in octave 0.

    Args:
        prefix: put before every id, so that two scores can live on one page.
        bars_a_line: begin a new line after every so many bars; 0 leaves that to who prints it.

    Raises:
        ValueError: the prefix does not begin like an XML name, or a bar does not add up (which would be our mistake).

    >>> from musiclab.piece import Key, Note, Piece
    >>> text = musicxml(Piece([Note(0, 24, 70)], keys=[(0, Key("F"))]))
    >>> '<note id="n0"><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch>' in text
    True
    """
    if prefix and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", prefix):
        raise ValueError(f"prefix {prefix!r}: expected a letter, then letters, digits, '-', '_' or '.', such as 'tune1-'")
    all_parts, all_bars, spelled = parts(piece), bars(piece), spelling(piece)
    title = f"<work><work-title>{_text(piece.title)}</work-title></work>" if piece.title else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
        ' "http://www.musicxml.org/dtds/partwise.dtd">',
        f'<score-partwise version="4.0">{title}',
        "<identification><encoding><software>musiclab</software></encoding></identification>",
        "<part-list>",
    ]
    if len(all_parts) > 1:
        group = '<part-group type="start" number="1"><group-symbol>bracket</group-symbol><group-barline>yes</group-barline>'
        lines.append(group + "</part-group>")
    for number, part in enumerate(all_parts, start=1):
        lines.append(_score_part(piece, part, number))
    if len(all_parts) > 1:
        lines.append('<part-group type="stop" number="1"/>')
    lines.append("</part-list>")
    for number, part in enumerate(all_parts, start=1):
        lines.append(f'<part id="P{number}">')
        lines += _Writer(piece, part, number, all_bars, spelled, prefix).measures(bars_a_line)
        lines.append("</part>")
    lines.append("</score-partwise>\n")
    return "\n".join(lines)


def printable(text):
    """Text without what XML cannot carry: control characters and halves of surrogate pairs."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _text(text):
    return escape(printable(text), quote=False)


def _score_part(piece, part, number):
    """One entry of the part list: name, instrument, MIDI program (a drum kit has an instrument for each drum)."""
    name = _text(part.voice.name)
    if part.voice.program == DRUMS:
        drums = sorted({piece.notes[i].pitch for i in part.staves[0]})
        names = {f"P{number}-I{drum}": KIT.get(drum, (f"Drum {drum}",))[0] for drum in drums}
        midi = {
            key: f"<midi-channel>10</midi-channel><midi-program>1</midi-program><midi-unpitched>{drum + 1}</midi-unpitched>"
            for key, drum in zip(names, drums)
        }
    else:
        key, channel = f"P{number}-I1", (number - 1) % 15 + 1
        names = {key: name or f"Instrument {number}"}
        channel += channel > 9  # 10 is the drums'
        midi = {key: f"<midi-channel>{channel}</midi-channel><midi-program>{part.voice.program + 1}</midi-program>"}
    return "".join(
        [f'<score-part id="P{number}"><part-name>{name}</part-name>']
        + [f'<score-instrument id="{key}"><instrument-name>{names[key]}</instrument-name></score-instrument>' for key in names]
        + [f'<midi-instrument id="{key}">{midi[key]}</midi-instrument>' for key in names]
        + ["</score-part>"]
    )


class _Writer:
    """One part, measure by measure."""

    def __init__(self, piece, part, number, all_bars, spelled, prefix):
        self.piece, self.part, self.number, self.bars, self.prefix = piece, part, number, all_bars, prefix
        self.drums = part.voice.program == DRUMS
        self.spelled = spelled
        self.staves = [layers(piece, staff, all_bars) for staff in part.staves]
        self.voices = max([4, *(len(bar) for bar in self.staves[0])])  # so many voice numbers a staff
        self.clefs = []
        for staff in part.staves:
            written = [spelled[i] for i in staff if spelled[i]]
            letters = ["CDEFGAB".index(letter) + 7 * octave for letter, _, octave in written]
            self.clefs.append(clef(part.voice, letters))

    def measures(self, bars_a_line):
        """The measures as text."""
        key = meter = None
        written = []
        for place, bar in enumerate(self.bars):
            implicit = "" if bar.number else ' implicit="yes"'
            new_key, new_meter = self.piece.key_at(bar.start), bar.meter
            text = [f'<measure number="{bar.number}"{implicit}>']
            if bars_a_line and self.number == 1 and bar.number > 1 and (bar.number - 1) % bars_a_line == 0:
                text.append('<print new-system="yes"/>')
            text.append(
                self._attributes(place == 0, new_key if new_key != key else None, new_meter if new_meter != meter else None)
            )
            key, meter = new_key, new_meter
            if self.number == 1:
                text += self._tempos(bar)
            for staff, all_layers in enumerate(self.staves):
                accidentals = {} if self.drums else self._accidentals(all_layers[place], key)
                for layer, events in enumerate(all_layers[place]):
                    _check_sum(events, bar, self.number)
                    if staff or layer:
                        text.append(f"<backup><duration>{bar.end - bar.start}</duration></backup>")
                    stem = ("up" if layer % 2 == 0 else "down") if len(all_layers[place]) > 1 else ""
                    for event in events:
                        text.append(self._event(event, staff, layer, stem, accidentals))
            if place == len(self.bars) - 1:
                text.append('<barline location="right"><bar-style>light-heavy</bar-style></barline>')
            written.append("".join(text) + "</measure>")
        return written

    def _attributes(self, first, key, meter):
        text = f"<divisions>{TICKS_PER_QUARTER}</divisions>" if first else ""
        if key and not self.drums:
            mode = f"<mode>{key.mode}</mode>" if self.piece.keys else ""
            text += f"<key><fifths>{key.fifths}</fifths>{mode}</key>"
        if meter:
            text += f"<time><beats>{meter.numerator}</beats><beat-type>{meter.denominator}</beat-type></time>"
        if first:
            many = len(self.clefs) > 1
            text += f"<staves>{len(self.clefs)}</staves>" if many else ""
            for staff, name in enumerate(self.clefs, start=1):
                sign, line, octaves, _ = CLEFS[name]
                change = f"<clef-octave-change>{octaves}</clef-octave-change>" if octaves else ""
                place = "<sign>percussion</sign>" if self.drums else f"<sign>{sign}</sign><line>{line}</line>{change}"
                text += f'<clef number="{staff}">{place}</clef>' if many else f"<clef>{place}</clef>"
        return f"<attributes>{text}</attributes>" if text else ""

    def _tempos(self, bar):
        """Tempo changes of a bar: heard from where they are, shown if they hold for a bar."""
        tempos, found = self.piece.tempos, []
        for i, (tick, tempo) in enumerate(tempos):
            if not bar.start <= tick < bar.end:
                continue
            offset = tick - bar.start
            sound = f'<sound tempo="{60e6 / tempo:.6f}">'
            until = tempos[i + 1][0] if i + 1 < len(tempos) else tick + bar.meter.bar
            if until - tick < bar.meter.bar and tick > 0:
                found.append(sound + (f"<offset>{offset}</offset>" if offset else "") + "</sound>")
                continue
            kind, dots = VALUES[bar.meter.beat]
            beats = 60e6 * TICKS_PER_QUARTER / tempo / bar.meter.beat
            shown = f"{beats:.0f}" if abs(beats - round(beats)) < 0.05 else f"{beats:.1f}"
            found.append(
                f'<direction placement="above"><direction-type><metronome><beat-unit>{kind}</beat-unit>{"<beat-unit-dot/>" * dots}'
                f"<per-minute>{shown}</per-minute></metronome></direction-type>"
                + (f'<offset sound="yes">{offset}</offset>' if offset else "")
                + sound.replace(">", "/>")
                + "</direction>"
            )
        return found

    def _accidentals(self, all_layers, key):
        """What must be printed: `note -> alteration`, given the signature and what this bar has printed so far."""
        state, printed, altered = {}, {}, signature(key)
        for event in sorted((e for events in all_layers for e in events if e.notes), key=lambda event: event.start):
            for i in event.notes if event.part == 1 else ():
                letter, alteration, octave = self.spelled[i]
                if state.get((letter, octave), altered.get(letter, 0)) != alteration:
                    printed[i] = alteration
                state[letter, octave] = alteration
        return printed

    def _event(self, event, staff, layer, stem, accidentals):
        duration = event.end - event.start
        hidden = ' print-object="no"' if event.notes is None else ""
        voice = f"<voice>{staff * self.voices + layer + 1}</voice>"
        where = f"<staff>{staff + 1}</staff>" if len(self.clefs) > 1 else ""
        fermata = any(event.start <= tick < event.end for tick in self.piece.fermatas) and layer == 0
        marks = "<fermata/>" if fermata else ""
        if event.whole_bar:
            notations = f"<notations>{marks}</notations>" if marks else ""
            return f'<note><rest measure="yes"/><duration>{duration}</duration>{voice}{where}{notations}</note>'
        value = f"<type>{event.type}</type>{'<dot/>' * event.dots}"
        ratio = ""
        if event.triplet:
            ratio = "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>"
            marks += '<tuplet type="start"/>' * event.opens + '<tuplet type="stop"/>' * event.closes
        if not event.notes:
            notations = f"<notations>{marks}</notations>" if marks else ""
            return f"<note{hidden}><rest/><duration>{duration}</duration>{voice}{value}{ratio}{where}{notations}</note>"
        beams = "".join(f'<beam number="{level}">{word}</beam>' for level, word in enumerate(event.beams, start=1))
        heads = []
        for place, i in enumerate(event.notes):
            ties = ["stop"] * (event.part > 1) + ["start"] * event.tied
            notations = "".join(f'<tied type="{way}"/>' for way in ties) + (marks if place == 0 else "")
            pitch, instrument, head = self._pitch(i)
            heads.append(
                f'<note id="{self.prefix}{note_id(i, event.part)}">{"<chord/>" if place else ""}{pitch}'
                f"<duration>{duration}</duration>"
                + "".join(f'<tie type="{way}"/>' for way in ties)
                + instrument
                + voice
                + value
                + (f"<accidental>{ACCIDENTALS[accidentals[i]]}</accidental>" if event.part == 1 and i in accidentals else "")
                + ratio
                + (f"<stem>{stem}</stem>" if stem and event.type not in ("whole", "breve") else "")
                + head
                + where
                + (beams if place == 0 else "")
                + (f"<notations>{notations}</notations>" if notations else "")
                + "</note>"
            )
        return "".join(heads)

    def _pitch(self, i):
        """The note's place on the staff, its instrument and its head (these two only for drums)."""
        if self.drums:
            drum = self.piece.notes[i].pitch
            _, (step, octave), head = KIT.get(drum, ("", "B4", ""))
            place = f"<unpitched><display-step>{step}</display-step><display-octave>{octave}</display-octave></unpitched>"
            return place, f'<instrument id="P{self.number}-I{drum}"/>', HEADS[head]
        letter, alteration, octave = self.spelled[i]
        alter = f"<alter>{alteration}</alter>" if alteration else ""
        return f"<pitch><step>{letter}</step>{alter}<octave>{max(0, octave)}</octave></pitch>", "", ""


def note_id(i, part=1):
    """The id of a notehead: of the note's index, and of which of its tied noteheads it is."""
    return f"n{i}" + (f"-{part}" if part > 1 else "")


def _check_sum(events, bar, number):
    """Engravers accept bars that do not add up and draw nonsense, so this is checked here."""
    now = bar.start
    for event in events:
        if event.start != now:
            break
        now = event.end
    if now != bar.end or not events:
        raise ValueError(
            f"bar {bar.number} of part {number} is written to tick {now}, expected {bar.end}: please report this piece"
        )
