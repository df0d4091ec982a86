"""Number words, carrier phrases and other words of twelve languages, for the text experts.

Phrases are separated by `|`; `{}` marks the number word. The phrases of `train`, `dev` and `test` differ. No phrase contains another
number word in any of the languages, including articles such as "un", "ein" and "bir".
"""

# Index = label. Alternatives are separated by spaces, the most common first (it is drawn half of the time).
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
        "train": "it is {}|it's {}|the answer is {}|number {}|I see {}|this is {}|press {}|the number is {}|I think {}|looks like {}|say {}|"
        "{} it is|that is {}|probably {}|digit {}|is it {}?|answer: {}|{} I guess|choose {}|the picture shows {}|{}, I think|"
        "I'd say it's a {}|that looks like {} to me|my answer: {}|I believe it's {}|that would be {}|it reads {}|clearly a {}|"
        "it should be {}|{}, if I'm not mistaken|I'm fairly sure it's {}|we think it was {}|well, {}|ok so {}|you can see a {} there|"
        "I got {}|as far as I can tell, {}|hm, {} maybe",
        "dev": "the result is {}|I heard {}|maybe {}|{} I think|it must be {}|{}, I suppose|I'd go with {}|seems to be a {}|my choice: {}|"
        "I reckon it's {}|I'm sure I saw {}|it was {}, right?|in my opinion {}",
        "test": "the digit is {}|we counted {}|I would say {}|they wrote {}|{}, definitely|my guess is {}|you dialled {}|{}, if you ask me|"
        "I'd bet it's a {}|sounds like {} to me|our answer: {}|I am almost certain it says {}|could be {}, no?",
    },
    "de": {
        "train": "die Antwort ist {}|das ist {}|es ist {}|die Zahl {}|die Zahl ist {}|Nummer {}|ich sehe {}|ich glaube {}|drücke {}|Ziffer {}|"
        "wohl {}|Antwort: {}|{} denke ich|hier steht {}|bitte {}|{}, denke ich|ich würde meinen {}|das sieht nach {} aus|"
        "meine Antwort: {}|ich bin ziemlich sicher, {}|na ja, {}|das müsste {} sein|also {}|man sieht hier {}",
        "dev": "das Ergebnis lautet {}|ich hörte {}|vielleicht {}|{} glaube ich|{}, nehme ich an|ich vermute {}|scheint {} zu sein|"
        "meine Wahl: {}|meiner Meinung nach {}",
        "test": "die Ziffer lautet {}|wir haben {} gezählt|ich würde {} sagen|da steht {}|{}, ganz sicher|ich tippe auf {}|"
        "{}, wenn ihr mich fragt|klingt nach {}|unsere Antwort: {}|ich wette, es ist {}",
    },
    "fr": {
        "train": "la réponse est {}|c'est le {}|c'est {}|le nombre est {}|numéro {}|je vois {}|je crois {}|appuyez sur {}|le chiffre {}|"
        "sans doute {}|réponse : {}|{} je pense|il est écrit {}|le numéro {}|voici le {}|{}, je pense|on dirait {}|ma réponse : {}|"
        "ça ressemble à {}|ce doit être {}|eh bien, {}|je suis presque sûr que c'est {}|pour moi c'est {}|alors {}",
        "dev": "le résultat est {}|j'ai entendu {}|peut-être {}|{} je crois|{}, je suppose|je choisis {}|il me semble {}|à mon avis {}",
        "test": "le chiffre est {}|nous avons compté {}|je dirais {}|ils ont écrit {}|{}, certainement|composez le {}|"
        "{}, si vous voulez mon avis|notre réponse : {}|je parie sur {}|j'entends {}",
    },
    "es": {
        "train": "la respuesta es {}|es el {}|el número es {}|número {}|veo {}|creo que {}|pulse {}|la cifra {}|quizás {}|respuesta: {}|{} creo|"
        "aquí dice {}|el número {}|parece {}|marca el {}|{}, creo yo|se parece a {}|mi respuesta: {}|debe de ser {}|bueno, {}|"
        "estoy casi seguro de que es {}|para mí es {}|pues {}|se ve {}",
        "dev": "el resultado es {}|he oído {}|tal vez {}|{} supongo|{}, me parece|elijo el {}|a mi juicio {}|será {}",
        "test": "la cifra es {}|hemos contado {}|yo diría {}|han escrito {}|{}, seguro|el dígito es {}|{}, si me preguntas|nuestra respuesta: {}|"
        "apuesto por {}|suena a {}",
    },
    "it": {
        "train": "la risposta è {}|è il {}|il numero è {}|numero {}|vedo {}|credo {}|premi {}|la cifra {}|forse {}|risposta: {}|{} credo|"
        "qui c'è scritto {}|il numero {}|sembra {}|scegli {}|{}, penso|somiglia a {}|la mia risposta: {}|dovrebbe essere {}|beh, {}|"
        "sono quasi sicuro che è {}|per me è {}|allora {}|si vede {}",
        "dev": "il risultato è {}|ho sentito {}|magari {}|{} direi|{}, suppongo|scelgo il {}|a mio parere {}|mi pare {}",
        "test": "la cifra è {}|abbiamo contato {}|io direi {}|hanno scritto {}|{}, sicuramente|digita il {}|{}, se chiedi a me|"
        "la nostra risposta: {}|scommetto su {}|suona come {}",
    },
    "pt": {
        "train": "a resposta é {}|é o {}|o número é {}|número {}|vejo {}|acho que {}|prima {}|o algarismo {}|talvez {}|resposta: {}|{} acho eu|"
        "aqui diz {}|o número {}|parece {}|escolha {}|{}, penso eu|parece ser {}|minha resposta: {}|deve ser {}|bem, {}|"
        "tenho quase certeza que é {}|para mim é {}|então {}|vê-se {}",
        "dev": "o resultado é {}|ouvi {}|se calhar {}|{} creio|{}, suponho|escolho {}|na minha opinião {}|será {}",
        "test": "o dígito é {}|nós contámos {}|eu diria {}|escreveram {}|{}, com certeza|marque o {}|{}, se me perguntas|nossa resposta: {}|"
        "aposto em {}|soa como {}",
    },
    "nl": {
        "train": "het antwoord is {}|dat is {}|het is {}|het getal is {}|nummer {}|ik zie {}|ik denk {}|druk op {}|cijfer {}|misschien {}|"
        "antwoord: {}|{} denk ik|hier staat {}|het getal {}|kies {}|{}, denk ik zo|dat lijkt op {}|mijn antwoord: {}|het moet {} zijn|"
        "nou, {}|ik ben bijna zeker van {}|volgens mij {}|dus {}|je ziet hier {}|ik zeg {}|hij zegt {}|het was {}",
        "dev": "de uitkomst is {}|ik hoorde {}|wellicht {}|{} geloof ik|{}, neem ik aan|ik kies {}|naar mijn mening {}|het lijkt me {}",
        "test": "het cijfer is {}|we hebben {} geteld|ik zou {} zeggen|daar staat {}|{}, zeker weten|toets {}|{}, als je het mij vraagt|"
        "ons antwoord: {}|ik wed op {}|klinkt als {}",
    },
    "sv": {
        "train": "svaret är {}|det är {}|talet är {}|nummer {}|jag ser {}|jag tror {}|tryck {}|siffran {}|kanske {}|svar: {}|{} tror jag|"
        "här står {}|talet {}|välj {}|det blir {}|{}, tror jag nog|det ser ut som {}|mitt svar: {}|det borde vara {}|tja, {}|"
        "jag är nästan säker på {}|för mig är det {}|alltså {}|man ser {}|jag säger {}",
        "dev": "resultatet är {}|jag hörde {}|troligen {}|{} gissar jag|{}, antar jag|jag väljer {}|enligt mig {}|det verkar vara {}",
        "test": "siffran är {}|vi räknade {}|jag skulle säga {}|de skrev {}|{}, helt säkert|slå {}|{}, om du frågar mig|vårt svar: {}|"
        "jag satsar på {}|det låter som {}",
    },
    "pl": {
        "train": "odpowiedź to {}|to jest {}|to {}|liczba {}|numer {}|widzę {}|myślę że {}|naciśnij {}|cyfra {}|może {}|odpowiedź: {}|{} chyba|"
        "tu pisze {}|wybierz {}|liczba to {}|{}, tak myślę|wygląda jak {}|moja odpowiedź: {}|to powinno być {}|no cóż, {}|"
        "jestem prawie pewien że {}|dla mnie to {}|więc {}|widać {}",
        "dev": "wynik to {}|słyszałem {}|pewnie {}|{} myślę|{}, jak sądzę|wybieram {}|moim zdaniem {}|wydaje się że {}",
        "test": "cyfra to {}|naliczyliśmy {}|powiedziałbym {}|napisali {}|{}, na pewno|proszę wpisać {}|{}, jeśli mnie pytasz|"
        "nasza odpowiedź: {}|stawiam na {}|brzmi jak {}",
    },
    "tr": {
        "train": "cevap {}|bu {}|sayı {}|numara {}|ben {} görüyorum|sanırım {}|{} tuşuna bas|rakam {}|belki {}|cevap: {}|{} galiba|"
        "burada {} yazıyor|sayı {} olmalı|{} seç|yanıt {}|{}, öyle sanıyorum|bana {} gibi geldi|cevabım: {}|{} olmalı|şey, {}|"
        "neredeyse eminim, {}|bana göre {}|yani {}|{} görünüyor",
        "dev": "sonuç {}|{} duydum|herhalde {}|{} sanırım|{}, galiba öyle|{} seçiyorum|benim fikrim {}|{} gibi duruyor",
        "test": "rakam {} gibi|{} saydık|bence {}|{} yazmışlar|{}, kesinlikle|numara {} olacak|{}, bana sorarsan|cevabımız: {}|{} derim|"
        "{} gibi duyuluyor",
    },
    "fi": {
        "train": "vastaus on {}|se on {}|luku on {}|numero {}|näen {}|luulen että {}|paina {}|numero on {}|ehkä {}|vastaus: {}|{} luulisin|"
        "tässä lukee {}|luku {}|valitse {}|tämä on {}|{}, niin luulen|näyttää olevan {}|vastaukseni: {}|sen pitäisi olla {}|no, {}|"
        "olen melko varma että {}|minusta se on {}|siis {}|siinä näkyy {}",
        "dev": "tulos on {}|kuulin {}|varmaan {}|{} arvelen|{}, oletan|valitsen {}|mielestäni {}|taitaa olla {}",
        "test": "merkki on {}|laskimme {}|sanoisin {}|he kirjoittivat {}|{}, aivan varmasti|näppäile {}|{}, jos minulta kysytään|"
        "vastauksemme: {}|veikkaan {}|kuulostaa että {}",
    },
    "ru": {
        "train": "ответ {}|это {}|число {}|номер {}|я вижу {}|думаю {}|нажмите {}|цифра {}|наверное {}|ответ: {}|{} кажется|здесь написано {}|"
        "выберите {}|это число {}|похоже {}|{}, я так думаю|похоже на {}|мой ответ: {}|должно быть {}|ну, {}|почти уверен что {}|"
        "по-моему {}|значит {}|тут видно {}",
        "dev": "результат {}|я слышал {}|может быть {}|{} думаю|{}, я полагаю|выбираю {}|на мой взгляд {}|видимо {}",
        "test": "эта цифра {}|мы насчитали {}|я бы сказал {}|они написали {}|{}, точно|наберите {}|{}, если спросить меня|наш ответ: {}|"
        "ставлю на {}|звучит как {}",
    },
}

