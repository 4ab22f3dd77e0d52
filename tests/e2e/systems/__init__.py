"""A table a system: how its server behaves where its description does not say, and sample values of every type."""
