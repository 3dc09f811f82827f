"""Journeys of readers and respondents, in a real Chromium, against the real portal and service."""
