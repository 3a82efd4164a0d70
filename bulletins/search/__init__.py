"""The craft of finding papers by words, alike on both engines."""
