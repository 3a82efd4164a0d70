"""Tables for spreadsheets: small ones at once, large ones made by the worker and then fetched."""
