"""Pictures of a dialog for the people who answer for it: Mermaid for documents, SVG for the wall."""

from voicebot.dialog.drawing.mermaid import to_mermaid
from voicebot.dialog.drawing.svg import to_svg

__all__ = ["to_mermaid", "to_svg"]
