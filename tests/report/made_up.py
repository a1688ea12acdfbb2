"""A record as the citizen-requests prototype writes it, with figures made up for the page."""

from __future__ import annotations

import math
from dataclasses import replace

from iagkit.core.judge import judge
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy, Protocol
from iagkit.core.record import Record, to_json

OFFICES = {
    "aguas": ("Agua potable y alcantarillado", "Água e esgoto", "Water and sewerage"),
    "obras": (
        "Obras públicas, bacheo y mantenimiento de vialidades secundarias de la ciudad",
        "Obras públicas, tapa-buracos e manutenção de vias secundárias da cidade",
        "Public works, potholes and upkeep of the secondary roads of the city",
    ),
    "luz": ("Alumbrado público", "Iluminação pública", "Street lighting"),
    "limpia": ("Recolección de residuos", "Coleta de resíduos", "Waste collection"),
    "parques": ("Parques y jardines", "Parques e jardins", "Parks and gardens"),
    "salud": ("Servicios de salud", "Serviços de saúde", "Health services"),
    "registro": ("Registro civil", "Registro civil", "Civil registry"),
    "catastro": ("Catastro y predial", "Cadastro e IPTU", "Land registry and property tax"),
    "mov": ("Movilidad y transporte", "Mobilidade e transporte", "Mobility and transport"),
    "animal": ("Protección animal", "Proteção animal", "Animal protection"),
    "social": ("Desarrollo social", "Desenvolvimento social", "Social development"),
    "educa": ("Educación", "Educação", "Education"),
    "verif": ("Verificación de negocios", "Fiscalização de comércio", "Business inspection"),
    "<b>otros</b>": ("<b>otros</b>", "<b>otros</b>", "<b>otros</b>"),
    **{
        f"dir{i}": (
            f"Dirección general número {i} de atención a la ciudadanía",
            f"Diretoria geral número {i} de atendimento ao cidadão",
            f"General directorate number {i} for the care of citizens",
        )
        for i in range(12)
    },
}
DISTRICTS = [
    "Centro",
    "Norte",
    "Sur",
    "Oriente & Poniente",
    "Las Flores",
    "Villa Real",
    "(missing)",
    *(f"Colonia Ampliación Benito Juárez {i}" for i in range(12)),
]
WORDS = {"es": "", "pt": "", "en": ""}


def interval(value: float, n: int, *, unit: str = "share") -> Estimate:
    half = 1.96 * math.sqrt(max(value * (1 - value), 0.01) / n)
    return Estimate(
        value=value,
        n=n,
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        level=0.95,
        unit=unit,
        clusters=int(n * 0.8),
    )


def found(check: str, value: float, n: int, *, unit: str = "share", **where: str) -> Finding:
    question = f"Question of {check}?"
    return Finding(
        check=check, question=question, estimate=interval(value, n, unit=unit), where=where
    )


def overall(accuracy: float) -> list[Finding]:
    named = {
        "performance.accuracy": accuracy,
        "performance.majority_accuracy": 0.12,
        "performance.top_3_accuracy": min(accuracy + 0.14, 0.97),
        "performance.macro_f1": accuracy - 0.03,
        "performance.balanced_accuracy": accuracy - 0.02,
        "performance.human_agreement": 0.88,
        "performance.human_ceiling": 0.987,
        "calibration.ece": 0.031,
        "coverage.conformal": 0.907,
        "abstention.rate": 0.34,
        "abstention.automatic_accuracy": min(accuracy + 0.12, 0.94),
        "asks.several": 0.083,
        "data.duplicate_texts": 0.041,
        "data.near_duplicate_texts": 0.067,
    }
    size = Estimate(value=1.8, n=1500, low=1.7, high=1.9, level=0.95, unit="labels")
    return [
        *(found(check, value, 1500) for check, value in named.items()),
        Finding(check="coverage.set_size", question="How long is a shortlist?", estimate=size),
        found("performance.human_ceiling", 0.91, 240, texts="repeated"),
    ]


def along(accuracy: float) -> list[Finding]:
    kept = [
        found(
            "abstention.accuracy_at_review",
            min(accuracy + 0.32 * x / 20, 0.98),
            max(1500 - 75 * x, 60),
            review_share=f"{x / 20:.2f}",
        )
        for x in range(19)
    ]
    bins = [
        found(
            "calibration.reliability",
            min(b / 10 + 0.03, 1.0),
            90 + 20 * b,
            confidence=f"{b / 10:.1f}–{(b + 1) / 10:.1f}",
        )
        for b in range(2, 10)
    ]
    bought = found("abstention.review_for_accuracy", 0.27, 1500, accuracy="0.90")
    never = Finding(
        check="abstention.review_for_accuracy",
        question="What does accuracy cost?",
        because=say("no share of review reaches it"),
        where={"accuracy": "0.99"},
    )
    return [*kept, *bins, bought, never]


def by_office(accuracy: float) -> list[Finding]:
    rows = []
    for i, code in enumerate(OFFICES):
        n = 60 + 13 * i
        rows += [
            found(
                "performance.recall", min(accuracy - 0.2 + 0.028 * i, 0.97), n, **{"class": code}
            ),
            found(
                "performance.precision", max(accuracy + 0.1 - 0.02 * i, 0.2), n, **{"class": code}
            ),
            found("performance.f1", accuracy, n, **{"class": code}),
            found("load.expected", max(0.13 - 0.008 * i, 0.002), 1500, office=code),
        ]
    return rows


