"""What a narrator says over each demo scene, in English, German and Arabic, as cues on the scene's own clock."""

from collections.abc import Mapping

from streamsrv.core.captions import format_stamp
from streamsrv.core.model import Cue

_Lines = tuple[tuple[int, int, str], ...]


def _cues(lines: _Lines) -> tuple[Cue, ...]:
    return tuple(Cue(start_ms, end_ms, text) for start_ms, end_ms, text in lines)


def format_narration(cues: tuple[Cue, ...]) -> str:
    """The cues as a WebVTT file."""
    blocks = (f"{format_stamp(cue.start_ms)} --> {format_stamp(cue.end_ms)}\n{cue.text}\n" for cue in cues)
    return "WEBVTT\n\n" + "\n".join(blocks)


_EN: dict[str, _Lines] = {
    "hello": (
        (300, 2900, "Welcome from all of us at Northlight."),
        (3100, 6200, "{greeting} This is your renewal,\nexplained in about a minute."),
    ),
    "hello-any": (
        (300, 2900, "Welcome from all of us at Northlight."),
        (3000, 6200, "It is time to renew your cover.\nHere is what matters."),
    ),
    "explain-home": (
        (300, 2600, "First, your home insurance."),
        (2700, 5900, "It stands by you when fire, storm\nor water do damage."),
        (6000, 8400, "It replaces what a thief takes."),
        (8500, 10400, "So home stays home."),
    ),
    "explain-motor": (
        (300, 2600, "First, your motor insurance."),
        (2700, 5900, "It covers accidents, theft\nand broken glass."),
        (6000, 8500, "And if the car stops, we come,"),
        (8600, 10400, "at any hour of the day."),
    ),
    "explain-life": (
        (300, 2600, "First, your life insurance."),
        (2700, 5900, "It gives your family security,\nwhatever happens."),
        (6000, 8400, "It supports you in illness,"),
        (8500, 10400, "and we are here to advise you."),
    ),
    "explain-any": (
        (300, 2600, "First, your insurance."),
        (2700, 5900, "It protects what matters to you,\nat home and on the way."),
        (6000, 8400, "Claims are settled fairly,"),
        (8500, 10400, "by people who answer the phone."),
    ),
    "no-claims": (
        (300, 2800, "What happened this year? Nothing."),
        (2900, 6200, "Twelve months without a claim.\nWe like that as much as you do."),
    ),
    "claims-year": (
        (200, 2000, "These were your claims."),
        (2100, 4100, "Every one of them is settled."),
    ),
    "claim-card": (
        (200, 2000, "You reported a claim,"),
        (2100, 4100, "and we have settled it."),
    ),
    "thanks-loyal": (
        (300, 3000, "You have been with us for years."),
        (3100, 6100, "We know that this is a choice,\nand we thank you for it."),
    ),
    "offer-plain": (
        (300, 2800, "Here is our offer for next year."),
        (2900, 6000, "The cover you know,\nat one price for the whole year."),
    ),
    "offer-bonus": (
        (300, 2800, "Here is our offer for next year."),
        (2900, 5600, "The cover you know, and a bonus\nfor staying with us."),
        (5700, 8300, "We take it straight off the price."),
    ),
    "next-step": (
        (300, 2900, "And your next step? It is a small one."),
        (3000, 5800, "Read your offer, tap to renew,\nand you are all set."),
        (6100, 8300, "Northlight. Light for what matters."),
    ),
}

_DE: dict[str, _Lines] = {
    "hello": (
        (300, 2900, "Willkommen bei Northlight."),
        (3100, 6200, "{greeting} Ihre Verlängerung,\nerklärt in etwa einer Minute."),
    ),
    "hello-any": (
        (300, 2900, "Willkommen bei Northlight."),
        (3100, 6200, "Ihr Schutz wird bald verlängert.\nDas sollten Sie dazu wissen."),
    ),
    "explain-home": (
        (300, 2600, "Zuerst: Ihre Hausratversicherung."),
        (2700, 5900, "Sie hilft, wenn Feuer, Sturm\noder Wasser Schaden anrichten."),
        (6000, 8400, "Sie ersetzt, was Diebe mitnehmen."),
        (8500, 10400, "Damit Ihr Zuhause eins bleibt."),
    ),
    "explain-motor": (
        (300, 2600, "Zuerst: Ihre Kfz-Versicherung."),
        (2700, 5900, "Sie gilt bei Unfall, Diebstahl\nund Glasbruch."),
        (6000, 8500, "Und bleibt das Auto stehen,"),
        (8600, 10400, "kommen wir, Tag und Nacht."),
    ),
    "explain-life": (
        (300, 2600, "Zuerst: Ihre Lebensversicherung."),
        (2700, 5900, "Sie gibt Ihrer Familie Sicherheit,\nwas auch geschieht."),
        (6000, 8400, "Sie unterstützt Sie bei Krankheit,"),
        (8500, 10400, "und wir beraten Sie gern."),
    ),
    "explain-any": (
        (300, 2600, "Zuerst: Ihre Versicherung."),
        (2700, 5900, "Sie schützt, was Ihnen wichtig ist,\nzu Hause und unterwegs."),
        (6000, 8400, "Schäden regeln wir fair,"),
        (8500, 10400, "mit Menschen, die rangehen."),
    ),
    "no-claims": (
        (300, 3000, "Was ist passiert in diesem Jahr? Nichts."),
        (3100, 6100, "Zwölf Monate ohne Schaden:\nDas freut uns so sehr wie Sie."),
    ),
    "claims-year": (
        (200, 2000, "Das waren Ihre Schäden."),
        (2100, 4100, "Jeder ist reguliert."),
    ),
    "claim-card": (
        (200, 2000, "Sie haben einen Schaden gemeldet,"),
        (2100, 4100, "und wir haben ihn reguliert."),
    ),
    "thanks-loyal": (
        (300, 3000, "Sie sind seit Jahren bei uns."),
        (3100, 6100, "Sie haben die Wahl,\nund wir danken Ihnen dafür."),
    ),
    "offer-plain": (
        (300, 2800, "Unser Angebot für das nächste Jahr:"),
        (2900, 6000, "Der Schutz, den Sie kennen,\nzum festen Preis."),
    ),
    "offer-bonus": (
        (300, 2800, "Unser Angebot für das nächste Jahr:"),
        (2900, 5600, "Der Schutz, den Sie kennen,\nund ein Treuebonus."),
        (5700, 8300, "Wir ziehen ihn gleich vom Preis ab."),
    ),
    "next-step": (
        (300, 2900, "Und Ihr nächster Schritt? Ein kleiner."),
        (3000, 5800, "Angebot lesen, verlängern,\nund alles ist geregelt."),
        (6100, 8300, "Northlight. Licht für das, was zählt."),
    ),
}

