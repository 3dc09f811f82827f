"""A small handbook in the portal's own theme: sections in sections, and a page with all that Markdown may bring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bacheca.portal.build.pipeline import build
from bacheca.portal.settings import load_portal

NAV: list[Any] = [
    {"Casa": "index.md"},
    {"Guide": ["guide/index.md", "guide/tutto.md", {"Server": [{"Debian": ["guide/debian.md"]}]}, "guide/ultima.md"]},
]
SETTINGS = {
    "site_name": "Il manuale",
    "site_url": "https://manuale.example.org/",
    "docs_dir": "content/it",
    "theme": {"name": "material", "language": "it"},
    "nav": NAV,
    "extra": {
        "community": {"name": "Il manuale", "email": "info@manuale.example.org"},
        "rules": {"HEADING_LEVEL": "off"},
    },
}
"""All that a portal needs to say of itself."""

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: parere
title: Un parere
description: Una domanda.
form:kind: poll
form:publish: nothing
fields:
- {name: voto, title: Ti è servita?, type: boolean}
"""
EVERYTHING = """\
==Evidenziato==, ^^aggiunto^^, ~~tolto~~, ++ctrl+enter++, :smile:, :octicons-bell-16:, `in riga`[^1].

[^1]:
    Una nota al piede.

=== "Linux"

    Per Linux.

    ```bash
    bacheca --con-una-riga-molto-lunga --che-non-sta-nella-pagina --e-quindi-scorre --di-lato --fino-in-fondo --qui
    ```

=== "macOS"

    Per macOS.

    /// form | parere
    ///

- [x] Fatto *bene*
- [ ] Da fare

Passi:

1. Il primo

    ```python linenums="1" hl_lines="2" title="ciao.py"
    def ciao(nome: str) -> None:
        \"\"\"Saluta.\"\"\"  # un commento
        print(f"Ciao, {nome}", 42)
    ```

2. Il secondo

    !!! warning "Attenzione"
        Nel passo.

??? note "Si apre"
    Dentro.
"""
DIAGRAMS = (
    'flowchart LR\n  A["<b>Una</b> domanda"] -->|sì| B{Scegli}\n  B --> C(Fine)\n  style B stroke:#900',
    "sequenceDiagram\n  Chi scrive->>Redazione: Una bozza\n  Redazione-->>Chi scrive: Va bene",
    "classDiagram\n  Modulo <|-- Sondaggio\n  Modulo : +nome\n  Modulo : +apri()",
    "stateDiagram-v2\n  [*] --> Aperta\n  Aperta --> Chiusa : fine\n  Chiusa --> [*]",
    "gantt\n  title Il piano\n  dateFormat YYYY-MM-DD\n  section Prima\n  Scrivere :a1, 2026-01-01, 30d",
    'pie title Le risposte\n  "Sì" : 40\n  "No" : 60',
    "erDiagram\n  PERSONA ||--o{ RISPOSTA : invia",
)
"""A diagram of each kind that people write most."""


def write_handbook(root: Path) -> Path:
    """Write the handbook.

    Returns:
        Its settings.
    """
    (root / "mkdocs.yml").write_text(yaml.safe_dump(SETTINGS, allow_unicode=True), encoding="utf-8")
    pages = {"index": "Ciao.", "guide/index": "Guide, e [diagrammi](diagrammi.md).", "guide/tutto": EVERYTHING}
    pages["guide/ultima"] = "## Uno\n\n## Due\n\n## Tre\n\n# Un altro titolo\n\n## Quattro"
    pages["guide/diagrammi"] = "\n\n".join(f"```mermaid\n{text}\n```" for text in (*DIAGRAMS, "nessun diagramma"))
    for name in (*pages, "guide/debian"):
        file = root / f"content/it/{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        title = name.rpartition("/")[2].capitalize()
        head = f"---\ntitle: {title}\ndescription: Una pagina.\ntranslation: {name.replace('/', '-')}\n---\n"
        file.write_text(f"{head}# {title}\n\n{pages.get(name, 'Testo.')}\n", encoding="utf-8")
    (root / "content/forms").mkdir()
    (root / "content/forms/parere.yaml").write_text(FORM, encoding="utf-8")
    return root / "mkdocs.yml"


def build_handbook(root: Path, engine: str = "mkdocs") -> Path:
    """Write the handbook and build it in this process.

    Returns:
        Its site.
    """
    settings = write_handbook(root)
    build(load_portal(settings), root / "site", lambda *_, **__: None, engine=engine, full=False)
    return root / "site"
