"""Sentences of the letters, in the three languages; a test holds keys and gaps together.

Plain words, short sentences, respectful address: *usted* in Spanish, Brazilian Portuguese.
"""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, dict[str, str]]] = {
    "en": {
        "about": "About your request {case}",
        "about_none": "About your request",
        "hello": "Hello. A computer program helps us to send each request to the office that "
        "can solve it. This letter tells you what it did with yours.",
        "sent": "Where it went: your request was sent to {office}.",
        "person_always": "Where it goes: the program only makes suggestions; a person reads every "
        "message and chooses the office.",
        "person": "Where it goes: the program was not sure enough, so it decided nothing. A "
        "person will read your message and choose the office.",
        "alternatives": "That person sees what the program suggests, in this order: {offices}. "
        "They may choose another one.",
        "several": "Your message seems to ask for more than one thing. If a part of it gets no "
        "answer, please tell us; you do not need to write everything again.",
        "for": "Words that weighed most: {words}.",
        "for_person": "Words that weighed most for its first suggestion: {words}.",
        "against": "Words that spoke against it: {words}.",
        "no_words": "No single word weighed enough to be shown here; the program looked at "
        "the whole message.",
        "withheld": "For privacy, we show no names, numbers or words that few people use. Such "
        "words make up {part} the program's reasons.",
        "part_1": "about a tenth of",
        "part_2": "about a fifth of",
        "part_3": "about a third of",
        "part_4": "about two fifths of",
        "part_5": "about half of",
        "part_6": "more than half of",
        "part_7": "about two thirds of",
        "part_8": "about four fifths of",
        "part_9": "nearly all of",
        "part_10": "nearly all of",
        "withheld_none": "For privacy, names and numbers are never shown as reasons.",
        "sure": "How sure: we checked {n} earlier messages that the program had never read and "
        "sent by itself, like yours. About {k} of every {of} went to the right office (between "
        "{low} and {high}).",
        "sure_person": "How sure: we checked the program with {n} earlier messages that it had "
        "never read. The right office was among its suggestions in about {k} of every {of} "
        "(between {low} and {high}).",
        "sure_unknown": "How sure: we do not have enough checked messages like yours to say how "
        "often the program is right.",
        "not_used": "What it did not look at: to choose the office the program only reads the text "
        "of your message. It does not look at {things}, unless your message says so.",
        "not_used_office": "What it did not look at: to answer, the program only reads the text of "
        "your message and the office you wrote to. It does not look at {things}, unless your "
        "message says so.",
        "reviewer": "Who reviews: {told}",
        "reviewer_asked": "Who reviews it if you ask: {told}",
        "appeal": "If you do not agree: {told}",
        "deadline": "Until when: {told}",
        "contact": "Where: {told}",
        "sex": "your sex",
        "age": "your age",
        "district": "where you live",
        "channel": "how you wrote to us",
        "and": "and",
        "and_before_i": "and",
        "nor": "or",
        "quote": "“{word}”",
    },
    "es": {
        "about": "Sobre su solicitud {case}",
        "about_none": "Sobre su solicitud",
        "hello": "Buen día. Un programa de computadora nos ayuda a enviar cada solicitud a la "
        "oficina que puede resolverla. En esta carta le contamos qué hizo con la suya.",
        "sent": "A dónde fue: su solicitud se envió a {office}.",
        "person_always": "A dónde va: el programa solo hace sugerencias; una persona lee todos "
        "los mensajes y elige la oficina.",
        "person": "A dónde va: el programa no estaba lo bastante seguro, así que no decidió "
        "nada. Una persona leerá su mensaje y elegirá la oficina.",
        "alternatives": "Esa persona ve lo que el programa sugiere, en este orden: {offices}. "
        "También puede elegir otra.",
        "several": "Parece que su mensaje pide más de una cosa. Si una parte queda sin "
        "respuesta, avísenos; no hace falta que escriba todo de nuevo.",
        "for": "Palabras que más pesaron: {words}.",
        "for_person": "Palabras que más pesaron en su primera sugerencia: {words}.",
        "against": "Palabras que pesaron en contra: {words}.",
        "no_words": "Ninguna palabra pesó lo suficiente como para mostrarla aquí; el "
        "programa miró el mensaje completo.",
        "withheld": "Para cuidar su privacidad no mostramos nombres, números ni palabras que "
        "usan pocas personas. Esas palabras representan {part} los motivos del programa.",
        "part_1": "alrededor de una décima parte de",
        "part_2": "alrededor de una quinta parte de",
        "part_3": "alrededor de un tercio de",
        "part_4": "alrededor de dos quintas partes de",
        "part_5": "alrededor de la mitad de",
        "part_6": "más de la mitad de",
        "part_7": "alrededor de dos tercios de",
        "part_8": "alrededor de cuatro quintas partes de",
        "part_9": "casi todos",
        "part_10": "casi todos",
        "withheld_none": "Para cuidar su privacidad, nunca mostramos nombres ni números como "
        "motivos.",
        "sure": "Qué tan seguro es: revisamos {n} mensajes anteriores que el programa nunca había "
        "leído y envió de forma automática, como el suyo. Llegaron a la oficina correcta más o "
        "menos {k} de cada {of} (entre {low} y {high}).",
        "sure_person": "Qué tan seguro es: probamos el programa con {n} mensajes anteriores que "
        "nunca había leído. La oficina correcta estaba entre sus sugerencias más o menos en {k} "
        "de cada {of} (entre {low} y {high}).",
        "sure_unknown": "Qué tan seguro es: no tenemos suficientes mensajes revisados parecidos "
        "al suyo para decir cuántas veces acierta el programa.",
        "not_used": "Qué no miró: para elegir la oficina, el programa solo lee el texto de su "
        "mensaje. No mira {things}, salvo que su mensaje lo diga.",
        "not_used_office": "Qué no miró: para responder, el programa solo lee el texto de su "
        "mensaje y la oficina a la que usted escribió. No mira {things}, salvo que su mensaje lo "
        "diga.",
        "reviewer": "Quién revisa: {told}",
        "reviewer_asked": "Quién la revisa si usted lo pide: {told}",
        "appeal": "Si usted no está de acuerdo: {told}",
        "deadline": "Hasta cuándo: {told}",
        "contact": "Dónde: {told}",
        "sex": "su sexo",
        "age": "su edad",
        "district": "el lugar donde vive",
        "channel": "el medio por el que nos escribió",
        "and": "y",
        "and_before_i": "e",
        "nor": "ni",
        "quote": "«{word}»",
    },
    "pt": {
        "about": "Sobre o seu pedido {case}",
        "about_none": "Sobre o seu pedido",
        "hello": "Olá. Um programa de computador nos ajuda a enviar cada pedido ao setor que "
        "pode resolvê-lo. Nesta carta contamos o que ele fez com o seu.",
        "sent": "Para onde foi: o seu pedido foi enviado para {office}.",
        "person_always": "Para onde vai: o programa só faz sugestões; uma pessoa lê todas as "
        "mensagens e escolhe o setor.",
        "person": "Para onde vai: o programa não tinha certeza suficiente e por isso não decidiu "
        "nada. Uma pessoa vai ler a sua mensagem e escolher o setor.",
        "alternatives": "Essa pessoa vê o que o programa sugere, nesta ordem: {offices}. Ela "
        "também pode escolher outro.",
        "several": "Parece que a sua mensagem pede mais de uma coisa. Se alguma parte ficar sem "
        "resposta, avise a gente; não é preciso escrever tudo de novo.",
        "for": "Palavras que mais pesaram: {words}.",
        "for_person": "Palavras que mais pesaram na primeira sugestão: {words}.",
        "against": "Palavras que pesaram contra: {words}.",
        "no_words": "Nenhuma palavra sozinha pesou o bastante para aparecer aqui; o "
        "programa olhou a mensagem inteira.",
        "withheld": "Para proteger a sua privacidade, não mostramos nomes, números nem palavras "
        "que poucas pessoas usam. Essas palavras representam {part} motivos do programa.",
        "part_1": "cerca de um décimo dos",
        "part_2": "cerca de um quinto dos",
        "part_3": "cerca de um terço dos",
        "part_4": "cerca de dois quintos dos",
        "part_5": "cerca de metade dos",
        "part_6": "mais da metade dos",
        "part_7": "cerca de dois terços dos",
        "part_8": "cerca de quatro quintos dos",
        "part_9": "quase todos os",
        "part_10": "quase todos os",
        "withheld_none": "Para proteger a sua privacidade, nunca mostramos nomes nem números "
        "como motivos.",
        "sure": "Qual o grau de certeza: conferimos {n} mensagens anteriores que o programa nunca "
        "tinha lido e enviou automaticamente, como a sua. Chegaram ao setor certo cerca de {k} em "
        "cada {of} (entre {low} e {high}).",
        "sure_person": "Qual o grau de certeza: testamos o programa com {n} mensagens anteriores "
        "que ele nunca tinha lido. O setor certo estava entre as sugestões em cerca de {k} de cada "
        "{of} (entre {low} e {high}).",
        "sure_unknown": "Qual o grau de certeza: não temos mensagens conferidas suficientes, "
        "parecidas com a sua, para dizer quantas vezes o programa acerta.",
        "not_used": "O que ele não olhou: para escolher o setor, o programa lê apenas o texto da "
        "sua mensagem. Ele não olha {things}, a não ser que a mensagem diga.",
        "not_used_office": "O que ele não olhou: para responder, o programa lê apenas o texto da "
        "sua mensagem e o setor para o qual foi escrita. Ele não olha {things}, a não ser que a "
        "mensagem diga.",
        "reviewer": "Quem revisa: {told}",
        "reviewer_asked": "Quem o revisa, se você pedir: {told}",
        "appeal": "Se não concordar: {told}",
        "deadline": "Até quando: {told}",
        "contact": "Onde: {told}",
        "sex": "o seu sexo",
        "age": "a sua idade",
        "district": "o lugar onde mora",
        "channel": "o meio usado para nos escrever",
        "and": "e",
        "and_before_i": "e",
        "nor": "nem",
        "quote": "“{word}”",
    },
}
