"""The library of good cases and experience: what is offered, selected, found useful."""
