"""Jobs of a plugin's own on a schedule. Core alone starts them, in a worker, with a deadline."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class OwnJob(BaseModel):
    """A declaration: call this now and then. `name` tells a plugin's jobs apart.

    `call` is "module:function". `per` connection it is called with (context, grant) for each
    connection in use; `per` installation with (context), once for all of Andock. It has ten
    minutes.
    `minutes` is the least time between two starts. What was missed while nothing ran is made up
    for once, not as often as it was missed. What it raises is shown and tried again at the next
    time; a MemberError or an AdminError of a connection's job also makes the connection need
    attention.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")
    call: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$", max_length=200)
    minutes: int = Field(ge=5, le=60 * 24 * 31)
    per: Literal["connection", "installation"] = "connection"
