"""What the core keeps for plugins. Instants are microseconds UTC."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Integer, Text

from portal.db.piccolo import Table


class WaitingJob(Table, tablename="job"):
    """Work that a plugin asked for, or word of an event; gone when it is done. `due_at` is NULL once it was given up.

    `plugin` is '' for the core's own; an event's `name` begins with `@`.
    """

    id = BigInt(primary_key=True)
    plugin = Text()
    name = Text()
    payload = Text()  # JSON
    due_at = BigInt(null=True, default=None)
    tries = Integer()
    problem = Text(null=True, default=None)  # the kind of the last failure


class Schedule(Table, tablename="schedule"):
    """When a job that comes again and again is due next."""

    id = BigInt(primary_key=True)
    plugin = Text()
    name = Text()
    next_at = BigInt()


class Keeping(Table, tablename="keeping"):
    """What a plugin said that it keeps, so that it can be exported and erased when the plugin itself is gone."""

    plugin = Text(primary_key=True)
    title = Text()
    stores = Text()  # JSON, a list of `portal.hooks.specs.Stored`
    erases = Boolean()  # whether it has a word of its own in an erasure (portal_erase)


class Trouble(Table, tablename="trouble"):
    """The last thing that went wrong in a plugin, in whichever process."""

    plugin = Text(primary_key=True)
    place = Text()
    kind = Text()
    at = BigInt()


class KeptFile(Table, tablename="kept_file"):
    """A file that a plugin keeps; it lies sealed among the photos' files under the same id."""

    id = BigInt(primary_key=True)
    plugin = Text()
    media_type = Text()
    size = BigInt()
    at = BigInt()
