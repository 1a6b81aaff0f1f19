"""What staff read about a verdict, in Korean: the line that fitted and why, amount, source, doubts."""

from __future__ import annotations

from voicebot.welfare.amounts import Amount
from voicebot.welfare.catalogue import Catalogue
from voicebot.welfare.catalogue_model import PRICE_KINDS, Line
from voicebot.welfare.entitlement import Verdict
from voicebot.welfare.speech import may_speak_amount

PERIODS_KO = {
    "month": "월",
    "year": "연",
    "year_person": "1인당 연",
    "season": "한 철",
    "once": "1회",
    "birth": "출생 1회",
    "pregnancy": "임신 1회",
    "knee": "한쪽 무릎",
    "ride": "탑승 1회",
    "visit": "이용 1회",
    "premium": "보험료",
    "inspection": "검사 1회",
    "bill": "고지서 1회",
    "10kg_bag": "10kg 한 포대",
}
REASONS_KO = {
    "unknown_programme": "목록에 없는 사업",
    "never_offered": "안내 대상이 아닌 사업",
    "closed": "신청 기간이 끝남",
    "not_yet_open": "아직 시작하지 않음",
    "classes_unknown": "대상 자격을 자료에서 확인하지 못함",
    "class_missing": "해당 자격이 기록에 없음",
    "age_out_of_range": "나이가 대상 범위를 벗어남",
    "not_for": "이 자격에는 안내하지 않음",
    "heats_with_gas": "도시가스 난방 가구",
    "out_of_season": "오늘 적용되는 금액이 없음",
    "already_used": "이미 이용 중",
    "declined": "안내를 원하지 않음",
    "exclusive_with": "함께 안내하지 않는 사업이 있음",
    "fact_unknown": "확인되지 않은 사실이 있음",
}


def reason_ko(catalogue: Catalogue, code: str) -> str:
    """A reason code in words, with what it names: "exclusive_with:city_gas" names the programme."""
    kind, _, detail = code.partition(":")
    words = REASONS_KO.get(kind, kind)
    if detail in catalogue.programmes:
        detail = catalogue.programmes[detail].name_ko
    return f"{words}({catalogue.label(detail)})" if detail else words


def staff_explanation(catalogue: Catalogue, verdict: Verdict) -> str:
    """Several lines in Korean for a social worker or auditor; never spoken to a resident."""
    rows = [f"{verdict.programme.name_ko} [{verdict.programme.id}], 상태 {verdict.programme.status}"]
    rows += [f"안내하지 않음: {reason_ko(catalogue, code)} [{code}]" for code in verdict.reasons]
    rows += _line_rows(catalogue, verdict)
    rows += [f"금액을 정할 수 없음: {reason_ko(catalogue, code)} [{code}]" for code in verdict.remarks]
    if verdict.deadline is not None:
        rows.append(f"신청 기한: {verdict.deadline.isoformat()}")
    if verdict.programme.exclusivity:
        rows.append(f"중복 관련 원문: {verdict.programme.exclusivity}")
    rows += _conflict_rows(catalogue, verdict)
    return "\n".join(rows)


def _line_rows(catalogue: Catalogue, verdict: Verdict) -> list[str]:
    amount = verdict.amount
    line = amount.line if amount is not None else next(iter(verdict.lines), None)
    if line is None:
        return [_source_row(verdict.programme.source, verdict.programme.as_of, verdict.programme.tier)]
    held = ", ".join(catalogue.label(name) for name in sorted(line.classes & verdict.classes))
    rows = [f"해당 자격: {held or '누구나'}"]
    if amount is not None:
        case = f", 구분 {catalogue.label(line.case)}" if line.case else ""
        rows.append(f"금액: {_figure(line, amount)}{case}")
        rows.append(_confirmation_row(catalogue, verdict, amount))
    rows.append(_source_row(line.source, line.as_of, line.tier))
    others = len(verdict.lines) - 1
    return [*rows, f"맞는 줄이 {others}개 더 있음(합하지 않음)"] if others else rows


def _figure(line: Line, amount: Amount) -> str:
    period = PERIODS_KO.get(line.per, line.per)
    percent = f" {amount.percent}%" if amount.percent is not None else ""
    if line.kind in PRICE_KINDS:
        return f"{period} 본인 부담 {line.amount_won or 0:,}원"
    if amount.won is None:
        return f"{period}{percent}" if percent else "자료에 금액 없음"
    about = "약 " if line.approx and not amount.is_official else ""
    most = "최대 " if line.cap_won is not None else ""
    return f"{period}{percent} {most}{about}{amount.won:,}원"


def _confirmation_row(catalogue: Catalogue, verdict: Verdict, amount: Amount) -> str:
    if amount.confirmation is None:
        return "확인: 담당 공무원 확인 전, 통화에서 금액을 말하지 않음"
    confirmed = amount.confirmation.confirmed
    row = f"확인: {confirmed.on} {confirmed.by}, {confirmed.season.from_}부터 {confirmed.season.to}까지"
    return row if may_speak_amount(catalogue, verdict) else f"{row}, 다만 통화에서 금액을 말하지 않음"


def _source_row(source: str | None, as_of: str | None, tier: str | None) -> str:
    return f"출처: {source or '없음'} (기준일 {as_of or '미상'}, 등급 {tier or '없음'})"


def _conflict_rows(catalogue: Catalogue, verdict: Verdict) -> list[str]:
    return [
        f"자료 간 차이[{name}]: {note.staff_note}"
        for name, note in catalogue.conditions.conflicts.items()
        if verdict.programme.id in note.programmes
    ]
