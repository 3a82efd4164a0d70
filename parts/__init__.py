"""Real parts on loopback: PostgreSQL, Kannel, a phone, a mail server, on throwaway data.

Tests, the demo, the soak and the benchmarks start them and stop them again. Every part is a
context manager; whatever is still running when this interpreter ends, however it ends, is
stopped and its folder removed (see ``leftovers``).
"""