# Numbers above nine: junk, because they are not single digits.
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

# The most common verbs and function words, which a model must not confuse with a misspelt number.
COMMON: dict[str, str] = {
    "en": "say said write wrote count see seen hear think know give take make want need look find tell ask work feel try leave call there "
    "here when what which who how then than some more very with from have has been will would could should about after before",
    "de": "sagen sagt schreiben schrieb zählen sehen gesehen hören denken wissen geben nehmen machen wollen brauchen finden fragen gehen "
    "kommen bleiben heute immer schon noch mehr sehr mit von haben hat wird werden würde können soll über nach vor dann wenn nicht auch",
    "fr": "dire dit écrire écrit compter voir vu entendre penser savoir donner prendre faire vouloir trouver demander aller venir rester "
    "toujours déjà encore plus avec pour avoir serait peut doit sur après avant puis quand pas aussi nous vous ils elle",
    "es": "decir dice escribir escrito contar ver visto oír pensar saber dar tomar hacer querer buscar encontrar pedir venir quedar siempre "
    "ya todavía más muy con para tener sería puede debe sobre después antes cuando también nosotros ellos ella",
    "it": "dire detto scrivere scritto contare vedere visto sentire pensare sapere dare prendere fare volere cercare trovare chiedere andare "
    "venire restare sempre già ancora più molto con per avere sarebbe deve sopra dopo prima quando anche noi loro",
    "pt": "dizer disse escrever escrito contar ver visto ouvir pensar saber dar tomar fazer querer procurar encontrar pedir ir vir ficar "
    "sempre já ainda mais muito com para ter seria pode deve sobre depois antes quando também eles ela",
    "nl": "zeggen zegt gezegd schrijven schreef tellen zien gezien horen denken weten geven nemen maken willen zoeken vinden vragen gaan komen "
    "blijven altijd al nog meer zeer met voor hebben heeft wordt zou kunnen moet over na dan niet ook wij zij leggen liggen krijgen",
    "sv": "säga sade skriva skrev räkna se sett höra tänka veta ge ta göra vilja söka finna fråga gå komma stanna alltid redan ännu mer mycket "
    "med för ha har blev skulle kan måste över efter innan då när inte också vi de rött stort",
    "pl": "mówić mówi pisać napisał liczyć widzieć słyszeć myśleć wiedzieć dać brać robić chcieć szukać znaleźć pytać iść zostać zawsze już "
    "jeszcze więcej bardzo z dla mieć ma będzie byłby musi nad po przed kiedy nie też my oni",
    "tr": "demek dedi yazmak yazdı saymak görmek duymak düşünmek bilmek vermek almak yapmak istemek aramak bulmak sormak gitmek gelmek kalmak "
    "her zaman daha çok ile için var olacak olabilir sonra önce değil biz onlar",
    "fi": "sanoa sanoi kirjoittaa kirjoitti laskea nähdä kuulla ajatella tietää antaa ottaa tehdä haluta etsiä löytää kysyä mennä tulla jäädä "
    "aina jo vielä enemmän hyvin kanssa varten olla ovat olisi täytyy yli jälkeen ennen kun ei myös me he",
    "ru": "сказать сказал писать написал считать видеть слышать думать знать дать брать делать хотеть искать найти спросить идти остаться всегда "
    "уже ещё больше очень для иметь будет был бы должен над после перед когда не тоже мы они она",
}

KEYBOARDS = {
    "latin": ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
    "cyrillic": ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"],
}


def _neighbours() -> dict[str, str]:
    """Neighbours of each key: left and right, and two each above and below on the staggered rows."""
    result: dict[str, str] = {}
    for rows in KEYBOARDS.values():
        for y, row in enumerate(rows):
            for x, key in enumerate(row):
                near = [(y, x - 1), (y, x + 1), (y - 1, x), (y - 1, x + 1), (y + 1, x - 1), (y + 1, x)]
                result[key] = "".join(rows[b][a] for b, a in near if 0 <= b < len(rows) and 0 <= a < len(rows[b]))
    return result


NEIGHBOURS = _neighbours()
