"""Consent: the ledger of decisions, and the notices that people read before they decide."""
