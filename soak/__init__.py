"""Break what can break while digests go out, again and again, then count what is lost.

``python -m soak`` is the long form (``make soak``); ``tests/integration`` has a short one.
"""
