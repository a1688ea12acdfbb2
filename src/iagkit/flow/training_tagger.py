"""Train the tagger of a language from named corpora: one command, minutes, nothing downloaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iagkit.core.errors import UsageError
from iagkit.flow import tagger_corpora as corpora
from iagkit.wire import registry

if TYPE_CHECKING:
    from iagkit.text.privacy.features import Kin
    from iagkit.text.privacy.tagger import Expert, FieldTagger
    from iagkit.text.privacy.training import Example

LANGUAGES: Final = ("es", "pt")
SPLITS: Final = ("train", "dev")
PERSONS: Final = "persons"
SENTENCES: Final = 3000
"""Sentences of gazettes that a tagger learns names from, at most."""
INVENTED: Final = 1600
"""Sentences about invented persons."""
_SCORED: Final = {"es": "meddocan_es", "pt": "lener_br_pt"}
Told = Callable[[str], None]


def train_tagger(
    lang: str,
    *,
    out: str | Path | None = None,
    hold_out: Sequence[str] = (),
    seed: int = 0,
    tell: Told = lambda _: None,
) -> tuple[FieldTagger, Path]:
    """Train the tagger of a language and write it.

    Parameters
    ----------
    lang : {"es", "pt"}
    out : str or Path, optional
        File; default: ``taggers/<lang>.tagger`` in the cache of iagkit.
    hold_out : sequence of {"dev"}
        Parts that are not learnt from, so that they may be measured on.
    seed : int
        Draws the sentences of gazettes and the invented persons.
    tell : callable
        Told each step as it begins.

    Returns
    -------
    tagger : FieldTagger
    path : Path

    Raises
    ------
    UsageError
        If the language has no corpus, or a part is unknown.
    FetchError
        If a corpus cannot be brought.
    """
    from iagkit.text.privacy.tagger import FieldTagger
    from iagkit.text.privacy.tagger_files import save_tagger
    from iagkit.text.privacy.training_kin import kin_of
    from iagkit.text.privacy.training_recipes import CAUTION

    _refuse(lang, hold_out)
    begun = time.process_time()
    splits = [split for split in SPLITS if split not in hold_out]
    tell(f"reading {_SCORED[lang]} ({' and '.join(splits)})")
    marked = {split: corpora.corpus(_SCORED[lang], split) for split in splits}
    documents = [example for split in splits for example in marked[split]]
    tell("reading gazettes, grouping words, inventing persons")
    acts = _acts(lang)
    kin = kin_of([*(e.text for e in marked["train"]), *acts], seed=seed)
    named = _named(lang, documents, acts, seed)
    tell(f"learning the labels of {_SCORED[lang]} from {len(documents)} documents")
    scored = _scored(lang, documents, kin)
    tell(f"learning names from {len(named)} texts")
    tagger = FieldTagger(
        lang=lang,
        caution=CAUTION[lang],
        experts=(scored, _persons(named, kin)),
        facts={
            "corpora": [_SCORED[lang], *_GAZETTES[lang]], "splits": splits, "seed": seed,
            "documents": len(documents), "sentences": len(named),
            "cpu_seconds": round(time.process_time() - begun),
        },
    )  # fmt: skip
    return tagger, save_tagger(tagger, out or default_path(lang))


def default_path(lang: str) -> Path:
    """Where a tagger that was trained without naming a file lies."""
    return registry.cache() / "taggers" / f"{lang}.tagger"


def _refuse(lang: str, hold_out: Sequence[str]) -> None:
    if lang not in LANGUAGES:
        msg = f"a tagger can be trained for {' and '.join(LANGUAGES)}; got '{lang}'"
        raise UsageError(msg)
    if unknown := set(hold_out) - {"dev"}:
        msg = f"only 'dev' can be held out; got {', '.join(sorted(unknown))}. 'train' never"
        raise UsageError(msg)


def _scored(lang: str, documents: Sequence[Example], kin: Kin) -> Expert:
    """The expert whose labels are those of a published corpus."""
    from iagkit.text.privacy.tagger import Expert
    from iagkit.text.privacy.tagger_crf import mean_field
    from iagkit.text.privacy.training import train_fields
    from iagkit.text.privacy.training_recipes import SCORED

    learnt = mean_field(train_fields(documents, SCORED[lang], kin=kin))
    return Expert(name=_SCORED[lang], field=learnt)


def _persons(named: Sequence[Example], kin: Kin) -> Expert:
    """The expert for names in gazettes and requests."""
    from iagkit.text.privacy.tagger import Expert
    from iagkit.text.privacy.tagger_crf import mean_field
    from iagkit.text.privacy.training import train_fields
    from iagkit.text.privacy.training_recipes import NAMES

    return Expert(name=PERSONS, field=mean_field(train_fields(named, NAMES, kin=kin)))


_GAZETTES: Final = {"es": ("infoleg_ar_es",), "pt": ("dodf_persoseg_pt", "proc_status_pt")}


def _acts(lang: str) -> list[str]:
    """Texts that nobody has marked: norms, acts of personnel, movements in court."""
    if lang == "es":
        return [example.text for example in corpora.corpus("infoleg_ar_es", "train")]
    return [text for name in _GAZETTES[lang] for text in corpora.texts(name)]


def _named(
    lang: str, documents: Sequence[Example], acts: Sequence[str], seed: int
) -> list[Example]:
    """Persons of the corpus, of gazettes, and invented ones."""
    from iagkit.text.privacy.tagger_kinds import kind_of
    from iagkit.text.privacy.training import Example
    from iagkit.text.privacy.training_names import invented
    from iagkit.text.privacy.training_silver import PERSON, silver

    persons = [
        Example(e.text, tuple(
            s._replace(label=PERSON) for s in e.spans if kind_of(s.label) == "person"
        ))
        for e in documents
    ]  # fmt: skip
    return [
        *persons,
        *silver(acts, most=SENTENCES, seed=seed),
        *invented(lang, many=INVENTED, seed=seed),
    ]
