"""What a form is: from its definition to its HTML, a checked response, a package, its results.

Knows no web framework and no database: `portal` shows forms, `forms_server` takes their answers.
"""

from __future__ import annotations

from forms.definition import LANGUAGE, Form, form_of, load_form, load_forms
from forms.errors import FormProblems, FormsError, PackageProblems, Problem
from forms.reading import Agreement, Response, read_response
from forms.rendering import ASSETS, render_answers, render_check, render_form, sources
from forms.shuffle import SEED

__all__ = [
    "ASSETS",
    "LANGUAGE",
    "SEED",
    "Agreement",
    "Form",
    "FormProblems",
    "FormsError",
    "PackageProblems",
    "Problem",
    "Response",
    "form_of",
    "load_form",
    "load_forms",
    "read_response",
    "render_answers",
    "render_check",
    "render_form",
    "sources",
]
