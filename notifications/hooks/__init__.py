"""Calls of other systems: webhooks, and robots in chat groups."""
