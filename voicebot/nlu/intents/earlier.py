"""Whether a caller asks what became of an earlier report ("어제 신고한 거 어떻게 됐어요"). Pure."""

from __future__ import annotations

from voicebot.nlu.cues import compile_patterns

_REPORTED = "(신고|접수|민원|전화|말씀|얘기|부탁) ?(을|를|도|하나|한번)?(했|한|하고|드렸|드린|넣|해 ?놓|해 ?둔|해서|됐|된)"
_BECAME = (
    "(어떻게|어찌|어째|우째|워째|어디까지|처리|진행|결과|소식|답이|답도|답변|연락이|연락도|언제 ?(와|오|온|되|돼|해|나)|"
    "왜|아직|여태|감감|그대로|되가|돼 ?가|됐(나|는지|어|습|는가))"
)
_EARLIER = compile_patterns(
    [
        f"{_REPORTED}[가-힣]{{0,14}}{_BECAME}",
        "(접수|신고|민원) ?번호[가-힣0-9]{0,16}(확인|조회|어떻게|됐|진행|알려|알고|있)",
        "(신고|접수|민원)(한|했던|넣은) ?(거|것|건|게|사람)[가-힣]{0,14}(확인|알아|궁금|알려|조회)",
    ]
)


def asks_about_earlier(solid: str) -> bool:
    """``solid``: the utterance without spaces (`voicebot.nlu.heard.Heard.solid`)."""
    return _EARLIER.search(solid) is not None
