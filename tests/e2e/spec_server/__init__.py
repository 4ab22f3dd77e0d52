"""A server for tests that is held to a vendor's own description: see server.py."""
