"""The routes of the review page: pages of HTML, pictures, and the JSON that the page's scripts talk."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import jinja2
from fastapi import FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import InputError, KehoachError, printable
from pipeline.quality.review.doubts import doubts
from pipeline.quality.review.edits import Edit, RefusedEditError, StaleEditError, edited
from pipeline.quality.review.folding import finds
from pipeline.quality.review.overview import matrices, timelines, undated
from pipeline.quality.review.readings import Box, Reader, no_reader
from pipeline.quality.review.security import Door, guard
from pipeline.quality.review.sources import PICTURES, WIDTHS, NoPictureError, PagePictures, SourceFinder, text_pages
from pipeline.quality.review.words import LANGUAGES, words
from pipeline.quality.review.workspace import ConflictError, Version, Workspace

HERE = Path(__file__).parent
STATUSES = ("new", "started", "approved", "changed")
IfMatch = Annotated[str, Header(alias="if-match")]


class Change(BaseModel):
    """Edits made together; ``settled``: keys of doubtful values that they take care of."""

    model_config = ConfigDict(extra="forbid")

    edits: Annotated[list[Edit], Field(min_length=1, max_length=2000)]
    settled: Annotated[list[str], Field(max_length=2000)] = []


class Confirmation(BaseModel):
    """A doubtful value that a person found right, or no longer."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=300)]
    right: bool


class Question(BaseModel):
    """A place, and the text that was read there."""

    model_config = ConfigDict(extra="forbid")

    page: int | None = None
    bbox: Box | None = None
    text: Annotated[str, Field(max_length=20_000)]


@dataclass
class Review:
    """What the routes work with."""

    workspace: Workspace
    finder: SourceFinder
    read: Reader = no_reader
    language: str = "vi"
    pictures: PagePictures = field(default_factory=PagePictures)

    def version(self, name: str) -> Version:
        """The document, or the answer that there is none."""
        try:
            return self.workspace.version(name)
        except KeyError:
            raise HTTPException(404, "no such document") from None

    def source(self, version: Version) -> Path | None:
        """The file that the document was read from, where it was found."""
        facts = version.document.get("source") or {}
        return self.finder.find(str(facts.get("file", "")), str(facts.get("sha256", "")))


