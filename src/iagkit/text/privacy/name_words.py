"""Words around names: what joins them, what heads a street or an institution, what is never one."""

from __future__ import annotations

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JOINS = """
de del la las los da do das dos di e y van von der san
"""
_HEADS = """
rua avenida av avda calle carrera jiron praca plaza pasaje travessa alameda rodovia estrada
viaduto ponte puente escola escuela colegio liceo hospital clinica instituto fundacao fundacion
universidad universidade faculdade facultad centro biblioteca museu museo teatro estadio parque
jardim jardin bairro barrio colonia vila setor edificio residencial condominio shopping mercado
lei ley decreto programa projeto proyecto premio plan plano caso operacao operacion aeropuerto
aeroporto estacao estacion terminal porto puerto lago rio barragem represa serra sierra sao santa
santo nossa virgen capela igreja iglesia paroquia catedral provincia departamento municipio ciudad
cidade estado distrito partido cooperativa associacao asociacion sindicato federacao grupo
editorial banco loja empresa tribunal creche cemei ceilandia camara maternidade upa ubs cras creas
casa lar abrigo quartel batalhao base regimiento buque ilha isla cabo localidad localidade villa
nova nueva nuevo novo street avenue road school foundation institute university lake mount saint
san fort city county
"""
_ROLES = """
sr sra srs srta dr dra don dona ing lic prof profa professor professora profesor profesora senhor
senhora senor senora mr mrs ms miss doutor doutora doctor doctora licenciado licenciada ingeniero
ingeniera contador contadora publico publica abogado abogada advogado advogada arquitecto
arquitecta medico medica juez jueza juiz juiza ministro ministra embajador embajadora presidente
presidenta secretario secretaria subsecretario subsecretaria director directora diretor diretora
vicepresidente vicepresidenta interventor interventora representante comandante ministros
secretarios governador governadora gobernador deputado deputada diputado diputada senador senadora
vereador prefeito prefeita intendente coronel general capitan capitao tenente teniente mayor major
sargento
soldado almirante contraalmirante vicealmirante comodoro brigadier suboficial comisario inspector
agente gestor gestora analista coordenador coordenadora coordinador coordinadora gerente chefe
jefe jefa servidor servidora tecnico tecnica assessor assessora asesor asesora consul titular cpn
cdor economia derecho sistemas administracion ciencias politicas internacionales civil industrial
agronomo quimica psicologia sociologia comunicacion historia letras filosofia cidadao cidada
ciudadano ciudadana senores senhores prezado prezada prezados estimado estimada dear
excelentissimo excelencia ilustrissimo vossa requerente solicitante interessado interessada autor
autora reu paciente mestre doutorando enfermeiro enfermeira
"""
_NEVER = """
relator relatora nomear nomeia exonerar designar designa designase dispensar nombrase nombrar
partido movimento movimiento democratico turma recurso defesa defensa agravante
agravado apelante apelado recorrente recorrido penal processual impetrante impetrado reclamante
reclamado embargante embargado plenario sessao sesion acordao voto vara comarca juizo juizado foro
inviabilidade prosseguimento petroleo petrobras ministerio ordinaria especial extraordinario
habeas corpus mandado seguranca acao accion apelacao agravo embargos sentenca tribunal supremo
superior constitucional constitucion constituicao codigo lei ley estatuto regulamento reglamento
infra estrutura chaves publicas publicos sistema servico servicio servicos unidade unidad projeto
informacao informacoes solicitacao pedido
atenciosamente atentamente att atte cordialmente respeitosamente grato grata obrigado obrigada
saludos gracias bom boa buenos buenas dia tarde noite dias tardes noches ola hola oi solicito
solicita solicitamos gostaria venho favor por para com sem sobre que como quando onde qual quais
quanto quantos nome nombre nomes apellido apellidos cpf rg dni cuil cuit cnpj matricula telefone
telefono tel celular email endereco direccion domicilio data fecha cep oab crm processo proceso
expediente sei numero nro edital portaria resolucao resolucion artigo articulo art inciso anexo
visto considerando decreta resuelve designase dase promuevese nombrase acepta acepte modificase
facultase otorgase autorizase transitoriamente partir termino prorrogase limitase governo gobierno
federal nacional nacion estadual municipal distrital ministerio secretaria subsecretaria diretoria
departamento coordenacao gerencia agencia comision comissao consejo conselho controladoria
ouvidoria defensoria procuradoria policia corpo bombeiros exercito ejercito marinha armada fuerza
aerea militar civil saude salud educacao educacion justica justicia fazenda hacienda transporte
transportes obras urbano social economia cultura trabajo trabalho desarrollo desenvolvimento
planejamento infraestrutura integridade funcao funciones administracao administracion republica
argentina brasil brasilia chile mexico colombia peru uruguay paraguay bolivia venezuela ecuador
goias bahia parana pernambuco aires janeiro fevereiro junho julho agosto setembro outubro novembro
dezembro enero febrero marzo junio septiembre setiembre octubre noviembre diciembre segunda terca
quarta quinta sexta sabado lunes martes miercoles jueves viernes january february march april may
june july august september october november december monday df sp rj mg ba pr rs sc go mt ms pe ce
pa am es ro rr ap to ma pi rn pb al se dodf dou gdf ses detran caesb neoenergia novacap codhab
inss sus stf stj tjdft google maps whatsapp facebook instagram internet excel pdf word norte sul
sur leste este oeste oriente occidente superior regiao region administrativa lote quadra bloco
conjunto apto apartamento capitulo titulo seccion escalafon nivel grado funcion ejecutiva cargo
carrera analista planta permanente simplificado prezados senhores meu minha meus minhas mi mis seu
sua esta esse essa isso eu voce tu nos eles ela ele ellos ellas nosotros yo usted the and for with
from this that my your please hello good morning afternoon sincerely regards request access parte
segundo terceiro primeiro primera primero tercero secretariado presente mesmo informo informar
envio encaminho aguardo desde agora assunto objeto ref referencia observacao obs nota dados datos
pessoais personales documento documentos copia comprovante certidao certificado declaracao
contrato concurso publico ubicado sito domiciliado residente brasileiro brasileira argentino
casado casada solteiro solteira viuvo viuva divorciado aposentado aposentada nao sim si no ja ya
ainda tambien tambem mas mais pero porem entao assim conforme segue seguem tenho tengo sou soy
estou estoy fui fue foi era sao
"""
_CUE_WORDS = """
a abogada abogado abraco abracos abuela abuelo advogada advogado agente agradecida agradecido
agradeco aluna aluno arq arquitecta arquitecto ass assinado atenciosamente atentamente att atte
avo brother cabo cap capitan capitao cel chamada chamado chamo cidada cidadao ciudadana ciudadano
cliente companheira companheiro conjuge constituinte contador contadora cordiales cordialmente
coronel cumprimentos d da daughter de deferimento delegada delegado desembargador desembargadora
do doctor doctora don dona doutor doutora dr dra dres e enfermeira enfermeiro es escribana
escribano esposa esposo eu faithfully father filha filho funcionaria funcionario gracias grata
grato hermana hermano hija hijo husband ing irma irmao is ja juez jueza juiz juiza lic licenciada
licenciado llamada llamado llamo madre mae mais marido me ministra ministro miss momento mother mr
mrs ms nome o obrigada obrigado of paciente padre pai prima primo prof profa profesor profesora
professor professora regards respeitosamente respetuosamente saludos sargento senhor senhora senor
senora senorita servidor servidora sgt sincerely sister sobrinha sobrinho soldado son soy sr sra
sras srs srta te tenente thanks usted vecina vecino wife yo you
"""

JOINS: Final = _set(_JOINS)
"""Small words inside a name."""

HEADS: Final = _set(_HEADS)
"""A name of a person after one of these is that of a place, an institution or a law."""

SAINTS: Final = frozenset(("san", "santa", "santo", "sao"))
"""Head the name of a place, unless a name stands before: "Juan San Martín"."""

ROLES: Final = _set(_ROLES)
"""Titles and offices: stand before a name and are no part of it."""

NEVER: Final = _set(_NEVER)
"""Words with a capital that end a name, or that no name has."""

CUE_WORDS: Final = _set(_CUE_WORDS)
"""Last words of what stands before a name: closings, titles, family; a first sieve."""
