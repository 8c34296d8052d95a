"""Hostile files, written byte by byte: what their makers put into them to stop, fill or fool a reader."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

from PIL import Image

from tests.faults.documents import DUMP, page_picture, scan

SIDE = 35_000


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of them."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, table)
    return bytes(data)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def one_page(content: bytes, *more: bytes, page: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """A PDF of one page: objects 1 to 3 are catalogue, tree and page, 4 its content, ``more`` from 5."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R %b >>" % (box, page),
        content,
        *more,
    )


def picture_page(image: bytes) -> bytes:
    """A page filled with the image object."""
    content = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return one_page(content, image, page=b"/Resources << /XObject << /I 5 0 R >> >>")


def image_object(data: bytes, side: int, filters: bytes, bits: int = 1) -> bytes:
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent %d /Filter %b"
    )
    return stream(data, entries % (side, side, bits, filters))


def png_bomb() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + SIDE // 8)
    data = b"".join(packer.compress(row * 500) for _ in range(SIDE // 500)) + packer.flush()
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def broken_tiff() -> bytes:
    """Three pages, the second pointing behind the end of the file."""
    buffer = io.BytesIO()
    pages = [page_picture(f"TRANG {n}") for n in (1, 2, 3)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    data = bytearray(buffer.getvalue())
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        strips = image.tag_v2[273]  # type: ignore[attr-defined]
    place = data.find(struct.pack("<I", strips[0]), 8)
    data[place : place + 4] = struct.pack("<I", 0xFFFFFF00)
    return bytes(data)


def nasty_files(folder: Path) -> None:
    """All of them, in ``folder``."""
    packed = zlib.compress(zlib.compress(bytes(SIDE * SIDE // 8), 9), 9)
    spaces = zlib.compress(zlib.compress(b"0 0 m 9 9 l S\n" * 4_000_000, 9), 9)
    whole = scan()
    loop = pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 9 /Parent 3 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 9 /Parent 2 0 R >>",
    )
    table = whole.rindex(b"xref", 0, whole.rindex(b"startxref"))
    files = {
        "pixels-in-12-kB.pdf": picture_page(image_object(packed, SIDE, b"[/FlateDecode /FlateDecode]")),
        "pixels.png": png_bomb(),
        "two-billion-points.pdf": one_page(stream(b""), box=b"0 0 595 2000000000"),
        "bomb.pdf": one_page(stream(spaces, b"/Filter [/FlateDecode /FlateDecode]")),
        "tree-loop.pdf": loop,
        "self-loop.pdf": pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
        "table-loop.pdf": whole.replace(b"/Size", b"/Prev %d /Size" % table),
        "form-loop.pdf": one_page(
            stream(b"/F Do"),
            stream(
                b"/F Do /F Do",
                b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>",
            ),
            page=b"/Resources << /XObject << /F 5 0 R >> >>",
        ),
        "deep.pdf": one_page(stream(b""), page=b"/X " + b"[" * 50_000 + b"]" * 50_000),
        "garbage.jbig2.pdf": picture_page(image_object(os.urandom(4000), 2000, b"/JBIG2Decode")),
        "garbage.jpx.pdf": picture_page(image_object(os.urandom(4000), 2000, b"/JPXDecode", 8)),
        "garbage.ccitt.pdf": picture_page(image_object(os.urandom(4000), 30_000, b"/CCITTFaxDecode")),
        "broken.tif": broken_tiff(),
        "nulls.txt": b"K\0e\0" * 500 + b"\0",
        "one-line.txt": b"ke hoach " * 5_000_000,
        "bad-bytes.txt": DUMP.encode() + bytes(range(1, 256)) * 20,
        "empty.png": b"",
        "cut.pdf": whole[:-200],
        "only-head.pdf": b"%PDF-1.7\n",
        "new\nline ../../up $(touch hacked) -rf.txt": DUMP.encode(),
        "kế hoạch ‮fdp.txt": DUMP.encode(),
        "-x.txt": DUMP.encode(),
    }
    for name, data in files.items():
        (folder / name.replace("/", "∕")).write_bytes(data)
    os.mkfifo(folder / "pipe.pdf")
    (folder / "folder.pdf").mkdir()
    (folder / "folder.pdf" / "inside.txt").write_bytes(DUMP.encode())
    (folder / "round.pdf").symlink_to(folder / "about.pdf")
    (folder / "about.pdf").symlink_to(folder / "round.pdf")
    (folder / "device.pdf").symlink_to("/dev/zero")
