"""The pages of agencies, people and accounts."""

from agencies.web import sign_in
from agencies.web.blueprint import bp
from config.navigation import NavItem

NAVIGATION: tuple[NavItem, ...] = ()

__all__ = ["NAVIGATION", "bp", "sign_in"]
