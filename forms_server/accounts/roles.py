"""What each role may do, a line each; the desk asks nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from bacheca.forms.catalogues import marked as _


class Right(Enum):
    """What somebody may do at the desk; every address of it needs one of these."""

    KNOCK = "come to the door, and sign in"
    OWN = "look after one's own account"
    COUNTS = "see counts, published results and the health of the service"
    ANSWERS = "read and download answers without personal fields"
    PEOPLE = "see and change what is held of people, write to them, decide about comments and the quarantine"
    PUBLISHING = "publish results, open and close forms"
    ACCOUNTS = "invite people, change what they may do, read the log"
    RESTORING = "make and bring back restore points"


STRANGER = ""
"""The role of whoever has not signed in."""

_EVERYBODY = frozenset({Right.KNOCK, Right.OWN, Right.COUNTS})

ROLES: Mapping[str, frozenset[Right]] = {
    STRANGER: frozenset({Right.KNOCK}),
    "reader": _EVERYBODY,
    "analyst": _EVERYBODY | {Right.ANSWERS},
    "secretary": _EVERYBODY | {Right.ANSWERS, Right.PEOPLE},
    "administrator": frozenset(Right),
}
"""Each role and its rights."""

ADMINISTRATOR = "administrator"
"""The role that at least one account has."""

INVITED_AS = tuple(role for role in ROLES if role != STRANGER)
"""The roles that somebody can be invited as, from the least on."""

CALLED: Mapping[str, str] = {
    "reader": _("Reader"),
    "analyst": _("Analyst"),
    "secretary": _("Secretary"),
    "administrator": _("Administrator"),
}
"""What people read of each role."""

MAY: Mapping[str, str] = {
    "reader": _("sees counts, published results and the health of the service"),
    "analyst": _("reads and downloads answers, without personal data"),
    "secretary": _("reads answers and looks after people, mail, comments and the quarantine"),
    "administrator": _("may do everything, from inviting people to publishing and bringing back restore points"),
}
"""What people read of what each may do."""


def may(role: str, right: Right) -> bool:
    """Tell whether a role has a right; one that nobody knows has none."""
    return right in ROLES.get(role, frozenset())
