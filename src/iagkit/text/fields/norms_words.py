"""Words of norms: their kinds, qualifiers and the codes that are cited by name."""

from __future__ import annotations

from typing import Final

SORTS: Final = {
    r"leis?\s+complementar(?:es)?": ("lei-complementar", "br"),
    r"lc": ("lei-complementar", "br"),
    r"decretos?\s*-?\s*leis?": ("decreto-lei", "br"),
    r"leis?\s+delegadas?": ("lei-delegada", "br"),
    r"leis?": ("lei", "br"),
    r"medidas?\s+provis[óo]rias?": ("medida-provisoria", "br"),
    r"mps?": ("medida-provisoria", "br"),
    r"emendas?\s+constituciona(?:l|is)": ("emenda-constitucional", "br"),
    r"ec": ("emenda-constitucional", "br"),
    r"resolu(?:ção|ções|cao)": ("resolucao", "br"),
    r"res\s*\.(?:\s*-?\s*\w{2,6}(?=\s+(?:n|\d)))?": ("resolucao", "br"),
    r"instru(?:ção|ções)\s+normativas?": ("instrucao-normativa", "br"),
    r"in(?=\s*[-/][a-z]{2,5}\b|\s+n?[°º]?\s*\.?\s*\d)": ("instrucao-normativa", "br"),
    r"atos?\s+normativos?": ("ato-normativo", "br"),
    r"delibera(?:ção|ções)": ("deliberacao", "br"),
    r"provimentos?": ("provimento", "br"),
    r"decretos?\s+legislativos?": ("decreto-legislativo", None),
    r"portarias?": ("portaria", "br"),
    r"decretos?\s*-?\s*ley(?:es)?": ("decreto-ley", None),
    r"leyes": ("ley", None),
    r"ley": ("ley", None),
    r"decretos?\s+de\s+necesidad\s+y\s+urgencia": ("dnu", "ar"),
    r"dnu": ("dnu", "ar"),
    r"decretos?": ("decreto", None),
    r"dec(?:to)?s?\s*\.": ("decreto", None),
    r"decisi(?:ón|ones)\s+administrativas?": ("decision-administrativa", "ar"),
    r"resoluci(?:ón|on|ones)": ("resolucion", None),
    r"resol\s*\.": ("resolucion", None),
    r"disposici(?:ón|on|ones)": ("disposicion", None),
    r"ordenanzas?": ("ordenanza", None),
    r"acuerdos?": ("acuerdo", None),
    r"acordadas?": ("acordada", None),
    r"circular(?:es)?": ("circular", None),
    r"acts?": ("act", None),
}  # fmt: skip
"""How a kind of norm is written, its name in normal forms, and the country whose word it is."""

