"""The portal that the product is tested on: small, in two languages, with a page of every kind and two forms.

What the community wrote is tested in `tests/community`, and nowhere else.
"""

from pathlib import Path

PORTAL = Path(__file__).parent
FORMS = tuple(path for path in sorted((PORTAL / "content/forms").glob("*.yaml")) if "." not in path.stem)
