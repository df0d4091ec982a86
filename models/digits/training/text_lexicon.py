"""Number words, carrier phrases and other words of twelve languages, for the text experts.

Phrases are separated by `|`; `{}` is where the number word goes. Phrases of `train`, `dev` and `test` differ. No phrase has a
number word of its own, nor an article that is one ("un", "ein", "bir"), in any of the languages.
"""

# Index = label; alternatives are separated by spaces, the commonest first (it is drawn half of the time).
WORDS: dict[str, list[str]] = {
    "en": ["zero nought naught oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "de": ["null", "eins", "zwei zwo", "drei", "vier", "fünf fuenf", "sechs", "sieben", "acht", "neun"],
    "fr": ["zéro", "un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "es": ["cero", "uno una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    "it": ["zero", "uno una", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"],
    "pt": ["zero", "um uma", "dois duas", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"],
    "nl": ["nul", "één een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "sv": ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
    "pl": ["zero", "jeden jedna jedno", "dwa dwie", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć"],
    "tr": ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"],
    "fi": ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    "ru": ["ноль нуль", "один одна одно", "два две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"],
}

CARRIERS: dict[str, dict[str, str]] = {
    "en": {
        "train": "it is {}|it's {}|the answer is {}|number {}|I see {}|this is {}|press {}|the number is {}|I think {}|"
        "looks like {}|say {}|{} it is|that is {}|probably {}|digit {}|is it {}?|answer: {}|{} I guess|choose {}|the picture shows {}",
        "dev": "the result is {}|I heard {}|maybe {}|{} I think|it must be {}",
        "test": "the digit is {}|we counted {}|I would say {}|they wrote {}|{}, definitely|my guess is {}|you dialled {}",
    },
    "de": {
        "train": "die Antwort ist {}|das ist {}|es ist {}|die Zahl {}|die Zahl ist {}|Nummer {}|ich sehe {}|ich glaube {}|drücke {}|"
        "Ziffer {}|wohl {}|Antwort: {}|{} denke ich|hier steht {}|bitte {}",
        "dev": "das Ergebnis lautet {}|ich hörte {}|vielleicht {}|{} glaube ich",
        "test": "die Ziffer lautet {}|wir haben {} gezählt|ich würde {} sagen|da steht {}|{}, ganz sicher|ich tippe auf {}",
    },
    "fr": {
        "train": "la réponse est {}|c'est le {}|c'est {}|le nombre est {}|numéro {}|je vois {}|je crois {}|appuyez sur {}|le chiffre {}|"
        "sans doute {}|réponse : {}|{} je pense|il est écrit {}|le numéro {}|voici le {}",
        "dev": "le résultat est {}|j'ai entendu {}|peut-être {}|{} je crois",
        "test": "le chiffre est {}|nous avons compté {}|je dirais {}|ils ont écrit {}|{}, certainement|composez le {}",
    },
    "es": {
        "train": "la respuesta es {}|es el {}|el número es {}|número {}|veo {}|creo que {}|pulse {}|la cifra {}|quizás {}|"
        "respuesta: {}|{} creo|aquí dice {}|el número {}|parece {}|marca el {}",
        "dev": "el resultado es {}|he oído {}|tal vez {}|{} supongo",
        "test": "la cifra es {}|hemos contado {}|yo diría {}|han escrito {}|{}, seguro|el dígito es {}",
    },
    "it": {
        "train": "la risposta è {}|è il {}|il numero è {}|numero {}|vedo {}|credo {}|premi {}|la cifra {}|forse {}|risposta: {}|"
        "{} credo|qui c'è scritto {}|il numero {}|sembra {}|scegli {}",
        "dev": "il risultato è {}|ho sentito {}|magari {}|{} direi",
        "test": "la cifra è {}|abbiamo contato {}|io direi {}|hanno scritto {}|{}, sicuramente|digita il {}",
    },
    "pt": {
        "train": "a resposta é {}|é o {}|o número é {}|número {}|vejo {}|acho que {}|prima {}|o algarismo {}|talvez {}|resposta: {}|"
        "{} acho eu|aqui diz {}|o número {}|parece {}|escolha {}",
        "dev": "o resultado é {}|ouvi {}|se calhar {}|{} creio",
        "test": "o dígito é {}|nós contámos {}|eu diria {}|escreveram {}|{}, com certeza|marque o {}",
    },
    "nl": {
        "train": "het antwoord is {}|dat is {}|het is {}|het getal is {}|nummer {}|ik zie {}|ik denk {}|druk op {}|cijfer {}|misschien {}|"
        "antwoord: {}|{} denk ik|hier staat {}|het getal {}|kies {}",
        "dev": "de uitkomst is {}|ik hoorde {}|wellicht {}|{} geloof ik",
        "test": "het cijfer is {}|we hebben {} geteld|ik zou {} zeggen|daar staat {}|{}, zeker weten|toets {}",
    },
    "sv": {
        "train": "svaret är {}|det är {}|talet är {}|nummer {}|jag ser {}|jag tror {}|tryck {}|siffran {}|kanske {}|svar: {}|"
        "{} tror jag|här står {}|talet {}|välj {}|det blir {}",
        "dev": "resultatet är {}|jag hörde {}|troligen {}|{} gissar jag",
        "test": "siffran är {}|vi räknade {}|jag skulle säga {}|de skrev {}|{}, helt säkert|slå {}",
    },
    "pl": {
        "train": "odpowiedź to {}|to jest {}|to {}|liczba {}|numer {}|widzę {}|myślę że {}|naciśnij {}|cyfra {}|może {}|odpowiedź: {}|"
        "{} chyba|tu pisze {}|wybierz {}|liczba to {}",
        "dev": "wynik to {}|słyszałem {}|pewnie {}|{} myślę",
        "test": "cyfra to {}|naliczyliśmy {}|powiedziałbym {}|napisali {}|{}, na pewno|proszę wpisać {}",
    },
    "tr": {
        "train": "cevap {}|bu {}|sayı {}|numara {}|ben {} görüyorum|sanırım {}|{} tuşuna bas|rakam {}|belki {}|cevap: {}|"
        "{} galiba|burada {} yazıyor|sayı {} olmalı|{} seç|yanıt {}",
        "dev": "sonuç {}|{} duydum|herhalde {}|{} sanırım",
        "test": "rakam {} gibi|{} saydık|bence {}|{} yazmışlar|{}, kesinlikle|numara {} olacak",
    },
    "fi": {
        "train": "vastaus on {}|se on {}|luku on {}|numero {}|näen {}|luulen että {}|paina {}|numero on {}|ehkä {}|vastaus: {}|"
        "{} luulisin|tässä lukee {}|luku {}|valitse {}|tämä on {}",
        "dev": "tulos on {}|kuulin {}|varmaan {}|{} arvelen",
        "test": "merkki on {}|laskimme {}|sanoisin {}|he kirjoittivat {}|{}, aivan varmasti|näppäile {}",
    },
    "ru": {
        "train": "ответ {}|это {}|число {}|номер {}|я вижу {}|думаю {}|нажмите {}|цифра {}|наверное {}|ответ: {}|"
        "{} кажется|здесь написано {}|выберите {}|это число {}|похоже {}",
        "dev": "результат {}|я слышал {}|может быть {}|{} думаю",
        "test": "эта цифра {}|мы насчитали {}|я бы сказал {}|они написали {}|{}, точно|наберите {}",
    },
}

# Numbers above nine: junk, because they are not one digit.
LARGE: dict[str, str] = {
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred thousand twenty-one thirty-two forty-three fifty-four sixty-five seventy-six eighty-seven ninety-eight",
    "de": "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig siebzig hundert "
    "siebenundzwanzig dreiundvierzig",
    "fr": "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt trente quarante cinquante soixante cent mille "
    "vingt-sept quatre-vingts",
    "es": "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta "
    "setenta ochenta noventa cien veintisiete",
    "it": "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta sessanta "
    "settanta ottanta novanta cento ventisette",
    "pt": "dez onze doze treze catorze quinze dezasseis dezessete dezoito dezenove vinte trinta quarenta cinquenta sessenta setenta "
    "oitenta noventa cem",
    "nl": "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig veertig zestig zeventig "
    "tachtig negentig honderd zevenentwintig",
    "sv": "tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo trettio fyrtio femtio sextio sjuttio åttio nittio "
    "hundra tjugosju",
    "pl": "dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście "
    "dwadzieścia trzydzieści siedemdziesiąt sto",
    "tr": "on yirmi otuz kırk elli altmış yetmiş seksen doksan yüz onbir onyedi yirmiyedi",
    "fi": "kymmenen yksitoista kaksitoista kolmetoista neljätoista viisitoista kuusitoista seitsemäntoista kaksikymmentä sata",
    "ru": "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать двадцать тридцать сорок "
    "семьдесят сто",
}

# Everyday words for junk, none within one edit of a number word of four letters or more.
PLAIN: dict[str, str] = {
    "en": "hello world apple house garden river please thank you morning coffee the cat is black where are my keys window music "
    "yesterday and people never banana table weather lovely quick brown jumps over lazy dog school paper purple mountain",
    "de": "hallo Welt Apfel Haus Garten Fluss bitte danke Morgen Kaffee der Hund schwarz wo sind meine Schlüssel Fenster Musik gestern "
    "und Leute niemals Tisch Wetter schön Schule Papier Berg Brot Wasser",
    "fr": "bonjour monde pomme maison jardin rivière merci matin café le chat noir où sont mes clés fenêtre musique demain et les gens "
    "jamais table temps école papier montagne pain fromage",
    "es": "hola mundo manzana casa jardín río gracias mañana café el gato negro dónde están mis llaves ventana música ayer y la gente "
    "nunca mesa tiempo escuela papel montaña pan queso",
    "it": "ciao mondo mela casa giardino fiume grazie mattina caffè il gatto bianco quando sono le chiavi finestra musica ieri e la gente "
    "mai tavolo tempo scuola carta montagna pane formaggio",
    "pt": "olá mundo maçã casa jardim rio obrigado manhã café o gato preto onde estão minhas chaves janela música ontem e as pessoas "
    "nunca mesa tempo escola papel montanha pão queijo",
    "nl": "hallo wereld appel woning tuin rivier alstublieft bedankt morgen koffie de kat zwart waar zijn mijn sleutels raam muziek gisteren "
    "mensen nooit tafel weer school papier berg brood kaas",
    "sv": "hej världen äpple hus trädgård flod tack morgon kaffe katten är svart var mina nycklar fönster musik igår samt folk aldrig bord "
    "väder skola papper berg bröd ost",
    "pl": "dobry świat jabłko dom ogród rzeka proszę dziękuję rano kawa kot jest czarny gdzie są moje klucze okno muzyka wczoraj ludzie "
    "nigdy stół pogoda szkoła papier góra chleb ser",
    "tr": "merhaba dünya elma ev bahçe nehir lütfen teşekkürler sabah kahve köpek siyah nerede anahtarlarım pencere müzik dün insanlar "
    "asla masa hava okul kağıt dağ ekmek peynir",
    "fi": "hei maailma omena talo puutarha joki kiitos aamu kahvi kissa musta missä avaimeni ikkuna musiikki eilen ihmiset koskaan pöytä "
    "sää koulu paperi vuori leipä juusto",
    "ru": "привет мир яблоко дом сад река пожалуйста спасибо утро кофе кошка чёрная где мои ключи стена музыка вчера люди никогда стол "
    "погода школа бумага гора хлеб сыр",
}

KEYBOARDS = {
    "latin": ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
    "cyrillic": ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"],
}


def _neighbours() -> dict[str, str]:
    """Keys that touch a key: beside it, and the two above and below on the staggered rows."""
    result: dict[str, str] = {}
    for rows in KEYBOARDS.values():
        for y, row in enumerate(rows):
            for x, key in enumerate(row):
                near = [(y, x - 1), (y, x + 1), (y - 1, x), (y - 1, x + 1), (y + 1, x - 1), (y + 1, x)]
                result[key] = "".join(rows[b][a] for b, a in near if 0 <= b < len(rows) and 0 <= a < len(rows[b]))
    return result


NEIGHBOURS = _neighbours()
