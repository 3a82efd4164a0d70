"""Flask-Security-Too on our own models: hashing, verification and the store of accounts.

Its views stay unregistered: sessions are rows of ours (a cookie copied before sign-out must be
dead after it), so signing in and out are our own pages over its machinery.
"""

from typing import Any

from flask import Flask, Request, current_app
from flask_security.core import RoleMixin, Security
from flask_security.datastore import SQLAlchemyUserDatastore

from agencies.models import Person
from agencies.passwords import PasswordRules
from config.database import db


class NoRole(RoleMixin):
    """Rights come from seats alone: Flask-Security's roles stay empty."""


class Accounts(SQLAlchemyUserDatastore):
    """The people who can sign in. User names are kept in lower case."""

    def find_role(self, role: str) -> None:
        return None


def store() -> Accounts:
    """The store of accounts of the app in hand."""
    accounts: Accounts = current_app.extensions["security"].datastore
    return accounts


def init_app(app: Flask, secret: str) -> None:
    """Join Flask-Security to the app. Hashes don't depend on the secret, so it may be changed."""
    options: dict[str, Any] = {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "DEPRECATED_PASSWORD_SCHEMES": [],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_SALT": secret,
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 19_456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": str.casefold, "case_insensitive": False}}
        ],
        "ANONYMOUS_USER_DISABLED": True,
        "USE_REGISTER_V2": True,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
    }
    app.config.update({f"SECURITY_{name}": value for name, value in options.items()})
    security = Security(
        app,
        Accounts(db, Person, NoRole),
        register_blueprint=False,
        password_util_cls=PasswordRules,
    )
    security.login_manager.request_loader(_nobody)


def _nobody(_request: Request) -> None:
    """Nobody signs in by Flask-Security's own tokens.

    For them it would read every JSON body; one that is too large would fail there, and once more
    while the page that says so is drawn.
    """
