"""A small portal with a form to sign up with, and events that lead to it."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import FORM, FORM_EN, Sketch

EMAIL = "- name: email\n  title: E-mail\n  type: string\n  format: email\n  constraints: {required: true}\n"
SIGNUP = FORM.replace("survey", "signup") + EMAIL
ENGLISH = FORM_EN.replace("form:translates", "- {name: email, title: E-mail}\nform:translates")


def said(form: str, line: str) -> str:
    """Give a form another property."""
    return form.replace("fields:\n", f"{line}\nfields:\n", 1)


def event(sketch: Sketch, name: str, day: str, **meta: str) -> None:
    """Write an event that leads to the form."""
    keys = {"title": name.title(), "starts": f'"{day} 18:00"', "ends": f'"{day} 20:00"', "place": "Il cortile"}
    sketch.page(f"it/eventi/{name}.md", "", translation=name, **{**keys, "signup": "modulo/", **meta})


@pytest.fixture
def sketch(sketch: Sketch) -> Sketch:
    sketch.write("content/forms/prova.yaml", SIGNUP)
    sketch.write("content/forms/prova.en.yaml", ENGLISH)
    return sketch
