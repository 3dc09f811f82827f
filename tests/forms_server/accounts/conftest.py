"""The same service as the desk's own tests have."""

from tests.forms_server.desk.conftest import service

__all__ = ["service"]
