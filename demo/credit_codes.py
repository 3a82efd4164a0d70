"""Unified social credit codes (GB 32100), with the check digits that they need to be right."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(registrar: str, division: str, number: int) -> str:
    """The code of the organisation ``number`` of a division.

    ``registrar`` is two characters: who registered it and what it is (``91`` an enterprise, ``51``
    an association).
    """
    body = _body(f"{number:08d}")
    seventeen = f"{registrar}{division}{body}"
    return seventeen + check_digit(seventeen)


def _body(eight: str) -> str:
    """An organisation code (GB 11714) from its first eight characters."""
    total = sum(
        weight * _BODY_ALPHABET.index(character)
        for weight, character in zip(_BODY_WEIGHTS, eight, strict=True)
    )
    rest = 11 - total % 11
    return eight + {10: "X", 11: "0"}.get(rest, str(rest))


def check_digit(seventeen: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    total = sum(
        pow(3, place, 31) * ALPHABET.index(character) for place, character in enumerate(seventeen)
    )
    return ALPHABET[(31 - total % 31) % 31]
