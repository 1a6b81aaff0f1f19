"""What the bot's question states, read from its wording: its kind, and which way a yes goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from voicebot.nlu.answers.acts import QuestionKind
from voicebot.nlu.answers.names import asked_for
from voicebot.nlu.cues import compile_patterns
from voicebot.nlu.heard import listen


class Family(StrEnum):
    """What an answer's content speaks to."""

    ACCEPT = "accept"  # shall we, may we, are you: accepted or refused
    PROBLEM = "problem"  # is something wrong: a problem or fine
    STATUS = "status"  # has it happened, do you have it: done or not
    CONTENT = "content"  # what, where, when, how many


@dataclass(frozen=True)
class Question:
    """``inverted``: the question states the negative ("없으세요?"), so content that says "yes, there is" denies it.
    ``about_person``: asks for a person, not a fact. ``unfinished``: the bot was still speaking. ``closing``: the call
    is ending ("더 궁금하신 점은 없으세요?"). ``lacking``: the trouble asked about is a lack ("기운이 없으세요?"), so
    "없어요" names the trouble. ``about_others``: asks leave to call somebody else. ``about_receiving``: asks
    whether something is received ("받고 계신가요?"), so "안 받아요" refuses no calls. ``name``: the person asked for."""

    kind: QuestionKind
    family: Family
    inverted: bool
    about_person: bool
    unfinished: bool
    closing: bool
    lacking: bool
    about_others: bool
    about_receiving: bool
    name: str


_RECEIVING = compile_patterns(["받고 ?(계|있)", "받으시(나|는|고|ㄴ)", "받(으셨|아 ?보셨)", "받으신 ?적"])
_NEGATIVE = compile_patterns(
    [
        "없(으|나|죠|지|습|어요|는가|는지)[가-힣]*$",
        "않(으|나|죠|지|습|아요)[가-힣]*$",
        "(아니|아닌)(시|죠|지|신|가|에요|예요)[가-힣]*$",
        "(안|못) (받|거르|걸르|드시|하|오|가|되|쓰|하시|나오|빠|잡|주무)[가-힣]*(죠|지요|나요|세요|어요|니까|시고요|시네요)$",
    ]
)
_BY_FORM: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    (
        QuestionKind.TIME_CHOICE,
        compile_patterns(
            [
                "몇 시",
                "언제",
                "며칠",
                "몇 일",
                "(무슨|어느) 요일",
                "오전과 오후",
                "요일과[가-힣]+요일",
                "(오전|오후)(이|가|중)",
            ]
        ),
    ),
    (
        QuestionKind.SURVEY_COUNT,
        compile_patterns(
            [
                "몇 (번|분|가지|개|명|잔|시간|끼|차례|일|살|년|알|회|리터|병|갑|층|마리|달|주)",
                "얼마나 자주",
                "며칠이나",
            ]
        ),
    ),
    (QuestionKind.NEGATIVE_QUESTION, _NEGATIVE),
    (
        QuestionKind.IDENTITY,
        compile_patterns(
            ["맞(으|습|나|죠|지|는|을)", "본인(이|되)", "댁(인가|이신가|입니|맞)", "년생이", "계십니까$"]
        ),
    ),
    (
        QuestionKind.OPEN,
        compile_patterns(
            [
                "어디",
                "무엇",
                "뭐",
                "뭘",
                "어떻게",
                "어떤",
                "누구",
                "누가",
                "무슨",
                "왜",
                "말씀해 주",
                "해 주세요$",
                "성함이",
            ]
        ),
    ),
    (
        QuestionKind.OFFER,
        compile_patterns(["릴까요", "시겠어요", "시겠습니까", "신청하시", "원하세요", "필요하"]),
    ),
    (
        QuestionKind.CONSENT,
        compile_patterns(
            ["될까요", "되겠", "괜찮", "동의", "(아|어|해)도 (되|돼)", "가능하", "허락", "양해"]
        ),
    ),
)
# A state asked for at the very end ("이미 받고 계세요?") is no problem, whatever is received.
_STATUS_AT_END = compile_patterns(
    [
        "(받|쓰|알|이용하|가입하|다니|가지|갖)고 (계|있)[가-힣]{1,5}$",
        "(받아|신청해|해|들어|가|이용해) 보셨[가-힣]{1,4}$",
    ]
)
_STATUS = compile_patterns(
    [
        "받고 (계|있)",
        "아직|받으시",
        "받(으신|은|아 보신|으셨)",
        "쓰고 (계|있)",
        "신청(하신|하셨|해 보)",
        "(드셨|잡수|잡쉈|하셨|가셨|오셨|다녀오|맞으셨|보셨|내셨|들으셨|끝내셨|타셨)",
        "(가신|오신|하신|다니신|입원하신|들으신|보신|이용하신) (적|일)",
        "알고 (계|있)",
        "(다니|이용하|가지고|갖고) ?(고)? ?(계|있)",
    ]
)
_TROUBLE = compile_patterns(
    [
        "불편|아프|아픈|힘드|힘든|어려|외로|울적|우울|밀린|밀리|넘어|다치|다친|고장|새는|춥|추우|거르|걸러|설치|못|고민|걱정|문제",
        "궁금|말씀|부족|모자|위험|답답|떨어진|끊긴|끊기|체납|난방",
    ]
)
_OTHERS = compile_patterns(["자녀|가족|보호자|아드님|따님|이웃|배우자|친척"])
_LACKING = compile_patterns(
    [
        "(기운|입맛|힘|식욕|의욕|잠|밥맛|말동무|돈|쌀|찾아오는 사람)[가-힣]{0,5}(이|가|도)? 없으",
        "부족|모자라|모자란",
    ]
)
_CLOSING = compile_patterns(
    [
        "더 (궁금|하실 말씀|필요|여쭤|물어|도와|말씀|문의|하고 싶)",
        "마지막으로",
        "여기까지",
        "마치겠",
        "마칩니다",
    ]
)
_FACT = compile_patterns(
    [
        "년생",
        "태어나",
        "출생",
        "번지",
        "동이 맞",
        "구가 맞",
        "번호가 맞",
        "사시는 곳",
        "주소",
        "생년월일",
        "생신",
        "요금제",
        "통신사",
        "연세",
        "나이",
        "사시는 게",
    ]
)


