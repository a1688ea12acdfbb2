"""Words that hint at a name, a place or a body, in Spanish and Portuguese: what the tagger is told.

Written down for iagkit, from no register. They are hints, not rules: the tagger learns how much
each list weighs.
"""

from __future__ import annotations

from typing import Final

from iagkit.text.names import AMBIGUOUS, NAMES
from iagkit.text.normalise import folded

_LISTS: Final = {
    "month": """
        enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre
        diciembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro ene
        feb mar abr may jun jul ago sep set oct nov dic jan fev mai out dez""",
    "day": """
        lunes martes miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta""",
    "street": """
        calle c cl avenida avda av paseo plaza pza pl pasaje pje camino carretera ctra ronda
        travesía vía urbanización urb barrio colonia col bulevar boulevard blvd diagonal jirón jr
        carrera cra kr transversal rua r travessa alameda rodovia estrada praça quadra qd lote lt
        conjunto conj bloco bl apto apartamento piso depto setor chácara qnl qnm qi ql sqn sqs
        shis rambla glorieta callejón""",
    "title": """
        sr sra srta señor señora señorita don doña d dña dr dra doctor doctora lic licenciado
        licenciada ing ingeniero ingeniera arq arquitecto prof profesor profesora cpn contador
        contadora abog abogado abogada senhor senhora dona doutor doutora min ministro ministra
        relator relatora juiz juíza desembargador desembargadora des advogado advogada procurador
        procuradora promotor promotora impetrante paciente agravante agravado recorrente recorrido
        autor ré réu apelante apelado ciudadano ciudadana servidor servidora agente alférez coronel
        capitán mayor teniente comisario general sargento delegado presidente secretario
        secretária magistrado""",
    "kin": """
        padre madre hijo hija hermano hermana abuelo abuela abuelos padres tío tía primo prima
        esposo esposa marido mujer pareja cónyuge hermanos hijos sobrino sobrina nieto nieta pai
        mãe filho filha irmão irmã avô avó neto neta""",
    "sex": """
        varón mujer hombre niño niña masculino femenino h m v hembra lactante masculina homem mulher
        menino menina chico chica""",
    "age": "años año meses mes días semanas edad anos ano meses dias idade recién nacido",
    "body": """
        hospital clínica centro instituto universidad universitario facultad servicio departamento
        unidad fundación sanatorio complejo ambulatorio consultorio policlínico residencia
        ministerio secretaría dirección subsecretaría jefatura agencia comisión consejo juzgado
        tribunal corte cámara municipalidad policía gendarmería prefectura banco sociedad empresa
        asociación ministério secretaria tribunal supremo superior turma câmara vara juízo
        procuradoria defensoria departamento divisão seção companhia banco instituto universidade
        fundação associação sindicato conselho comissão partido federação estado município união
        prefeitura governo senado assembleia assembléia s/a ltda stf stj tst tse tcu inss anatel
        ibama receita fazenda caixa""",
    "country": """
        argentina bolivia brasil chile colombia cuba ecuador españa guatemala haití honduras méxico
        mexico nicaragua panamá paraguay perú peru uruguay venezuela portugal francia italia
        alemania inglaterra marruecos rumanía china rusia ucrania senegal polonia bulgaria suiza
        bélgica holanda canadá japón cuba eeuu eua angola moçambique frança itália alemanha
        espanha dominicana salvador rica puerto filipinas pakistán india egipto argelia""",
    "place": """
        madrid barcelona valencia sevilla zaragoza málaga murcia bilbao alicante córdoba valladolid
        vigo gijón granada vitoria coruña oviedo santander pamplona almería burgos salamanca
        albacete logroño badajoz huelva lleida tarragona girona león cádiz jaén ourense lugo
        pontevedra cáceres toledo cuenca guadalajara soria segovia ávila zamora palencia teruel
        huesca castellón ceuta melilla cantabria asturias galicia cataluña aragón andalucía navarra
        rioja extremadura canarias baleares tenerife mallorca getafe leganés móstoles alcorcón
        fuenlabrada sabadell terrassa badalona hospitalet cartagena elche reus mataró buenos aires
        rosario mendoza tucumán salta jujuy chaco formosa corrientes misiones catamarca chubut
        neuquén pampa río negro santa cruz fe fuego entre ríos estero plata bahía paraná posadas
        resistencia ushuaia rawson viedma bogotá medellín cali barranquilla quito guayaquil lima
        cusco arequipa santiago valparaíso concepción montevideo asunción paz sucre cochabamba
        caracas maracaibo managua tegucigalpa jalisco oaxaca chiapas puebla veracruz yucatán
        querétaro monterrey tijuana sonora sinaloa michoacán coyoacán iztapalapa tlalpan cdmx
        brasília são paulo rio janeiro minas gerais bahia salvador recife pernambuco fortaleza
        ceará belém pará manaus amazonas curitiba paraná porto alegre sul norte grande florianópolis
        catarina goiânia goiás mato grosso vitória espírito santo natal joão pessoa paraíba maceió
        alagoas aracaju sergipe teresina piauí maranhão luís palmas tocantins rondônia acre roraima
        amapá macapá df sp rj mg ba pe pr rs sc go ce taguatinga ceilândia gama sobradinho guará
        samambaia planaltina águas claras""",
    "work": """
        agricultor albañil maestro maestra jubilado jubilada pensionista ama casa conductor
        camionero administrativo enfermera enfermero médico médica estudiante profesor profesora
        carpintero pescador ganadero mecánico soldador minero obrero comerciante camarero policía
        militar abogado ingeniero electricista pintor cocinero cocinera limpiadora""",
    "law": """
        ley decreto artículo art resolución disposición ordenanza expediente inciso lei decreto
        artigo resolução portaria constituição código emenda súmula inciso parágrafo medida
        provisória instrução normativa hc re ai adi adin resp aresp ms agravo recurso habeas corpus
        mandado acórdão processo apelação""",
    "small": "de del la las los el y e da do das dos van von di san santa d o a",
    "mail": "com es org net gob gov br ar hotmail gmail yahoo telefonica www http https",
}


def _hints() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    lists = {**{k: w.split() for k, w in _LISTS.items()}, "name": NAMES, "maybe": AMBIGUOUS}
    for kind, words in lists.items():
        for word in words:
            found.setdefault("".join(map(folded, word)), []).append(kind)
    return {word: tuple(sorted(set(kinds))) for word, kinds in found.items()}


HINTS: Final = _hints()
"""Folded word → names of the lists it stands on."""
