"""Pictures leave the video's colours, BT.709 in limited range, for those that image files are read in."""

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

# Equal pictures give equal bytes on any processor.
_EXACT = int(Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT | Interpolation.FULL_CHR_H_INT)


def to_rgb(picture: VideoFrame) -> VideoFrame:
    """A picture of the video's as RGB, whatever its own frame says or leaves out."""
    return picture.reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_EXACT,
    )


def to_jpeg(picture: VideoFrame) -> VideoFrame:
    """As a JPEG is read: BT.601, full range."""
    return _to_bt601(picture, "yuvj420p", ColorRange.JPEG)


def to_webp(picture: VideoFrame) -> VideoFrame:
    """As a WebP is read: BT.601, limited range."""
    return _to_bt601(picture, "yuv420p", ColorRange.MPEG)


def _to_bt601(picture: VideoFrame, pix_fmt: str, color_range: ColorRange) -> VideoFrame:
    # Through RGB: a matrix is changed nowhere else for certain.
    return to_rgb(picture).reformat(
        format=pix_fmt,
        src_color_range=ColorRange.JPEG,
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=color_range,
        interpolation=_EXACT,
    )
