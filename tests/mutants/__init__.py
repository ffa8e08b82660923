"""Wrong answers that the marking must catch, and right ones it must accept: one file a lesson, `lesson_NN.py`.

To add one, write the function as a student would, with a name above it:

    @lesson.wrong("eleven semitones", says="12 semitones")
    def midi_to_hz(m):
        return 440 * 2 ** ((m - 69) / 11)

`says` is a part of the message that names the broken law. `@lesson.right("name")` is an answer that gets full marks.
`python -m tests.mutants` marks them all and prints a table.
"""
