"""What an administrator fills in about templates: one model for HTML and JSON."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from config.text import Line
from notifications.states import Kind
from notifications.texting.filling import TEXT_LENGTH, faults
from notifications.texting.states import TemplateAction, Vendor


class TemplateInput(BaseModel):
    """A template as its vendor is to approve it; gaps are written ``${name}``.

    ``sign`` may be empty: then it goes out with the signature of the provider's address.
    """

    vendor: Vendor
    kind: Kind
    language: Literal["zh", "en"] = "zh"
    code: Annotated[Line, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_]+$")]
    sign: Annotated[Line, Field(max_length=12)] = ""
    text: Annotated[Line, Field(min_length=1, max_length=TEXT_LENGTH)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := faults(self.text, self.kind):
            raise ValueError("".join(found))
        return self


class DecisionInput(BaseModel):
    """What became of a template at its vendor; ``reason`` is the vendor's where it refused it."""

    action: TemplateAction
    reason: Annotated[Line, Field(max_length=200)] = ""
