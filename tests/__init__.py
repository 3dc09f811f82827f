"""The tests: units mirror bacheca/ and forms_server/; `portal` is a small portal to build; journeys run in a real browser."""
