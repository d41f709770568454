"""All that a plugin may import of the portal.

A plugin is a distribution with an entry point in the group `portal.plugins` that names a module. The module implements
the hooks it needs (`portal_about` always; see `portal.hooks.specs`), marked with `hook`. Routes are Litestar handlers
that declare `access=`; pages come from `page`, with the plugin's templates addressed by its name (`stories/feed.html`).
Tables begin with the plugin's name and are made by its own migrations (`script` runs SQL on both databases).

Photos come through the portal only: `visible_pictures` asks the rule for the viewer, `handled_photos` the review desk,
and whatever changes a photo checks that the person handles it. Nothing here widens what anybody sees.

Instants are microseconds since the epoch, UTC; days are ISO texts in the school's time zone.
"""

from __future__ import annotations

from portal import clock
from portal.db import Conflict, Row, in_portions, marks
from portal.db.piccolo import Table
from portal.delivery.actions import CHANNELS, Word
from portal.errors import BadInput, NotVisible, PortalError, Refused
from portal.hooks import hook
from portal.hooks.specs import API, About, Card, Event, Job, NavItem, Purpose, Reading, Setting, Stored, Text
from portal.i18n import LANGUAGES, Language, _, language, ngettext
from portal.kinds import Access, Audience, AudienceKind, Rung, Shown, Viewer, new_id, typed_id
from portal.outside import Reply, Unreachable, portal_address, program_there, service_address
from portal.people.school import School
from portal.photos.actions import Taken
from portal.photos.documents import File
from portal.photos.queries import Picture
from portal.sdk.data import (
    atomic,
    db,
    destroy_secret,
    erase_files,
    keep_file,
    new_secret,
    open_file,
    script,
    seal,
    secret,
    unseal,
)
from portal.sdk.pages import confirm, confirm_password, csv_file, file_response, fragment, uploaded
from portal.sdk.people import (
    Child,
    Group,
    children_of,
    groups,
    keeps_children_from,
    languages_of,
    my_children,
    my_groups,
    names,
    school,
    standing,
    streams,
)
from portal.sdk.photos import (
    HandledPhoto,
    describe_photo,
    discard_photos,
    erase_photos,
    erased_photos,
    handled_photos,
    hide_photos,
    hide_photos_unseen,
    offer_photos,
    preview,
    publish_due_photos,
    publish_photos,
    review_photos,
    tag_photo,
    take_in_photo,
    visible_pictures,
)
from portal.sdk.texts import readings
from portal.sdk.work import ask, deliver, emit, enqueue, run_program, settings, wish
from portal.visibility.families import by_sourced_id, families_of, guardians_of, known_names, sourced_ids, staff_of
from portal.visibility.guardians import Guardian, asked, guardians
from portal.visibility.permits import permits
from portal.visibility.preview import Family, Limit, Preview
from portal.visibility.rule import Standing
from portal.web.shell import page, redirect
from portal.web.who import Who, who

__all__ = [
    "API",
    "CHANNELS",
    "LANGUAGES",
    "About",
    "Access",
    "Audience",
    "AudienceKind",
    "BadInput",
    "Card",
    "Child",
    "Conflict",
    "Event",
    "Family",
    "File",
    "Group",
    "Guardian",
    "HandledPhoto",
    "Job",
    "Language",
    "Limit",
    "NavItem",
    "NotVisible",
    "Picture",
    "PortalError",
    "Preview",
    "Purpose",
    "Reading",
    "Refused",
    "Reply",
    "Row",
    "Rung",
    "School",
    "Setting",
    "Shown",
    "Standing",
    "Stored",
    "Table",
    "Taken",
    "Text",
    "Unreachable",
    "Viewer",
    "Who",
    "Word",
    "_",
    "ask",
    "asked",
    "atomic",
    "by_sourced_id",
    "children_of",
    "clock",
    "confirm",
    "confirm_password",
    "csv_file",
    "db",
    "deliver",
    "describe_photo",
    "destroy_secret",
    "discard_photos",
    "emit",
    "enqueue",
    "erase_files",
    "erase_photos",
    "erased_photos",
    "families_of",
    "file_response",
    "fragment",
    "groups",
    "guardians",
    "guardians_of",
    "handled_photos",
    "hide_photos",
    "hide_photos_unseen",
    "hook",
    "in_portions",
    "keep_file",
    "keeps_children_from",
    "known_names",
    "language",
    "languages_of",
    "marks",
    "my_children",
    "my_groups",
    "names",
    "new_id",
    "new_secret",
    "ngettext",
    "offer_photos",
    "open_file",
    "page",
    "permits",
    "portal_address",
    "preview",
    "program_there",
    "publish_due_photos",
    "publish_photos",
    "readings",
    "redirect",
    "review_photos",
    "run_program",
    "school",
    "script",
    "seal",
    "secret",
    "service_address",
    "settings",
    "sourced_ids",
    "staff_of",
    "standing",
    "streams",
    "tag_photo",
    "take_in_photo",
    "typed_id",
    "unseal",
    "uploaded",
    "visible_pictures",
    "who",
    "wish",
]  # fmt: skip
