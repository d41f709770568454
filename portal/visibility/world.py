"""The world file of `portal visibility replay`: plain values, and a strict parser for them.

The parser accepts exactly the format that `spec/visibility.md` describes, as RFC 8259 JSON in UTF-8 without a
byte order mark, and refuses everything else with one line that names the file, the place and the reason.
"""

from dataclasses import dataclass

from portal.visibility.strict_json import BadWorld, Node, read, short

__all__ = ["BadWorld", "World", "parse"]

RUNGS = ("nobody", "family", "class", "school", "public")
PURPOSES = ("photo", "video")
STATES = ("draft", "published", "hidden", "erased")
ROLES = ("admin", "safeguarding", "office")
QUORUMS = ("answered", "all")
MODES = ("both", "self", "off")
ANONYMOUS = "anonymous"
KEYS = (
    *("now", "timezone", "policy", "groups", "children", "adults"),
    *("links", "blocks", "decisions", "photos", "viewers"),
)

# Larger numbers mean the same: no two days of the format are further apart, and an age above 18 means 18.
# Bounding them here keeps later day arithmetic and BIGINT columns from overflowing.
MOST_DAYS = 4_000_000
MOST_AGE = 18


@dataclass(frozen=True, slots=True)
class Policy:
    """What the school has chosen; `from_age` in years. Both numbers are bounded as above."""

    quorum: str
    grace_days: int
    mode: str
    from_age: int


