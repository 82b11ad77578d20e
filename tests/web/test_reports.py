"""The report to the principal at its addresses: who may make it, what it holds, what it becomes, and what it refuses."""

from __future__ import annotations

import asyncio
import ctypes
import io
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pypdfium2 as pdfium
import pytest
from pptx import Presentation
from pypdfium2 import raw
from python_calamine import CalamineWorkbook

from conference.core.errors import Refused
from conference.followup.reports import document_of, views
from tests.conference.followup.reports.figures import ATTACK, kept
from tests.servers import lacking
from tests.web.products import Product, product, with_a_day
from web import printing
from web.press import WAITING_MOST, Press
from web.render import Renderer

NO_PANGO = "import sys, runpy; sys.modules['weasyprint'] = None; runpy.run_module('web.printing', run_name='__main__')"
POLL = "p-steg-fore"
PRINTED_S = 120  # twice as long as on a machine with ten other things to do


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


@pytest.fixture(scope="module")
def pango() -> None:
    """What PDFs are drawn with is there."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        lacking("Pango")


async def made(live: Product, cookie: str, **fields: str) -> str:
    """Make a version; its address."""
    async with live.http(cookie, Accept="text/html") as http:
        answer = await http.post(f"/days/{live.day}/report/principal", data={"do": "make", **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).partition("?")[0]


async def package(http: httpx2.AsyncClient, address: str) -> httpx2.Response:
    """The package, when it has been made."""
    while (answer := await http.get(address)).status_code == 202:
        await asyncio.sleep(0.2)
    return answer


async def test_a_package_that_a_restart_cut_off_is_asked_for_anew(live: Product) -> None:
    organizer = await live.enter("organizer")
    where = f"{await made(live, organizer)}/arkiv.zip"
    async with live.house.store.reading() as session:
        kept_as = await views.version(session, live.day, 1)
    left = live.house.packages._path(f"{live.day}/1/{kept_as.made_at.isoformat()}/{kept_as.fingerprint}").with_suffix(".part")
    left.parent.mkdir()
    left.touch()
    live.house.packages.sweep(alone=True)

    async with live.http(organizer) as http:
        cut = await http.get(where)
        again = await http.get(f"{where}?again=yes")
    async with live.http(organizer, Accept="text/html") as http:
        page = await http.get(where)

    assert (cut.status_code, cut.json()["state"]) == (409, "cut")
    assert (again.status_code, again.json()["state"], page.status_code) == (202, "waiting", 202)


async def voted(live: Product) -> None:
    """Twelve people answer a poll, eight and four."""
    moderator = await live.enter("moderator")
    async with live.http(moderator) as staff:
        await staff.post(f"/days/{live.day}/do/polls.open", data={"poll": POLL})
        for number in range(12):
            async with live.http(await live.join(region="r-norrvik")) as phone:
                await phone.post(f"/days/{live.day}/do/polls.vote", data={"poll": POLL, "answer": "vet" if number < 8 else "ide"})
        await staff.post(f"/days/{live.day}/do/polls.close", data={"poll": POLL})


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("pango")
async def test_one_click_makes_a_report_and_all_its_documents_hold_the_same_figures(live: Product) -> None:
    await voted(live)
    organizer = await live.enter("organizer")
    async with live.http(organizer, Accept="text/html") as http:
        http.timeout = httpx2.Timeout(PRINTED_S)
        assert 'name="do" value="make"' in (await http.get(f"/days/{live.day}/report")).text
        where = await made(live, organizer)
        page = (await http.get(where)).text
        got = {name: await http.get(f"{where}/{name}") for name in ("rapport.pdf", "rapport.pptx", "rapport.xlsx", "oppna-data.zip")}
        asked = await http.get(f"{where}/arkiv.zip")
        got["arkiv.zip"] = await package(http, f"{where}/arkiv.zip")
        told = await http.get(f"{where}/arkiv.zip?see=yes")
        again = {name: await http.get(f"{where}/{name}") for name in got}
        assert f'href="/days/{live.day}/report/principal"' in (await http.get(f"/days/{live.day}/report")).text

    assert (asked.status_code, "Arkivpaketet görs" in asked.text, asked.headers["Retry-After"]) == (202, True, "2")
    assert (told.status_code, "Hämta arkivpaketet" in told.text) == (200, True)
    assert {name: answer.status_code for name, answer in got.items()} == dict.fromkeys(got, 200)
    assert {name: answer.content for name, answer in got.items()} == {name: answer.content for name, answer in again.items()}
    assert f"filename*=UTF-8''{live.day}-1-rapport.pdf" in got["rapport.pdf"].headers["Content-Disposition"]
    finding = "67\N{NO-BREAK SPACE}% svarade"
    assert finding in page
    assert finding in text_of(pdfium.PdfDocument(got["rapport.pdf"].content)).replace("67 %", "67\N{NO-BREAK SPACE}%")
    deck = Presentation(io.BytesIO(got["rapport.pptx"].content))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert [sorted(chart.plots[0].series[0].values, reverse=True)[:2] for chart in charts][:1] == [[67.0, 33.0]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(got["rapport.xlsx"].content))
    rows = book.get_sheet_by_name("Samspelet under dagen").to_python()
    assert [row[1:4] for row in rows if row[3] == 12.0 and row[1]] == [[67.0, 8.0, 12.0], [33.0, 4.0, 12.0]]
    with zipfile.ZipFile(io.BytesIO(got["oppna-data.zip"].content)) as archive:
        assert "svar.csv" in archive.namelist()
        data = archive.read("data.json")
    with zipfile.ZipFile(io.BytesIO(got["arkiv.zip"].content)) as archive:
        assert archive.read("data/data.json") == data
        assert archive.read("rapport.pdf") == got["rapport.pdf"].content


async def test_moderators_read_it_and_nobody_else_comes_near(live: Product) -> None:
    organizer, moderator, kim = await live.enter("organizer"), await live.enter("moderator"), await live.join()
    where = await made(live, organizer)
    address = f"/days/{live.day}/report/principal"

    status: dict[str, list[int]] = {}
    for name, cookie in (("moderator", moderator), ("kim", kim), ("nobody", "")):
        async with live.http(cookie, Accept="text/html") as http:
            answers = [await http.get(address), await http.get(where), await http.get(f"{where}/rapport.xlsx")]
            answers.append(await http.post(address, data={"do": "make"}))
            status[name] = [one.status_code for one in answers]
            if name == "moderator":
                assert "Skriv i rapporten" not in answers[0].text

    assert status == {"moderator": [200, 200, 200, 403], "kim": [403] * 4, "nobody": [403] * 4}


async def test_words_make_a_version_and_the_old_one_can_be_opened(live: Product) -> None:
    organizer = await live.enter("organizer")
    await made(live, organizer)
    address = f"/days/{live.day}/report/principal"
    async with live.http(organizer, Accept="text/html") as http:
        words = {"do": "write", "seen": "1", "assignment": ATTACK, "evaluation": "Bra."}
        saved = await http.post(address, data=words)
        newest, oldest = (await http.get(address)).text, (await http.get(f"{address}/1")).text
        stale = await http.post(address, data={**words, "evaluation": "Bättre."})
        long = await http.post(address, data={**words, "seen": "2", "evaluation": "å" * 4_001})
        huge = await http.post(address, data={**words, "seen": "2", "evaluation": "å" * 100_000})

    assert (saved.status_code, saved.headers["Location"]) == (303, f"{address}/2?saved=yes")
    assert ("<script>alert" in newest, "&lt;script&gt;alert(1)&lt;/script&gt;" in newest) == (False, True)
    assert ("alert(1)" in oldest, "Det här är en äldre version." in oldest) == (False, True)
    assert (stale.status_code, "Någon har sparat en ny version" in stale.text, "Bättre." in stale.text) == (422, True, True)
    assert (long.status_code, "högst 4000 tecken" in long.text) == (422, True)
    assert huge.status_code == 413


async def test_what_is_not_there_is_refused(live: Product) -> None:
    organizer = await live.enter("organizer")
    await made(live, organizer)
    paths = ("2", "0", "x", "1/rapport.exe", "2/rapport.xlsx", "999999999999/rapport.pdf", "1/principal.css")

    async with live.http(organizer) as http:
        answers = [await http.get(f"/days/{live.day}/report/principal/{path}") for path in paths]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "report.no_such")] * len(paths)


async def test_without_pango_the_page_can_still_be_printed(live: Product) -> None:
    live.house.press = Press((sys.executable, "-c", NO_PANGO))
    organizer = await live.enter("organizer")
    where = await made(live, organizer)

    async with live.http(organizer) as http:
        answer = await http.get(f"{where}/rapport.pdf")
        page = await http.get(where)

    assert (answer.status_code, answer.json()["code"], page.status_code) == (409, "report.no_pdf", 200)


async def test_too_many_at_once_are_asked_to_wait() -> None:
    press = Press((sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())"))
    press._waiting = WAITING_MOST

    with pytest.raises(Refused, match=r"limit\.reached"):
        await press.pdf("<p>")


def printed(**more: Any) -> pdfium.PdfDocument:
    page = Renderer().text("principal-print.html", "sv", {"document": document_of(kept(**more))})
    return pdfium.PdfDocument(printing.pdf_of(page))


def text_of(pdf: pdfium.PdfDocument) -> str:
    return " ".join(pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf)))


def tags(pdf: pdfium.PdfDocument) -> Iterator[tuple[str, str]]:
    """Every tag with its alternative text."""
    for number in range(len(pdf)):
        page = pdf[number]
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        yield from (
            one for at in range(raw.FPDF_StructTree_CountChildren(tree)) for one in below(raw.FPDF_StructTree_GetChildAtIndex(tree, at))
        )


def below(element: Any) -> Iterator[tuple[str, str]]:
    if element:
        yield said(raw.FPDF_StructElement_GetType, element), said(raw.FPDF_StructElement_GetAltText, element)
        for at in range(raw.FPDF_StructElement_CountChildren(element)):
            yield from below(raw.FPDF_StructElement_GetChildAtIndex(element, at))


def said(ask: Any, of: Any) -> str:
    size = ask(of, None, 0)
    into = ctypes.create_string_buffer(size)
    ask(of, ctypes.cast(into, ask.argtypes[1]), size)
    return into.raw.decode("utf-16-le").rstrip("\0")


@pytest.mark.usefixtures("pango")
def test_the_pdf_is_tagged_and_says_what_it_is() -> None:
    pdf = printed(words={"assignment": ATTACK})
    found = list(tags(pdf))
    figures = [alt for tag, alt in found if tag == "Figure"]

    assert raw.FPDFCatalog_IsTagged(pdf.raw) == 1
    assert said(raw.FPDFCatalog_GetLanguage, pdf.raw) == "sv"
    assert pdf.get_metadata_dict()["Title"] == "E-hälsodagen: rapport till uppdragsgivaren, version 1"
    assert {"H1", "H2", "H3", "P", "Table", "TH", "TD", "Figure", "L"} - {tag for tag, _alt in found} == set()
    assert (len(figures), [alt for alt in figures if not alt]) == (9, [])
    assert "<script>alert(1)</script>" in text_of(pdf).replace("\r\n", "")


@pytest.mark.usefixtures("pango")
def test_a_report_fetches_nothing() -> None:
    from weasyprint.urls import FatalURLFetchingError

    for address in (
        "http://x.example/a.png",
        "file:///etc/passwd",
        "data:text/plain,a",
        f"{printing.FONT}../css/base.css",
        f"{printing.FONT}nothing.woff2",
    ):
        with pytest.raises(FatalURLFetchingError):
            printing._fetcher().fetch(address)


async def test_a_question_stands_beside_itself(live: Product) -> None:
    await voted(live)
    organizer, kim = await live.enter("organizer"), await live.join()
    address = f"/days/{live.day}/compare"
    async with live.http(organizer, Accept="text/html") as http, live.http(kim, Accept="text/html") as other:
        page = (await http.get(address, params={"question": "q-steg", "answer": "vet"})).text
        strange = await http.get(address, params={"question": "<script>", "answer": "nothing"})
        refused = await other.get(address)
        linked = (await http.get(f"/days/{live.day}/report")).text

    assert ("<strong>67 %</strong>" in page, "8 av 12" in page, "Region Norrvik" in page) == (True, True, True)
    assert (strange.status_code, "&lt;script" in strange.text, refused.status_code) == (200, False, 403)
    assert f'href="{address}"' in linked