def create_app(review: Review, door: Door) -> FastAPI:
    """The application behind ``door``."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    guard(app, door)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _pages(app, review)
    _pictures(app, review)
    _questions(app, review)
    _changes(app, review)

    @app.exception_handler(KehoachError)
    def told(_: Request, error: KehoachError) -> Response:
        return JSONResponse({"message": str(error)}, 422 if isinstance(error, InputError) else 500)

    @app.exception_handler(Exception)
    def defect(request: Request, error: Exception) -> Response:
        told = f"defect of the program, please report it: {type(error).__name__}: {error}"
        logging.getLogger(__name__).error("%s: %s", printable(request.url.path), printable(told))
        return JSONResponse({"message": told}, 500)

    return app


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _pages(app: FastAPI, review: Review) -> None:
    environment = _environment()
    environment.filters["segment"] = lambda name: quote(name, safe="")

    def page(request: Request, template: str, **values: Any) -> Response:
        asked, kept = request.query_params.get("lang"), request.cookies.get("kehoach_language")
        language = next((each for each in (asked, kept) if each in LANGUAGES), review.language)
        html = environment.get_template(template).render(
            t=words(language), language=language, languages=LANGUAGES, path=request.url.path, **values
        )
        response = HTMLResponse(html)
        if asked == language:
            response.set_cookie("kehoach_language", language, httponly=True, samesite="strict")
        return response

    @app.get("/")
    def documents(
        request: Request, q: Annotated[str, Query(max_length=500)] = "", status: Annotated[str, Query()] = ""
    ) -> Response:
        every = [review.workspace.summary(name) for name in review.workspace.names()]
        found = [
            summary
            for summary in every
            if (not status or summary.status == status or (status == "doubts" and summary.left))
            and finds(q, summary.folded)
        ]
        return page(request, "documents.html", found=found, total=len(every), q=q, chosen=status, statuses=STATUSES)

    @app.get("/documents/{name}")
    def document(request: Request, name: str) -> Response:
        return page(request, "document.html", name=name, header=review.version(name).document.get("header") or {})

    @app.get("/documents/{name}/picture")
    def picture(request: Request, name: str) -> Response:
        plan = review.version(name).document
        return page(
            request,
            "picture.html",
            name=name,
            header=plan.get("header") or {},
            timelines=timelines(plan),
            matrices=matrices(plan),
            undated=undated(plan),
        )

    @app.get("/words/{language}")
    def strings(language: str) -> dict[str, str]:
        if language not in LANGUAGES:
            raise HTTPException(404)
        return words(language)


def _pictures(app: FastAPI, review: Review) -> None:
    @app.get("/documents/{name}/pages/{number}/{width}")
    def page_picture(name: str, number: int, width: int) -> Response:
        version = review.version(name)
        path = review.source(version)
        if path is None or not 1 <= number <= _page_count(version) or width not in WIDTHS:
            raise HTTPException(404, "no such page")
        try:
            data = review.pictures.picture(path, number, width)
        except NoPictureError as error:
            raise HTTPException(404, str(error)) from None
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    @app.get("/api/documents/{name}/pages")
    def page_texts(name: str) -> dict[str, Any]:
        version = review.version(name)
        path = review.source(version)
        if path is None or path.suffix.lower() != ".txt":
            raise HTTPException(404, "the source is no text")
        return {"pages": text_pages(path)}


def _page_count(version: Version) -> int:
    return int((version.document.get("source") or {}).get("pages") or 0)


def _questions(app: FastAPI, review: Review) -> None:
    @app.get("/api/documents/{name}")
    def whole(name: str) -> dict[str, Any]:
        version = review.version(name)
        path = review.source(version)
        kind = "none" if path is None else "text" if path.suffix.lower() == ".txt" else "pictures"
        if path is not None and kind == "pictures" and path.suffix.lower() not in PICTURES | {".pdf"}:
            kind = "none"
        return {**_state(review, version), "document": version.document, "source": kind, "widths": WIDTHS}

    @app.get("/api/documents/{name}/version")
    def etag(name: str) -> dict[str, str]:
        return {"etag": review.version(name).etag}

    @app.post("/api/documents/{name}/reading")
    def reading(name: str, question: Question) -> dict[str, Any]:
        version = review.version(name)
        sha256 = str((version.document.get("source") or {}).get("sha256", ""))
        found = review.read(sha256, question.page, question.bbox, question.text)
        return asdict(found)


def _state(review: Review, version: Version) -> dict[str, Any]:
    """What changes with an edit besides the edited value itself."""
    document = version.document
    return {
        "name": version.name,
        "etag": version.etag,
        "status": review.workspace.status(version),
        "newer": version.newer,
        "units": document.get("units") or [],
        "deadlines": document.get("deadlines") or [],
        "warnings": document.get("warnings") or [],
        "doubts": [doubt.as_json() for doubt in doubts(document)],
        "confirmed": sorted(version.state["confirmed"]),
    }


def _changes(app: FastAPI, review: Review) -> None:
    workspace = review.workspace

    @app.exception_handler(ConflictError)
    def conflict(_: Request, error: ConflictError) -> Response:
        return JSONResponse({"message": "another version is there"}, 412)

    @app.exception_handler(StaleEditError)
    def stale(_: Request, error: StaleEditError) -> Response:
        return JSONResponse({"message": str(error), "path": error.path}, 409)

    @app.exception_handler(RefusedEditError)
    def refused(_: Request, error: RefusedEditError) -> Response:
        return JSONResponse({"message": str(error), "faults": [asdict(fault) for fault in error.faults[:20]]}, 422)

    @app.post("/api/documents/{name}/edits")
    def edit(name: str, change: Change, if_match: IfMatch) -> dict[str, Any]:
        review.version(name)
        version = workspace.edit(name, if_match.strip('"'), change.edits, settled=change.settled)
        return _state(review, version)

    @app.post("/api/documents/{name}/check")
    def check(name: str, change: Change) -> dict[str, bool]:
        edited(review.version(name).document, change.edits)
        return {"valid": True}

    @app.post("/api/documents/{name}/confirmations")
    def confirm(name: str, confirmation: Confirmation) -> dict[str, Any]:
        review.version(name)
        return _state(review, workspace.confirm(name, confirmation.key, right=confirmation.right))

    @app.post("/api/documents/{name}/approval")
    def approve(name: str, if_match: IfMatch) -> dict[str, Any]:
        review.version(name)
        golden = workspace.approve(name, if_match.strip('"'))
        return {**_state(review, review.version(name)), "golden": str(golden)}

    @app.post("/api/documents/{name}/discard")
    def discard(name: str, if_match: IfMatch) -> dict[str, Any]:
        review.version(name)
        return _state(review, workspace.discard(name, if_match.strip('"')))