@dataclass(frozen=True, slots=True)
class Group:
    """A class of one school year; `until` is its last day (ISO 8601, school's time zone) or None."""

    id: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A child's time in a group; ISO days, both included, None where open."""

    group: str
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Child:
    """A child; `born` is an ISO day or None where it is not known."""

    id: str
    born: str | None
    safeguarding_hold: bool
    groups: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult with the groups it is named staff of and its roles, each as often as the file says."""

    id: str
    active: bool
    staff_of: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Joins an adult to a child; ISO days, both included, None where open."""

    adult: str
    child: str
    decides: bool
    sees: bool
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """This adult must never see this child."""

    adult: str
    child: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the ledger; `rung` counts from 0 as in `RUNGS`, `at` microseconds since the epoch (UTC)."""

    child: str
    by: str
    purpose: str
    rung: int
    at: int
    until: str | None


@dataclass(frozen=True, slots=True)
class Redaction:
    """A rendition in which the children of `covers` (which may repeat one) cannot be recognised."""

    id: str
    approved: bool
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo; `audience` is `groups`, `school` or `public`, and `groups` is empty but for the first."""

    id: str
    by: str
    purpose: str
    audience: str
    groups: tuple[str, ...]
    state: str
    reviewed: bool
    children: tuple[str, ...]
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True)
class World:
    """A whole world file; `now` is microseconds since the epoch (UTC), `timezone` an IANA name."""

    name: str
    now: int
    timezone: str
    policy: Policy
    groups: tuple[Group, ...]
    children: tuple[Child, ...]
    adults: tuple[Adult, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    decisions: tuple[Decision, ...]
    photos: tuple[Photo, ...]
    viewers: tuple[str, ...]


def parse(raw: bytes, name: str) -> World:
    """The world in `raw`; `name` is what messages call the file. Raises `BadWorld`."""
    top = Node(name, "", read(raw, name))
    keys = top.record(*KEYS)
    now, timezone, policy = keys["now"].instant(), keys["timezone"].timezone(), _policy(keys["policy"])

    groups = tuple(_group(node) for node in keys["groups"].items())
    group_ids = _ids(keys["groups"], [group.id for group in groups])
    children = tuple(_child(node, group_ids) for node in keys["children"].items())
    child_ids = _ids(keys["children"], [child.id for child in children], {ANONYMOUS: "is reserved"})
    adults = tuple(_adult(node, group_ids) for node in keys["adults"].items())
    taken = {ANONYMOUS: "is reserved"} | dict.fromkeys(child_ids, "is the id of a child already")
    adult_ids = _ids(keys["adults"], [adult.id for adult in adults], taken)

    links = tuple(_link(node, adult_ids, child_ids) for node in keys["links"].items())
    blocks = tuple(_block(node, adult_ids, child_ids) for node in keys["blocks"].items())
    decisions = tuple(_decision(node, adult_ids, child_ids) for node in keys["decisions"].items())
    photos = tuple(_photo(node, adult_ids, child_ids, group_ids) for node in keys["photos"].items())
    _ids(keys["photos"], [photo.id for photo in photos])
    known = adult_ids | child_ids | {ANONYMOUS}
    viewers = tuple(node.reference(known, "person") for node in keys["viewers"].items())
    return World(
        name, now, timezone, policy, groups, children, adults, links, blocks, decisions, photos, viewers
    )


def _policy(node: Node) -> Policy:
    keys = node.record("quorum", "grace_days", "child_voice")
    voice = keys["child_voice"].record("mode", "from_age")
    return Policy(
        keys["quorum"].one_of(QUORUMS),
        min(keys["grace_days"].whole(), MOST_DAYS),
        voice["mode"].one_of(MODES),
        min(voice["from_age"].whole(), MOST_AGE),
    )


def _group(node: Node) -> Group:
    keys = node.record("id", "until")
    return Group(keys["id"].id(), keys["until"].day_or_null())


def _child(node: Node, groups: set[str]) -> Child:
    keys = node.record("id", "born", "safeguarding_hold", "groups")
    return Child(
        keys["id"].id(),
        keys["born"].day_or_null(),
        keys["safeguarding_hold"].flag(),
        tuple(_membership(item, groups) for item in keys["groups"].items()),
    )


def _membership(node: Node, groups: set[str]) -> Membership:
    keys = node.record("group", "from", "to")
    return Membership(
        keys["group"].reference(groups, "group"), keys["from"].day_or_null(), keys["to"].day_or_null()
    )


def _adult(node: Node, groups: set[str]) -> Adult:
    keys = node.record("id", "active", "staff_of", "roles")
    return Adult(
        keys["id"].id(),
        keys["active"].flag(),
        tuple(item.reference(groups, "group") for item in keys["staff_of"].items()),
        tuple(item.one_of(ROLES) for item in keys["roles"].items()),
    )


def _link(node: Node, adults: set[str], children: set[str]) -> Link:
    keys = node.record("adult", "child", "decides", "sees", "from", "to")
    return Link(
        keys["adult"].reference(adults, "adult"),
        keys["child"].reference(children, "child"),
        keys["decides"].flag(),
        keys["sees"].flag(),
        keys["from"].day_or_null(),
        keys["to"].day_or_null(),
    )


def _block(node: Node, adults: set[str], children: set[str]) -> Block:
    keys = node.record("adult", "child")
    return Block(keys["adult"].reference(adults, "adult"), keys["child"].reference(children, "child"))


def _decision(node: Node, adults: set[str], children: set[str]) -> Decision:
    keys = node.record("child", "by", "purpose", "rung", "at", "until")
    child = keys["child"].reference(children, "child")
    by = keys["by"].id()
    if by in children and by != child:
        keys["by"].fail(f"{short(by)} is another child; an adult decides, or the child itself")
    if by != child:
        keys["by"].reference(adults, "adult")
    return Decision(
        child,
        by,
        keys["purpose"].one_of(PURPOSES),
        RUNGS.index(keys["rung"].one_of(RUNGS)),
        keys["at"].instant(),
        keys["until"].day_or_null(),
    )


def _photo(node: Node, adults: set[str], children: set[str], groups: set[str]) -> Photo:
    keys = node.record("id", "by", "purpose", "audience", "state", "reviewed", "children", "redactions")
    kind, named = _audience(keys["audience"], groups)
    shown = tuple(item.reference(children, "child") for item in keys["children"].items())
    redactions = tuple(_redaction(item, children, set(shown)) for item in keys["redactions"].items())
    _ids(keys["redactions"], [redaction.id for redaction in redactions])
    return Photo(
        keys["id"].id(),
        keys["by"].reference(adults, "adult"),
        keys["purpose"].one_of(PURPOSES),
        kind,
        named,
        keys["state"].one_of(STATES),
        keys["reviewed"].flag(),
        shown,
        redactions,
    )


def _audience(node: Node, groups: set[str]) -> tuple[str, tuple[str, ...]]:
    given = node.keys()
    if len(given) != 1:
        node.fail('must have exactly one of the keys "groups", "school" and "public"')
    if given == ["groups"]:
        listed = node.record("groups")["groups"]
        named = tuple(item.reference(groups, "group") for item in listed.items())
        if not named:
            listed.fail("must name at least one group")
        return "groups", named
    kind = given[0] if given[0] in ("school", "public") else "school"
    value = node.record(kind)[kind]
    if value.flag() is not True:
        value.fail("must be true")
    return kind, ()


def _redaction(node: Node, children: set[str], shown: set[str]) -> Redaction:
    keys = node.record("id", "approved", "covers")
    covers = []
    for item in keys["covers"].items():
        covers.append(item.reference(children, "child"))
        if covers[-1] not in shown:
            item.fail(f"{short(covers[-1])} does not appear in the photo")
    return Redaction(keys["id"].id(), keys["approved"].flag(), tuple(covers))


def _ids(node: Node, ids: list[str], taken: dict[str, str] | None = None) -> set[str]:
    """`ids`, those of the items of `node`, as a set; refused if one is taken or stands twice."""
    seen = dict(taken or {})
    for position, each in enumerate(ids):
        if each in seen:
            raise BadWorld(node.name, f"{node.place}[{position}].id", f"{short(each)} {seen[each]}")
        seen[each] = "stands twice"
    return set(ids)
