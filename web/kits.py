# ruff: noqa: PLC0415  # what a command needs is imported when it runs
"""Commands for kits: pass one on as a signed file, look at one, take one in, compare, trust a key."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from web.terminal import DataDir, Failed, Json, say

if TYPE_CHECKING:
    from conference.library import Brought, Shelf
    from conference.library.archive import Sealed

ALL: Final = "all"

app = typer.Typer(
    rich_markup_mode=None,
    epilog="Examples:  samsyn kit export --to our-day.zip   |   samsyn kit diff our-day.zip   |   samsyn kit import our-day.zip",
)

File = Annotated[Path, typer.Argument(help="A kit's file.", exists=True, dir_okay=False, readable=True)]


@app.callback(invoke_without_command=True)
def kit(context: typer.Context) -> None:
    """Kits: everything that a day is made from, as one signed file. Each of the commands takes --json."""
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201  # what the command is for
        raise typer.Exit(2)


@app.command("list", epilog="Example:  samsyn kit list --json")
def listed(data_dir: DataDir = None, as_json: Json = False) -> None:
    """The kits that a day can be made from here."""
    from conference.library.archive import describe_head

    found = [(describe_head(folder), folder) for folder in _shelf(data_dir).folders()]
    kits = [{"kit": head.id, "version": head.version, "title": head.title, "folder": str(folder)} for head, folder in found]
    say({"kits": kits}, "\n".join("{kit} {version}  {title}\n  {folder}".format_map(kit) for kit in kits), as_json)


@app.command(epilog="Examples:  samsyn kit export   |   samsyn kit export kit-nationell-dag --to kit.zip --json")
def export(
    kit: Annotated[str | None, typer.Argument(help="Its id, as `samsyn kit list` shows; the national one without it.")] = None,
    to: Annotated[Path | None, typer.Option(help="The file; ID-VERSION.zip here without it.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Write a kit as one signed file. One that nobody has changed since it came keeps its first signature."""
    from conference.library.archive import describe_head

    shelf = _shelf(data_dir, makes=True)
    folder = shelf.of(kit) if kit else shelf.folders()[0]
    if folder is None:
        raise Failed(f"there is no kit {kit}; `samsyn kit list` shows those there are")
    head = describe_head(folder)
    target = to or Path(f"{head.id}-{head.version}.zip")
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as file:
            sealed = shelf.export(folder, file)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    say({"file": str(target), **_told(shelf, sealed)}, f"{target}\n{_in_words(shelf, sealed)}", as_json)


