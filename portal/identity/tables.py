"""What is stored about signing in. Instants are microseconds UTC. Tokens and codes are stored as hashes only."""

from __future__ import annotations

from piccolo.columns import BigInt, Bytea, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table
from portal.people.tables import Person


class Account(Table, tablename="account"):
    """A person who can sign in. `login` is an e-mail address or a name given by the school, in lower case."""

    person = ForeignKey(Person, primary_key=True, null=False, on_delete=OnDelete.cascade)
    login = Text(unique=True)
    password = Text(null=True, default=None)  # argon2id
    created_at = BigInt()


class Session(Table, tablename="session"):
    """A signed-in browser. Ends at `idle_until`, at `ends_at`, or when the row is deleted."""

    token = Bytea(primary_key=True)  # SHA-256 of the cookie's value
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    created_at = BigInt()
    seen_at = BigInt()
    idle_until = BigInt()
    ends_at = BigInt()
    device = Text()


class Invitation(Table, tablename="invitation"):
    """A one-time code with which a person makes an account."""

    id = BigInt(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    code = Bytea(unique=True)  # SHA-256 of the code, without its hyphens
    created_at = BigInt()
    ends_at = BigInt()
    used_at = BigInt(null=True, default=None)
    way = Text()  # 'letter' or 'email'
    made_by = BigInt(null=True, default=None)  # the member of staff who made it; None on the command line
    wrong_at = BigInt(null=True, default=None)  # when the person said that the children are not theirs
    remark = Text(null=True, default=None)  # and what they wrote about it, for the office


class Throttle(Table, tablename="throttle"):
    """How often something was tried: `key` is a hash of what is being guarded, never a name or an address."""

    key = Bytea(primary_key=True)
    tries = Integer()
    since = BigInt()
