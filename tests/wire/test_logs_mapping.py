"""Columns of a log are recognised by their names, and what is doubtful is asked."""

import pandas as pd
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.names import means_closed, plain


def table(*names):
    return pd.DataFrame({name: ["1", "2"] for name in names})


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["case:concept:name", "concept:name", "time:timestamp", "id", "activity"],
         {"case": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp"}),
        (["Nº Expediente", "Actividad", "Fecha y hora", "Responsable"],
         {"case": "Nº Expediente", "activity": "Actividad", "timestamp": "Fecha y hora",
          "resource": "Responsable"}),
        (["numero_processo", "movimento", "data_hora", "servidor", "prazo"],
         {"case": "numero_processo", "activity": "movimento", "timestamp": "data_hora",
          "resource": "servidor", "due": "prazo"}),
        (["caseId", "taskName", "startTime", "endTime"],
         {"case": "caseId", "activity": "taskName", "start": "startTime", "timestamp": "endTime"}),
        (["caso", "tarea", "fecha_inicio", "fecha_fin"],
         {"case": "caso", "activity": "tarea", "start": "fecha_inicio", "timestamp": "fecha_fin"}),
    ],
)  # fmt: skip
def test_logs_of_events_in_three_languages(names, found):
    mapping = guess(table(*names))
    assert mapping.kind == "events"
    assert mapping.columns() == found


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["SRRecordID", "CreatedDate", "CloseDate", "DueDate", "SRStatus"],
         {"case": "SRRecordID", "opened": "CreatedDate", "closed": "CloseDate", "due": "DueDate",
          "status": "SRStatus"}),
        (["Folio", "Fecha de ingreso", "Fecha límite", "Fecha de respuesta", "Estado"],
         {"case": "Folio", "opened": "Fecha de ingreso", "due": "Fecha límite",
          "closed": "Fecha de respuesta", "status": "Estado"}),
        (["protocolo", "data_abertura", "data_encerramento", "situacao"],
         {"case": "protocolo", "opened": "data_abertura", "closed": "data_encerramento",
          "status": "situacao"}),
        (["case_id", "filing_date", "last_motion_date", "last_motion_name"],
         {"case": "case_id", "opened": "filing_date", "last": "last_motion_date",
          "last_activity": "last_motion_name"}),
    ],
)  # fmt: skip
def test_tables_of_requests_in_three_languages(names, found):
    mapping = guess(table(*names))
    assert mapping.kind == "requests"
    assert mapping.columns() == found


def test_what_was_guessed_is_told_and_what_was_told_is_not():
    mapping = guess(table("a", "actividad", "fecha"), case_id="a")
    assert str(mapping.guessed[0]).endswith("--activity actividad, --timestamp fecha")


def test_two_columns_that_part_the_rows_alike_are_no_choice():
    rows = pd.DataFrame({"numero_caso": ["1", "1", "2"], "id_caso": ["a", "a", "b"],
                         "actividad": list("xyx"), "fecha": ["2024-03-14"] * 3})  # fmt: skip
    assert guess(rows).case == "numero_caso"


def test_two_columns_that_may_be_meant_are_listed_with_the_flag():
    rows = pd.DataFrame({"numero_caso": ["1", "1", "2"], "id_caso": ["a", "b", "b"],
                         "actividad": list("xyx"), "fecha": ["2024-03-14"] * 3})  # fmt: skip
    with pytest.raises(UsageError, match="--case-id in 'the table'; numero_caso, id_caso may"):
        guess(rows)
    assert guess(rows, case_id="id_caso").case == "id_caso"


def test_of_columns_that_are_not_needed_none_is_taken_in_doubt():
    mapping = guess(table("caso", "actividad", "fecha", "responsable", "operador"))
    assert mapping.resource == ""
    assert "--resource; none was taken" in str(mapping.guessed[-1])


def test_a_table_without_known_names_is_refused_with_its_columns():
    with pytest.raises(UsageError, match=r"--case-id with one of them; it has x, y.*--opened"):
        guess(table("x", "y"))


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(DataError, match=r"'actividda' \(--activity\).*actividad"):
        guess(table("caso", "actividad", "fecha"), activity="actividda")


def test_a_time_without_an_activity_opens_a_request():
    mapping = guess(table("id", "fecha", "cierre"), timestamp="fecha")
    assert (mapping.kind, mapping.opened, mapping.closed) == ("requests", "fecha", "cierre")


@pytest.mark.parametrize("word", ["Closed (Duplicate)", "Cerrado", "Arquivado", "Baixa Definitiva",
                                  "RESUELTA", "encerrada"])  # fmt: skip
def test_words_for_closed(word):
    assert means_closed(word)


@pytest.mark.parametrize("word", ["Open", "Not closed", "no resuelto", "Reopened", "Petição",
                                  "En trámite", "Reaberto"])  # fmt: skip
def test_words_that_are_none(word):
    assert not means_closed(word)


def test_names_are_compared_without_accents_signs_and_capitals():
    assert plain("FechaÚltimoMovimiento") == plain("fecha_ultimo-movimiento")