CODES: Final = {
    r"constitui(?:ção|cao)\s+(?:federal|da\s+rep[úu]blica(?:\s+federativa\s+do\s+brasil)?|do\s+brasil)"
    r"(?:\s*(?:de|/)\s*(?:19)?88)?": "br:constituicao::1988",
    r"(?:crfb|cfrb|crfbi|cf)\s*[/⁄]?\s*(?:19)?88|crfb|cf": "br:constituicao::1988",
    r"carta\s+(?:magna|pol[íi]tica|federal|constitucional|maior|da\s+rep[úu]blica|de\s+1988)|texto\s+constitucional|lei\s+(?:maior|fundamental)"
    r"|diploma\s+maior": "br:constituicao::1988",
    r"constitui(?:ção|cao)(?:\s+(?:estadual"
    r"|do\s+estado(?-i:(?:\s+d[aeo]s?)?(?:\s+[A-Z]\w+){0,3})))?": (
        "br:constituicao::"
    ),
    r"lei\s+org[âa]nica(?:\s+d[ao]\s+(?:distrito\s+federal|munic[íi]pio|df|tcu|tribunal\s+de\s+contas"
    r"(?:\s+da\s+uni[ãa]o)?))|lodf": "br:lei-organica::",
    r"diploma\s+consolidado": "br:decreto-lei:5452:1943",
    r"lei\s+(?:geral\s+)?d[ae]s?\s+licita(?:ção|ções|coes)": "br:lei:8666:1993",
    r"lei\s+org[âa]nica\s+da\s+assist[êe]ncia\s+social|loas": "br:lei:8742:1993",
    r"lei\s+rouanet": "br:lei:8313:1991",
    r"(?-i:Conven(?:ção|ción)\s+(?:(?:Inter)?[Aa]mericana|Internacional|sobre)(?:\s+(?:,\s+)?"
    r"(?:(?:sobre|para|contra|d[aeo]s?|as?|los?|las|el|e|y|de\s+la|todas)\s+){0,3}"
    r"(?!Conven)[A-ZÁÉÍÓÚ]\w+){1,9})": "convencao::",
    r"lei\s+das\s+elei(?:ções|coes)": "br:lei:9504:1997",
    r"lei\s+de\s+diretrizes\s+or[çc]ament[áa]rias(?:\s+de\s+\d{4})?": "br:ldo::",
    r"(?-i:Lei\s+(?!Complementar|Org|Maior|Federal|Estadual|Distrital|Municipal|Ordin|Delegada)(?:d[aeo]s?\s+)?[A-Z][a-zç]\w+(?:\s+(?:d[aeo]s?\s+)?[A-ZÁÉÓ]\w+){0,3})"
    r"(?!\s*(?:n\b|n[°º.o]|\d))": "br:lei::",
    r"(?-i:Estatuto\s+d[aeo]s?\s+[A-Z]\w+(?:\s+d[aeo]s?\s+[A-Z]\w+){0,3})": "br:estatuto::",
    r"consolida(?:ção|cao)\s+das\s+leis\s+d[oe]\s+trabalho(?:\s*-\s*clt)?|clt": (
        "br:decreto-lei:5452:1943"
    ),
    r"c[óo]digo\s+de\s+processo\s+penal\s+militar|cppm": "br:decreto-lei:1002:1969",
    r"c[óo]digos?\s+de\s+processo\s+penal(?:\s+-\s+cpp)?|cpp": "br:decreto-lei:3689:1941",
    r"c[óo]digo\s+penal\s+militar|cpm": "br:decreto-lei:1001:1969",
    r"(?:novo\s+)?c[óo]digo\s+de\s+processo\s+civil(?:\s*(?:de|[/⁄])\s*(?:1973|2015))?"
    r"|ncpc|cpc(?:\s*[/⁄i]?\s*(?:20)?15|\s*[/⁄]\s*(?:19)?73)?": "br:cpc::",
    r"c[óo]digo\s+de\s+defesa\s+do\s+consumidor|cdc": "br:lei:8078:1990",
    r"c[óo]digo\s+tribut[áa]rio\s+nacional|ctn": "br:lei:5172:1966",
    r"c[óo]digo\s+eleitoral": "br:lei:4737:1965",
    r"c[óo]digo\s+de\s+tr[âa]nsito(?:\s+brasileiro)?|ctb": "br:lei:9503:1997",
    r"estatuto\s+da\s+crian[çc]a\s+e\s+do\s+adolescente|eca": "br:lei:8069:1990",
    r"lei\s+maria\s+da\s+pen(?:h)?a": "br:lei:11340:2006",
    r"lei\s+de\s+execu(?:ção|ções|coes)\s+pena(?:l|is)|lep": "br:lei:7210:1984",
    r"lei\s+de\s+introdu(?:ção|cao)\s+(?:ao\s+c[óo]digo\s+civil|[àa]s\s+normas\s+do\s+direito"
    r"\s+brasileiro)|lindb|licc": "br:decreto-lei:4657:1942",
    r"ades?ct|adct": "br:adct::1988",
    r"regimento\s+interno(?:\s+d(?:o|a|este)\s+(?:\w{2,6}(?<=[A-Z])(?!\w)|(?:supremo|superior|tribunal)"
    r"(?-i:(?:\s+(?:d[aeo]s?\s+)?[A-Z]\w+){0,4})))?|ri\s*[/⁄]\s*\w{2,5}|ristf|ristj|ristm|ritst|ritse|ritcu"
    r"|ritjdft": "br:regimento-interno::",
    r"constituci[óo]n\s+(?:nacional|pol[íi]tica(?:\s+de\s+\w+)?)": "constitucion::",
    r"c[óo]digo\s+civil\s+y\s+comercial(?:\s+de\s+la\s+naci[óo]n)?": "ar:ley:26994:2014",
    r"c[óo]digo\s+penal": "br:decreto-lei:2848:1940",
    r"c[óo]digo\s+civil\s+de\s+1916": "br:lei:3071:1916",
    r"c[óo]digo\s+civil(?:\s+de\s+2002|\s+brasileiro)?": "br:lei:10406:2002",
    r"c[óo]digo\s+(?:procesal|de\s+comercio|penal|civil|aduanero|alimentario\s+argentino|fiscal)"
    r"(?:\s+(?:civil|penal|y\s+comercial|de\s+la\s+naci[óo]n))*(?:\s*[/⁄]\s*\d{4})?": "codigo::",
    r"ccb?(?:\s*[/⁄]\s*(?:20)?02)|cc": "br:lei:10406:2002",
    r"cp": "br:decreto-lei:2848:1940",
}  # fmt: skip
"""Norms that are cited by name or by letters, and their normal form."""

BEGIN: Final = {
    "numbered": (
        "ley_ leyes lc_ lc9 decre dec_ dec. decs decto decis medid mp_ mp9 mps emend ec_ ec9 "
        "resol res_ res. instr in_ in- in9 ato_ atos delib provi porta dnu dispo orden acuer "
        "acord circu act_ acts"
    ),
    "named": (
        "lei_ leis_ const crf cfr cf_ cf8 cf1 carta diplo lodf lei9 conso clt codig cpp cpm "
        "ncpc cpc cdc ctn estat ctb eca_ lep_ lindb licc ades adct regim ri_ rist rits ritcu "
        "ritjd novo texto conve loas cc_ ccb cp_"
    ),
}
"""How all of them begin, in the manner of `iagkit.text.fields.anchors`; a numbered one is nothing
without its figure."""
