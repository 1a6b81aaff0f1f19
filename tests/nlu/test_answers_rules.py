"""The labelling rules of ``voicebot/nlu/data/README.md``, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.nlu import Act, QuestionKind, understand_answer, understand_answer_line
from voicebot.nlu.answers.names import another_name
from voicebot.nlu.answers.questions import guess_kind

OFFER = ("난방비 지원 신청을 도와드릴까요?", QuestionKind.OFFER)
CONSENT = ("지금 잠깐 통화 괜찮으세요?", QuestionKind.CONSENT)
PERSON = ("오순덕 어르신 맞으세요?", QuestionKind.IDENTITY)
FACT = ("천구백사십일 년생이 맞으세요?", QuestionKind.IDENTITY)
PROBLEM = ("요즘 불편하신 데가 있으세요?", QuestionKind.PROBLEM_CHECK)
NEGATIVE = ("지내시는 데 불편한 점은 없으세요?", QuestionKind.NEGATIVE_QUESTION)
STATUS = ("난방비 지원을 이미 받고 계세요?", QuestionKind.PROBLEM_CHECK)
OPEN = ("요즘 어떻게 지내세요?", QuestionKind.OPEN)
COUNT = ("하루에 식사는 몇 번 하세요?", QuestionKind.SURVEY_COUNT)
TIME = ("몇 시에 전화드리면 될까요?", QuestionKind.TIME_CHOICE)
UNFINISHED = ("난방비 지원은 겨울 동안 받으실 수 있는데요, 먼저…", QuestionKind.OFFER)
Asked = tuple[str, QuestionKind]


def act(text: str, asked: Asked) -> Act:
    return understand_answer(text, question=asked[0], question_kind=asked[1]).act


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("네", OFFER, Act.AFFIRM),
        ("그려", OFFER, Act.AFFIRM),
        ("암만", OFFER, Act.AFFIRM),
        ("해 주면 고맙지", OFFER, Act.AFFIRM),
        ("됐어요", OFFER, Act.DENY),
        ("괜찮아요", OFFER, Act.DENY),
        ("뭘 그런 걸 다", OFFER, Act.DENY),
        ("괜찮아요", CONSENT, Act.AFFIRM),
        ("네 맞아요", PERSON, Act.AFFIRM),
        ("아니요", FACT, Act.DENY),
        ("아니요", PERSON, Act.WRONG_PERSON),
        ("괜찮아요", PROBLEM, Act.DENY),
        ("허리가 아파요", PROBLEM, Act.AFFIRM),
        ("네 받고 있어요", STATUS, Act.AFFIRM),
        ("아직 못 받아요", STATUS, Act.DENY),
    ],
)
def test_yes_and_no_are_judged_against_the_question(text: str, asked: Asked, expected: Act) -> None:
    assert act(text, asked) is expected


@pytest.mark.parametrize("text", ["네", "네 없어요", "아니요 없어요", "괜찮아요", "없어"])
def test_no_trouble_affirms_a_negative_question(text: str) -> None:
    assert act(text, NEGATIVE) is Act.AFFIRM


@pytest.mark.parametrize("text", ["있어요", "왜 없어", "네 있어요 보일러가 고장 났어요"])
def test_trouble_denies_a_negative_question(text: str) -> None:
    assert act(text, NEGATIVE) is Act.DENY


def test_a_bare_no_to_a_negative_question_is_asked_again() -> None:
    answer = understand_answer("아니요", question=NEGATIVE[0], question_kind=NEGATIVE[1])
    assert answer.act is Act.UNSURE
    assert answer.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [("네 아니 아니요", Act.DENY), ("네 아니 아니요 안 할래요", Act.DENY), ("아니 네 해 주세요", Act.AFFIRM)],
)
def test_a_late_correction_wins(text: str, expected: Act) -> None:
    assert act(text, OFFER) is expected


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("어머니 돌아가셨어요 다시 걸지 마세요", PERSON, Act.DECEASED),
        ("그런 사람 없으니까 다시 걸지 마세요", PERSON, Act.WRONG_PERSON),
        ("사기 전화인 거 다 알아요 걸지 마세요", OFFER, Act.STOP),
        ("네 맞는데요 어디시죠", PERSON, Act.WHO),
        ("신청은 할 건데 직원이 해 주세요", OFFER, Act.HUMAN),
        ("하긴 할 건데 말이 빨라서 천천히 다시 해 주세요", OFFER, Act.SLOWER),
        ("네 신청은 하고 싶은데 지금 지하철이라 내일 전화 주세요", OFFER, Act.LATER),
        (
            "네 감사합니다 수고하세요",
            ("더 궁금하신 점은 없으세요?", QuestionKind.NEGATIVE_QUESTION),
            Act.THANKS_BYE,
        ),
    ],
)
def test_of_two_acts_the_first_to_handle_is_named(text: str, asked: Asked, expected: Act) -> None:
    assert act(text, asked) is expected


@pytest.mark.parametrize("text", ["네", "예예예", "응 그려", "아 그래요", "예 듣고 있어요"])
def test_listening_noises_under_the_bots_speech_are_no_answer(text: str) -> None:
    assert act(text, UNFINISHED) is Act.BACKCHANNEL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("실청해 주새요", Act.AFFIRM),
        ("사랑 바꿔 주세요", Act.HUMAN),
        ("상단원 연겨래 주세요", Act.HUMAN),
        ("전천히 해 주새요", Act.SLOWER),
    ],
)
def test_recogniser_errors_are_heard_through(text: str, expected: Act) -> None:
    assert act(text, OFFER) is expected


@pytest.mark.parametrize("text", ["네?", "예? 뭐라고요?", "뭐라고", "다시"])
def test_not_having_understood_is_a_request_to_repeat(text: str) -> None:
    assert act(text, OFFER) is Act.REPEAT


@pytest.mark.parametrize(
    "text", ["시청해 주셔서 감사합니다", "구독과 좋아요 부탁드립니다", "음악", "삐 삐 삐 삐"]
)
def test_what_recognisers_invent_is_noise(text: str) -> None:
    assert act(text, OFFER) is Act.NOISE


@pytest.mark.parametrize(
    "text",
    [
        "삐 소리 후 메시지를 남겨 주세요",
        "고객님이 전화를 받을 수 없어 소리샘으로 연결됩니다",
        "전원이 꺼져 있어 삐 소리 후 소리샘으로 연결되오니",
    ],
)
def test_a_mailbox_is_told_from_a_person(text: str) -> None:
    answer = understand_answer(text, question=CONSENT[0], question_kind=CONSENT[1])
    assert answer.machine
    assert answer.act is Act.NOISE


@pytest.mark.parametrize("text", ["잠깐만요", "네 잠시만요", "잠깐 기다려 봐요"])
def test_a_wait_is_no_answer(text: str) -> None:
    assert understand_answer(text, question=OFFER[0], question_kind=OFFER[1]).hold


def test_distress_always_reaches_a_person_and_says_why() -> None:
    answer = understand_answer("할인이고 뭐고 그냥 죽고 싶어", question=OFFER[0], question_kind=OFFER[1])
    assert (answer.act, answer.emergency) == (Act.DISTRESS, True)
    assert "죽고" in answer.why[0]
    assert answer.why[-1].startswith("그다음 후보")


@pytest.mark.parametrize(
    ("text", "asked"),
    [("두 번 먹어요", COUNT), ("오후 두 시쯤이요", TIME), ("텃밭 가꾸고 그럭저럭 지내요", OPEN)],
)
def test_content_answers_open_count_and_time_questions(text: str, asked: Asked) -> None:
    assert act(text, asked) is Act.INFORM


@pytest.mark.parametrize("asked", [OFFER, CONSENT, PERSON, PROBLEM, NEGATIVE, OPEN, COUNT, TIME])
def test_a_missing_kind_is_guessed_from_the_question(asked: Asked) -> None:
    assert guess_kind(asked[0]) is asked[1]


def test_the_line_filter_adds_and_keeps() -> None:
    line = understand_answer_line({"id": 7, "question": OFFER[0], "text": "네 해 주세요"})
    assert line["id"] == 7
    assert line["act"] == "affirm"
    assert line["emergency"] is False
    assert 0.0 <= line["confidence"] <= 1.0


def test_the_line_filter_takes_nulls_and_numbers() -> None:
    assert understand_answer_line({"question": None, "text": None})["act"] == "noise"
    assert "act" in understand_answer_line({"question": 3, "question_kind": "unheard_of", "text": 12})


KINDS = st.sampled_from([*QuestionKind, "", "unheard_of"])


@given(st.text(max_size=300), st.text(max_size=60), KINDS)
def test_it_never_raises_and_stays_within_bounds(text: str, question: str, kind: str) -> None:
    answer = understand_answer(text, question=question, question_kind=kind)
    assert 0.0 <= answer.confidence <= 1.0
    assert answer == understand_answer(text, question=question, question_kind=kind)
    assert answer.emergency == (answer.act is Act.DISTRESS)
    assert answer.act not in answer.also
    assert answer.why


@given(st.text(alphabet=" \t\n\r\u3000\u00a0", max_size=20), KINDS)
def test_silence_is_noise_for_certain(text: str, kind: str) -> None:
    answer = understand_answer(text, question=OFFER[0], question_kind=kind)
    assert (answer.act, answer.confidence) == (Act.NOISE, 1.0)


SHORT = [
    "네해주세요",
    "아니요괜찮습니다",
    "안할래요",
    "그렇게해주세요",
    "필요없어요",
    "좋아요",
    "됐습니다",
    "신청할게요",
    "싫어요",
]


@given(st.sampled_from(SHORT), st.lists(st.booleans(), min_size=8, max_size=8))
def test_spacing_does_not_turn_a_yes_into_a_no(solid: str, breaks: list[bool]) -> None:
    spaced = "".join(
        letter + " " * cut for letter, cut in zip(solid, [*breaks, *[False] * len(solid)], strict=False)
    )
    assert act(spaced, OFFER) is act(solid, OFFER)


@pytest.mark.parametrize("text", ["아니요 안 받아요", "안 받아요", "아니 그런 거 안 받아요", "안 받는데요"])
def test_what_is_not_received_is_no_refusal_of_calls(text: str) -> None:
    answer = understand_answer(
        text, question="이동통신 요금 감면은 이미 받고 계신가요?", question_kind="problem_check"
    )
    assert answer.act is Act.DENY
    assert answer.confidence > 0.5


def test_calls_are_refused_also_where_receiving_is_asked_about() -> None:
    answer = understand_answer(
        "이런 전화 안 받아요",
        question="이동통신 요금 감면은 이미 받고 계신가요?",
        question_kind="problem_check",
    )
    assert answer.act is Act.STOP


@pytest.mark.parametrize(
    "text", ["아니요 안 받고 있어요", "아직 안 받고 있는데요", "못 받고 있어요", "받은 적 없어요"]
)
def test_a_negated_clause_is_a_sure_no_though_it_shares_its_words_with_a_yes(text: str) -> None:
    answer = understand_answer(
        text, question="이동통신 요금 감면은 이미 받고 계신가요?", question_kind="problem_check"
    )
    assert answer.act is Act.DENY
    assert answer.confidence >= 0.65  # from here on a dialog takes a yes or no


@pytest.mark.parametrize("text", ["여보세요", "네 여보세요", "여보세요 여보세요", "예 여보세요"])
def test_picking_up_the_telephone_is_no_yes_to_the_name_that_was_asked(text: str) -> None:
    answer = understand_answer(text, question="김말순 님 되시나요?", question_kind="identity")
    assert answer.act is Act.REPEAT
    assert answer.confidence >= 0.4


@pytest.mark.parametrize("text", ["저 딸인데요 어머니가 지금 안 계세요", "어머니 지금 안 계세요"])
def test_a_mother_who_is_out_is_no_wrong_number(text: str) -> None:
    assert understand_answer(text, question="김말순 님 되시나요?", question_kind="identity").act is Act.PROXY


def test_a_name_that_nobody_knows_is_a_wrong_number() -> None:
    answer = understand_answer(
        "그런 할머니 안 계세요", question="김말순 님 되시나요?", question_kind="identity"
    )
    assert answer.act is Act.WRONG_PERSON


ASKED_BY_NAME = ("김말순 님 되시나요?", QuestionKind.IDENTITY)


@pytest.mark.parametrize(
    "text",
    ["저는 이영희인데요", "내가 박순자요", "박가인데 왜 그러시오", "이영희예요", "나 최영자라고 하는데"],
)
def test_another_name_is_no_yes_to_the_name_that_was_asked(text: str) -> None:
    answer = understand_answer(text, question=ASKED_BY_NAME[0], question_kind=ASKED_BY_NAME[1])
    assert answer.act in (Act.WRONG_PERSON, Act.WHO)


@pytest.mark.parametrize(
    "text", ["김말순인데요", "예 제가 김말순이에요", "김말숙이요", "내가 김말순이오 왜요"]
)
def test_the_name_itself_or_one_that_sounds_like_it_is_no_other_name(text: str) -> None:
    assert another_name(text, "김말순") == ""


@pytest.mark.parametrize(
    "text", ["우리 집사람인데", "이 사람인데요", "본인인데요", "제 주인인데요", "여기 노인정인데요"]
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert another_name(text, "김말순") == ""


@pytest.mark.parametrize(
    "text", ["아니요", "아닌데요", "저는 이영희인데요", "나 아니여", "저 아니에요", "나 아니야"]
)
def test_a_mere_no_to_a_name_is_told_from_a_number_that_is_wrong(text: str) -> None:
    answer = understand_answer(text, question=ASKED_BY_NAME[0], question_kind=ASKED_BY_NAME[1])
    assert (answer.act, answer.also) == (Act.WRONG_PERSON, (Act.DENY,))
    for wrong in ("아닌데요 잘못 거셨어요", "그런 사람 없어요", "아니요 그런 사람 안 살아요"):
        answer = understand_answer(wrong, question=ASKED_BY_NAME[0], question_kind=ASKED_BY_NAME[1])
        assert answer.act is Act.WRONG_PERSON
        assert Act.DENY not in answer.also
