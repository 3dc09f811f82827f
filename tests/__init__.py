"""The tests: units mirror the packages, `portal` is a small portal to build, journeys run in a real browser."""
