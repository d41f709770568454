"""Where Piccolo's own tools find the engine."""

from piccolo.conf.apps import AppRegistry

from portal.db.piccolo import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=[])
