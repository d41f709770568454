"""Names that are ordinary words, too: “Rose”, “Mai”, “Will”. Folded as `naming.folded` does it, by language.

A list can never be whole. A name that is missing here is protected everywhere, which costs the sentence a word; a word
that stands here is protected only where it looks like a name.
"""

from __future__ import annotations

from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Parts of names that say nothing about anybody. They are protected only together with the rest of a name.
PARTICLES = _set("""
          a al ap bin bint da das de del della dem den der des di do dos du e el ibn la las le les lo los mac mc van
    vom     von y zu zum zur der die das und and the of ال بن بنت ابن ابو ام та і й и в у з на до
""")

_EN = """
    a abbey able amber an angel angels apple april archer are art as ash august autumn baker banks bay bean bear
    bell berry best bill birch bird birds bishop black blue bloom bloom blossom bob book books bond bowl boy branch
    brave bridge bright brook brooks brother brown bud burns bush butcher butler can carol carpenter carter case
    cash chance chase chef child christian church clay cliff cloud coach cole cook cool cooper coral cotton crane
    crystal daisy dale dan dance dawn day days dean dear diamond dick do dot dove drew duke earl east eden elder
    english eve ever faith farmer fern field fields finch fish fisher fleet flint flora ford forest fox frank free
    freedom french frost fuller gale garden gardener gay gem gene gentle ginger glass glory gold golden good grace
    grant gray green grey grove guy hail hall happy harbor hardy harmony hart hazel heath heather heaven held hero
    hill hills holiday holly holy home honor hood hope house hunt hunter ice in iris is ivory ivy jack jade jam
    jasmine jay jean jet jewel jobs john join jolly joy judge july june just kay keen key kid kind king kit knight
    lady lake lamb lance land lane large lark laurel law lee leaf leaves lily lime link lions little lock lodge long
    lord lot love low luck lucky luke lynx mai man many march mark mars marsh mason master may meadow melody mercy
    merry mica mike mile miles mill miller mind mine mint miss misty mist moon moor more moss mother myrtle neat new
    nice nick noble noon north oak ocean olive on opal or ore page paige paris park parker parks past pat patience
    peace pearl penny pepper perry pie pierce pike pine piper place plum pole pond poppy porter potter power price
    pride prince prior pure queen rain rainbow ray read real reed rich rice ring rivers river rob robin rock rod
    rose rosemary rough round royal ruby rush rust rusty sage sand sandy savage school sea season see seven shade
    shadow sharp she sharpe shore short silver sister six sky small smart smith snow so sonny south spark spring
    star starling stars steel stella sterling stone storm street strong sue sugar summer summers sunny swan swift
    teacher temple terry tiger tom tuesday town trinity true tucker turner valley van victor victory violet waters
    walker wall ward water way weaver wells west wheeler white will willow wills win wind wing winter wise wolf wood
    woods wren wright yards york young zest he i it me my no of one our out to up us we
"""
_DE = """
    abend adler alt amt an april arm august bach bauer baum beer berg bergen berger best birke bitter blau blum
    blume blumen boden bohne boot brand braun breit brot bruder brunnen bunt burg busch christ dank diener dorf du
    eber edel ehrlich eiche ein engel er ernst esel fast fein feld fels fest feuer fink fisch fischer flora flur
    frank frau frei freitag freude frieden friede frisch froh frost fuchs garten gast geier gern gerber glanz glas
    glaube glocke gold graf grau grimm groß gross grün grun gut haas haase hahn hase halle hammer hart haus heide
    heil heiß held hell herbst herr herz himmel hirsch hirte hof hoffnung holz horn hut ich igel ihr im in iris
    jäger jager jahn jasmin jung junge juni kaiser kalt kamm kann karl keller kern kirche kirsch klar klein kluge
    knecht koch kohl könig konig kopf korn kraft kranz kraus kreis kreuz krug krüger kruger kühn kuhn kunst kurz
    lamm land lang lange laub laut leicht leim licht lieb liebe linde link linse lorbeer löwe lowe luft mai mann
    mark markt marsch maurer meer mehl meister melone metzger mild mit montag moos morgen müller muller mond munter
    nagel nebel neu neumann nord nuss ober ochs oft ostern otter papst paris pfarrer pfeffer pfeil pilz platz rabe
    rad rau rau rebe recht regen reich reif reis richter riese ring ritter rose rosen rot roth ruhe rund salz samt
    sand schäfer schafer schatz schick schmied schmidt schnee schneider scholz schön schon schubert schuster schwan
    schwarz see sehr seide selig sieben sommer sonne sonntag specht sperling spring stadt stahl stark staub stein
    stern still stolz storch strauß streit stumm sturm süß tag tal tanne taube teich thron topf traum treu tulpe um
    unruh vater veit vogel vogt vogel voll wache wagner wald wall walter wand warm wasser weber weg weich wein weise
    weiß weiss weis welt wiese wild will winter wolf wolke wunder wurm zahn zander zeit ziegler zimmer zimmermann
    zweig es sie so wo wir
"""
_ES = """
    abril agosto alba alegría alegria alma alto alba amable amada ángel angel ángeles angeles amor aro aurora
    azucena bello blanca blanco bravo bueno cabello cabeza calle campo campos caro casa castillo cielo clara claro
    clavel concepción concepcion consuelo corona cortes coral cruz cuesta del delgado delicia dolores domingo dulce
    espera esperanza estrella fe feliz flor flores fuente fuentes gallo gloria gracia grande guapo guerra guerrero
    herrera herrero hermosa hierro hoja huerta iglesia iglesias inocencia iris jardín jardin jazmín jazmin jueves
    justo ladrón leal león leon linda lobo lucero luna luz madera mar mares margarita marina marino mayo mayor
    mercado mercedes milagros mina molina molino montaña monte montes mora morales moreno nieve nieves noche nogal
    nova nuevo olivo oro paloma parra paz pascual pastor perdón peña piedad pilar pino plaza prado primavera
    príncipe puente puerta ramo ramos real reina rey reyes río rio ríos rios roble roca rocío rocio rojo romero rosa
    rosario rosas rubio ruiz sal sala salud salvador santa santo santos serena serrano sierra silva sol sola soledad
    soler solo soto suave tierra toro torre torres trinidad valle valiente vega vela ventura vera verde vida viernes
    vila victoria viento villa violeta virgen zapatero es ya yo se si
"""
_UK = """
    береза білий біла богдан весна віра воля вовк вогонь гай герой голуб гора господар дар дуб жито заєць зима зірка
    золото зоря іскра калина квітка коваль козак король коза кравець лев лада лис ліс літо лілія любов люба майстер
    мак май малина марія мельник мир мила море мороз надія небо ніч олень перемога піст поле правда рід роза роман
    рута світ світлана сила сирота слава слово сніг соболь сокіл сонце тарас терен тиша травень чайка червень шевчик
    щастя яблуко ялина ясен ярина я ти він ми ви
"""
_RU = """
    белый белая берёза береза весна вера воля волк воробей голубь гора дар дуб заяц зима звезда золото заря искра
    калина князь коваль козёл король кот кузнец лев лада лиса лес лето лилия любовь люба мак май мастер мельник мир
    мила море мороз надежда небо ночь орел орёл победа поле попов правда роза роман сила слава слово снег соболь
    сокол солнце счастье тишина чайка я ты он мы вы
"""
_AR = """
    احمد احلام اسد امل اماني امير اميرة امين امينه ايمان باسم بدر بسمة بشرى جميل جميلة جنة جود حبيب حبيبة حسن حسنة
    حكيم حلا حلم حنان حياة خالد خير دعاء دنيا ربيع رجاء رحمة رضا رفيق رؤيا ريم زهرة زين سالم سحر سعيد سعيدة سلام
    سلمى سماء سند سمير شادي شجاع شريف شمس شهد صابر صادق صالح صباح صبر صديق ضياء طاهر طيب عادل عالم عبير عدل عزيز
    عزيزة عسل علم علي عيد غالي غزال فادي فجر فرح فريد فضل فن قمر كامل كريم كريمة لطيف لطيفة ليل مبارك مجد محمود مراد
    مرح مريم مسك معلم ملاك ملك منى مهدي ناجح ناصر نبيل نجاح نجم نجمة ندى نسيم نصر نعمة نور هدى هدية هلال هيا وائل
    ورد وردة وسام وسيم وعد يسر يمن
"""

