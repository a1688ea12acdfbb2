"""A tagger as a file: arrays and words only, nothing that is run when it is read."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.text.privacy.features import NO_KIN, Kin
from iagkit.text.privacy.tagger import CAUTIOUS, Expert, FieldTagger
from iagkit.text.privacy.tagger_crf import Field
from iagkit.text.privacy.tagger_table import Table

FORMAT: Final = "iagkit-tagger-2"
_BETWEEN: Final = "\0"
_DEFECTS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, IndexError,
    RuntimeError,
)  # fmt: skip
"""What reading a file raises that was cut short, changed, locked or never a tagger."""
SHIPPED: Final = Path(__file__).parent / "models"


def save_tagger(tagger: FieldTagger, path: str | Path) -> Path:
    """Write a tagger; what is there is replaced only once the new file is whole.

    Parameters
    ----------
    tagger : FieldTagger
    path : str or Path

    Returns
    -------
    Path
        The file that was written.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    told = {
        "format": FORMAT, "lang": tagger.lang, "caution": tagger.caution,
        "facts": dict(tagger.facts),
        "experts": [
            {"name": e.name, "labels": list(e.field.labels)} for e in tagger.experts
        ],
    }  # fmt: skip
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("tagger.json", json.dumps(told, ensure_ascii=False, sort_keys=True))
        _write_kin(file, tagger.experts[0].field.table.kin)
        for i, expert in enumerate(tagger.experts):
            _write_field(file, str(i), expert.field)
    part.replace(target)
    return target


def _write_field(file: zipfile.ZipFile, name: str, one: Field) -> None:
    at, label = np.nonzero(one.weights)
    weight = one.weights[at, label].astype(np.float16)
    used, at = np.unique(at, return_inverse=True)
    features = list(one.table.rows)
    arrays: dict[str, NDArray[Any]] = {
        "at": at.astype(np.uint32), "label": label.astype(np.uint8),
        "weight": weight, "moves": one.moves,
    }  # fmt: skip
    for kind, array in arrays.items():
        _write_array(file, f"{name}.{kind}.npy", array)
    file.writestr(f"{name}.features", _BETWEEN.join(features[k] for k in used))


def _write_array(file: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    packed = BytesIO()
    np.save(packed, array, allow_pickle=False)
    file.writestr(name, packed.getvalue())


def _write_kin(file: zipfile.ZipFile, kin: Kin) -> None:
    file.writestr("kin.words", _BETWEEN.join(kin))
    _write_array(file, "kin.npy", np.array(list(kin.values()), dtype=np.int32))


def load_tagger(lang: str, path: str | Path | None = None) -> FieldTagger | None:
    """Read a trained tagger of a language.

    Parameters
    ----------
    lang : str
        ``es`` or ``pt``.
    path : str or Path, optional
        File written by ``iagkit train-tagger``; default: the one shipped, where there is one.

    Returns
    -------
    FieldTagger or None
        ``None`` if no path is given and none is shipped.

    Raises
    ------
    DataError
        If the file is not there, is no tagger, or is of another language.
    """
    if path is None:
        shipped = SHIPPED / f"{lang}.tagger"
        if not shipped.is_file():
            return None
        path = shipped
    try:
        tagger = _read(Path(path))
    except OSError as defect:
        msg = (
            f"expected a tagger; '{Path(path).name}' cannot be read ({type(defect).__name__}). "
            f"Train one: iagkit train-tagger --lang {lang} --out FILE"
        )
        raise DataError(msg) from None
    except _DEFECTS as defect:
        msg = (
            f"expected a tagger written by 'iagkit train-tagger'; '{Path(path).name}' is none "
            f"({type(defect).__name__}). Train it again"
        )
        raise DataError(msg) from None
    if tagger.lang != lang:
        msg = (
            f"expected a tagger for '{lang}'; '{Path(path).name}' is for '{tagger.lang}'. Name the "
            "other file, or the other language"
        )
        raise DataError(msg)
    return tagger


def _read(path: Path) -> FieldTagger:
    with zipfile.ZipFile(path) as file:
        told = json.loads(file.read("tagger.json"))
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        kin = _read_kin(file)
        experts = tuple(
            Expert(
                name=str(e["name"]),
                field=_read_field(file, str(i), e["labels"], kin),
            )
            for i, e in enumerate(told["experts"])
        )
    facts = cast("Mapping[str, object]", told["facts"])
    caution = float(told.get("caution", CAUTIOUS))
    return FieldTagger(lang=str(told["lang"]), experts=experts, facts=facts, caution=caution)


def _read_kin(file: zipfile.ZipFile) -> Kin:
    words = file.read("kin.words").decode().split(_BETWEEN)
    groups = np.load(BytesIO(file.read("kin.npy")), allow_pickle=False)
    return dict(zip(words, map(tuple, groups.tolist()), strict=True)) if len(groups) else NO_KIN


def _read_field(file: zipfile.ZipFile, name: str, labels: list[str], kin: Kin) -> Field:
    arrays = {
        kind: np.load(BytesIO(file.read(f"{name}.{kind}.npy")), allow_pickle=False)
        for kind in ("at", "label", "weight", "moves")
    }
    features = file.read(f"{name}.features").decode().split(_BETWEEN)
    weights: NDArray[np.float32] = np.zeros((len(features), len(labels)), dtype=np.float32)
    weights[arrays["at"], arrays["label"]] = arrays["weight"]
    if arrays["moves"].shape != (len(labels), len(labels)):
        raise ValueError(name)
    rows = {feature: k for k, feature in enumerate(features)}
    return Field(
        labels=tuple(labels),
        table=Table(rows=rows, weights=weights, kin=kin),
        moves=arrays["moves"].astype(np.float32),
    )
