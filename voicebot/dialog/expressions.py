"""Conditions and assignments in dialog files: a small typed expression language, never ``eval``.

Literals, slots (with ``.field`` and ``[index]``), ``and or not``, comparisons, ``in``, ``+ -``, ``len(x)``.
An expression is parsed once, checked against the slots' types, and evaluated against their values.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicebot.dialog.slots import ANY, BOOL, INT, TEXT, ExpressionError, SlotType

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_DEEPEST = 30
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_HAVE_ORDER = {"int", "text", "date", "time", "any"}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
}
_ALLOWED = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.Compare,
    *_COMPARE,
    ast.BinOp,
    *_ARITHMETIC,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.List,
    ast.Call,
)


@dataclass(frozen=True)
class Expression:
    """A parsed expression. ``source`` is what the file says."""

    source: str
    _tree: ast.expr

    @classmethod
    def parse(cls, source: str) -> Expression:
        """Raises ExpressionError for anything outside the little language."""
        text = source.strip()
        if len(text) > 300:
            raise ExpressionError("longer than 300 characters; split it with slots")
        try:
            tree = ast.parse(text, mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ExpressionError(f"cannot be read: {error}") from error
        for node in ast.walk(tree):
            _refuse_unknown(node)
        _refuse_deep(tree)
        return cls(text, _Truth().visit(tree).body)

    def check(self, slots: Mapping[str, SlotType]) -> SlotType:
        """The expression's type. Raises ExpressionError for unknown slots and types that do not fit."""
        return _type_of(self._tree, slots)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The expression's value. Raises ExpressionError (missing slot, index out of range …)."""
        try:
            return _value_of(self._tree, values)
        except (KeyError, IndexError, TypeError) as error:
            raise ExpressionError(f"'{self.source}' cannot be evaluated: {error!r}") from error

    @property
    def adds(self) -> bool:
        """Whether it counts with what it reads, so that an empty slot in it is an error."""
        return any(isinstance(node, ast.BinOp) for node in ast.walk(self._tree))

    def slots(self) -> frozenset[str]:
        """The names of the slots it reads."""
        names = {node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)}
        return frozenset(names - {"len"})


class _Truth(ast.NodeTransformer):
    """Reads ``true`` and ``false`` as YAML does."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(node.id == "true") if node.id in {"true", "false"} else node


def _refuse_deep(tree: ast.AST) -> None:
    """Everything else here walks the tree by recursion."""
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ExpressionError(f"nested more than {_DEEPEST} deep; split it with slots")


def _refuse_unknown(node: ast.AST) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"'{type(node).__name__}' is not part of the expression language")
    if isinstance(node, ast.Call):
        is_len = isinstance(node.func, ast.Name) and node.func.id == "len"
        if not is_len or len(node.args) != 1 or node.keywords:
            raise ExpressionError("the only function is len(x)")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | bool | None):
        raise ExpressionError(f"{node.value!r} is not a literal of the expression language")
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise ExpressionError(f"'{node.attr}' is not a field")


def _type_of(node: ast.expr, slots: Mapping[str, SlotType]) -> SlotType:
    match node:
        case ast.Constant(value=value):
            return _type_of_literal(value)
        case ast.Name(id=name):
            if name not in slots:
                raise ExpressionError(f"slot '{name}' is not declared")
            return slots[name]
        case ast.Attribute(value=inner, attr=field):
            return _type_of(inner, slots).field(field)
        case ast.Subscript(value=inner, slice=index):
            _expect(_type_of(index, slots), INT, "an index")
            return _type_of(inner, slots).item()
        case ast.Call(args=[argument]):
            _type_of(argument, slots).item()
            return INT
        case ast.List(elts=elements):
            kinds = {_type_of(element, slots) for element in elements}
            return SlotType("list", item_type=kinds.pop() if len(kinds) == 1 else ANY)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _expect(_type_of(operand, slots), INT, "the operand of -")
            return INT
        case ast.UnaryOp(operand=operand):
            _expect(_type_of(operand, slots), BOOL, "the operand of not")
            return BOOL
        case ast.BoolOp(values=parts):
            for part in parts:
                _expect(_type_of(part, slots), BOOL, "each side of and/or")
            return BOOL
        case ast.BinOp(left=left, right=right):
            wanted = {"int", "text"} if isinstance(node.op, ast.Add) else {"int"}
            return _type_of_arithmetic(_type_of(left, slots), _type_of(right, slots), wanted)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            _check_comparison(left, ops, comparators, slots)
            return BOOL
    raise ExpressionError("not part of the expression language")


def _type_of_literal(value: Any) -> SlotType:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    return TEXT if isinstance(value, str) else ANY


def _type_of_arithmetic(left: SlotType, right: SlotType, wanted: set[str]) -> SlotType:
    if left.accepts(right) and left.kind in wanted:
        return left
    raise ExpressionError(f"{left} and {right} cannot be added or subtracted")


def _check_comparison(
    left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], slots: Mapping[str, SlotType]
) -> None:
    current = _type_of(left, slots)
    for op, comparator in zip(ops, comparators, strict=True):
        other = _type_of(comparator, slots)
        if isinstance(op, ast.In | ast.NotIn):
            _expect(current, other.item(), "the left side of in")
        elif not current.accepts(other) and not other.accepts(current):
            raise ExpressionError(f"{current} is compared with {other}")
        elif isinstance(op, _ORDERED) and not {current.kind, other.kind} <= _HAVE_ORDER:
            raise ExpressionError(f"{current} and {other} have no order")
        current = other


def _expect(found: SlotType, wanted: SlotType, what: str) -> None:
    if not wanted.accepts(found):
        raise ExpressionError(f"{what} must be {wanted}, not {found}")


def _value_of(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[name]
        case ast.Attribute(value=inner, attr=field):
            return _value_of(inner, values)[field]
        case ast.Subscript(value=inner, slice=index):
            return _value_of(inner, values)[_value_of(index, values)]
        case ast.Call(args=[argument]):
            return len(_value_of(argument, values))
        case ast.List(elts=elements):
            return [_value_of(element, values) for element in elements]
        case ast.UnaryOp(op=op, operand=operand):
            value = _value_of(operand, values)
            return -value if isinstance(op, ast.USub) else not value
        case ast.BoolOp(op=op, values=parts):
            results = (bool(_value_of(part, values)) for part in parts)
            return all(results) if isinstance(op, ast.And) else any(results)
        case ast.BinOp(left=left, op=arithmetic, right=right):
            return _ARITHMETIC[type(arithmetic)](_value_of(left, values), _value_of(right, values))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _compare(left, ops, comparators, values)
    raise TypeError(f"cannot evaluate {type(node).__name__}")


def _compare(
    left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], values: Mapping[str, Any]
) -> bool:
    current = _value_of(left, values)
    for op, comparator in zip(ops, comparators, strict=True):
        other = _value_of(comparator, values)
        if not _COMPARE[type(op)](current, other):
            return False
        current = other
    return True
