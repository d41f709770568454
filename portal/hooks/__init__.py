"""The plugin host: how a plugin says what it brings, and how the portal asks it without falling with it."""

from __future__ import annotations

import pluggy

NAMESPACE = "portal.plugins"  # the entry-point group in which installed plugins announce themselves
spec = pluggy.HookspecMarker(NAMESPACE)
hook = pluggy.HookimplMarker(NAMESPACE)
