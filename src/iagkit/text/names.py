"""Given names and surnames common in Latin America, Brazil and English-speaking countries.

Written down for iagkit, from no register. Words that are also ordinary words of requests
(Rosa, Luz, Cruz, Campos, Ríos, Paz ...) are in `AMBIGUOUS`: they count as names only with a
capital letter in the middle of a sentence, beside another name, or after a cue.
"""

from __future__ import annotations

from typing import Final

from iagkit.text.normalise import folded

_NAMES = """
aaron abel abigail abraham adalberto adan adela adelina adolfo adrian adriana agustin agustina
aida alan alba alberto aldo alejandra alejandro alexandre alexis alfonso alfredo alice alicia
aline alonso alvaro amalia amanda amelia ana anabel anderson andre andrea andreia andres angela
angelica anibal anna antonella antonia antonio ariana ariel armando arnaldo arthur artur arturo
augusto aurelio aurora barbara beatriz belen benito benjamin berenice bernardo bianca brandon
breno brenda bruna bruno caio camila camilo carina carla carlos carmen carmela carolina caroline
cassio catalina caua cecilia celia celso cesar charles christian christopher clara clarissa
claudia claudio cleber concepcion constanza consuelo cristian cristiane cristina cristobal
daiane daisy damian daniel daniela danilo dario david dayana debora delfina denise dennis diana
diego dolores domingo dora douglas dulce edgar edith edmundo eduarda eduardo edward edwin efrain
elaine elena eliana eliane elias elisa elizabeth eloisa elsa elvira emanuel emilia emiliano
emilio emily emma enrique enzo erica erick erika ernesto esteban estefania estela esther eugenia
eugenio eva evelyn fabian fabiana fabio fabiola fabricio facundo fatima federico felicia felipe
felix fermin fernanda fernando fidel flavia flavio florencia francisca francisco franco frida
gabriel gabriela genaro george geraldo gerardo german giovanna giovanni gisela gisele giuliana
glauber gloria gonzalo graciela gregorio guadalupe guido guilherme guillermina guillermo gustavo
hector helena helio henrique henry heitor herminia hernan hilda horacio hortensia hugo humberto
ian ignacio igor ines ingrid irene iris irma isaac isabel isabela isadora isaias ismael israel
ivan ivone ivonne jacinta jacqueline jaime james janaina jaqueline javier jean jennifer jeremias
jerome jesica jessica jesus jimena joana joao joaquin joaquim john jonas jonathan jordan jorge jose
josefa josefina joseph josue juan juana juliana juliano julia julian julieta julio karen karina
karla katherine kelly kevin laercio laila lara larissa laura lautaro leandro leila leonardo leonel
leonor leopoldo leticia lidia ligia liliana lilian lina lisandro livia lorena lorenzo lourdes lucas
lucia luciana luciano lucio luis luisa luiz luiza lupita maite manoel manuel manuela marcela
marcelo marcia marcio marcos margarida margarita maria mariana mariano maribel marina mario marisa
marisol mark marlene marta martha martin martina mary mateo mateus matheus matias matilde mauricio
mauro maximiliano maya mayra melissa mercedes micaela michael michele miguel milagros milena
milton mireya miriam moises monica monserrat murilo myriam nadia nahuel nancy natalia nathalia
nelida nelson nestor nicolas nicolasa nicole noelia noemi nora norberto norma octavio ofelia olga
oliver olivia omar orlando oscar osvaldo otavio pablo paloma pamela paola patricia patricio paul
paula paulina paulo pedro penelope peter pietro priscila rafael rafaela raimundo ramiro ramon
ramona raquel raul rebeca regina reinaldo renan renata renato rene reynaldo ricardo richard rita
robert roberta roberto robson rocio rodolfo rodrigo rogelio rogerio rolando romina romulo ronaldo
rosalia rosana rosangela rosario rosaura roxana ruben rui ruth sabrina salvador samanta samuel
sandra sandro santiago sara sarah saul sebastian sebastiana sergio sheila silvana silvia silvina
simon simone socorro sofia soledad sonia sophia stella stephanie susana suzana tadeo tamara
tania tatiana teodoro teresa teresinha thais thiago thomas tiago tomas ulises ursula valentin
valentina valeria vanessa vania veronica vicente victor victoria vinicius violeta virginia vitor
vitoria viviana viviane wagner walter wanda wellington wendy wesley william wilson xavier ximena
yamila yara yasmin yesenia yolanda yuri zulema
acevedo acosta acuna aguilar aguilera aguirre alarcon albuquerque alcantara almeida alvarado
alvares alvarez alves amaral amorim andrade antunes aparecida aragao aranda araujo arce arellano
arevalo arias assis assuncao avila ayala azevedo balderas barajas barbosa barrera barreto barrios
barros bastos batista bautista becerra beltran benitez bermudez bernal bezerra blanco bonilla
borges botelho braga bravo brito brown bueno caballero cabral cabrera cabrero caceres calderon
calixto camacho camargo campbell candido cardenas cardoso cardozo carrasco carrillo carvajal
carvalho castaneda castellanos castillo castro cavalcante cavalcanti cedeno cervantes chacon
chaves chavez cisneros clark coelho colina colombo contreras cordero cordova coronado correa
correia cortes cortez costa coutinho cuellar cuevas cunha davies davis delgado dias diaz dominguez
dos duarte dutra echeverria escobar escobedo espinosa espinoza esquivel estevez estrada evans
farias feitosa fernandes fernandez ferrari ferreira ferrer ferreyra figueiredo figueroa fonseca
fontes fraga franca freitas frias fuentes furtado galindo gallardo gallegos galvan galvao gamboa
garay garcia garza gil gimenez godoy goes gomes gomez goncalves gonzaga gonzales gonzalez goulart
green gross guedes guerrero guevara guimaraes gutierrez guzman harris heredia hernandez herrera
hidalgo hill hinojosa hurtado ibanez ibarra infante iglesias jackson jaimes jara jimenez johnson
jones juarez king lacerda landa lara lee leite leiva lemos lewis lima linares lins lira lisboa
lobato longoria lopes lopez lozano lucero lugo luna luque macedo machado maciel macias madrigal
magalhaes maia maldonado marin marinho marques marquez martinez martins mata matos mayorga medeiros
medina medrano mejia melendez melgar melo mena mendes mendez mendonca mendoza meneses menezes
mercado mesquita meza miranda mitchell molina monroy montalvo montano monteiro montero montes
montoya moore mora morales moran moreira moreno morris moura mourao munhoz muniz munoz murillo
murphy narvaez nascimento nava navarrete navarro neri neto neves nieto nogueira noriega nunes nunez
ocampo ochoa ojeda olivares oliveira olvera ordonez orellana orozco ortega ortiz osorio otero
pacheco padilla paez palacios palma pardo paredes parra passos patino paz pedraza pena peralta
perdomo pereira pereyra perez phillips pineda pinheiro pinto pires pizarro ponce porto prado prieto
proenca quezada quinones quintana quintanilla quintero quiroga quiroz ramirez ramos rangel
rebolledo rego reis rendon renteria resende restrepo reyes rezende ribeiro rico rincon rivas rivera
rivero robles rocha rodrigues rodriguez rojas roldan roman romano romero rosales rosado rosas rossi
rubio ruiz saavedra saenz salas salazar salcedo saldana saldivar salgado salinas salles samaniego
sampaio sanabria sanchez sandoval santana santillan santos sarmiento scott segovia segura sepulveda
serna serrano silva silveira silvestre simoes siqueira smith soares solano solis soria sosa soto
sousa souza suarez taborda tapia tavares taylor teixeira tejada tejeda teles tellez thompson toledo
toro torres tovar trejo trevino trindade trujillo turner urbina uribe urrutia valadez valdes valdez
valdivia valencia valenzuela valle vargas vasconcelos vasquez vaz vazquez vega veiga velasco
velasquez velazquez velez venegas vera vergara vicuna viana vidal vieira vilchez villa villalobos
villanueva villarreal villegas walker watson white williams wright xavier yanez young zamora zapata
zarate zavala zepeda zuniga
abelardo abner abreu ademir adilson adriano agnaldo ailen ailton airton ajanel alcides aleixo
alencar alessandra alessandro alexandra alexandro alexsandro aluisio alvarina amancio amaru amauri
analia ananias andreza angelo antonieta apaza aquilino aquino araceli aracely arboleda arcadio
arlete arlindo arruda asprilla ataide augusta ayelen azeredo baltazar barboza barcelos bartolome
becker benedita benedito bernadete beserra bianchi bittencourt boaventura bonfim bonifacio brandao
brigida britto bulhoes caal caetano calfucura camille campelo carlito carneiro carrijo casagrande
casimiro cassia cassiano catari catia catrileo ccori cecilio celestino celina celio cerqueira
cesario chagas chavajay chen chuquimia cicera cicero cintia cintra cipriano cirilo claudemir
claudete claudinei clayton cleide cleiton cleonice clotilde clovis coimbra condori conti cordeiro
crisanto cristiano cristovao cumes curihual dagoberto dalva damasceno damiao daniele danielle
dantas darci deise deivid deluca demetrio denilson dionisio dirce dirceu djalma domingues edelmira
edelmiro edilson edimar edinaldo edna ednaldo edson edvaldo eleonora eleuterio elida eliete
elisangela eliseo elizangela elton elza emerenciana emerson emilce epifanio erivaldo eronildo
esposito estefani ester euclides eulalia eunice eusebio evandro evangelista evaristo everaldo
everton expedito ezequiel fabiano fabricia fagundes falcao faria faustino fausto feliciano
fernandinho ferraro ferraz figueira flaviano florencio florentino fontana fontenele freire
fulgencio gabriele gaspar geisa genilson genivaldo geovana geraldina gerson gilberto gilda gilmar
gilson gilvan giselle gislaine gladys graziela greco griselda gumersindo gurgel haydee heloisa
heriberto hermelinda hermes hilario hinestroza hipolito hoffmann honorio horacia huaman huanca
huenchuman huenu iara ieda ilda ildefonso ilma inacio iolanda iracema iraci irineu isabella
isabelle isidro ismar italo itamar ivana ivanildo ivanir ivete ivo ixcot izabel jacinto jacira
jackeline jailson jair jairo jamile jandira janete janice januario jeferson jefferson jeronimo
jhonatan joaquina jocelyn joelma joelson joice jorgelina josenildo josiane josiel josimar jucelino
jucilene juraci juscelino jussara karine katia keila khan killa kleber klein kobayashi kowalski
lage laiane lamounier larisse laurinda lazaro leandra leda leocadio leonice leonora lilia lindalva
lindomar llancafil lonko lorraine lourival luan luana lucelia lucilene lucimar lucrecia ludmila
lustosa luzia mabel macario macena madalena magali magdalena maicon malena mamani manoela
marcelina marcelino marcella marciana mariane maricel mariela marilda marileide marilene marilia
marilu marinalva marinete marita marli marlon marluce matilda mauricia maximino mayara meira meire
meireles melquiades michel michelle michely miguelina mirela mirian mirta mirtha moacir moita
monique mosquera motta muller nadir naiara nakamura nanco natasha nathan nayra nazario neide nelly
neuza nguyen nicanor nilda nilson nilton nilza nivaldo nobrega nonato norberta novaes novais nowak
obdulia odair odete okonkwo orlanda ornelas oscarina osmar osvalda osvaldina otavia ozeas painemal
paiva palmira pamella pantoja pascual patrick paulino peixoto pellegrini percival pimentel poliana
policarpo pollyana queiroz quintin quintino quispe quiteria rabelo railson raimunda raissa ramires
rayane rebelo regiane reginaldo regis rejane remigio renilda ricci rigoberto rildo rivaldo
robinson rogeria romario romeu ronald ronan roriz rosalba rosalinda roselane roseli rosemary
rosendo rosilda rosilene rosimeire rosinete rubens rufino ruperto russo rute sajic samara samira
sanches santoro saraiva sardinha sato saturnino schmidt schneider schulz seabra sebastiao selma
serafin serpa severina severino sidnei sidney silas silmara silverio silvio simao simoni sisa
sodre solange souto suelen sueli suellen suely suzuki tacila taina tainara tales talita tamires
tanaka tarcisio tatiane tavora telles telma tenorio teodora teofilo tereza terezinha thaisa
thalita thayna thaynara tiburcio torquato tranquilino tulio tupa tzul ubaldo ubirajara uchoa
valadares valdeci valdecir valdemar valdete valdir valdomiro valenca valeriano valmir valoyes
valter vanda vanderlei vanderson varela vasconcellos veloso venancio veridiana viegas vilca vilela
vilma vivian waldir wallace walmir wanderley wanderson wang washington watanabe wayra weber
wenceslao wendel weslei weslley wilfredo wilma ximenes xol yago yamamoto yasmim yupanqui zacarias
zago zelia zelina zenaide zenobia zhang zilda zoila zuleide zulma
"""
_AMBIGUOUS = """
abril aires angel aparecida asuncion aurora autumn barrera barrios belen bill blanco branco bravo
brown bueno caballero campo campos carmen clara clark colina consuelo cordero cruz cuevas delgado
dias dolores domingo dora dos dulce estela estrada eva faith flor flores franca franco frank frias
fuentes gil gloria grace grant green guadalupe guerra guerrero hidalgo hill hope infante iris
jesus jordan joy julio king lara leal leite leon libertad lima linares lobato luna luz machado mar
mares marin mark mata may mercado mercedes mesa milagros montes mora moreno neto neves nieto
nieves norma norte page palacios palma paloma passos paz pena penas piedra pilar pinto pires ponce
porto prado price prieto primo real regina reis resende reyes ribera rico rincon rio rios rivera
rivero rocha romano rosa rosado rosario rosas rose rubio salas sales salvador santa santana
santiago santo santos scott segura serra serrano silvestre simon socorro sol soledad sosa stone
summer toro torre torres trindade valle ventura vera victoria vidal villa violeta vitoria white
young
amado aparecido bandeira bento caldas camara candelaria choque conceicao cordoba cuero divino
dourado frota garrido holanda jardim magno maranhao marino mina mota nobre noel paixao palmeira
perla pessoa pimenta pontes portela quadros ramalho segundo severo valente
"""


def _set(words: str) -> frozenset[str]:
    return frozenset("".join(map(folded, word)) for word in words.split())


AMBIGUOUS: Final = _set(_AMBIGUOUS)
"""Names that are ordinary words, places or months too."""

NAMES: Final = _set(_NAMES) - AMBIGUOUS
"""Names that are hardly anything else."""
