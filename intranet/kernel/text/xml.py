"""Text that goes into XML."""

import re

# XML 1.0 has no way to write these, not even escaped.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable_in_xml(text: str) -> str:
    """The text without the characters that XML lacks; it must still be escaped."""
    return _NOT_IN_XML.sub("", text)
