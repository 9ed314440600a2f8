"""Names that are hard to draw, by script: what `streamsrv check` tries on every campaign, and golden pictures show.

Long ones, short ones, piles of marks, ligatures, joiners, names of many words, names in another script's sentence.
"""

from typing import NamedTuple


class Script(NamedTuple):
    """Names of one script, and the language in which they are told."""

    language: str
    names: tuple[str, ...]


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|"))


HARD_NAMES: dict[str, Script] = {
    "Latin": Script("en", _names(
        "Maximiliane-Alexandra von Württemberg-Hohenstein|Ng|Ø|Þórgnýr Ásgrímsdóttir|Wolfeschlegelsteinhausenberger|"
        "Đặng Thị Ngọc Ánh|Nguyễn Phước Bảo Ân|Kūkaʻilimoku Keliʻihananui|O’Shaughnessy-D’Arcy|Łucja Źdźbłowska|"
        "Şükrü Çağlayangil|Ijsbrand IJsseling|MAßMANN GROẞ|fluffiest Ffion|J́ȧ̈ņ̃e̋|Ǆžemala Ǉubica|ÀÉÎÕÜŸǼ Ḉŗǫšš|"
        "María del Carmen de los Ángeles y Rodríguez|Zoë Renée Mårten-Öberg|Gwrhyr Gwalstawd Ieithoedd"
    )),
    "Greek": Script("el", _names(
        "Αλέξανδρος Παπακωνσταντίνου|Ευγενία|Ἀθανάσιος Ὀδυσσεὺς|Ωμέγα Ψαρού|Κυριάκος Χατζηπαναγιωτόπουλος|Ρω|"
        "Θεόφιλος ΐ ΰ|Ἑλένη ᾯ ᾷ|ΜΑΡΊΑ|Σταυρούλα Οἰκονόμου|Ξανθίππη|Φρειδερίκη|Ὑπατία"
    )),
    "Cyrillic": Script("ru", _names(
        "Александра Константиновна Римская-Корсакова|Ия|Щукин Юрий Жданович|Ђорђе Љиљана Њњ|Ґалаґан Їжакевич|"
        "Ӂ Ә Ғ Қ Ң Ө Ұ Ү Һ|Ўткір Ҳасанов|Ёлкин Ъ|Сергі́й|Ќирил Ѓорѓи|Всеволод Святославович|Ѣва Ѳеодоръ|Йыуэ Ыйҗ|"
        "Преображенская-Воскресенская"
    )),
    "Arabic": Script("ar", _names(
        "عبد الرحمن بن محمد آل سعود|لا|مُحَمَّدٌ|فاطمة الزهراء|ﷲ الله|إلآ لإ لأ|شَيْخ زَايِد بْن سُلْطَان|نور‌الهدی|پریچهر گلشیری|"
        "ٹیپو ڈار ڑے|خديجة بنت خويلد|مؤمن رئيس لؤلؤة|كـــريم|Ali علي 123|ضُحَىٰ"
    )),
    "Hebrew": Script("he", _names(
        "אלכסנדרה בן־דוד|לי|שָׁלוֹם עֲלֵיכֶם|יְרוּשָׁלַיִם|צ׳רלי ג׳ורג׳|מנחם־מענדל שניאורסון|ץ ך ם ן ף|בַּת־שֶׁבַע|חַוָּה|אבי (אבא) 12|"
        "רות־מרים|שְׁלֹמֹה|ד״ר כהן"
    )),
    "Devanagari": Script("hi", _names(
        "श्रीकृष्णचन्द्र त्रिपाठी|ऋ|ज्ञानेश्वर|क्षत्रिय|लक्ष्मी|दुर्योधन|विद्यार्थी|प्रज्ञा|र्‍हस्व|क्‍ष|हृषीकेश|ऑड्री ॲन|स्त्री|कार्त्स्न्य|"
        "सच्चिदानन्द हीरानन्द वात्स्यायन"
    )),
    "Bengali": Script("bn", _names(
        "রবীন্দ্রনাথ ঠাকুর|শ্রী|কৃষ্ণচন্দ্র|উজ্জ্বল|ক্ষিতীশ|ঋত্বিক|বঙ্কিমচন্দ্র চট্টোপাধ্যায়|র‍্যাব|উৎপল|স্বাস্থ্য|লক্ষ্মীপ্রিয়া|জ্ঞান|হৃদয়"
    )),
    "Tamil": Script("ta", _names(
        "கிருஷ்ணமூர்த்தி|ஸ்ரீ|லக்ஷ்மி|பாலசுப்பிரமணியம்|ஔவையார்|கௌரி|மீனாட்சி சுந்தரம்|ஜெயலலிதா|ழ|க்ஷத்ரியன்|தொல்காப்பியர்|"
        "திருவள்ளுவர்|யோகேஸ்வரி"
    )),
    "Thai": Script("th", _names(
        "สมเด็จพระเจ้าตากสินมหาราช|ปิ่น|กิ๊ก|น้ำผึ้ง|ฐิติญญา|ศรีสุริโยทัย|ญี่ปุ่น|ปู่ย่า|กรุงเทพมหานคร|ณัฐวุฒิ|เชษฐ์|ก็|พรรณทิพย์"
    )),
    "Georgian": Script("ka", _names(
        "კონსტანტინე გამსახურდია|ია|შოთა რუსთაველი|ჭაბუკი წყალობა|ჰამლეტ|ქეთევან|ჟუჟუნა|ძაღლიკა|ფხაკაძე|ყვარყვარე|"
        "ნინო ღ|მერაბ კოსტავა|თინათინ"
    )),
    "Armenian": Script("hy", _names(
        "Հովհաննես Թումանյան|Է|Արշալույս|Մեսրոպ Մաշտոց|Ծովինար|Ճշմարիտ|Պողոս-Պետրոս|և|Խաչատուր Աբովյան|Ջիվան|ԳՐԻԳՈՐ|"
        "Ռուբեն Սևակ|Քրիստափոր"
    )),
    "Han": Script("zh-Hans", _names(
        "欧阳致远|李|诸葛亮|﨑山 㐂助|龘靐齉|毛澤東|爾雅|魑魅魍魎|刘备 关羽 张飞|䶮|骉犇|王小明先生|鬱|司馬相如"
    )),
    "Kana": Script("ja", _names(
        "さくら|コーヒーデス|がぎぐげご|ヴァイオレット・エヴァーガーデン|ゔ|ㇰ|ﾊﾝｶｸ|々木さん|渡邉 髙橋|"
        "はひふへほ|ー|ッチ|東京タワーの下"
    )),
    "Hangul": Script("ko", _names(
        "김철수|뷁|남궁민수|한글 이름이 아주 길어요|쀍|가각간갇|황보|밝은샘|옛|선우용녀|대한민국만세|쏊|독고영재"
    )),
    "Emoji": Script("en", _names(
        "Ana 👩‍👩‍👧‍👦|🇺🇦 Oleh|👨🏾‍🦰 Kofi|❤️‍🔥|1️⃣ First|🏴󠁧󠁢󠁳󠁣󠁴󠁿 Isla|Zoé 🧑🏽‍🚀"
    )),
}  # fmt: skip
"""By the script's English name."""
