"""The use cases of notifications, one module for each kind of thing they change."""
