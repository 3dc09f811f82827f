"""What a form is: from its definition to its HTML, a checked response, a package, its results."""

from __future__ import annotations

from bacheca.forms.asking.shuffle import SEED
from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.form import Form, form_of_source
from bacheca.forms.errors import FormProblems, FormsError, PackageProblems, Problem
from bacheca.forms.form_files.loading import load_form, load_forms
from bacheca.forms.html.form_page import ASSETS, render_answers, render_check, render_form, render_problems, sources
from bacheca.forms.submission.read import (
    NOTHING,
    Agreement,
    Response,
    problems_of_steps,
    read_response,
    read_submission,
)

__all__ = [
    "ASSETS",
    "NOTHING",
    "SEED",
    "USUAL",
    "Agreement",
    "Community",
    "Form",
    "FormProblems",
    "FormsError",
    "PackageProblems",
    "Problem",
    "Response",
    "form_of_source",
    "load_form",
    "load_forms",
    "problems_of_steps",
    "read_response",
    "read_submission",
    "render_answers",
    "render_check",
    "render_form",
    "render_problems",
    "sources",
]
