"""nbgrader for this course: lessons with answers in solutions/, without in lessons/, all that students hand in in gradebook/."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

root = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()
private = "gradebook"  # ignored by git: everything with a student's name in it
(root / private).mkdir(exist_ok=True)  # nbgrader opens its log and its database there, but makes no folder

c.CourseDirectory.course_id = "musiclab"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.CourseDirectory.source_with_tests_directory = f"{private}/source_with_tests"
c.CourseDirectory.submitted_directory = f"{private}/submitted"
c.CourseDirectory.autograded_directory = f"{private}/autograded"
c.CourseDirectory.feedback_directory = f"{private}/feedback"
c.CourseDirectory.solution_directory = f"{private}/solution"
c.CourseDirectory.db_url = f"sqlite:///{root / private / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", ".DS_Store"]
c.CsvExportPlugin.to = str(root / private / "grades.csv")
c.Exchange.root = str(root / private / "exchange")
c.NbGrader.logfile = str(root / private / "nbgrader.log")

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
c.OverwriteCells.add_missing_cells = True  # a test cell that a student deleted comes back, instead of stopping the class
c.Execute.timeout = 300  # seconds a cell
