"""What is stored about people. Days are ISO texts in the school's time zone; an open end is NULL."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table


class School(Table, tablename="school"):
    """Settings of the school, one row for each key; values are JSON."""

    key = Text(primary_key=True)
    value = Text()


class Person(Table, tablename="person"):
    """A child or an adult. `kind` is 'child' or 'adult'. `source` says which import brought them."""

    id = BigInt(primary_key=True)
    kind = Text()
    given_name = Text()
    family_name = Text()
    email = Text(null=True, default=None)
    phone = Text(null=True, default=None)
    language = Text()
    active = Boolean(default=True)
    born = Text(null=True, default=None)
    safeguarding_hold = Boolean(default=False)
    source = Text()
    external_id = Text(null=True, default=None)
    created_at = BigInt()


class Role(Table, tablename="role"):
    """A school role of an adult: 'admin', 'safeguarding' or 'office'."""

    id = BigInt(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    role = Text()


class Group(Table, tablename="school_group"):
    """A class of one school year. `kind` is 'homeroom' or 'course'; ended when `until` is before today."""

    id = BigInt(primary_key=True)
    name = Text()
    kind = Text()
    until = Text(null=True, default=None)
    source = Text()
    external_id = Text(null=True, default=None)


class Membership(Table, tablename="membership"):
    """A child is in a group between two days."""

    id = BigInt(primary_key=True)
    child = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    group_id = ForeignKey(Group, null=False, on_delete=OnDelete.cascade)
    starts = Text(null=True, default=None)
    ends = Text(null=True, default=None)
    source = Text()
    external_id = Text(null=True, default=None)


class Staff(Table, tablename="staff"):
    """An adult who is named as staff of a group."""

    id = BigInt(primary_key=True)
    adult = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    group_id = ForeignKey(Group, null=False, on_delete=OnDelete.cascade)
    source = Text()
    external_id = Text(null=True, default=None)


class Link(Table, tablename="link"):
    """Joins an adult to a child: `decides` (may consent), `sees` (is family). `relation` is a word for people."""

    id = BigInt(primary_key=True)
    adult = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    child = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    decides = Boolean(default=False)
    sees = Boolean(default=False)
    relation = Text()
    starts = Text(null=True, default=None)
    ends = Text(null=True, default=None)
    source = Text()


class Block(Table, tablename="block"):
    """This adult must never see this child (no-contact order)."""

    id = BigInt(primary_key=True)
    adult = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    child = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    created_at = BigInt()


class Household(Table, tablename="household"):
    """People who live together."""

    id = BigInt(primary_key=True)
    name = Text()
    source = Text()
    external_id = Text(null=True, default=None)


class HouseholdMember(Table, tablename="household_member"):
    """A member of a household; `channels` is a comma-separated list such as `email,paper`."""

    id = BigInt(primary_key=True)
    household = ForeignKey(Household, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    contact_order = Integer(null=True, default=None)
    channels = Text()


class FactVersion(Table, tablename="fact_version"):
    """One row, counted up by triggers whenever a fact that the visibility rule reads has changed."""

    id = BigInt(primary_key=True)
    n = BigInt()
