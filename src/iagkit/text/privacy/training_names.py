"""Invented persons of several groups of names, and sentences in which they stand.

Common names fill every corpus; Aymara, Mapuche, Yoruba or Chinese ones do not, and a tagger that
has only seen corpora protects their bearers less. The lists were written down for iagkit from
general knowledge, combined at random, and name nobody. One half of each list is for training,
the other for measuring (:mod:`iagkit.text.privacy.evaluating_names`): no name is in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, Literal, NamedTuple

from iagkit.text.privacy.training import Example, Marked

Part = Literal["learn", "measure"]
GROUPS: Final = ("common", "indigenous", "afro_descendant", "foreign", "compound")
SEXES: Final = ("women", "men")

_GIVEN: Final[Mapping[tuple[str, str], str]] = {
    ("common", "women"): """
        Ana Laura Carolina Patricia Gabriela Claudia Mónica Sandra Verónica Lucía Daniela Adriana
        Silvia Valeria Paula Mariana Julia Cecilia Fernanda Beatriz""",
    ("common", "men"): """
        Juan Carlos Luis Jorge Miguel Diego Pablo Sergio Ricardo Fernando Eduardo Andrés Gustavo
        Marcelo Roberto Martín Daniel Hugo Rafael Alberto""",
    ("indigenous", "women"): """
        Sisa Wayra Killa Nayra Illari Urpi Ailín Rayén Millaray Aylén Xóchitl Citlali Itzel Nicté
        Ixchel Yaretzi Araí Jaciara Iracema Moema Potira Janaína Kuyén Tayta""",
    ("indigenous", "men"): """
        Inti Amaru Rumi Illapu Wari Yawar Lautaro Nahuel Caupolicán Huenchu Cuauhtémoc Tonatiuh
        Ikal Balam Canek Nezahual Ubirajara Peri Cauã Raoni Aritana Moacir Ñancu Katari""",
    ("afro_descendant", "women"): """
        Dandara Luena Ayana Makeda Yemaya Oyá Zuri Amara Abena Efua Nzinga Aduke Francia Yuleidis
        Nilma Iyá Jurema Kehinde Ebony Marleny Yurleny Leocadia Benedita Sebastiana""",
    ("afro_descendant", "men"): """
        Zumbi Ayodele Kwame Babatunde Jamal Kofi Akin Olumide Yerson Jhon Yeison Wilmer Ganga Luther
        Benkos Malik Taiwo Nelson Edwar Jefferson Benedito Cosme Aquiles Eustáquio""",
    ("foreign", "women"): """
        Mei Xiuying Fátima Aisha Yuki Haruka Svetlana Olga Greta Ingeborg Priya Ananya Fabienne
        Marie-Ange Rosemarie Chiara Ludovica Ewa Agnieszka Thi Linh Zeynep Hadiya Guerline""",
    ("foreign", "men"): """
        Wei Jianguo Mohammed Ibrahim Takeshi Kenji Dmitri Sergei Jürgen Wolfgang Rajesh Arjun
        Jean-Baptiste Wilner Giovanni Luca Krzysztof Wojciech Duc Minh Mehmet Tariq Ousmane
        Frantz""",
    ("compound", "women"): """
        María_del_Carmen Ana_de_los_Ángeles María_de_la_Paz Rosa_del_Valle María_José Ana_Belén
        María_de_Lourdes Luz_Marina Maria_das_Graças Maria_da_Conceição Ana_Clara Maria_do_Socorro
        María_de_los_Milagros Flor_de_María Ana_Lucía Maria_Aparecida""",
    ("compound", "men"): """
        José_de_la_Cruz Juan_de_Dios José_María Juan_Bautista Ángel_de_Jesús Luis_del_Rosario
        Carlos_María José_Luis João_Batista José_de_Ribamar Pedro_Paulo Marco_Antônio
        Juan_de_la_Rosa Miguel_Ángel Antônio_Carlos João_Vítor""",
}
_FAMILY: Final[Mapping[str, str]] = {
    "common": """
        González Rodríguez Fernández López Martínez Pérez Gómez Díaz Sánchez Romero Álvarez Torres
        Silva Souza Oliveira Pereira Lima Costa Ferreira Almeida Ramírez Castro Herrera Molina""",
    "indigenous": """
        Quispe Mamani Condori Huanca Choque Apaza Ccori Nina Yupanqui Huamán Ticona Chambi Calfucurá
        Catrileo Huenchumilla Painemal Curihual Llancaqueo Tzul Cuxil Xicay Chuc Cocom Canul Pech
        Ixtlapale Tecuapetla Kaingang Pataxó Guajajara Terena Krenak Tukano Yanomami Jerá Poty""",
    "afro_descendant": """
        Mosquera Carabalí Lucumí Balanta Mina Angola Congo Cuesta Caicedo Quiñones Ararat Biohó
        Cassiani Valencia Asprilla Perea Nascimento Conceição Anunciação Sacramento Aruanda
        Odara Oxóssi Mandinga Cabinda Arará Chalá Minota Delgado Ayoví Obregón Benguela""",
    "foreign": """
        Wang Zhang Huang Nguyen Tran Hassan Al-Khatib Haddad Nakamura Watanabe Ivanova Petrov
        Schneider Müller Kowalski Wiśniewska Patel Sharma Dubois Jean-Louis
        Pierre-Charles Esposito Bianchi Yılmaz Okonkwo Diallo
        O'Brien MacGregor Vandenberghe Kirchhoff Novák
        Papadopoulos""",
    "compound": """
        Ponce_de_León De_la_Fuente Fernández-Vega Díaz_de_Vivar Sáenz_Peña Ortiz_de_Rozas De_la_Rúa
        Martínez_de_Hoz Ruiz-Tagle San_Martín Montes_de_Oca Del_Campo De_los_Ríos Pérez_del_Solar
        Cavalcanti_de_Albuquerque Souza_e_Silva dos_Santos_Neto da_Cruz_Filho Castro_e_Costa
        Paes_de_Barros Corrêa_da_Serra de_Sá_e_Benevides""",
}
_CARRIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "es": (
        "Me llamo {n} y solicito copia de mi expediente.",
        "Soy {n}, vecina del barrio, y pido que arreglen el alumbrado de mi cuadra.",
        "Buenos días, mi nombre es {n}. Quisiera saber el estado de mi trámite.",
        "Solicito información sobre el contrato firmado con {n} en el año 2019.",
        "El reclamo fue presentado por {n} ante la mesa de entradas del municipio.",
        "Desígnase a {n} en el cargo de Coordinadora de Asuntos Jurídicos del MINISTERIO DE SALUD.",
        "ARTÍCULO 1º.- Acéptase la renuncia presentada por {n} al cargo de Director Nacional.",
        "Por medio de la presente, {n}, de 45 años, denuncia la falta de atención en el hospital.",
        "VISTO el expediente y la nota de {n} del 12 de mayo, y CONSIDERANDO:",
        "Pido que se notifique a mi esposo, {n}, en el domicilio indicado. Gracias.",
        "La beneficiaria {n} no recibió el subsidio que le corresponde.",
        "Sin otro particular, saluda atentamente {n}",
        "necesito que me digan cuanto cobra {n} que trabaja en la secretaria de obras",
        "Firmado: {n}. Copia a la Dirección General de Personal.",
        "Los testigos {n} y {m} declararon el 3 de abril ante el juzgado.",
        "El Dr. {n} atendió a mi hijo en la guardia del hospital municipal.",
        "Dase por designado, a partir del 1 de enero de 2020, al licenciado {n} como asesor.",
        "Expediente iniciado por {n} s/ pensión por invalidez.",
        "Quiero presentar una queja contra la funcionaria {n} por el trato recibido.",
        "Adjunto la nota enviada a {n}, de la Defensoría del Pueblo.",
    ),
    "pt": (
        "Meu nome é {n} e solicito cópia do meu processo.",
        "Eu, {n}, venho requerer acesso aos documentos do concurso.",
        "Prezados, gostaria de saber o andamento do pedido de {n}. Obrigado.",
        "Solicito informações sobre o contrato firmado com {n} no ano de 2019.",
        "A reclamação foi apresentada por {n} na ouvidoria do Distrito Federal.",
        "NOMEAR {n} para exercer o cargo de Assessor, Símbolo DFA-12, da Secretaria de Estado.",
        "Trata-se de habeas corpus impetrado em favor de {n}, preso em flagrante.",
        "O servidor {n} está lotado na Secretaria de Educação desde 2015.",
        "Peço que seja notificado meu filho {n}, menor de idade, no endereço informado.",
        "Atenciosamente, {n}",
        "Att. {n} Telefone para contato no cadastro.",
        "gostaria de saber quanto ganha {n} que trabalha na administração regional",
        "Recorrente: {n}. Recorrido: Instituto Nacional do Seguro Social.",
        "As testemunhas {n} e {m} foram ouvidas no dia 3 de abril.",
        "A Dra. {n} atendeu minha filha no hospital regional de Ceilândia.",
        "Requerente: {n}. Solicita-se a liberação do benefício.",
        "Quero registrar uma denúncia contra a funcionária {n} pelo atendimento recebido.",
        "Em nome de minha mãe, {n}, solicito o prontuário médico da UPA.",
        "Segue em anexo o requerimento de {n}, protocolado na administração.",
        "Bom dia! Sou {n}, moradora de Taguatinga, e preciso de uma poda de árvore.",
    ),
}
_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "es": (
        "Solicito el presupuesto de la Secretaría de Obras Públicas del año 2020 por favor.",
        "Copia del Contrato de Obra y de la Licitación Pública del Hospital General San José.",
        "La Dirección General de Rentas de la Provincia de Santa Fe emitió la Resolución General.",
        "Informe de la calle Belgrano y la avenida San Martín sobre el Programa Ciudad Segura.",
        "CONSIDERANDO: Que la Ley de Ministerios y la Jefatura de Gabinete de Ministros proponen.",
        "Quisiera conocer los horarios del Centro de Salud Villa Nueva y del Museo Nacional.",
    ),
    "pt": (
        "Solicito o orçamento da Secretaria de Estado de Obras do ano de 2020, por favor.",
        "Cópia do Contrato e do Edital do Hospital Regional da Asa Norte e da Unidade Básica.",
        "O Tribunal de Contas do Distrito Federal e a Câmara Legislativa publicaram a Portaria.",
        "Informações sobre a Avenida Araucárias e a Estação Águas Claras do Metrô DF.",
        "Gostaria de saber o horário da Administração Regional do Gama e do Parque da Cidade.",
        "Edital do Concurso da Polícia Civil, cargo de Agente, e da Secretaria de Educação.",
    ),
}


class Person(NamedTuple):
    """An invented person."""

    name: str
    group: str
    sex: str


def person(random: Random, *, group: str, sex: str, part: Part) -> Person:
    """Draw an invented person whose names are of one half of the lists.

    Examples
    --------
    >>> person(Random(1), group="indigenous", sex="women", part="measure").group
    'indigenous'
    """
    given = _half(_GIVEN[group, sex], part)
    family = _half(_FAMILY[group], part)
    few = 1 if group == "compound" or random.random() < 0.5 else 2
    names = [*random.sample(given, few), *random.sample(family, 1 if random.random() < 0.5 else 2)]
    return Person(" ".join(names), group, sex)


def written(name: str, random: Random) -> str:
    """The name as gazettes and people write it: surname in capitals, all capitals, as usual."""
    way = random.random()
    if way < 0.15:
        return name.upper()
    if way < 0.35:
        words = name.split()
        return " ".join([*words[:-1], words[-1].upper()])
    return name


def carried(person: Person, other: Person, carrier: str, random: Random) -> Example:
    """Put one invented person, or two, into a sentence, and mark them."""
    text, spans = "", []
    names = {"{n}": written(person.name, random), "{m}": written(other.name, random)}
    for piece in carrier.replace("{n}", "\0{n}\0").replace("{m}", "\0{m}\0").split("\0"):
        if piece in names:
            spans.append(Marked(len(text), len(text) + len(names[piece]), "PERSON"))
        text += names.get(piece, piece)
    return Example(text, tuple(spans))


def carriers(lang: str, part: Part) -> Sequence[str]:
    """Half of the sentences of a language."""
    return _CARRIERS[lang][::2] if part == "learn" else _CARRIERS[lang][1::2]


def invented(lang: str, *, many: int, seed: int = 0) -> list[Example]:
    """Short requests and acts about invented persons of all groups alike, some about nobody.

    Parameters
    ----------
    lang : str
        ``es`` or ``pt``.
    many : int
        Examples.
    seed : int

    Returns
    -------
    list of Example
    """
    random = Random(seed)  # noqa: S311 (no secret)
    found = []
    for k in range(many):
        if k % 8 == 7:
            found.append(Example(random.choice(_PLAIN[lang]), ()))
            continue
        a, b = (
            person(random, group=random.choice(GROUPS), sex=SEXES[k % 2], part="learn")
            for _ in range(2)
        )
        found.append(carried(a, b, random.choice(carriers(lang, "learn")), random))
    return found


def _half(words: str, part: Part) -> list[str]:
    listed = [word.replace("_", " ") for word in words.split()]
    return listed[::2] if part == "learn" else listed[1::2]
