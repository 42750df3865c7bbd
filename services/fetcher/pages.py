"""The page that takes uploads: `POST /archives`."""

from __future__ import annotations

from services.fetcher.archives import ArchiveError, read_archive
from services.fetcher.domain import BUNDLE
from services.fetcher.ports import MOST_BYTES
from trainyard.bundle import pack
from trainyard.errors import TransientError
from trainyard.pages import Page, Request, Response, as_json
from trainyard.storage import Storage


def archives_page(storage: Storage, *, most: int = MOST_BYTES) -> Page:
    """Return the page that keeps an uploaded archive and answers with what to submit."""

    def page(request: Request) -> Response:
        if request.method != "POST" or request.rest:
            return as_json({"error": "POST a tar, tar.gz or zip archive to /archives"}, 405)
        try:
            return as_json({"code": BUNDLE + storage.put_blob(pack(read_archive(request.body, most=most)))})
        except ArchiveError as error:
            return as_json({"error": str(error)}, 400)
        except TransientError as error:
            return as_json({"error": f"{error}; try again in a moment"}, 503)

    return page
