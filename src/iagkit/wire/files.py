"""Where a named file is: given path, the institution's folder, the shipped one, the checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

import iagkit
from iagkit.core.errors import DeclarationError
from iagkit.core.registry import did_you_mean

Kind = Literal["prototypes", "policies", "protocols", "datasets", "taxonomies", "profiles"]
Place = Literal["given", "project", "shipped", "checkout"]
FOLDERS: Final[dict[Kind, str]] = {
    "prototypes": "prototypes",
    "policies": "audits/policies",
    "protocols": "audits/protocols",
    "datasets": "datasets",
    "taxonomies": "datasets",
    "profiles": "audits/registers/profiles",
}
MAIN: Final[dict[Kind, str]] = {
    "prototypes": "prototype.yaml",
    "datasets": "card.yaml",
    "taxonomies": "taxonomy.yaml",
}
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


class Found(NamedTuple):
    """A file, and in which of the four places it was found."""

    path: Path
    place: Place


def find(kind: Kind, name: str | Path, *, near: Path | None = None) -> Path:
    """Find a declaration by path or by name.

    Parameters
    ----------
    kind : {"prototypes", "policies", "protocols", "datasets", "taxonomies", "profiles"}
    name : str or Path
        A path (with a folder or a suffix), or a name that is looked up.
    near : Path, optional
        Folder of the file that names it: paths are relative to it, names are looked up there.

    Raises
    ------
    DeclarationError
        If it is nowhere; the known names are told.
    """
    return locate(kind, name, near=near).path


def locate(kind: Kind, name: str | Path, *, near: Path | None = None) -> Found:
    """Find a declaration, and tell in which place."""
    if not NAME.fullmatch(str(name)) or (near is None and _is_given(kind, Path(name))):
        return Found(_given(kind, Path(name).expanduser(), near), "given")
    for folder, place in _places(kind, near):
        for path in _candidates(kind, folder, str(name)):
            if path.is_file():
                return Found(path, place)
    known = names(kind, near=near)
    msg = (
        f"expected one of the {kind} ({', '.join(known) or 'none is there'}) or a path; got "
        f"'{name}'.{did_you_mean(str(name), known)}"
    )
    raise DeclarationError(msg)


def names(kind: Kind, *, near: Path | None = None) -> tuple[str, ...]:
    """Names that can be found, sorted."""
    found = set()
    for folder, _ in _places(kind, near):
        if kind in MAIN:
            found |= {path.parent.name for path in folder.glob(f"*/{MAIN[kind]}")}
        elif folder.name == FOLDERS[kind].rpartition("/")[2]:
            found |= {path.stem for path in folder.glob("*.yaml")}
    return tuple(sorted(found))


def shipped(inside: str) -> Path:
    """A file that comes with iagkit, by its path inside the checkout.

    Raises
    ------
    DeclarationError
        If it is not there: the installation is not whole.
    """
    homes = [Path(iagkit.__file__).parent / "_shipped", *filter(None, [checkout()])]
    for home in homes:
        if (home / inside).is_file():
            return home / inside
    msg = f"'{inside}' should come with iagkit; it is missing. Install iagkit again"
    raise DeclarationError(msg)


def _is_given(kind: Kind, path: Path) -> bool:
    return path.is_file() or (kind in MAIN and (path / MAIN[kind]).is_file())


def _given(kind: Kind, path: Path, near: Path | None) -> Path:
    path = near / path if near is not None else path
    if path.is_dir() and kind in MAIN:
        path = path / MAIN[kind]
    if not path.is_file():
        around = [p.name for p in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        msg = (
            f"expected a YAML file; there is none at '{path}'.{did_you_mean(path.name, around)} "
            f"Known {kind}: {', '.join(names(kind, near=near)) or 'none'}"
        )
        raise DeclarationError(msg)
    return path


def _places(kind: Kind, near: Path | None) -> Iterator[tuple[Path, Place]]:
    inside = FOLDERS[kind]
    for folder in (near, Path.cwd()):
        if folder is not None and not _is_checkout(folder):
            if kind in MAIN:
                yield folder, "project"
            yield folder / inside.rpartition("/")[2], "project"
            yield folder / inside, "project"
    yield Path(iagkit.__file__).parent / "_shipped" / inside, "shipped"
    if (root := checkout()) is not None:
        yield root / inside, "checkout"


def _candidates(kind: Kind, folder: Path, name: str) -> tuple[Path, ...]:
    if kind in MAIN:
        return (folder / name / MAIN[kind],)
    return (folder / f"{name}.yaml",)


def checkout() -> Path | None:
    """Root of the checkout iagkit runs from, if it runs from one."""
    root = Path(iagkit.__file__).parents[2]
    return root if _is_checkout(root) else None


def _is_checkout(folder: Path) -> bool:
    return (folder / "src/iagkit").is_dir() and (folder / "audits").is_dir()
