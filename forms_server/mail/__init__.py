"""Letters: what a mail of the outbox says, and how it is carried."""

from forms_server.mail.carriers import Carrier, FolderCarrier, SmtpCarrier, carrier_of
from forms_server.mail.composer import Composer

__all__ = ["Carrier", "Composer", "FolderCarrier", "SmtpCarrier", "carrier_of"]
