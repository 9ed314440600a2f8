"""What happens in each demo scene: its words, its picture and its moments, on the beat. Writes no file."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from streamsrv.media.demo import brand
from streamsrv.media.demo.art import icons
from streamsrv.media.demo.art.gifts import draw_laurel, draw_present
from streamsrv.media.demo.art.home import draw_home
from streamsrv.media.demo.art.icons import Chip, Icon
from streamsrv.media.demo.art.life import draw_life
from streamsrv.media.demo.art.motor import draw_motor
from streamsrv.media.demo.art.papers import Papers
from streamsrv.media.demo.art.phone import Phone
from streamsrv.media.demo.art.shelter import Shelter
from streamsrv.media.demo.bookends import Closing, Opening
from streamsrv.media.demo.canvas import Canvas
from streamsrv.media.demo.column import Column
from streamsrv.media.demo.ease import glide, pop
from streamsrv.media.demo.stage import DISC, Stage

Picture: TypeAlias = Callable[[Canvas, float], None]
"""Draws an illustration around (0, 0) at a beat."""
Film: TypeAlias = Callable[[Canvas, float], None]
"""Draws a whole frame at a beat."""

_CHIP_PLACES = ((-262, -296), (286, -272), (396, -16))
_ROWS_START, _ROWS_STEP = 5.0, 2.5
_ROOM_BELOW = 44.0
"""How far rows are raised, for a line of the viewer's own below them."""
_LAST_WORD = 1.3
"""Beats before the end at which the words begin to go."""


def make_film(scene_id: str, canvas: Canvas, beats: int) -> Film:
    """The film of a scene of `beats` beats, ready to draw on `canvas`; raises `KeyError` for an unknown scene."""
    return _FILMS[scene_id](canvas, beats)


def _show(
    stage: Stage,
    column: Column,
    picture: Picture,
    *,
    tint: int,
    chips: Sequence[Chip] = (),
) -> Film:
    def draw(canvas: Canvas, beat: float) -> None:
        stage.draw_sky(canvas, beat)
        stage.draw_mark(canvas, beat)
        stage.draw_disc(canvas, beat, tint)
        with canvas.placed(*DISC, scale=stage.exit(beat)) as seen:
            if seen:
                picture(canvas, beat)
                for index, (chip, (x, y)) in enumerate(zip(chips, _CHIP_PLACES, strict=False)):
                    chip.draw(canvas, x, y, beat, _ROWS_START + _ROWS_STEP * index)
        column.draw(canvas, beat)

    return draw


def _explain(
    canvas: Canvas,
    beats: int,
    picture: Picture,
    *,
    words: tuple[str, Sequence[str]],
    rows: Sequence[str],
    signs: Sequence[Icon] = (),
    colours: tuple[int, int],
) -> Film:
    tint, accent = colours
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow=words[0],
        headline=words[1],
        rows=rows,
        rows_start=_ROWS_START,
        rows_step=_ROWS_STEP,
        accent=accent,
        lift=_ROOM_BELOW,
    )
    chips = [Chip(canvas, sign, accent) for sign in signs]
    return _show(Stage(canvas, beats), column, picture, tint=tint, chips=chips)


def _explain_home(canvas: Canvas, beats: int) -> Film:
    rows = ("Fire and storm", "Water damage", "Theft and break-in")
    words = ("Home insurance", ("Your home,", "well protected"))
    signs = (icons.flame, icons.drop, icons.lock)
    return _explain(
        canvas, beats, draw_home, words=words, rows=rows, signs=signs, colours=(brand.CREAM, brand.DEEP_TEAL)
    )


def _explain_motor(canvas: Canvas, beats: int) -> Film:
    rows = ("Accident damage", "Theft and glass", "Help day and night")
    words = ("Motor insurance", ("Covered on", "every road"))
    signs = (icons.burst, icons.lock, icons.clock)
    return _explain(canvas, beats, draw_motor, words=words, rows=rows, signs=signs, colours=(0xCFE6FB, brand.BLUE))


def _explain_life(canvas: Canvas, beats: int) -> Film:
    rows = ("Security for your family", "Support in illness", "Advice when it counts")
    words = ("Life insurance", ("There for those", "you love"))
    signs = (icons.heart, icons.cross, icons.bubble)
    return _explain(canvas, beats, draw_life, words=words, rows=rows, signs=signs, colours=(brand.ROSE, 0xD8503B))


def _explain_any(canvas: Canvas, beats: int) -> Film:
    rows = ("Help day and night", "Claims settled fairly", "People who answer")
    words = ("Your insurance", ("Protection for", "what matters"))
    shelter = Shelter(canvas)
    return _explain(canvas, beats, shelter.draw, words=words, rows=rows, colours=(brand.PALE, brand.BLUE))


def _no_claims(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Your year",
        headline=("A year without", "a single claim"),
        text=("Nothing to report, and that", "is the best news of all."),
    )
    return _show(Stage(canvas, beats), column, Papers(canvas).draw_year, tint=brand.MINT)


