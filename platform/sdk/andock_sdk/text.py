"""Words for people, in every language the plugin speaks.

Prose never crosses a layer as a bare string: a plugin hands over a `Text`, the page picks the
reader's language.
"""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field


class Text(BaseModel):
    """The same sentence in English (`en`) and German (`de`). English is the fallback.

    >>> Text(en="Calendar", de="Kalender").to("de")
    'Kalender'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str = Field(max_length=4000)
    de: str = Field(default="", max_length=4000)

    def to(self, language: str) -> str:
        """The sentence in `language` ("de", "en", "de_AT"), else in English."""
        wanted = "de" if language.lower().startswith("de") else "en"
        return (self.de if wanted == "de" else self.en) or self.en

    def every(self) -> Iterator[str]:
        """All wordings, for searching."""
        yield self.en
        if self.de:
            yield self.de
