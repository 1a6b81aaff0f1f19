"""The little language of conditions: what it computes, what it refuses, and that it never runs anything."""

from __future__ import annotations

import ast
import builtins

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voicebot.dialog.expressions import Expression
from voicebot.dialog.slots import ANY, BOOL, INT, TEXT, ExpressionError, SlotType

OFFERS = SlotType("list", item_type=SlotType("record", fields=(("id", TEXT), ("won", INT))))
TYPES = {"n": INT, "m": INT, "name": TEXT, "yes": BOOL, "offers": OFFERS, "day": SlotType("date"), "x": ANY}
VALUES = {
    "n": 2,
    "m": 3,
    "name": "순자",
    "yes": True,
    "offers": [{"id": "gas", "won": 100}, {"id": "tv", "won": 2500}],
    "day": "2026-11-24",
    "x": None,
}


@pytest.mark.parametrize(
    ("source", "type_", "value"),
    [
        ("n + m - 1", INT, 4),
        ("-n", INT, -2),
        ("n < m <= 3", BOOL, True),
        ("not yes or n == 2 and m != 3", BOOL, False),
        ("len(offers) == 2", BOOL, True),
        ("offers[n - 1].won", INT, 2500),
        ("offers[0].id + '!'", TEXT, "gas!"),
        ("name in ['순자', '말순']", BOOL, True),
        ("n not in [1, 3]", BOOL, True),
        ("day > '2026-01-01'", BOOL, True),
        ("true", BOOL, True),
        ("yes == false", BOOL, False),
        ("x == None", BOOL, True),
        ("'따옴표'", TEXT, "따옴표"),
    ],
)
def test_it_computes(source: str, type_: SlotType, value: object) -> None:
    expression = Expression.parse(source)
    assert expression.check(TYPES) == type_
    assert expression.evaluate(VALUES) == value


@pytest.mark.parametrize(
    "source",
    [
        "nobody == 1",
        "n + name",
        "name - name",
        "yes + 1",
        "n and yes",
        "not n",
        "-name",
        "n == name",
        "yes < yes",
        "offers < offers",
        "len(name)",
        "offers['first']",
        "offers[0].price",
        "n.id",
        "n in offers[0]",
        "name in name",
    ],
)
def test_types_that_do_not_fit_are_refused_before_any_call(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(source).check(TYPES)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "n +",
        "n = 1",
        "(n := 1)",
        "lambda: n",
        "[n for n in offers]",
        "n if yes else m",
        "__import__('os').system('true')",
        "open('x')",
        "len(offers, offers)",
        "len(x=offers)",
        "name.__class__",
        "name._secret",
        "name.upper()",
        "f'{n}'",
        "1.5",
        "b'x'",
        "n ** m",
        "n * 99999999",
        "n / m",
        "{1: 2}",
        "*offers",
        "offers[0:1]",
        "n is m",
        "...",
        "not " * 60 + "yes",
        "-" * 250 + "1",
        "[" * 90 + "]" * 90,
        "n + " * 100 + "n",
        "n\x00",
    ],
)
def test_what_is_not_of_the_language_is_refused_when_read(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(source)


@pytest.mark.parametrize("source", ["offers[9].id", "nobody", "x.id", "x < 3", "len(x)"])
def test_what_cannot_be_evaluated_is_told_as_one_kind_of_error(source: str) -> None:
    with pytest.raises(ExpressionError, match="cannot be evaluated"):
        Expression.parse(source).evaluate(VALUES)


def test_it_names_the_slots_that_it_reads() -> None:
    assert Expression.parse("len(offers) > n and true").slots() == {"offers", "n"}


leaves = st.one_of(
    st.integers(-5, 5).map(ast.Constant),
    st.booleans().map(ast.Constant),
    st.sampled_from(["순자", ""]).map(ast.Constant),
    st.just(ast.Constant(None)),
    st.sampled_from([*TYPES, "open", "__builtins__", "eval"]).map(lambda name: ast.Name(name, ast.Load())),
)


def _larger(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    names = st.sampled_from(["id", "won", "__class__", "append", "format"])
    functions = st.sampled_from(["len", "open", "eval", "print", "exec"])
    return st.one_of(
        st.builds(ast.BinOp, inner, st.sampled_from([ast.Add(), ast.Sub(), ast.Mult(), ast.Pow()]), inner),
        st.builds(ast.UnaryOp, st.sampled_from([ast.Not(), ast.USub(), ast.Invert()]), inner),
        st.builds(
            ast.BoolOp, st.sampled_from([ast.And(), ast.Or()]), st.lists(inner, min_size=2, max_size=3)
        ),
        st.builds(
            lambda left, op, right: ast.Compare(left, [op], [right]),
            inner,
            st.sampled_from([ast.Eq(), ast.Lt(), ast.In(), ast.NotIn(), ast.Is()]),
            inner,
        ),
        st.builds(lambda value, name: ast.Attribute(value, name, ast.Load()), inner, names),
        st.builds(lambda value, index: ast.Subscript(value, index, ast.Load()), inner, inner),
        st.builds(
            lambda name, args: ast.Call(ast.Name(name, ast.Load()), args, []),
            functions,
            st.lists(inner, max_size=2),
        ),
        st.builds(lambda function, args: ast.Call(function, args, []), inner, st.lists(inner, max_size=1)),
        st.builds(lambda items: ast.List(items, ast.Load()), st.lists(inner, max_size=3)),
        st.builds(ast.IfExp, inner, inner, inner),
    )


class Tripped(BaseException):
    """A builtin was reached: no `except Exception` may hide it."""


def _trip(*_args: object, **_kwargs: object) -> None:
    raise Tripped


@given(st.recursive(leaves, _larger, max_leaves=12))
@example(ast.Call(ast.Attribute(ast.Constant("순자"), "format", ast.Load()), [], []))
def test_no_expression_whatever_executes_anything(tree: ast.expr) -> None:
    """Random trees over every kind of node: each is refused, or gives plain data, or one kind of error."""
    source = ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
    slots = {**VALUES, "open": _trip, "eval": _trip}
    try:
        value = Expression.parse(source).evaluate(slots)
    except ExpressionError:
        return
    assert value is _trip or isinstance(value, str | int | list | dict | None)


@given(st.recursive(leaves, _larger, max_leaves=12))
def test_what_passes_the_types_fails_only_for_an_empty_slot_or_an_index(tree: ast.expr) -> None:
    source = ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
    try:
        expression = Expression.parse(source)
        kind = expression.check({name: type_ for name, type_ in TYPES.items() if name != "x"})
    except ExpressionError:
        return
    if "None" in source:
        return
    assert kind.holds(_value_or_none(expression))


def _value_or_none(expression: Expression) -> object:
    try:
        return expression.evaluate(VALUES)
    except ExpressionError as error:
        if "IndexError" in str(error):
            return None
        raise


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        Expression.parse(text)
    except ExpressionError:
        return
    assert ast.parse(text.strip(), mode="eval")


def test_no_builtin_can_be_named() -> None:
    for name in dir(builtins):
        if name.isidentifier() and name not in {"True", "False", "None", "__debug__"}:
            with pytest.raises(ExpressionError):
                Expression.parse(name).evaluate(VALUES)