def read_question(question: str, kind: QuestionKind | str | None) -> Question:
    """Read a question; an unknown or missing kind is guessed from the wording."""
    asked = listen(question)
    unfinished = question.rstrip().endswith(("…", "..."))
    known = _kind_of(kind) or guess_kind(question)
    inverted = known is QuestionKind.NEGATIVE_QUESTION
    about_person = known is QuestionKind.IDENTITY and not _FACT.search(asked.solid)
    lacking = known is QuestionKind.PROBLEM_CHECK and bool(_LACKING.search(asked.solid))
    about_others = bool(_OTHERS.search(asked.solid))
    closing = bool(_CLOSING.search(asked.solid))
    return Question(
        known,
        _family(known, asked.solid),
        inverted,
        about_person,
        unfinished,
        closing,
        lacking,
        about_others,
        about_receiving=bool(_RECEIVING.search(asked.solid)),
        name=asked_for(question) if about_person else "",
    )


def guess_kind(question: str) -> QuestionKind:
    """The kind of a question that came without one, from the form of its last sentence."""
    last = [part for part in re.split(r"[.!?…]", question) if part.strip()]
    solid = listen(last[-1] if last else "").solid
    for kind, form in _BY_FORM:
        if form.search(solid):
            return kind
    return QuestionKind.PROBLEM_CHECK if solid else QuestionKind.OPEN


def _kind_of(kind: QuestionKind | str | None) -> QuestionKind | None:
    try:
        return QuestionKind(kind) if kind else None
    except ValueError:
        return None


def _family(kind: QuestionKind, solid: str) -> Family:
    if kind in (QuestionKind.OFFER, QuestionKind.CONSENT, QuestionKind.IDENTITY):
        # "이미 받고 계세요?" is sometimes called consent or identity: it asks for a state, not for leave.
        state = (
            _STATUS.search(solid) and not _BY_FORM[5][1].search(solid) and not _BY_FORM[6][1].search(solid)
        )
        return Family.STATUS if state and kind is not QuestionKind.IDENTITY else Family.ACCEPT
    if kind in (QuestionKind.PROBLEM_CHECK, QuestionKind.NEGATIVE_QUESTION):
        if _STATUS_AT_END.search(solid) or (_STATUS.search(solid) and not _TROUBLE.search(solid)):
            return Family.STATUS
        return Family.PROBLEM
    return Family.CONTENT
