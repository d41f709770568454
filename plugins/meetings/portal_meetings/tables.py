"""What is stored about meetings. Instants are microseconds UTC; an id of 0 stands for nothing and nobody.

An event is a parents' evening, a visit, or an appointment with one family. Its hosts have slots; a booking takes one
place of a slot. A slot is one appointment of its host: the mail invitation, the feed and the page to join go by it.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, OnDelete, Text

from portal.sdk import Table


class Event(Table, tablename="meetings_event"):
    """What families are asked to. `last_at` is the end of its last slot."""

    id = BigInt(primary_key=True)
    kind = Text()  # 'evening', 'visit' or 'family'
    title = Text()
    info = Text()
    state = Text()  # 'draft', 'open' or 'closed'
    author = BigInt()  # 0 once that person was erased
    opens_at = BigInt()  # families can book from then on …
    closes_at = BigInt()  # … until then; 0: until the slot begins
    change_hours = Integer()  # up to so many hours before a family can change or cancel
    gap_minutes = Integer()  # what siblings need between two appointments
    record = Boolean(default=False)  # the host wishes to record; never without everybody's consent
    token = Text()  # made by the page that asked for it: the same token is the same event
    created_at = BigInt()
    told_at = BigInt()  # families have word that it is open; 0: not yet
    reminded_at = BigInt()  # those who had not booked were reminded; 0: never
    last_at = BigInt()


class Class(Table, tablename="meetings_class"):
    """A class whose families are asked."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    class_id = BigInt()


class Child(Table, tablename="meetings_child"):
    """The child whose family is asked, of an appointment with one family."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    child = BigInt()


class Host(Table, tablename="meetings_host"):
    """Who receives families at an event."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    person = BigInt()  # 0 once that person was erased
    everyone = Boolean(default=False)  # receives every family that is asked, not only those of their own classes
    heard_at = BigInt(default=0)  # when they last got word of what families booked and cancelled


class Slot(Table, tablename="meetings_slot"):
    """One time of a host, for one family or (a visit) several. Where it is by video, `provider` says how."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    host = ForeignKey(Host, null=False, on_delete=OnDelete.cascade)
    starts_at = BigInt()
    ends_at = BigInt()
    state = Text()  # 'on' or 'off' (withdrawn)
    places = Integer()  # how many families it is for
    place = Text()  # where in the school; '' for none
    provider = Text()  # '' (at school), 'link', 'jitsi' or 'bbb'
    link = Text()  # pasted and checked; of 'link' only
    room = Text()  # a random name, anew when another family gets the slot; '' at school
    sequence = Integer()  # counts the changes that people see
    changed_at = BigInt()
    held_for = BigInt()  # it is offered to this row of the waiting list …
    held_until = BigInt()  # … until then; 0: free
    news_at = BigInt(default=0)  # when a family last booked or cancelled it; 0: never


class Booking(Table, tablename="meetings_booking"):
    """A family's place in a slot. `party` is the household, or the adult where none is known: separated parents are
    two parties. The times are those of the slot, so that nobody is in two places at once."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    slot = ForeignKey(Slot, null=False, on_delete=OnDelete.cascade)
    host = BigInt()  # the row of meetings_host
    seat = Integer()  # from 0 to the slot's places - 1
    state = Text()  # 'on', or 'off': the slot was withdrawn, and the family has to choose another
    person = BigInt()  # the adult who booked, and comes
    party = BigInt()
    child = BigInt()
    note = Text()  # what the family would like to talk about
    starts_at = BigInt()
    ends_at = BigInt()
    uid = Text()  # of the calendar entry: the same through all changes
    sequence = Integer()
    booked_at = BigInt()
    changed_at = BigInt()
    reminded_at = BigInt()  # 0: not yet
    outcome = Text()  # '', 'met' or 'missed': the host's own note


class Waiting(Table, tablename="meetings_waiting"):
    """A family that waits for a place with a host."""

    id = BigInt(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    host = ForeignKey(Host, null=False, on_delete=OnDelete.cascade)
    person = BigInt()
    party = BigInt()
    child = BigInt()
    note = Text()
    at_once = Boolean(default=False)  # the family wants the first place that becomes free, without being asked
    at = BigInt()


class Agreement(Table, tablename="meetings_agreement"):
    """This adult agrees that this appointment is recorded."""

    id = BigInt(primary_key=True)
    appointment = ForeignKey(Slot, null=False, on_delete=OnDelete.cascade)
    person = BigInt()
    at = BigInt()


class Feed(Table, tablename="meetings_feed"):
    """The secret address of somebody's calendar feed. The token itself lies sealed."""

    id = BigInt(primary_key=True)
    person = BigInt()
    hash = Text()  # sha-256 of the token
    sealed = Text()  # base64
    secret = BigInt()  # the key it is sealed with
    made_at = BigInt()
    asked_at = BigInt()  # when it was last fetched; 0: never
