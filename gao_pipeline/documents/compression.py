"""Files that were compressed whole (gzip): servers send pages so, and some crawlers store what they get."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"
_MAX_BYTES = 200 * 2**20
_GZIP_FORMAT = 31


def inflated(data: bytes) -> bytes:
    """The bytes that were compressed; `data` itself where it is not compressed, damaged, or more than
    `_MAX_BYTES` would come of it."""
    if not data.startswith(_GZIP):
        return data
    inflator = zlib.decompressobj(_GZIP_FORMAT)
    try:
        content = inflator.decompress(data, _MAX_BYTES)
    except zlib.error:
        return data
    return content if inflator.eof else data
