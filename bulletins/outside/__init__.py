"""Links that lead out of the service: which pages are looked at, and what was seen there."""
