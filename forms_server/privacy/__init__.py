"""What the GDPR asks: access, evidence, retention, erasure."""
