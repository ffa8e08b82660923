"""Write the course as pages that need no kernel and no network, into `site/`: open them from the disk, or put them on any server.

    python tools/make_site.py                      all lessons, the start page and the gallery
    python tools/make_site.py 01 05                only these lessons (the others' pages stay as they are)
    python tools/make_site.py --out folder

`site/students/` is for everybody. `site/teachers/` has the answers, the hidden tests and docs/teaching.md; nothing in the students'
pages leads there, so put it where only teachers can read. A student's page shows what the lesson puts out when it is done, without the
code that does it; where the text asks for a guess first, the output is folded.

Running the lessons takes ten minutes. What was run is kept in `build/executed/`, so the next time takes seconds.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from pages import execution, exporter, gallery  # noqa: E402

START = "start"
STUDIO = "studio"  # runs in a kernel only; the gallery stands for it
ANSWERS = "These are the teachers' pages: answers and hidden tests are on them. Keep them from your students."
READING = "Here the course can be read and heard. To work in it, run <code>make lab</code> in a copy of it, or open it on Binder."
TEASER = """<section class="words">
<h2 id="gallery">Hear what the networks write</h2>
<p>The <a href="gallery.html">gallery</a> has forty pieces, with score, sound and card.</p>
</section>"""


def main(argv=None):
    parser = argparse.ArgumentParser(description="Write the course as static pages.")
    parser.add_argument("lessons", nargs="*", help="numbers of lessons, such as 01; all, with the gallery, if none is named")
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="folder to write into")
    arguments = parser.parse_args(argv)
    sources = lessons(arguments.lessons)
    names = [path.stem for path in lessons()]
    notebooks = dict(zip(sources, execution.executed(sources)))
    for folder, answers in (("students", False), ("teachers", True)):
        site = arguments.out / folder
        write_assets(site / "assets")
        for source, notebook in notebooks.items():
            write_lesson(site, source, notebook, names, answers)
        if not arguments.lessons:
            write_start(site, answers)
            write_gallery(site, answers)
        if answers:
            write_teaching(site)
    print(f"{arguments.out / 'students' / 'index.html'} is the first page; teachers have {arguments.out / 'teachers'}")


def lessons(numbers=()):
    """The notebooks with answers, in the course's order; those with these numbers, if any are given.

    Raises:
        SystemExit: there is no such lesson.
    """
    paths = sorted((ROOT / "solutions").glob("[0-9][0-9]-*/[0-9][0-9]-*.ipynb"))
    known = [path.stem[:2] for path in paths]
    if unknown := [number for number in numbers if number not in known]:
        raise SystemExit(f"lesson {unknown[0]!r}: expected one or more of {', '.join(known)}")
    return [path for path in paths if not numbers or path.stem[:2] in numbers]


def write_assets(folder):
    """What all pages share: looks, the player with its sounds, and Plotly."""
    import plotly

    folder.mkdir(parents=True, exist_ok=True)
    static = ROOT / "musiclab" / "widgets" / "static"
    for path in (
        *(exporter.TEMPLATES / name for name in ("page.css", "page.js")),
        *(static / name for name in ("player.js", "synth.js", "LICENCES.txt")),
        ROOT / "musiclab" / "data" / "soundfont.sf3",
        ROOT / "musiclab" / "data" / "SOUNDFONT-LICENCE.txt",
        Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
    ):
        if path.exists():
            shutil.copyfile(path, folder / path.name)


def write_lesson(site, source, notebook, names, answers):
    """The page of a lesson, with the files beside it and the notebook to download."""
    folder = site / source.stem
    folder.mkdir(parents=True, exist_ok=True)
    released = ROOT / "lessons" / source.parent.name / source.name
    for path in released.parent.iterdir():
        if path.suffix in {".svg", ".png", ".mid"}:
            shutil.copyfile(path, folder / path.name)
    shutil.copyfile(source if answers else released, folder / source.name)
    if not answers:
        notebook = execution.with_outputs(nbformat.read(released, as_version=4), notebook)
    body = exporter.body(notebook, predict=not answers)
    number = names.index(source.stem)
    take = (
        f'To work on it yourself, take the <a href="{source.name}">notebook</a> and run it in the course: <code>make lab</code>.'
    )
    write(
        folder / f"{source.stem}.html",
        f"{exporter.title_of(notebook)} · musiclab",
        body,
        root="../",
        links=links(answers),
        banner=ANSWERS if answers else take,
        before=around(names, number - 1),
        after=around(names, number + 1),
    )


def around(names, number):
    """Name and address of the page of a lesson; the start page before the first one, the gallery after the last."""
    if number < 0:
        return "Start", "index.html"
    if number >= len(names):
        return "Gallery", "gallery.html"
    return names[number].replace("-", " "), f"{names[number]}/{names[number]}.html"


def links(answers):
    """What the head of each page leads to."""
    return [("Lessons", "index.html#I-want-to-learn"), ("Gallery", "gallery.html")] + [("Teaching", "teaching.html")] * answers


def write_start(site, answers):
    """The start page, with the course's order."""
    [notebook] = execution.executed([ROOT / "solutions" / f"{START}.ipynb"])
    body = exporter.body(notebook) + TEASER
    write(site / "index.html", "musiclab", body, links=links(answers), banner=ANSWERS if answers else READING)


def write_gallery(site, answers):
    examples = ROOT / "datasets" / "models" / "examples"
    body = execution.kept("gallery", execution.fingerprint(examples), lambda: gallery.body(examples))
    write(site / "gallery.html", "Gallery · musiclab", body, links=links(answers), before=("Start", "index.html"))


def write_teaching(site):
    """docs/teaching.md as a page."""
    body = exporter.markdown((ROOT / "docs" / "teaching.md").read_text())
    write(site / "teaching.html", "Teaching · musiclab", body, links=links(True), banner=ANSWERS)


def write(path, title, body, root="", **around):
    """Write a page, its sounds beside it."""
    body = exporter.with_sounds_beside(body, (path.parent / root / "assets" / "sounds").resolve(), f"{root}assets/sounds/")
    body = re.sub(r'(?<=href=")(?:\.\./)?docs/teaching\.md', f"{root}teaching.html", exporter.to_pages(body))
    path.write_text(exporter.page(title, body, root=root, **around), encoding="utf-8")


if __name__ == "__main__":
    main()
