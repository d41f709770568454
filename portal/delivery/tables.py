"""What waits to be sent."""

from __future__ import annotations

from piccolo.columns import BigInt, ForeignKey, Integer, OnDelete, Text

from portal.db.piccolo import Table
from portal.people.tables import Person


class Outgoing(Table, tablename="outgoing"):
    """A message to one person. Its body is emptied once it was sent or given up."""

    id = BigInt(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    channel = Text()  # 'email' or 'paper'
    subject = Text()
    body = Text()
    calendar = Text(default="")  # an iCalendar object that goes along by e-mail
    state = Text()  # 'waiting', 'sent', 'failed'
    tries = Integer(default=0)
    next_at = BigInt()
    created_at = BigInt()
    sent_at = BigInt(null=True, default=None)
    problem = Text(null=True, default=None)  # for the office; holds no address


class Reach(Table, tablename="reach"):
    """How a person wants to be reached: 'email', 'paper' or 'none' (only in the portal). Without a row: by e-mail where
    there is an address, else on paper."""

    person = ForeignKey(Person, primary_key=True, null=False, on_delete=OnDelete.cascade)
    channel = Text()
    changed_at = BigInt()
