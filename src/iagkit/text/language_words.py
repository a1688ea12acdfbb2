"""Words that tell languages apart, commonest first; written for iagkit, from no corpus.

Half are the small words that every text has, half the words of people who write to an office.
French, Italian and German are here only so that they are not taken for one of the three.
"""

from __future__ import annotations

from typing import Final

from iagkit.text.normalise import folded

WORDS: Final[dict[str, str]] = {
    "es": """
de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este
sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante
todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras
otra él tanto esa estos mucho quienes nada muchos cual poco ella estar estas algunas algo nosotros
mi mis tú te ti tu tus ellas soy eres es somos son sea estoy está estamos están estaba fue fueron
era eran ha han he hemos había haber hacer hace hacen hizo tiene tienen tengo tener puede pueden
puedo poder debe deben quiero quiere solicito solicitud solicitamos pido pedimos favor gracias
saludos buenos buenas días tardes noches señor señora señores estimados estimado atentamente
quisiera necesito necesitamos saber informar información informe conocer copia copias documento
documentos cuál cuáles cuánto cuánta cuántos cuántas cómo cuándo dónde quién calle calles avenida
colonia barrio vecinos vecino casa agua luz basura bache baches alumbrado parque escuela hospital
seguridad policía ruido perros árbol árboles drenaje fuga poste semáforo banqueta vereda acera
tránsito transporte autobús camión licencia permiso trámite multa pago predial impuesto recibo
cobro servicio servicios público pública públicos públicas ciudad municipio municipal alcaldía
ayuntamiento delegación gobierno estado secretaría dirección oficina departamento personal persona
personas años año meses mes semana semanas día hoy ayer mañana desde hace fecha número nombre
proyecto proyectos programa programas contrato contratos obra obras recursos reconstrucción
construcción edificio edificios inmueble inmuebles vivienda viviendas apoyo apoyos daños sismo
derecho derechos ley artículo según así además aún sólo solo ahora después mientras aunque cada
mismo misma mismos vez veces parte lugar tiempo problema problemas situación atención respuesta
queja denuncia reporte reportar reparar arreglar revisar enviar realizar realizado realizó cuenta
encuentra ubicado ubicada frente esquina cerca niños niña mujeres hombres salud trabajo empresa
empresas nuevo nueva mejor mayor gran bajo hacia fueron siendo sido dicho dicha dichos existe
existen correspondiente correspondientes requiero proporcionar relación presente siguiente
siguientes asimismo respecto cualquier mediante través tampoco entonces llegar llega dejar deja
sigue siguen falta faltan nadie nunca siempre demasiado bastante hola mejora mejorar instalación
iluminación peatonal peatones zona zonas plaza plazas centro acceso accesos aparcamiento
estacionamiento deportiva deportivas mayores carril bicicleta limpieza jardín jardines creación
ampliación eliminar quitar poner colocar vehículos ruidos contenedores
""",
    "pt": """
de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das
tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era
depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu
às minha têm numa pelos elas havia seja qual será nós tenho lhe deles essas esses pelas este dele
tu te vocês lhes meus minhas teu tua nosso nossa nossos nossas dela delas esta estes estas aquele
aquela aqueles isto aquilo estou estamos estava estavam sou somos são fui foram ao ainda então
assim onde porque porém pois cada outro outra outros outras todo toda todos todas nada tudo algum
alguma alguns algumas nenhum fazer faz fazem feito fez pode podem posso poder deve devem quero
quer gostaria solicito solicitação solicitamos peço pedimos favor obrigado obrigada saudações bom
boa dia tarde noite senhor senhora senhores prezados prezado atenciosamente preciso precisamos
saber informar informação informações informe conhecer cópia cópias documento documentos quais
quanto quanta quantos quantas rua ruas avenida bairro vizinhos vizinho moradores casa água luz
lixo buraco buracos iluminação praça parque escola hospital segurança polícia barulho cachorros
cachorro árvore árvores esgoto vazamento poste semáforo calçada trânsito transporte ônibus
caminhão licença alvará autorização multa pagamento imposto boleto cobrança serviço serviços
público pública públicos públicas cidade município municipal prefeitura governo estado secretaria
direção diretoria departamento pessoal pessoa pessoas anos ano meses mês semana semanas hoje ontem
amanhã desde data número nome projeto projetos programa programas contrato contratos obra obras
recursos reforma construção prédio edifício imóvel imóveis moradia moradias apoio ajuda danos
direito direitos lei artigo segundo além disso apenas somente agora após enquanto embora mesma
mesmos vez vezes parte lugar tempo problema problemas situação atenção atendimento resposta
reclamação denúncia relatório reparar consertar verificar enviar realizar realizado realizada
conta encontra localizado localizada frente esquina perto crianças criança mulheres homens saúde
trabalho empresa empresas novo nova melhor maior grande sob através durante sendo sido referido
referida existe existem conforme processo processos autos juiz decisão sentença despacho
publicação petição recurso execução certidão juntada juntado arquivado arquivamento baixa
remetidos remessa conclusos expedição expedido ofício mandado intimação citação prazo vara comarca
tribunal foro justiça advogado réu autor autora requerente requerido partes distribuição
julgamento julgado trânsito definitivo definitivamente provisoriamente aguardando manifestação
protocolo eletrônico suspensão suspenso provimento negado apelação ação ordem cumprimento desta
deste nesta neste dessa desse nessa nesse dentro fora sempre nunca ninguém demais bastante falta
chega deixar continua ficar fica ficou vou vai vamos indo tá pra pro aí lá aqui cadê moro conserto
oi olá arquivo geral pacote caixa requisição pequeno valor precatório processual instaurado
relator ministro assinado digitalmente agravo nega regimental homologada acordo acordos
conciliadores ocorrência atendida sobre melhoria instalação limpeza ciclovia creche vaga vagas
""",
    "en": """
the of and to a in is that for it as was with be by on not he his but at are this have from or had
an they which one you were all her she there would their we him been has when who will no more if
out so said what up its about than into them can only other time new some could these two may
first then do any my now such like our over man me even most made after also did many before must
through years where much your way well down should because each just those people how too good
very make work between being both under during while our i am your yours ours please thank thanks
dear sir madam hello regards sincerely request requests requesting requested would need needs want
know information records record copy copies document documents report reports reporting email
emails correspondence letter letters regarding related relating including include includes any all
between january february march april june july august september october november december date
dated dates street road avenue neighbourhood neighborhood house home water light garbage trash
pothole potholes lighting park school hospital safety police noise dogs dog tree trees sewer leak
pole traffic sidewalk transport bus truck licence license permit permits permission fine payment
tax bill charge service services public city town municipal council government state ministry
department office staff person persons year month months week weeks day days today yesterday
tomorrow since number name names project projects program programs contract contracts building
buildings property properties housing support damage right rights law act section minister deputy
director meeting meetings briefing notes note issue issues concerning file files application
applications inspection inspections fire investigation investigator board committee plan plans
site location located address north south east west removed individual problem problems situation
attention answer complaint complaints fix repair check send made done against however therefore
although own same within without across every another few several off again further once here why
nor until above below found find show shows given give get going been having does doing has hasn't
don't cannot wasn't isn't provided held policy policies cost costs paid general total per list
full details specific other between
""",
    "fr": """
de la le et les des en un une du que est pour qui dans par sur pas au plus ne se ce il sont avec
mais nous vous je son sa ses leur leurs aux cette ces ont été être fait elle ils comme ou où si
tout tous même après sans entre depuis très bien aussi donc alors avant chez quand mon ma mes
notre votre vos rue eau bonjour merci demande madame monsieur quartier mairie voirie éclairage
route ville service était avoir avait faire peut doit dont cela ainsi encore
""",
    "it": """
di che e la il un a per è in una sono mi ho non ma lo ha le si con come da del della dei delle nel
nella al alla gli questo questa anche più se ci io tu lui lei noi voi loro suo sua nostro dove
quando perché così molto tutto tutti essere fatto stato era erano hanno abbiamo degli negli dal
dalla sul sulla strada acqua buongiorno grazie richiesta signora signore comune via città servizio
chiedo vorrei
""",
    "de": """
der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden
aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur
oder aber vor zur bis mehr durch man sein wurde wir ich ihr unser bitte danke straße wasser guten
tag anfrage frau herr stadt dienst kein keine wenn diese dieser ihre
""",
}

_SMALL_FIRST = {"es": 110, "pt": 130, "en": 75}


def small_words() -> frozenset[str]:
    """Words that every text of es, pt and en has, without accents: they explain nothing."""
    lists = (WORDS[lang].split()[:first] for lang, first in _SMALL_FIRST.items())
    return frozenset("".join(map(folded, word)) for words in lists for word in words)
