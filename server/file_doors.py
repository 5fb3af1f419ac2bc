"""The doors for files: give one, ask which are missing, and get one that a record names."""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import Field

from server.answers import FileKept, FilesMissing
from server.routes import Asked, Call, Raw, Route
from shared.attached import HASH
from shared.errors import Refused
from shared.rights import Role, reach

MEDIA: Final = "application/vnd.guatu.file"
MAX_ASKED: Final = 512
_NO_STORE: Final = {
    "Content-Type": MEDIA,
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "attachment",
}
FileHash = Annotated[str, Field(pattern=HASH, description="The file's BLAKE2b-256 in hex.")]


class FileWish(Asked):
    """Which file."""

    hash: FileHash


class FilesHeld(Asked):
    """Files that a laptop has."""

    hashes: tuple[FileHash, ...] = Field(max_length=MAX_ASKED)


async def put_file(call: Call[FileWish]) -> FileKept:
    """Keep a file under its hash, on the disk when this answers; the same one again changes nothing."""
    request, author = call.request, call.author
    if not reach(author.role, author.areas):
        raise Refused("no-right")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused("bad-request", where="a file travels as it is, without a Content-Encoding")
    try:
        size = await call.desk.filing.take(call.asked.hash, author, request.content_length, request.content)
    except (HttpProcessingError, ConnectionError):  # the other end went away amid it, too
        raise Refused("bad-request", where="the body is not framed as HTTP has it") from None
    return FileKept(hash=call.asked.hash, size=size)


async def missing_files(call: Call[FilesHeld]) -> FilesMissing:
    """Which of these files the office lacks, in their order; also those of which it does not tell this device."""
    return FilesMissing(missing=tuple(await call.desk.filing.missing(call.asked.hashes, call.author)))


async def get_file(call: Call[FileWish]) -> web.StreamResponse:
    """A file that a record names which this device reads; for any other there is none here."""
    path = await call.desk.filing.place(call.asked.hash, call.author)
    if path is None:
        raise Refused("not-found", what="file")
    return web.FileResponse(path, headers=_NO_STORE)


FILES: Final[tuple[Route[Any], ...]] = (
    Route("POST", "/api/v1/files/missing", FilesHeld, FilesMissing, ("too-large",), missing_files, role=Role.MEMBER),
    Route("PUT", "/api/v1/files/{hash}", FileWish, FileKept,
          ("file-too-large", "file-differs", "file-share", "files-full", "files-busy"), put_file,
          role=Role.MEMBER, body=MEDIA),
    Route("GET", "/api/v1/files/{hash}", FileWish, Raw(200, MEDIA, "The file; 206 for a Range of it."), ("not-found",),
          get_file, role=Role.MEMBER),
)  # fmt: skip
