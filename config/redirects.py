"""Where a page may send its reader on to: to our own pages, never elsewhere."""

from urllib.parse import urlsplit


def own_path(target: str | None) -> str | None:
    """``target`` if it is a path on this site, else None.

    Browsers read ``//host``, ``/\\host`` and addresses with control characters as another site's.
    """
    if not target or not target.startswith("/") or len(target) > 2000:
        return None
    if target.startswith(("//", "/\\")) or any(ord(c) <= 32 or c == "\\" for c in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
