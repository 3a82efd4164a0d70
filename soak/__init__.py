"""Kill web and worker again and again while they publish and send, then count what is lost.

``python -m soak`` is the long form (``make soak``); ``tests/integration`` has a short one.
"""
