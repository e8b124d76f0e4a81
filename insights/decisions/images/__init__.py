"""Pictures of how something was and how it is: PNG, JPEG, GIF or WebP, read strictly and rewritten without what they
tell of their maker.

    check_image(content, field=...) -> CheckedImage      raises InvalidInput on that field

No picture is decoded: its parts are walked to the very end, each is named, and only those that draw the picture are
written again. What follows the end, comments, places and cameras do not come along, so that a file that is a picture
and something else at once is a picture alone afterwards.
"""

from insights.decisions.images.checking import LARGEST_IMAGE, MOST_PIXELS, CheckedImage, check_image

__all__ = ["LARGEST_IMAGE", "MOST_PIXELS", "CheckedImage", "check_image"]
