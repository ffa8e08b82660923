"""The controls of the Studio, one like the other: a box that has a name, and a line that says what it does.

Sliders of ipywidgets have no name for screen readers; number boxes and lists have.
"""

from html import escape

NAMED = {"description_width": "104px"}


def choice(name, options, help=""):
    """A list to choose from: `(the list, the list with its line of help)`; options are values, or (words, value)."""
    from ipywidgets import Dropdown

    return _explained(Dropdown(options=options, description=name, style=NAMED), help)


def whole(name, value, low, high, help):
    """A box for a whole number."""
    from ipywidgets import BoundedIntText

    return _explained(BoundedIntText(value=value, min=low, max=high, description=name, style=NAMED), help)


def decimal(name, value, low, high, step, help):
    """A box for a number."""
    from ipywidgets import BoundedFloatText

    return _explained(BoundedFloatText(value=value, min=low, max=high, step=step, description=name, style=NAMED), help)


def words(name, placeholder, help, options=()):
    """A box for words, with some to choose from."""
    from ipywidgets import Combobox

    return _explained(Combobox(options=list(options), placeholder=placeholder, description=name, style=NAMED), help)


def tick_box(name, value, help):
    """A box to tick."""
    from ipywidgets import Checkbox

    return _explained(Checkbox(value=value, description=name, indent=False), help)


def refill(control, options):
    """Give a list other options, each (words, value); its value stays if it can, else the first is taken."""
    if tuple(control.options) == tuple(options):
        return
    value, values = control.value, [value for _, value in options]
    control.index = None  # else the first option would be taken for a moment
    control.options = options
    control.index = values.index(value) if value in values else 0


def note(html):
    """Words that are no control."""
    from ipywidgets import HTML

    return HTML(html)


def drawer(title, children, open=False):
    """Controls that a button shows and hides: `(the button, button and controls)`."""
    from ipywidgets import ToggleButton, VBox

    button, inside = ToggleButton(value=open), VBox(children)
    button.add_class("musiclab-drawer")

    def follow(_change=None):
        button.description = f"{'–' if button.value else '+'} {title}"
        inside.layout.display = "" if button.value else "none"

    button.observe(follow, "value")
    follow()
    return button, VBox([button, inside])


def _explained(control, help):
    from ipywidgets import VBox

    control.layout.width = "auto"
    box = VBox([control, note(f'<p class="musiclab-help">{escape(help)}</p>')] if help else [control])
    box.add_class("musiclab-knob")
    return control, box
