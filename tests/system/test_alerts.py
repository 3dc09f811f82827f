"""The alert rules of `deploy/` ask for what the service counts, and ring when they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "alerts.yml"
COUNTED = re.compile(r'"(bacheca_\w+)"')
NAMED = re.compile(r"bacheca_\w+?(?=_count\b|_bucket\b|\b)")
TIMES = """
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'bacheca_store_up', values: '1 0 0 0 0'}
      - {series: 'up{job="bacheca"}', values: '1x9'}
      - {series: 'bacheca_forms_refused{form="gruppo"}', values: '1x60'}
    alert_rule_test:
      - {eval_time: 1m, alertname: BachecaStoreAway, exp_alerts: []}
      - eval_time: 3m
        alertname: BachecaStoreAway
        exp_alerts:
          - exp_labels: {severity: page}
            exp_annotations:
              summary: The database does not answer, and no answers are taken.
              remedy: the log names the error; a full disk, PostgreSQL that is away
      - {eval_time: 3m, alertname: BachecaAway, exp_alerts: []}
      - eval_time: 11m
        alertname: BachecaFormRefused
        exp_alerts:
          - exp_labels: {severity: ticket, form: gruppo}
            exp_annotations:
              summary: The form gruppo goes on as it was, since its file cannot be served.
              remedy: mend the file (load-form says what is wrong) and build again
"""


def test_rules_ask_for_what_the_service_counts_and_for_all_of_it() -> None:
    counted = set(COUNTED.findall((ROOT / "forms_server/http/metrics.py").read_text(encoding="utf-8")))
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]
    named = {name for rule in rules for name in NAMED.findall(rule["expr"])}
    assert named == counted - {"bacheca_posts_accepted", "bacheca_posts_refused"}
    assert all(rule["annotations"]["remedy"] for rule in rules)


@pytest.mark.skipif(not shutil.which("promtool"), reason="Debian's prometheus is not here: `make server` installs it")
def test_rules_ring_when_they_should_and_no_sooner(tmp_path: Path) -> None:
    shutil.copy(RULES, tmp_path)
    (tmp_path / "times.yml").write_text(TIMES, encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", tmp_path / "times.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
