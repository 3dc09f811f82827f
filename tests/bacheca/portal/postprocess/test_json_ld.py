"""`bacheca.portal.postprocess.json_ld`: what pages say to machines."""

from __future__ import annotations

from typing import Any

from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.json_ld import occupation
from bacheca.portal.postprocess.pages import add_data

PAY: dict[str, Any] = {
    "about": "pay",
    "text": "da 31.000 a 46.500 euro",
    "amount": {"from": 31000, "to": 46500, "currency": "EUR"},
}
JOB: dict[str, Any] = {
    "name": "Community manager",
    "also": ["Responsabile di comunità"],
    "isco": 2432,
    "esco": "http://data.europa.eu/esco/occupation/137b1d11-c4bc-4016-89ba-45345d4c71f0",
    "facts": [PAY, {"about": "training", "text": "Una laurea."}],
}


def said(**changes: Any) -> dict[str, Any]:
    meta = {"description": "Che cosa fa."}
    return occupation({**JOB, **changes}, meta, "https://x.example.org/profilo/", "it")


def test_a_job_names_its_european_and_international_codes() -> None:
    data = said()
    assert data["@type"] == "Occupation"
    assert data["sameAs"] == [JOB["esco"]]
    category = data["occupationalCategory"]
    assert (category["codeValue"], category["inCodeSet"]["name"]) == ("2432", "ISCO-08")
    assert category["url"] == "http://data.europa.eu/esco/isco/C2432"
    assert data["educationRequirements"] == "Una laurea."


def test_a_pay_without_a_date_is_not_told_to_machines() -> None:
    assert "estimatedSalary" not in said()
    dated = said(facts=[{**PAY, "date": "2026-01"}])["estimatedSalary"]
    assert (dated["minValue"], dated["maxValue"], dated["currency"]) == (31000, 46500, "EUR")
    assert dated["validFrom"] == "2026-01"


def test_no_text_can_end_the_element_that_carries_the_data() -> None:
    page = Tree("<head></head>")
    add_data(page, {"name": "</script><script>alert(1)"})
    head, _, rest = written(page).partition("</head>")
    assert head.count("<script") == 1
    assert '"\\u003c/script>\\u003cscript>alert(1)"' in head
    assert "alert" not in rest