@app.command(epilog="Example:  samsyn kit verify our-day.zip --json")
def verify(file: File, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check a kit whole: names, sizes, hashes, signature, that it can be read. Exit 1 when anything is wrong. Nothing is changed."""
    shelf = _shelf(data_dir)
    sealed = shelf.compare(file).sealed
    say(_told(shelf, sealed), _in_words(shelf, sealed), as_json)


@app.command(epilog="Example:  samsyn kit diff our-day.zip")
def diff(file: File, data_dir: DataDir = None, as_json: Json = False) -> None:
    """What a kit would bring to the version that is here, part by part; ! is a part that was changed here too. Nothing is changed."""
    shelf = _shelf(data_dir)
    found = shelf.compare(file)
    say({**_told(shelf, found.sealed), "changes": _changes(found)}, _list(found) or "nothing is otherwise", as_json)


@app.command(
    "import",
    epilog="Examples:  samsyn kit import our-day.zip   |   samsyn kit import our-day.zip --accept all   |   "
    "samsyn kit import our-day.zip --accept polls.json#polls/p-glapp --accept texts/invitation.sv.md",
)
def bring(
    file: File,
    accept: Annotated[
        list[str] | None, typer.Option(help="A part to take, as `samsyn kit diff` names it; all: those not changed here.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Take no part: keep ours, and count this version as seen.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Take in a kit. What was changed here stays, unless its part is accepted by name; days that were made stay as they are."""
    from conference.core.errors import Refused

    shelf = _shelf(data_dir, makes=True)
    if none and accept:
        raise typer.BadParameter("either --accept or --none", param_hint="--none")
    found = shelf.compare(file)
    if not shelf.trusts(found.sealed.by) and not as_json and sys.stdin.isatty():
        print(_in_words(shelf, found.sealed))  # noqa: T201  # a question to a terminal
        if typer.confirm("Trust this key from now on?"):
            shelf.trust(found.sealed.by.fingerprint)
    wanted = None if accept is None and not none else {one for one in accept or () if one != ALL}
    if wanted is not None and ALL in (accept or ()):
        wanted |= {change.part for change in found.changes if not change.conflict}
    try:
        done = shelf.bring(file, wanted)
    except Refused as refused:
        if refused.code != "kit.key_unknown":
            raise
        raise Failed(f"{refused}; compare it with its maker's, then: samsyn kit trust {found.sealed.by.fingerprint}") from None
    if done.folder is None:
        say({"folder": None, **_told(shelf, done.sealed), "changes": _changes(done)}, _list(done), as_json)
        raise Failed("nothing was changed: say which parts to take with --accept PART or --accept all, or --none")
    say(
        {"folder": str(done.folder), **_told(shelf, done.sealed), "changes": _changes(done)},
        f"{done.folder}\n{_in_words(shelf, done.sealed)}",
        as_json,
    )


@app.command(epilog="Example:  samsyn kit trust 3f2a91c0…")
def trust(
    key: Annotated[str, typer.Argument(help="The fingerprint (64 characters, spaces allowed) or the key itself.")],
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Trust a key from now on: kits that it has signed are taken in. Compare its fingerprint with its owner first, by voice."""
    from conference.library.signing import fingerprint_in, in_groups

    found = fingerprint_in(key)
    if found is None:
        raise typer.BadParameter("neither a fingerprint nor a key", param_hint="KEY")
    new = _shelf(data_dir, makes=True).trust(found)
    say({"fingerprint": found, "new": new}, f"{in_groups(found)}: {'trusted from now on' if new else 'trusted already'}", as_json)


def _shelf(data_dir: Path | None, *, makes: bool = False) -> Shelf:
    """The kits of the installation; whoever only looks makes neither folder nor key."""
    from conference.library import Shelf, Signer
    from web import secret_files, settings

    folder = settings.load(data_dir=data_dir).data_dir
    key = folder / "secrets" / "kit"
    return Shelf(folder / "kits", Signer(secret_files.secret(key) if makes or key.exists() else secrets.token_urlsafe()))


def _told(shelf: Shelf, sealed: Sealed) -> dict[str, Any]:
    head = sealed.told.kit
    return {"kit": head.id, "version": head.version, "fingerprint": sealed.by.fingerprint, "trusted": shelf.trusts(sealed.by)}


def _in_words(shelf: Shelf, sealed: Sealed) -> str:
    from conference.library.signing import in_groups

    told = sealed.told
    size = sum(file.bytes for file in told.files.values())
    trusted = "a key that is trusted here" if shelf.trusts(sealed.by) else "a key that is not known here"
    return (
        f"{told.kit.title}, {told.kit.id} version {told.kit.version}, {told.kit.licence}: {len(told.files)} files, {size / 1e6:.1f} MB\n"
        f"signed with {trusted}: {in_groups(sealed.by.fingerprint)}"
    )


def _changes(found: Brought) -> list[dict[str, Any]]:
    return [{"part": one.part, "kind": one.kind, "says": list(one.says), "conflict": one.conflict} for one in found.changes]


def _list(found: Brought) -> str:
    return "\n".join(
        "\n".join([f"{'!' if one.conflict else ' '} {one.kind:8}{one.part}", *(f"             {line}" for line in one.says)])
        for one in found.changes
    )
