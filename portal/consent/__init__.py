"""The consent ledger, the notices people read before they decide, and their receipts."""
