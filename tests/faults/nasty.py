"""Hostile files, written byte by byte: what their makers put into them to stop, fill or fool a reader."""

from __future__ import annotations

import contextlib
import io
import os
import random
import socket
import struct
import zlib
from pathlib import Path

from PIL import Image

from tests.faults.documents import DUMP, page_picture, scan

SIDE = 35_000
NOISE = random.Random(30).randbytes(4000)
"""Bytes that no decoder takes for a picture, the same in every run: others may pass for an empty one."""


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


def jbig2(side: int) -> bytes:
    """A page of JBIG2 with one region, which say that they have ``side`` pixels each way and hold next to nothing."""
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    body = struct.pack(">IIIIBB", side, side, 0, 0, 0, 0) + bytes([3, 255, 253, 255, 2, 254, 254, 254]) + bytes(40)
    return page + struct.pack(">IBBBI", 1, 38, 0, 1, len(body)) + body


def jpeg_2000(side: int, components: int = 1) -> bytes:
    """A JPEG 2000 codestream that says so, without data."""
    size = struct.pack(">HHIIIIIIIIH", 38 + 3 * components, 0, side, side, 0, 0, side, side, 0, 0, components)
    coding = b"\xff\x52" + struct.pack(">HBBHBBBBBB", 12, 0, 0, 1, 0, 5, 4, 4, 0, 1)
    steps = b"\xff\x5c" + struct.pack(">HB", 19, 0x40) + bytes([0x40] * 16)
    tile = b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 0, 0, 1) + b"\xff\x93" + bytes(20)
    return b"\xff\x4f\xff\x51" + size + bytes([7, 1, 1]) * components + coding + steps + tile + b"\xff\xd9"


def saved(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def giant_jpeg() -> bytes:
    data = bytearray(saved(page_picture(), "JPEG"))
    place = data.find(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def form(content: bytes, entries: bytes) -> bytes:
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] " + entries)


def recursions() -> dict[str, bytes]:
    """PDF objects that need themselves: forms in a long chain, a glyph, a mask, a length, an array, parents."""
    tree = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents %b >>"
    chain = [form(b"/F Do", b"/Resources << /XObject << /F %d 0 R >> >>" % number) for number in range(6, 3000)]
    glyph = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [.1 0 0 .1 0 0] /FirstChar 97 /LastChar 97 "
        b"/Widths [9] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> "
        b"/Resources << /Font << /F 5 0 R >> >> >>"
    )
    mask = form(b"/G gs 0 0 9 9 re f", b"/Group << /S /Transparency >> /Resources << /ExtGState << /G 6 0 R >> >>")
    return {
        "forms-in-a-chain.pdf": one_page(
            stream(b"/F Do"), *chain, page=b"/Resources << /XObject << /F 5 0 R >> >>"
        ),
        "glyph-of-itself.pdf": one_page(
            stream(b"BT /F 9 Tf (aa) Tj ET"), glyph, stream(b"9 0 d0 BT /F 9 Tf (aa) Tj ET"),
            page=b"/Resources << /Font << /F 5 0 R >> >>",
        ),
        "mask-of-itself.pdf": one_page(
            stream(b"/G gs /F Do"), mask, b"<< /SMask << /S /Luminosity /G 5 0 R >> >>",
            page=b"/Resources << /ExtGState << /G 6 0 R >> /XObject << /F 5 0 R >> >>",
        ),
        "length-of-itself.pdf": pdf(*tree, page % b"4 0 R", b"<< /Length 4 0 R >>\nstream\nq Q\nendstream"),
        "arrays-in-a-ring.pdf": pdf(*tree, page % b"4 0 R", b"[5 0 R]", b"[4 0 R]"),
        "parent-of-parent.pdf": pdf(tree[0], tree[1].replace(b">>", b"/Parent 3 0 R >>"), b"<< /Parent 2 0 R >>"),
    }  # fmt: skip


def measures() -> dict[str, bytes]:
    """Sizes and counts that no page has."""
    text = stream(b"BT /F 24 Tf 40 400 Td (KE HOACH) Tj ET")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
    resources = b"/Resources << /Font << /F 5 0 R >> >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"

    def page(box: bytes = b"0 0 595 842", more: bytes = b"") -> bytes:
        return one_page(text, font, page=resources + more, box=box)

    def tree(kids: bytes, count: int) -> bytes:
        pages = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)
        return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", pages, leaf)

    return {
        "no-numbers.pdf": page(b"0 0 nan inf"),
        "no-area.pdf": page(b"0 0 .000001 .000001"),
        "far-away.pdf": page(b"-9e9 -9e9 9 9"),
        "user-unit.pdf": page(more=b"/UserUnit 1e30 /Rotate 45"),
        "two-billion-pages.pdf": tree(b"3 0 R", 2_147_483_647),
        "minus-pages.pdf": tree(b"3 0 R", -3),
        "many-pages.pdf": tree(b"3 0 R " * 100_000, 100_000),
        "thin.png": saved(Image.new("1", (1, 1_000_000), 1), "PNG"),
        "giant.jpg": giant_jpeg(),
        "giant.jbig2.pdf": picture_page(image_object(jbig2(SIDE), SIDE, b"/JBIG2Decode")),
        "giant.jpx.pdf": picture_page(image_object(jpeg_2000(SIDE), SIDE, b"/JPXDecode", 8)),
        "many-components.jpx.pdf": picture_page(image_object(jpeg_2000(3000, 16_000), 3000, b"/JPXDecode", 8)),
    }


def texts() -> dict[str, bytes]:
    """Dumps that wear out patterns."""
    bodies = {
        "digits.txt": "1" * 90_000 + "\n" + "1." * 40_000,
        "leaders.txt": "." * 90_000 + "\n" + "- " * 20_000,
        "brackets.txt": "(" * 40_000 + ")" * 40_000,
        "marks.txt": "a" + "\u0301" * 50_000,
        "numbers-in-numbers.txt": "\n".join(".".join("1" * n) + ". Mục" for n in range(1, 80)),
        "private.txt": "".join(map(chr, range(0xE000, 0xF000))),
    }
    return {name: f"{DUMP}{body}\n".encode() for name, body in bodies.items()}


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
        "garbage.jbig2.pdf": picture_page(image_object(NOISE, 2000, b"/JBIG2Decode")),
        "garbage.jpx.pdf": picture_page(image_object(NOISE, 2000, b"/JPXDecode", 8)),
        "garbage.ccitt.pdf": picture_page(image_object(NOISE, 30_000, b"/CCITTFaxDecode")),
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
        "<img src=x onerror=alert(1)>.txt": DUMP.encode(),
        "x" * 250 + ".txt": DUMP.encode(),
        "cut.png": saved(page_picture(), "PNG")[:2000],
        **recursions(),
        **measures(),
        **texts(),
    }
    for name, data in files.items():
        (folder / name.replace("/", "∕")).write_bytes(data)
    (folder / os.fsdecode(b"t\xean.txt")).write_bytes(DUMP.encode())
    os.mkfifo(folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listener, contextlib.chdir(folder):  # a path in it is short
        listener.bind("socket.pdf")
    (folder / "folder.pdf").mkdir()
    (folder / "folder.pdf" / "inside.txt").write_bytes(DUMP.encode())
    (folder / "round.pdf").symlink_to(folder / "about.pdf")
    (folder / "about.pdf").symlink_to(folder / "round.pdf")
    (folder / "device.pdf").symlink_to("/dev/zero")
