"""What people fill in about agencies, people and their accounts: one model for HTML and JSON."""

from typing import Annotated

from pydantic import BaseModel, Field


class SignInInput(BaseModel):
    """User name and password."""

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]
