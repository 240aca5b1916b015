"""The base of every settings table: known keys only, and nothing changes after loading."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from pipelines.workspace.values import Text


class Frozen(BaseModel):
    """A table of settings; an unknown key is an error and no value can be reassigned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Keys that a table understands besides its fields.
    spellings: ClassVar[tuple[str, ...]] = ()


class Named(Frozen):
    """A table with an id and a name for people, which is the id where none is given."""

    id: Text
    name: Text

    @model_validator(mode="before")
    @classmethod
    def _named_by_id(cls, value: object) -> object:
        if isinstance(value, dict) and "id" in value and "name" not in value:
            return {**value, "name": value["id"]}
        return value