def by_group(accuracy: float) -> list[Finding]:
    rows = []
    for i, place in enumerate(DISTRICTS):
        n = 320 - 15 * i
        rows += [
            Finding(
                check="fairness.group_size",
                question="How many?",
                where={"district": place},
                estimate=Estimate(value=n, n=n, low=n, high=n, unit="cases"),
            ),
            found("fairness.accuracy", accuracy - 0.02 * i, n, district=place),
            found("fairness.abstention_rate", 0.2 + 0.03 * i, n, district=place),
            found("fairness.conformal_coverage", 0.92 - 0.01 * i, n, district=place),
        ]
    small = Finding(
        check="fairness.accuracy",
        question="Q?",
        where={"district": "Isla"},
        because=say("{n} cases are too few; {min_n} are needed", n=7, min_n=30),
    )
    gap = replace(
        found("fairness.accuracy.gap", 0.18, 1500, district="*"), between=("Villa Real", "Centro")
    )
    chance = Finding(
        check="fairness.abstention_rate.gap",
        question="How far apart?",
        where={"district": "*"},
        estimate=Estimate(value=0.05, n=1500, low=0.0, high=0.11, level=0.95),
        between=("Sur", "Norte"),
    )
    return [*rows, small, gap, chance]


def three(text: str) -> dict[str, str]:
    return {lang: f"{text} ({lang})" for lang in WORDS}


def policy(*gates: Gate) -> Policy:
    usual = (
        Gate(
            check="performance.accuracy",
            reason=three("Most must arrive"),
            at_least=0.7,
            on_fail="block",
        ),
        Gate(
            check="abstention.automatic_accuracy",
            reason=three("Errors cost weeks"),
            at_least=0.85,
            on_fail="block",
        ),
        Gate(check="calibration.ece", reason=three("Certainty must be true"), at_most=0.05),
        Gate(check="fairness.accuracy.gap", reason=three("Equal service"), at_most=0.1),
        Gate(
            check="fairness.selection_rate.gap",
            reason=three("Equal access"),
            at_most=0.1,
            on_fail="note",
        ),
    )
    return Policy(
        name="citizen-requests",
        version="1",
        owner="Oficina de datos",
        reason=three("Limits"),
        gates=gates or usual,
    )


def a_record(
    *,
    accuracy: float = 0.82,
    offices: bool = True,
    groups: bool = True,
    limits: Policy | None = None,
) -> Record:
    """Make a record; a low accuracy forbids automatic routing."""
    limits = limits or policy()
    told = [*overall(accuracy), *along(accuracy)]
    told += by_office(accuracy) if offices else []
    told += by_group(accuracy) if groups else []
    taxonomy = [
        {"code": c, "parent": None, "name": dict(zip(("es", "pt", "en"), n, strict=True))}
        for c, n in OFFICES.items()
    ]
    return Record(
        about={
            "format": "iagkit-record/1",
            "iagkit": "0.1.0",
            "sealed_at": "2026-11-23T07:00:00+00:00",
        },
        dataset={
            "name": "citizen-requests-sample",
            "version": "1",
            "title": three("Requests of a made-up city"),
            "description": three("Generated requests."),
            "licence": "CC0-1.0",
            "source": "generated",
            "columns": [
                {"name": "text", "role": "text", "description": three("What was asked")},
                {"name": "office", "role": "target", "description": three("Who answered")},
                {
                    "name": "district",
                    "role": "group",
                    "description": three("Where"),
                    "sensitive": True,
                },
            ],
            "limits": ["Made up: says nothing about a real city."],
            "sha256": "ab" * 32,
            "origin": "sample.csv",
        },
        prototype={
            "name": "citizen-requests",
            "version": "1",
            "recipe": "requests.linear",
            "title": {
                "es": "Solicitudes ciudadanas: a qué oficina van",
                "pt": "Pedidos de cidadãos: a que setor vão",
                "en": "Citizen requests: which office they go to",
            },
            "intended_use": three("Reads a request and proposes the office that can answer it"),
            "not_for": three("Not for refusing a request or ranking people"),
            "human_role": {
                "reviewer": three("Staff of the front office"),
                "appeal": three("Write to the front office"),
            },
            "protocol": to_json(Protocol(name="honest")),
            "policy": to_json(limits),
            "protocol_sha256": "cd" * 32,
            "policy_sha256": "ef" * 32,
            "taxonomy": taxonomy,
        },
        run={
            "cases": {
                "rows": 6200,
                "rows_used": 6000,
                "rows_without_text": 150,
                "rows_without_label": 50,
            },
            "split": {"by": "text", "n_train": 4500, "n_test": 1500},
            "seed": 0,
            "too_rare": {"x": 3},
            "doubtful_labels": {"n": 41, "of": 4500},
            "temperature": 1.234567,
            "seconds": 48.2,
            "explanations": {
                c: [["bache", 2.1, 40], ["calle | avenida", 1.7, 33]] for c in OFFICES
            },
        },
        findings=tuple(told),
        verdicts=judge(told, limits),
    )