_AR: dict[str, _Lines] = {
    "hello": (
        (300, 2900, "أهلًا بكم في نورثلايت."),
        (3100, 6200, "{greeting} هذا تجديد تأمينكم،\nنشرحه في نحو دقيقة."),
    ),
    "hello-any": (
        (300, 2900, "أهلًا بكم في نورثلايت."),
        (3100, 6200, "حان وقت تجديد تأمينكم.\nإليكم أهم ما فيه."),
    ),
    "explain-home": (
        (300, 2600, "أولًا: تأمين منزلكم."),
        (2700, 5900, "يقف إلى جانبكم عند أضرار\nالحريق والعواصف والمياه."),
        (6000, 8400, "ويعوضكم عما يُسرق."),
        (8500, 10400, "ليبقى البيت بيتًا."),
    ),
    "explain-motor": (
        (300, 2600, "أولًا: تأمين سيارتكم."),
        (2700, 5900, "يغطي الحوادث والسرقة\nوكسر الزجاج."),
        (6000, 8500, "وإن توقفت السيارة، نأتي إليكم،"),
        (8600, 10400, "في أي ساعة من اليوم."),
    ),
    "explain-life": (
        (300, 2600, "أولًا: تأمين حياتكم."),
        (2700, 5900, "يمنح عائلتكم الأمان،\nمهما حدث."),
        (6000, 8400, "ويساندكم عند المرض،"),
        (8500, 10400, "ونحن هنا لنصحكم."),
    ),
    "explain-any": (
        (300, 2600, "أولًا: تأمينكم."),
        (2700, 5900, "يحمي ما يهمكم،\nفي البيت وعلى الطريق."),
        (6000, 8400, "نسوّي المطالبات بإنصاف،"),
        (8500, 10400, "مع أناس يردّون على الهاتف."),
    ),
    "no-claims": (
        (300, 2800, "ماذا حدث هذا العام؟ لا شيء."),
        (2900, 6200, "اثنا عشر شهرًا بلا مطالبة.\nيسرّنا ذلك كما يسرّكم."),
    ),
    "claims-year": (
        (200, 2000, "هذه كانت مطالباتكم."),
        (2100, 4100, "وكلها سُوّيت."),
    ),
    "claim-card": (
        (200, 2000, "أبلغتمونا بمطالبة،"),
        (2100, 4100, "وقد سوّيناها."),
    ),
    "thanks-loyal": (
        (300, 3000, "أنتم معنا منذ سنوات."),
        (3100, 6100, "نعرف أن هذا اختياركم،\nونشكركم عليه."),
    ),
    "offer-plain": (
        (300, 2800, "هذا عرضنا للعام القادم."),
        (2900, 6000, "التغطية التي تعرفونها،\nبسعر واحد طوال العام."),
    ),
    "offer-bonus": (
        (300, 2800, "هذا عرضنا للعام القادم."),
        (2900, 5600, "التغطية التي تعرفونها،\nومعها مكافأة على بقائكم معنا."),
        (5700, 8300, "نخصمها من السعر مباشرة."),
    ),
    "next-step": (
        (300, 2900, "وما خطوتكم التالية؟ خطوة صغيرة."),
        (3000, 5800, "اقرؤوا العرض، جدّدوا،\nوانتهى الأمر."),
        (6100, 8300, "نورثلايت. نورٌ لما يهم."),
    ),
}

NARRATION: Mapping[str, Mapping[str, tuple[Cue, ...]]] = {
    scene_id: {language: _cues(lines[scene_id]) for language, lines in (("en", _EN), ("de", _DE), ("ar", _AR))}
    for scene_id in _EN
}
"""The cues of each scene, by language."""
