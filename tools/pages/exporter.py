"""A notebook as the body of a page: formulas as MathML, pictures as data that `page.js` draws, sounds as files beside the page."""

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

TEMPLATES = Path(__file__).parent / "template"
PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
BOXES = '<p class="aside">In JupyterLab there are boxes for numbers here, and the picture follows them.</p>'
SUFFIXES = {"mpeg": "mp3", "x-wav": "wav"}  # where the MIME type does not end in it


class Exporter(HTMLExporter):
    """nbconvert's HTML with a small template of our own."""

    def __init__(self):
        settings = {
            "NbConvertBase": {"display_data_priority": ["text/html", "image/svg+xml", "text/plain"]},
            "HTMLExporter": {"extra_template_basedirs": [str(TEMPLATES.parent)], "template_name": TEMPLATES.name},
        }
        super().__init__(config=Config(settings))

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", markdown


class Renderer(IPythonRenderer):
    """Markdown in which formulas are MathML, which browsers draw and read aloud without help."""

    def __init__(self):
        super().__init__(escape=False, exclude_anchor_links=False, anchor_link_text="")

    def inline_math(self, body):
        return convert(body)

    def block_math(self, body):
        return f'<span class="wide" tabindex="0">{convert(body, display="block")}</span>'

    def heading(self, text, level, **attributes):
        return f'<h{level} id="{anchor(text)}">{text}</h{level}>\n'

    def table(self, text):
        return f'<div class="wide" tabindex="0">\n<table>\n{text}</table>\n</div>\n'


def anchor(heading):
    """The name by which notebooks link to a heading."""
    return re.sub(r"\s+", "-", re.sub(r"<[^>]*>", "", heading).strip())


def markdown(source):
    """Markdown as HTML."""
    return _within_reach(MarkdownWithMath(renderer=Renderer()).render(source))


def _within_reach(html):
    """Long lines of code can be scrolled to by keyboard."""
    return re.sub(r"<pre(?![^>]*tabindex)", '<pre tabindex="0"', html)


def plot(figure):
    """A Plotly figure as `page.js` finds it."""
    figure = json.dumps({"data": figure["data"], "layout": figure["layout"]}, separators=(",", ":")).replace("<", "\\u003c")
    return f'<div class="plot"><script type="application/json">{figure}</script></div>'


def body(notebook, predict=False):
    """The cells of a notebook as HTML.

    Args:
        predict: fold outputs that the text asks to be guessed.
    """
    asked = False
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["predicted"] = predict and asked
            for output in cell.outputs:
                data = output.get("data", {})
                if PLOTLY in data:
                    output.data = {"text/html": plot(data[PLOTLY])}
                elif WIDGET in data:
                    output.data = {"text/html": BOXES}
        else:
            asked = "**Predict" in cell.source  # until the text goes on
    html, _ = Exporter().from_notebook_node(notebook)
    return _within_reach(html)


def with_sounds_beside(html, folder, address):
    """The page with each sound in it written to a file of its own, once for all pages; a page of megabytes opens slowly.

    Args:
        folder: where the sounds go.
        address: of the folder, from the page.
    """

    def written(found):
        content = base64.b64decode(found[2])
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{SUFFIXES.get(found[1], found[1])}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return f'src="{address}{name}"'

    html = html.replace(
        '<audio controls preload="metadata"', '<audio controls preload="none"'
    )  # not all sounds of a page at once
    return re.sub(r'src="data:audio/([\w.+-]+);base64,([A-Za-z0-9+/=\s]+)"', written, html)


def to_pages(html):
    """Links to notebooks become links to their pages."""
    html = re.sub(r'href="([^":]*?)studio\.ipynb([#"])', r'href="\1gallery.html\2', html)
    return re.sub(r'href="([^":]+)\.ipynb([#"])', r'href="\1.html\2', html)


def page(title, body, *, root="", links=(), banner="", before=None, after=None):
    """A whole page.

    Args:
        root: of the site, from the page.
        links: `(name, address)` of what the head of each page leads to; addresses from the root, as those of the next two.
        banner: a line above the text, HTML.
        before, after: `(name, address)` of the pages around it, or None.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False, trim_blocks=True)
    values = {"title": title, "body": body, "root": root, "links": links, "banner": banner, "before": before, "after": after}
    return environment.get_template("page.html.j2").render(values)


def title_of(notebook):
    """The first heading."""
    return escape(re.search(r"^# (.+)$", notebook.cells[0].source, re.M)[1], quote=False)
