"""What the projects of the corpus state about their own files (the corpus's ``GOLDEN.md``), one module a project.

A stated value that is wrong, or that the record model has no place for, is named in the module's docstring with the
reason. The reader is only used through its two doors: the document of ``bindery read`` and the command itself.
"""
