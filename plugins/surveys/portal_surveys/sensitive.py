"""Protected areas: the eight of the US Protection of Pupil Rights Amendment and the special categories of Article 9 of
the GDPR, and words in five languages by which a question that touches one is pointed out while it is written.

The words are beginnings of words. They only point something out: whoever writes the question decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from portal.sdk import _

AREAS: Mapping[str, str] = {
    "politics": _("Political opinions"),
    "mind": _("Mental health"),
    "sex": _("Sexual life and orientation"),
    "crime": _("Offences and behaviour that people hide"),
    "family": _("Judgements about people of the family"),
    "privileged": _("What was said to a doctor, lawyer or minister"),
    "religion": _("Religion and beliefs"),
    "income": _("Income"),
    "origin": _("Ethnic origin"),
    "union": _("Membership of a trade union"),
    "body": _("Genetic and biometric data"),
    "health": _("Health"),
}

_WORDS: Mapping[str, str] = {
    "politics": (
        "politic|political part|vote for|voted|voting|election|partei|politisch|wählen sie|wahlverhalten|gewählt"
        "|político|política|partido|votó|votar|voto|elecciones|سياس|حزب|أحزاب|انتخاب|تصويت|політи|партія|партії"
        "|партію|голосу|вибори|виборах"
    ),
    "mind": (
        "mental|psycholog|psychiatr|depress|anxiety|anxious|suicid|self-harm|therapist|psychisch|seelisch"
        "|angststörung|suizid|selbstmord|ritzen|therapeut|psicológ|psiquiátr|depresi|ansiedad|suicidi|autolesi"
        "|terapeuta|نفسي[ةا]|النفسي|ضغط نفسي|طبيب نفسي|اكتئاب|قلق|انتحار"
        "|психічн|психолог|психіатр|депресі|тривожн|самогуб|суїцид"
    ),
    "sex": (
        "sex|gay|lesbian|homosex|bisex|transgender|pregnan|contracepti|schwul|lesbisch|schwanger|verhütung|sexual"
        "|orientación sexual|embaraz|anticoncepti|lesbiana|جنسي|جنسية مثل|مثلي|حمل غير|حامل|منع الحمل|сексуал|гей"
        "|лесбі|вагітн|контрацепц"
    ),
    "crime": (
        "arrest|crime|criminal|police|prison|convict|illegal|drug|steal|stole|violen|abuse|alcohol|smok|straftat"
        "|vorstraf|polizei|gefängnis|illegal|droge|gestohlen|stehlen|gewalt|missbrauch|alkohol|rauch|delito"
        "|crimen|policía|cárcel|ilegal|droga|robar|robado|violencia|abuso|fuma|جريم|جنائ|شرطة|سجن|مخدر|سرق|عنف"
        "|إساءة|كحول|تدخين|злочин|поліці|в'язниц|незаконн|наркоти|крад|вкра|насил|алкогол|курит|палит|судиміст"
    ),
    "family": (
        "divorce|marital|marriage|how well do your parents|argue at home|relationship with your (?:mother|father"
        "|parents|partner|wife|husband)|scheidung|geschieden|eheprobleme|streit zu hause|streit in der familie"
        "|verhältnis zu (?:ihrer|ihrem|deiner|deinem)|divorci|matrimoni|discuten en casa|relación con su (?:madre"
        "|padre|pareja|esposo|esposa)|طلاق|مطلق|خلافات عائلية|خلافات زوجية|علاقتك ب|розлуч|шлюб|сварки вдома"
        "|стосунки з (?:матір|батьк|чоловік|дружин|партнер)"
    ),
    "privileged": (
        "lawyer|attorney|physician|doctor|priest|pastor|confess|anwalt|anwält|rechtsbeistand|arzt|ärzt|pfarrer"
        "|beichte|seelsorg|abogad|médico|doctora|sacerdote|confesión|محام|طبيب|قسيس|كاهن|إمام|адвокат|юрист|лікар"
        "|священ|сповід"
    ),
    "religion": (
        "religio|religión|church|mosque|synagogue|faith|pray|belief|god|christian|muslim|islam|jewish|jew|buddhis|hindu"
        "|atheis|baptis|kirche|moschee|synagoge|glaube|beten|gebet|konfession|christlich|muslimisch|jüdisch"
        "|getauft|taufe|weltanschauung|iglesia|mezquita|sinagoga|creencia|rezar|dios|cristian|musulm|judí|bautiz"
        "|دين|ديان|كنيسة|مسجد|صلاة|عقيدة|مسلم|مسيحي|يهودي|реліг|церкв|мечет|синагог|віруюч|віросповідан|молит"
        "|христия|мусульм|юдей|єврей|хрещен"
    ),
    "income": (
        "income|salary|wage|earn|afford|poverty|welfare benefit|social benefit|housing benefit|debt|einkommen"
        "|gehalt|lohn|verdien|leisten können|armut|bürgergeld|sozialhilfe|wohngeld|schulden|ingreso|salario"
        "|sueldo|ganan|pobreza|ayuda social|deudas|دخل|راتب|رواتب|أجر|تكسب|فقر|ديون|إعانة|дохід|доход|зарплат"
        "|заробі|бідніст|борги|соціальн допомог"
    ),
    "origin": (
        "ethnic|race|racial|skin colo|nationalit|country of birth|born abroad|immigra|migrant|refugee|asylum"
        "|ethnisch|rasse|hautfarbe|nationalität|staatsangehörig|geburtsland|migrations|flüchtling|asyl"
        "|aufenthaltsstatus|étnic|raza|racial|color de piel|nacionalidad|país de nacimiento|inmigra|refugiad"
        "|asilo|عرق|إثني|لون البشرة|جنسيتك|مهاجر|لاجئ|لجوء|етнічн|расов|колір шкіри|національніст|громадянств"
        "|країна народження|мігрант|біженц|притулок"
    ),
    "union": (
        "trade union|labor union|labour union|union member|gewerkschaft|sindicat|sindical|نقابة|نقابي|профспілк"
    ),
    "body": (
        "genetic|dna|biometric|fingerprint|face recognition|genetisch|dns-|gentest|biometrisch|fingerabdruck"
        "|gesichtserkennung|genétic|adn|biométric|huella dactilar|huellas dactilares|reconocimiento facial|جيني"
        "|وراثي|حمض نووي|بصم[ةا]|генетич|днк|біометр|відбитк|відбиток"
    ),
    "health": (
        "health|illness|disease|allerg|disab|medic|diagnos|vaccin|autis|adhd|asthma|diabet|epilep|gesund|krank"
        "|behinder|medikament|impf|adhs|salud|enfermedad|alergi|discapacidad|vacuna|asma|صح[ةيت]|مرض|أمراض|حساسية"
        "|إعاقة|دواء|أدوية|تطعيم|لقاح|здоров|хвороб|захворюв|алерг|інвалідн|ліки|діагноз|щеплен|вакцин|астм"
        "|діабет"
    ),
}


def _plain(text: str) -> str:
    """Lower case, with signs that mean the same made the same."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return "".join(sign for sign in folded if not "\u064b" <= sign <= "\u0652")  # Arabic vowel signs


# In Arabic an article or a short word may be joined to the front of a word.
_START = r"(?<!\w)(?:[وفبلك]?ال|[وفبلك]|لل)?"
_PATTERNS = {area: re.compile(f"{_START}(?:{_plain(words)})") for area, words in _WORDS.items()}


def sensitive_areas(text: str) -> list[str]:
    """The keys of `AREAS` that a text may touch, in their order; empty for most texts."""
    plain = _plain(text)
    return [area for area, pattern in _PATTERNS.items() if pattern.search(plain)]
