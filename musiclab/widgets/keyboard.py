"""`Keyboard`: a piano on the page, to play on and to record."""

import anywidget
import traitlets

from musiclab.instruments import nearest_program
from musiclab.transcribe import STANDARD, played_tune
from musiclab.widgets.stage import set_stage


def part_of_the_player(name):
    """The code of a widget that is a part of the player: it begins as soon as a kernel has brought the player to the page."""
    return f"""export default {{
  render({{ model, el }}) {{
    let end;
    let gone = false;
    (globalThis.musiclabFigures ||= []).push((page) => {{
      if (!gone) end = page.{name}({{ model, el }});
    }});
    return () => {{
      gone = true;
      end?.();
    }};
  }},
}};
"""


class Keyboard(anywidget.AnyWidget):
    """A piano keyboard for the mouse, for fingers and for the computer's keys, with a recorder.

    Args:
        tempo: beats a minute of the metronome, in the beat of the meter.
        meter: such as "6/8".
        metronome: whether it clicks during a recording, after one bar of counting.
        program: the instrument, by its number in General MIDI.

    `notes` are lists of start and end in seconds, pitch and velocity, as they were played; `recording` starts and stops a recording.
    """

    _esm = part_of_the_player("keyboard")
    notes = traitlets.List(traitlets.List()).tag(sync=True)
    recording = traitlets.Bool(False).tag(sync=True)
    counted = traitlets.Bool(False).tag(sync=True)  # whether bars begin where the metronome said
    tempo = traitlets.Float(STANDARD).tag(sync=True)
    meter = traitlets.Unicode("4/4").tag(sync=True)
    metronome = traitlets.Bool(True).tag(sync=True)
    plays = traitlets.Int(0).tag(sync=True)

    def __init__(self, program=0, **traits):
        super().__init__(plays=nearest_program(program), **traits)
        set_stage()

    def piece(self, tempo=None, meter=None, key=None, title="Played by hand"):
        """What was recorded, as a tune on the grid of its bars; of notes struck together the highest counts.

        Args:
            tempo, meter: those of the metronome if None.
            key: such as "E dorian" or a `Key`; None where nobody knows.
            title: of the piece.

        Raises:
            ValueError: nothing was played, or tempo, meter or key are none.
        """
        tempo, meter = self.tempo if tempo is None else tempo, self.meter if meter is None else meter
        return played_tune(self.notes, tempo=tempo, meter=meter, key=key, bar_line=0.0 if self.counted else None, title=title)