MONTHS = _set("""
    march april may june july august mai juni juli mayo abril agosto май травень червень
""")

WORDS: Mapping[str, str] = {"en": _EN, "de": _DE, "es": _ES, "uk": _UK, "ru": _RU, "ar": _AR}

# What begins a sentence more often than a name does: verbs, adjectives, little words, and what schools write about.
INITIAL: Mapping[str, frozenset[str]] = {
    "en": _set("""
          a all an art as autumn ball best big book books brave bright bring can case chance chase church clay coach
    cold     cook cool dance day days dear do dress early east field fields fish flower frank free french fresh
    friday garden     gentle good grace great green grow hail happy hill holiday holidays home honor hope house hunt
    i ice in it jobs     join joy jump just keen key kid kids kind land late law leaf leaves light little long lots
    love low lunch mark     master mind mine more my near new nice no noon north now of old on one open or our out
    own park past patience     peace place power price pride pure queen rain read real rich ring road rock room
    rough round safe school sea see     she short sing small smart smith snow so song south spring star start still
    stone street strong summer sunday     sunny sure swim take talk teacher thanks that the to tour town trip true
    tuesday try up us value visit walk ward     water way we welcome well west white will win winter wise work write
    yes you young your
"""),
    "de": _set("""
          abend alt am bald beste bitte bunt dank das der die du ehrlich ein er es fast fein fest feuer frei freitag
    freude freundlich frisch froh frohe frühling garten gern glaube gold groß gross grün gut halt heil herbst ich
    ihr im in jung kalt kann kirche klar klein kunst lang lange laub laut leicht licht lieb liebe mild mit montag
    morgen nebel neu obst oft ostern platz recht regen reis ring ruhe rund schön schon schnee see sehr selig sie so
    sommer sonne sonntag spät spring stark still stolz süß tag treu um viel voll wald warm wasser weg weich welt wer
    wie wild will winter wir wo wunder zeit zur
"""),
    "es": _set("""
          alegría alegria amor aquí bravo bueno caro casa claro dulce en es espera feliz flores fuerte gloria gracia
    gracias grande invierno iglesia jueves justo la las lobo los luz mañana mar mayor nieve noche nuevo otoño oro
    paz plaza primavera real sala salud se si sol sola solo suave tierra único verano verde vida viernes ya yo
"""),
    "uk": _set("""
    весна вечір віра воля всім зима літо ліс любов ми мир місто надія ніч осінь піст поле правда рід світ сила
    слава слово сніг сонце ти у в я ясен щастя
"""),
    "ru": _set("""
    весна вечер вера воля всем зима лето лес любовь мы мир надежда ночь осень поле правда сила слава слово  снег
    солнце счастье ты в я
"""),
}  # fmt: skip

# What stands before a noun or a month, and hardly ever before a name.
BEFORE_WORDS: Mapping[str, frozenset[str]] = {
    "en": _set("""
    a an the in of on by until since from last next this every early late mid each no some
"""),
    "de": _set("""
    der die das den dem des ein eine einen einem einer eines im am vom zum zur ins ans beim kein keine keinen  jeder
    jede jedes dieser diese dieses diesen diesem seit bis ab anfang mitte ende letzten nächsten
"""),
    "es": _set("""
    el la los las un una unos unas del al en cada este esta de
"""),
}
