"""Pictures drawn while building: social cards, icons."""
