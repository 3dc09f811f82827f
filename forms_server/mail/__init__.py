"""Letters: what a mail of the outbox says, and how it is carried."""

from forms_server.mail.composer import Composer
from forms_server.mail.transports import Carrier, FolderCarrier, SmtpCarrier, carrier_of

__all__ = ["Carrier", "Composer", "FolderCarrier", "SmtpCarrier", "carrier_of"]
