"""What institutions call the columns of their logs, in es, pt and en; XES names come first."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

KEY = "id|ids|key|num|number|numero|nro|no|n|cod|code|codigo|clave"
MATTER = (
    "case|caso|expediente|processo|proceso|process|tramite|solicitud|solicitacao|protocolo|ticket|"
    "request|record|incident|folio|radicado|trace|chamado|demanda|pedido|queja|reclamo"
)
TIME = "timestamp|time|datetime|date|fecha|data|hora|momento|dt"
TIERS: Final[dict[str, tuple[str, ...]]] = {
    "case": (
        r"case:concept:name",
        r"(id )?(case|caso)( id| key| number| num| numero| nro)?|"
        r"(numero|num|nro|codigo) (de )?caso",
        rf"(id|numero|num|nro|no|n|codigo) (de |do |del )?({MATTER})|({MATTER}) ({KEY})|"
        rf"(service |sr )?(request|record) ({KEY})|unique key|expediente|processo|proceso|"
        r"protocolo|radicado|folio|ticket|tramite",
        rf".*({MATTER}).* ({KEY})|({KEY}) .*({MATTER}).*",
        r"id|key|numero|codigo",
    ),
    "activity": (
        r"concept:name",
        r"(activity|actividad|atividade)( name| nombre| nome)?|(nombre|nome) (de )?(la |da )?"
        r"(actividad|atividade)",
        r"(event|evento)( name| nombre| nome| type)?|(task|tarea|tarefa)( name)?",
        r"movimiento|movimento|movimentacao|actuacion|andamento|accion|acao|action|etapa|paso|"
        r"passo|step|fase|(nombre|nome) (del |do )?(evento|movimiento|movimento)|"
        r"(descripcion|descricao) (del |do )?(evento|movimiento|movimento)",
    ),
    "end": (
        r"(end|complete|completed|completion|finish|finished)"
        r"( timestamp| time| date| at| datetime)",
        rf"({TIME}) (hora )?(de )?(fin|fim|termino|conclusion|conclusao|final)|"
        r"hora (de )?(fin|fim)|"
        r"fin|fim|end|termino",
    ),
    "timestamp": (
        r"time:timestamp",
        r"timestamp|(event|activity) (timestamp|time|date|datetime)",
        r"(fecha|data)( y | e | )?(hora)?( del | do | de la | da | )?(evento|movimiento|movimento|"
        r"actividad|atividade|actuacion|andamento)|(fecha|data) (y |e )?hora|datetime|date time",
        r"time|date|fecha|data|momento",
    ),
    "start": (
        r"(start|begin|started|begun)( timestamp| time| date| at| datetime)",
        rf"({TIME}) (hora )?(de )?inicio|hora (de )?inicio|inicio|start|begin",
    ),
    "resource": (
        r"org:resource",
        r"resource|recurso|resource (id|name)|(user|usuario|employee|funcionario)( id| name)?",
        r"responsable|responsavel|assignee|assigned to|performer|worker|operador|servidor|analista",
    ),
    "lifecycle": (r"lifecycle:transition", r"lifecycle( transition)?|ciclo de vida|transition"),
    "instance": (r"concept:instance", r"activity instance( id)?|instance id"),
    "due": (
        r"case:(deadline|due|due date|duedate|vencimiento|vencimento|prazo|plazo)",
        r"due( date| at| datetime| time)?|deadline|sla due( date)?|target date",
        r"(fecha|data)( de| do| del)? (vencimiento|vencimento|limite|plazo|prazo)|vencimiento|"
        r"vencimento|plazo|prazo|(fecha|data) (limite )?(de |para )?(respuesta|resposta) prevista",
    ),
    "opened": (
        r"(created|opened|open|filing|filed|submitted|submission|received|registered|requested)"
        r"( date| at| on| datetime| time| dt| timestamp)|date (created|opened|filed|received)",
        r"(fecha|data)( y hora| e hora)?( de| do| del| da)? (creacion|apertura|ingreso|entrada|"
        r"abertura|criacao|ajuizamento|presentacion|radicacion|registro|solicitud|solicitacao|"
        r"protocolo|inicio|recepcion|recebimento|recibido|alta)",
        r"created|opened|filed|submitted|received|ingreso|abertura|apertura|request date",
    ),
    "closed": (
        r"(closed|close|closing|resolved|resolution|completed|completion|finished|ended|answered)"
        r"( date| at| on| datetime| time| dt| timestamp)|date (closed|resolved|completed)",
        r"(fecha|data)( y hora| e hora)?( de| do| del| da)? (cierre|resolucion|respuesta|egreso|"
        r"fechamento|encerramento|conclusao|conclusion|resposta|baixa|fin|fim|termino|atendimento|"
        r"finalizacion|finalizacao|salida)",
        r"closed|resolved|completed|cierre|encerramento|fechamento",
    ),
    "status": (
        r"(sr |case |request |ticket )?status|estatus|(estado|situacion|situacao)( actual| atual)?",
        r"(estado|situacion|situacao|status) (de |do |del |da )?(la )?\w+|state",
    ),
    "last": (
        r"last (motion|movement|activity|event|update|action)( date| time| at| datetime)|"
        r"last updated( at)?",
        r"(fecha|data)( de| do| del| da)? (la )?(ultimo|ultima) (movimiento|movimento|"
        r"movimentacao|actuacion|andamento|atualizacao|actualizacion)",
    ),
    "last_activity": (
        r"last (motion|movement|activity|event|action) (name|description|type)",
        r"(nombre|nome|descripcion|descricao)( de| do| del| da)? (la )?(ultimo|ultima) (movimiento|"
        r"movimento|movimentacao|actuacion|andamento)|(ultimo|ultima) (movimiento|movimento|"
        r"movimentacao|actuacion|andamento)|last (motion|movement|activity|action)",
    ),
}  # fmt: skip
"""Role → patterns of plain names, the surest first."""


def plain(name: str) -> str:
    """Give a name without accents, signs and capitals: ``FechaCierre`` → ``fecha cierre``."""
    if name.startswith("case:") or ":" in name:
        return name.strip().lower().replace("_", " ")
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare)
    return re.sub(r"[^a-z0-9]+", " ", words.lower()).strip()


def candidates(role: str, columns: tuple[str, ...]) -> list[str]:
    """Columns that may have a role: those of the surest pattern that any name fits."""
    names = {column: plain(column) for column in columns}
    for pattern in TIERS[role]:
        found = [c for c in columns if re.fullmatch(pattern, names[c])]
        if found:
            return found
    return []


CLOSED: Final = re.compile(
    r"\b(closed|cerrad[oa]s?|fechad[oa]s?|encerrad[oa]s?|finali[sz]ad[oa]s?|conclu[ií]d[oa]s?|"
    r"resolved|resuelt[oa]s?|resolvid[oa]s?|complete|completed|completad[oa]s?|archivad[oa]s?|"
    r"arquivad[oa]s?|terminad[oa]s?|atendid[oa]s?|baixa definitiva|baixad[oa]s?|"
    r"arquivamento definitivo|archivo definitivo|respondid[oa]s?|answered|done|cancel+ed|"
    r"cancelad[oa]s?|rechazad[oa]s?|withdrawn|desistid[oa]s?)\b",
    re.IGNORECASE,
)
"""Words of a status, or names of a last motion, after which a case is over."""
NOT: Final = re.compile(r"\b(not|no|n[aã]o|sin|sem|re-?opened|reabiert[oa]|reabert[oa])\b", re.I)


def means_closed(word: str) -> bool:
    """Tell whether a status says that the case is over."""
    return bool(CLOSED.search(word)) and not NOT.search(word)