def _claim_card(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Your year",
        headline=("A claim,", "settled"),
        start=0.3,
        text=("You told us. We took care of it.",),
        accent=0xD8503B,
    )
    return _show(Stage(canvas, beats), column, Papers(canvas).draw_claim, tint=brand.ROSE)


def _claims_year(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Your year",
        headline=("Your claims,", "month by month"),
        start=0.3,
        text=("Each one settled.",),
        accent=0xD8503B,
    )
    return _show(Stage(canvas, beats), column, Papers(canvas).draw_sheet_for_chart, tint=brand.ROSE)


def _thanks_loyal(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Thank you",
        headline=("Years of trust", "deserve thanks"),
        text=("We are glad that you are", "still with us."),
        accent=0xB36200,
    )
    return _show(Stage(canvas, beats), column, draw_laurel, tint=brand.CREAM)


def _offer_plain(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Your offer",
        headline=("Another year,", "well covered"),
        rows=("The cover you know", "One price, all year", "Simple to renew"),
        rows_start=3.0,
        rows_step=1.5,
        accent=brand.BLUE,
    )
    papers = Papers(canvas)

    def sign(canvas: Canvas, beat: float) -> None:
        # Drawn for four bars, and shown in three.
        papers.draw_policy(canvas, beat * 4 / 3)

    return _show(Stage(canvas, beats), column, sign, tint=0xCFE6FB)


def _offer_bonus(canvas: Canvas, beats: int) -> Film:
    column = Column(
        canvas,
        end=beats - _LAST_WORD,
        eyebrow="Your offer",
        headline=("A bonus for", "staying with us"),
        rows=("The cover you know", "Your loyalty bonus", "Taken off the price"),
        rows_start=4.0,
        rows_step=2.0,
        accent=0xB36200,
    )
    return _show(Stage(canvas, beats), column, draw_present, tint=brand.CREAM)


def _hello(canvas: Canvas, beats: int) -> Film:
    papers = Papers(canvas)
    return _open(canvas, beats, papers.draw_letter, ("Your renewal,", "explained"), ("It takes about a minute.",))


def _hello_any(canvas: Canvas, beats: int) -> Film:
    papers = Papers(canvas)
    return _open(canvas, beats, papers.draw_renewal, ("Time to renew", "your cover"), ("It takes half a minute.",))


def _open(canvas: Canvas, beats: int, picture: Picture, headline: Sequence[str], text: Sequence[str]) -> Film:
    stage, opening = Stage(canvas, beats), Opening(canvas)
    column = Column(canvas, end=beats - _LAST_WORD, headline=headline, text=text, start=Opening.DAY + 0.5)

    def draw(canvas: Canvas, beat: float) -> None:
        stage.draw_sky(canvas, beat, night=opening.night(beat))
        opening.draw_lights(canvas, beat)
        stage.draw_disc(canvas, beat, brand.MINT, start=Opening.DAY)
        with canvas.placed(*DISC, scale=stage.exit(beat)) as seen:
            if seen:
                picture(canvas, beat - Opening.DAY - 0.4)
        opening.draw_star(canvas, beat)
        if opening.mark_is_home(beat):
            stage.draw_mark(canvas, beat)
        column.draw(canvas, beat)

    return draw


def _next_step(canvas: Canvas, beats: int) -> Film:
    stage, closing = Stage(canvas, beats, end=Closing.NIGHT + 0.4), Closing(canvas)
    phone, papers = Phone(canvas), Papers(canvas)
    column = Column(
        canvas,
        end=Closing.NIGHT - 1.0,
        eyebrow="Your next step",
        headline=("Renew in", "one minute"),
        rows=("Read your offer", "Tap to renew", "All set for the year"),
        rows_start=2.4,
        rows_step=2.2,
        lift=_ROOM_BELOW,
    )

    def draw(canvas: Canvas, beat: float) -> None:
        stage.draw_sky(canvas, beat, night=closing.night(beat))
        closing.draw_lights(canvas, beat)
        stage.draw_disc(canvas, beat, brand.MINT)
        with canvas.placed(*DISC, scale=stage.exit(beat) * pop(beat, 0.0)) as seen:
            if seen:
                aside = glide(beat, 3.0, 1.4)
                with canvas.placed(-150 * aside, 0, scale=1 - 0.12 * aside):
                    phone.draw(canvas, beat)
                papers.draw_ticket(canvas, 186, 0, beat, 3.2)
        if not closing.mark_has_left(beat):
            stage.draw_mark(canvas, beat)
        closing.draw_star(canvas, beat)
        column.draw(canvas, beat)

    return draw


_FILMS: dict[str, Callable[[Canvas, int], Film]] = {
    "hello": _hello,
    "hello-any": _hello_any,
    "explain-home": _explain_home,
    "explain-motor": _explain_motor,
    "explain-life": _explain_life,
    "explain-any": _explain_any,
    "no-claims": _no_claims,
    "claims-year": _claims_year,
    "claim-card": _claim_card,
    "thanks-loyal": _thanks_loyal,
    "offer-plain": _offer_plain,
    "offer-bonus": _offer_bonus,
    "next-step": _next_step,
}
