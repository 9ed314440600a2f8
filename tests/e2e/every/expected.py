"""What each viewer of the campaign in this folder is expected to see, hear and read."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.e2e.every.scenes import SCENES

CAMPAIGN = "every-construct"


@dataclass(frozen=True)
class Expected:
    """One viewer's video. `told` are lines of scene, language heard, language of its captions (- for none)."""

    language: str
    told: str
    arms: Mapping[str, str]
    skipped: str = ""
    story: str = "personal"

    @property
    def rows(self) -> list[list[str]]:
        return [line.split() for line in self.told.strip().splitlines()]

    @property
    def scenes(self) -> list[str]:
        return [scene for scene, _, _ in self.rows]

    @property
    def starts(self) -> list[int]:
        """The first frame of each scene, and the end."""
        frames = [SCENES[scene].padded_frames for scene in self.scenes]
        return [sum(frames[:at]) for at in range(len(frames) + 1)]

    @property
    def pictures(self) -> list[tuple[int, int]]:
        """Scene and frame of every picture; a scene's last one is held until its end."""
        return [
            (SCENES[scene].number, min(frame, SCENES[scene].frames - 1))
            for scene in self.scenes
            for frame in range(SCENES[scene].padded_frames)
        ]


PLAIN, BONUS, NONE = ({"offer-2026": arm} for arm in ("plain", "bonus", "none"))
EXPECTED = {
    # Loyal, at home, no claims: everything is told.
    "ana": Expected(
        "en",
        """
        hello          en  en
        explain-motor  en  en
        visit-intro    en  en
        visit-intro    en  en
        visit-detail   en  en
        offer-plain    en  en
        thanks         en  en
        next-step      en  en
        """,
        PLAIN,
        "claims small-print",
    ),
    # Four claims, three of which may be shown: only the largest fits into 9 s.
    "ben": Expected(
        "de",
        """
        hello          de  de
        explain-motor  de  de
        visit-intro    de  de
        claim-card     de  de
        offer-bonus    de  de
        small-print    en  -
        next-step      de  de
        """,
        BONUS,
        "visit-intro visit-detail thanks",
    ),
    # Six claims, of which the three largest may be shown; an arm that shows nothing; a day that has passed.
    "amal": Expected(
        "ar",
        """
        hello          ar  ar
        explain-home   ar  ar
        claim-card     ar  ar
        claim-card     ar  ar
        claim-card     ar  ar
        next-step      ar  ar
        """,
        NONE,
        "service visit-intro visit-detail offer small-print thanks",
    ),
    # de-CH; of ben's household; lives abroad, so that the group of his visit is left out whole.
    "dieter": Expected(
        "de",
        """
        hello          de  de
        explain-home   de  de
        visit-intro    de  de
        offer-bonus    de  de
        small-print    en  -
        thanks         en  en
        next-step      de  de
        """,
        BONUS,
        "claims visit-intro visit-detail",
    ),
    "hala": Expected("ar", "hello-any ar ar\nnext-step ar ar", {}, story="control"),
    # No renewal_on: the fallback story. No language: the default one, though the first scene speaks German first.
    "mia": Expected("en", "hello-any en en\nexplain-any en en\nnext-step en en", {}, story="fallback"),
    # A language nobody speaks, and a rule that divides by zero.
    "bo": Expected(
        "en",
        """
        hello          en  en
        explain-any    en  en
        explain-any    en  en
        visit-intro    en  en
        visit-detail   en  en
        offer-plain    en  en
        next-step      en  en
        """,
        PLAIN,
        "claims small-print thanks",
    ),
    # Six claims: too long, so thanks and two of three claims are dropped.
    "long": Expected(
        "en",
        """
        hello          en  en
        explain-home   en  en
        visit-intro    en  en
        claim-card     en  en
        visit-intro    en  en
        visit-detail   en  en
        offer-plain    en  en
        next-step      en  en
        """,
        PLAIN,
        "small-print thanks",
    ),
    # Longer still: all claims and the whole group go, too.
    "lea": Expected(
        "de",
        """
        hello          de  de
        explain-home   de  de
        explain-any    en  en
        offer-bonus    de  de
        small-print    en  -
        next-step      de  de
        """,
        BONUS,
        "claims visit-intro visit-detail thanks",
    ),
    # ar-SA, and scenes without Arabic: German before English.
    "omar": Expected(
        "ar",
        """
        hello          ar  ar
        explain-motor  de  de
        visit-intro    de  de
        visit-intro    de  de
        visit-detail   ar  de
        offer-plain    ar  ar
        thanks         ar  ar
        next-step      ar  ar
        """,
        PLAIN,
        "claims small-print",
    ),
    # Nothing to randomize by: the fallback story.
    "noor": Expected("ar", "hello-any ar ar\nexplain-any en en\nnext-step ar ar", {}, story="fallback"),
}
VIEWERS = tuple(EXPECTED)

ON_PAGE = {
    "en": ("Your policy explained", "Northlight", "Renew now"),
    "de": ("Ihr Vertrag erklärt", "Northlight", "Jetzt verlängern"),
    "ar": ("شرح وثيقتك", "نورثلايت", "جدد الآن"),
}
"""Title, brand and label of the call to action."""
LEADS_TO = {
    "ana": "motor/renew?ref={ref}&premium=812.40&on=2090-03-31",
    "ben": "motor/renew?ref={ref}&premium=1234.50&on=2090-03-31",
    "amal": "home/renew?ref={ref}&premium=99.00&on=2026-01-31",
    "dieter": "home/renew?ref={ref}&premium=15000.00&on=2090-03-31",
    "hala": "home/renew?ref={ref}&premium=10.00&on=2090-03-31",
    "bo": "motor/renew?ref={ref}&premium=10.00&on=2090-03-31",
    "long": "home/renew?ref={ref}&premium=10.00&on=2090-03-31",
    "lea": "home/renew?ref={ref}&premium=10.00&on=2090-03-31",
    "omar": "motor/renew?ref={ref}&premium=450.00&on=2090-03-31",
    "noor": "motor/renew?ref={ref}&premium=450.00&on=2090-03-31",
}
"""Of mia nobody knows the day that the address needs: she is not asked at all."""
