"""The tests: units mirror forms/, portal/ and forms_server/; journeys run in a real browser."""
