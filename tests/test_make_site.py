"""The pages that `make site` writes are whole: formulas, pictures, sounds and links, with nothing from outside and no answers."""

import base64
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_site  # noqa: E402
from pages import execution, exporter, gallery  # noqa: E402

LESSONS = make_site.lessons()


def notebook_of(*cells):
    return new_notebook(cells=list(cells))


def shown(data, source="x"):
    return new_code_cell(source, outputs=[new_output("display_data", data)])


def test_formulas_are_mathml_and_code_with_dollars_is_not():
    html = exporter.markdown("An octave is $f_2 = 2 f_1$.\n\n$$\\frac{a}{b}$$\n\n`$HOME` and <b>words</b>")
    assert html.count("<math") == 2 and 'display="block"' in html and "<mfrac>" in html and "<msub>" in html
    assert "<code>$HOME</code>" in html and "$$" not in html


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_formula_of_the_course_can_be_drawn(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for formula in re.findall(r"<math.*?</math>", exporter.markdown(cell.source), re.S):
                written = ElementTree.fromstring(formula.replace("&nbsp;", " ").replace("&#x", "&#x"))
                assert "\\" not in "".join(written.itertext()), cell.id  # a command that was not understood


def test_headings_have_the_names_that_notebooks_link_to():
    assert '<h2 id="I-want-to-learn">' in exporter.markdown("## I want to learn")


def test_links_to_notebooks_lead_to_pages_and_those_to_the_studio_to_the_gallery():
    html = '<a href="01-a/01-a.ipynb">a</a> <a href="../02-b/02-b.ipynb#c">b</a> <a href="studio.ipynb">s</a> <a href="https://x.org/a.ipynb">x</a>'
    assert re.findall(r'href="([^"]*)"', exporter.to_pages(html)) == [
        "01-a/01-a.html",
        "../02-b/02-b.html#c",
        "gallery.html",
        "https://x.org/a.ipynb",
    ]


def test_a_plot_is_data_that_cannot_end_its_script():
    figure = {"data": [{"name": "</script><b>"}], "layout": {"title": {"text": "A"}}}
    html = exporter.body(notebook_of(shown({exporter.PLOTLY: figure, "text/plain": "(picture)"})))
    [written] = re.findall(r'<div class="plot"><script type="application/json">(.*?)</script></div>', html, re.S)
    assert json.loads(written) == figure
    assert "(picture)" not in html


def test_number_boxes_are_told_of_in_words():
    html = exporter.body(notebook_of(shown({exporter.WIDGET: {"model_id": "1"}, "text/plain": "HBox(children=())"})))
    assert "boxes for numbers" in html and "HBox" not in html


def test_what_is_to_be_guessed_is_folded_until_the_text_goes_on():
    cells = [new_markdown_cell("**Predict:** what?")]
    cells += [new_code_cell(name, outputs=[new_output("stream", text=name)]) for name in ("first", "second")]
    cells += [new_markdown_cell("So."), new_code_cell("third", outputs=[new_output("stream", text="third")])]
    for predict, folded in ((True, 2), (False, 0)):
        html = exporter.body(notebook_of(*cells), predict)
        assert html.count('<details class="outputs">') == folded
        assert html.count('class="outputs"') == 3


def test_sounds_lie_beside_the_page_once(tmp_path):
    source = f"data:audio/mpeg;base64,{base64.b64encode(b'a sound').decode()}"
    html = exporter.with_sounds_beside(f'<audio src="{source}"></audio><audio src="{source}">', tmp_path / "s", "assets/s/")
    [file] = (tmp_path / "s").iterdir()
    assert file.read_bytes() == b"a sound" and file.suffix == ".mp3"
    assert html == f'<audio src="assets/s/{file.name}"></audio><audio src="assets/s/{file.name}">'


def test_students_get_the_outputs_without_the_answers():
    answer = new_code_cell("def f(): return 1", id="f", outputs=[])
    tried = new_code_cell("f()", id="try", outputs=[new_output("execute_result", {"text/plain": "1"})])
    blank = new_code_cell("def f(): ...", id="f")
    page = execution.with_outputs(notebook_of(blank, new_code_cell("f()", id="try")), notebook_of(answer, tried))
    assert page.cells[0].source == "def f(): ..." and page.cells[1].outputs == tried.outputs


def test_what_was_made_is_kept_until_its_version_changes(tmp_path):
    made = []
    for version in ("0001", "0001", "0002"):
        execution.kept("lesson", version, lambda version=version: made.append(version) or version, tmp_path)
    assert made == ["0001", "0002"]
    assert [file.name for file in tmp_path.iterdir()] == ["lesson-0002"]


def test_a_lesson_is_run_again_when_it_or_a_file_beside_it_changes(tmp_path):
    path = tmp_path / "01-a" / "01-a.ipynb"
    path.parent.mkdir()
    path.write_text("one")
    names = [execution.fingerprint(path)]
    path.write_text("two")
    names.append(execution.fingerprint(path))
    (path.parent / "picture.svg").write_text("<svg/>")
    names.append(execution.fingerprint(path))
    assert len(set(names)) == 3 and names[2] == execution.fingerprint(path)


def run(tmp_path, source):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook_of(new_code_cell(source)), path)
    return execution.executed([path], tmp_path / "cache")


@pytest.mark.slow
def test_a_notebook_runs_beside_its_files_and_leaves_them_alone(tmp_path):
    (tmp_path / "tune.mid").write_text("notes")
    [notebook] = run(
        tmp_path, "import os; print(open('tune.mid').read(), os.environ['MUSICLAB_SOUND']); open('tune.mid', 'w').write('x')"
    )
    assert notebook.cells[0].outputs[0].text == "notes embed\n"
    assert (tmp_path / "tune.mid").read_text() == "notes"


@pytest.mark.slow
def test_a_word_on_stderr_is_a_fault_with_its_place(tmp_path):
    with pytest.raises(ValueError, match=r"a.ipynb, cell .* wrote to stderr: oh"):
        run(tmp_path, "import sys; print('oh', file=sys.stderr)")


def test_an_unknown_lesson_is_refused_with_those_that_there_are():
    with pytest.raises(SystemExit, match="lesson '99': expected one or more of 01, 02"):
        make_site.lessons(["99"])


@pytest.mark.slow
def test_each_piece_of_the_gallery_has_score_sound_and_card(tmp_path):
    for kind in gallery.KINDS:
        (tmp_path / f"{kind}-0.mid").write_bytes((ROOT / "datasets" / "models" / "examples" / f"{kind}-0.mid").read_bytes())
    html = gallery.body(tmp_path)
    assert html.count('<section class="piece"') == html.count("<audio") == html.count('alt="Score of') == 4
    assert html.count("Originality: at most") == 4
    assert not re.search(r'(?:src|href)="https?:', html)
