"""Sentences of the letters about documents, where they differ from those about requests."""

from __future__ import annotations

from typing import Final

OF_DOCUMENTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "about": "About your document {case}",
        "about_none": "About your document",
        "hello": "Hello. A computer program helps us to file each document under its matter, its "
        "kind or the unit that deals with it. This letter tells you what it did with yours.",
        "sent": "Where it went: your document was filed under {office}.",
        "person_always": "Where it goes: the program only makes suggestions; a person reads every "
        "document and decides.",
        "person": "Where it goes: the program was not sure enough, so it decided nothing. A "
        "person will read your document and decide.",
        "several": "Your document seems to ask for more than one thing. If a part of it gets no "
        "answer, please tell us; you do not need to write everything again.",
        "no_words": "No single word weighed enough to be shown here; the program looked at "
        "the whole document.",
        "sure": "How sure: we checked {n} other documents that the program had never read and "
        "filed by itself, like yours. About {k} of every {of} were filed rightly (between "
        "{low} and {high}).",
        "sure_person": "How sure: we checked the program with {n} other documents that it had "
        "never read. The right answer was among its suggestions in about {k} of every {of} "
        "(between {low} and {high}).",
        "sure_unknown": "How sure: we do not have enough checked documents like yours to say how "
        "often the program is right.",
        "not_used": "What it did not look at: the program only reads the text of your document. "
        "It does not look at {things}, unless the document says so.",
        "not_used_office": "What it did not look at: the program only reads the text of your "
        "document and the unit it is addressed to. It does not look at {things}, unless the "
        "document says so.",
    },
    "es": {
        "about": "Sobre su documento {case}",
        "about_none": "Sobre su documento",
        "hello": "Buen día. Un programa de computadora nos ayuda a clasificar cada documento por "
        "su materia, su tipo o la unidad que lo atiende. En esta carta le contamos qué hizo con "
        "el suyo.",
        "sent": "A dónde fue: su documento se clasificó en {office}.",
        "person_always": "A dónde va: el programa solo hace sugerencias; una persona lee todos "
        "los documentos y decide.",
        "person": "A dónde va: el programa no estaba lo bastante seguro, así que no decidió "
        "nada. Una persona leerá su documento y decidirá.",
        "several": "Parece que su documento pide más de una cosa. Si una parte queda sin "
        "respuesta, avísenos; no hace falta que escriba todo de nuevo.",
        "no_words": "Ninguna palabra pesó lo suficiente como para mostrarla aquí; el "
        "programa miró el documento completo.",
        "sure": "Qué tan seguro es: revisamos {n} documentos que el programa nunca había leído y "
        "clasificó de forma automática, como el suyo. Quedaron bien clasificados más o menos {k} "
        "de cada {of} (entre {low} y {high}).",
        "sure_person": "Qué tan seguro es: probamos el programa con {n} documentos que nunca había "
        "leído. La respuesta correcta estaba entre sus sugerencias más o menos en {k} de cada "
        "{of} (entre {low} y {high}).",
        "sure_unknown": "Qué tan seguro es: no tenemos suficientes documentos revisados parecidos "
        "al suyo para decir cuántas veces acierta el programa.",
        "not_used": "Qué no miró: el programa solo lee el texto de su documento. No mira {things}, "
        "salvo que el documento lo diga.",
        "not_used_office": "Qué no miró: el programa solo lee el texto de su documento y la unidad "
        "a la que va dirigido. No mira {things}, salvo que el documento lo diga.",
        "reviewer_asked": "Quién lo revisa si usted lo pide: {told}",
    },
    "pt": {
        "about": "Sobre o seu documento {case}",
        "about_none": "Sobre o seu documento",
        "hello": "Olá. Um programa de computador nos ajuda a classificar cada documento pela "
        "matéria, pelo tipo ou pelo setor que o atende. Nesta carta contamos o que ele fez com o "
        "seu.",
        "sent": "Para onde foi: o seu documento foi classificado em {office}.",
        "person_always": "Para onde vai: o programa só faz sugestões; uma pessoa lê todos os "
        "documentos e decide.",
        "person": "Para onde vai: o programa não tinha certeza suficiente e por isso não decidiu "
        "nada. Uma pessoa vai ler o seu documento e decidir.",
        "several": "Parece que o seu documento pede mais de uma coisa. Se alguma parte ficar sem "
        "resposta, avise a gente; não é preciso escrever tudo de novo.",
        "no_words": "Nenhuma palavra sozinha pesou o bastante para aparecer aqui; o "
        "programa olhou o documento inteiro.",
        "sure": "Qual o grau de certeza: conferimos {n} documentos que o programa nunca tinha lido "
        "e classificou automaticamente, como o seu. Ficaram bem classificados cerca de {k} em "
        "cada {of} (entre {low} e {high}).",
        "sure_person": "Qual o grau de certeza: testamos o programa com {n} documentos que ele "
        "nunca tinha lido. A resposta certa estava entre as sugestões em cerca de {k} de cada "
        "{of} (entre {low} e {high}).",
        "sure_unknown": "Qual o grau de certeza: não temos documentos conferidos suficientes, "
        "parecidos com o seu, para dizer quantas vezes o programa acerta.",
        "not_used": "O que ele não olhou: o programa lê apenas o texto do seu documento. Ele não "
        "olha {things}, a não ser que o documento diga.",
        "not_used_office": "O que ele não olhou: o programa lê apenas o texto do seu documento e o "
        "setor a que ele se dirige. Ele não olha {things}, a não ser que o documento diga.",
    },
}
