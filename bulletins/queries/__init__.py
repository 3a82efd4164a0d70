"""Questions about papers and receipts."""
