"""The files of the demo company: small, real documents made from a line of text."""

import csv
import io

_FIRST_LINE, _LINE_STEP = 760, 26


def paper(name: str, content: str) -> bytes:
    """A document for its name's ending (.pdf or .csv); `|` separates the lines of `content`."""
    lines = content.split("|")
    return _pdf(lines) if name.endswith(".pdf") else _table(lines)


def _table(lines: list[str]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(
        line.split(";") for line in lines
    )
    # The mark tells spreadsheet programs that this is UTF-8.
    return target.getvalue().encode("utf-8-sig")


def _pdf(lines: list[str]) -> bytes:
    """One A4 page in Helvetica, PDF 1.4 (ISO 32000-1, 7.5)."""
    drawn = ["BT", f"/F1 20 Tf 60 {_FIRST_LINE} Td"]
    for index, line in enumerate(lines):
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        if index == 1:
            drawn.append("/F1 12 Tf")
        drawn.append(f"({escaped}) Tj 0 -{_LINE_STEP} Td")
    drawn.append("ET")
    stream = "\n".join(drawn).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    target = io.BytesIO(b"%PDF-1.4\n")
    target.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(target.tell())
        target.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = target.tell()
    target.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    target.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    target.write(
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    )
    return target.getvalue()
