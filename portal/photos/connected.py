"""The vault of the school that this process serves."""

from __future__ import annotations

from pathlib import Path

from portal.errors import UnsafeToStart
from portal.photos.vault import Vault

_vault: Vault | None = None


def connect(root: Path, keys: Path, master: Path) -> None:
    """Opens the vault. Raises UnsafeToStart if the master key is missing or open to other accounts."""
    global _vault
    _vault = Vault(root, keys, master)


def vault() -> Vault:
    """The open vault. Raises UnsafeToStart if none was connected."""
    if _vault is None:
        raise UnsafeToStart("No photo vault is connected.")
    return _vault
