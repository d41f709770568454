"""A self-hosted family portal for schools: stories and photos under the families' own consent."""

__version__ = "0.1.0"
