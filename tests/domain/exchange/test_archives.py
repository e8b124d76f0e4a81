"""ZIP archives from strangers: what is refused, by the name of the entry, before anything is unpacked."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from domain.exchange.documents.making import zip_with

from insights.exchange.archives import ArchiveError, ArchiveLimits, open_archive
from insights.exchange.safe_xml import UnsafeXmlError, parse_xml, refuse_document_types


def archive_of(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in entries:
            archive.writestr(info, content)
    return file.getvalue()


def test_entries_are_read_by_name_and_never_become_paths() -> None:
    archive = open_archive(zip_with({"Sources/a b – c.txt": b"words", "project.qde": b"<a/>"}))

    assert [(entry.name, entry.size) for entry in archive.entries] == [("Sources/a b – c.txt", 5), ("project.qde", 4)]
    assert archive.read("Sources/a b – c.txt") == b"words"
    assert b"".join(archive.chunks(archive.entries[1])) == b"<a/>"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\Windows\\x", "..\\..\\b"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="leads out of the archive"):
        open_archive(zip_with({name: b"x"}))


def test_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("Sources/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16

    with pytest.raises(ArchiveError, match="“Sources/link” is a link, not a file"):
        open_archive(archive_of((info, b"/etc/passwd")))


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(zip_with({"secret.txt": b"x"}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + offset] |= 1

    with pytest.raises(ArchiveError, match=r"“secret.txt” is protected with a password"):
        open_archive(bytes(content))


def test_too_many_entries_too_much_content_and_too_good_a_packing_are_refused() -> None:
    limits = ArchiveLimits(entries=2, unpacked_bytes=1_000, ratio=10, ratio_from_bytes=100)

    with pytest.raises(ArchiveError, match="holds 3 files, and at most 2"):
        open_archive(zip_with({"a": b"", "b": b"", "c": b""}), limits)
    with pytest.raises(ArchiveError, match=r"more than 0.0 MB; the largest part is “b”"):
        open_archive(zip_with({"a": bytes(range(256)), "b": bytes(range(256)) * 3}), limits)
    with pytest.raises(ArchiveError, match="“a” would unpack to"):
        open_archive(zip_with({"a": b"x" * 900}), limits)


def test_what_really_comes_out_is_counted_over_all_entries() -> None:
    archive = open_archive(zip_with({"a": bytes(600), "b": b"x"}), ArchiveLimits(unpacked_bytes=1_000))

    assert len(archive.read("a")) == 600
    with pytest.raises(ArchiveError, match="unpack to more than"):
        archive.read("a")


def test_an_entry_that_lies_about_its_size_is_refused_when_it_is_read() -> None:
    content = bytearray(zip_with({"a.txt": b"words and words"}))
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(header) + offset
        content[at : at + 4] = (4).to_bytes(4, "little")

    with pytest.raises(ArchiveError, match=r"“a.txt” in the archive is damaged"):
        open_archive(bytes(content)).read("a.txt")


def test_one_name_for_two_contents_is_refused() -> None:
    content = archive_of((zipfile.ZipInfo("a.txt"), b"one"), (zipfile.ZipInfo("b.txt"), b"two")).replace(
        b"b.txt", b"a.txt"
    )

    with pytest.raises(ArchiveError, match=r"“a.txt” is in the archive twice"):
        open_archive(content)


def test_a_missing_entry_and_no_archive_at_all_are_said() -> None:
    with pytest.raises(ArchiveError, match="“b” is not in the archive"):
        open_archive(zip_with({"a": b""})).read("b")
    with pytest.raises(ArchiveError, match="list of contents cannot be read"):
        open_archive(b"PK\x03\x04 and no more")


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        LAUGHS.decode().encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
    ids=["entities", "external type", "in UTF-16", "external entity"],
)
def test_a_document_type_is_refused_in_every_shape(content: bytes) -> None:
    for read in (parse_xml, refuse_document_types):
        with pytest.raises(UnsafeXmlError, match=r"“project.qde” declares a document type"):
            read(content, name="project.qde")


def test_xml_that_is_damaged_is_refused_with_its_place() -> None:
    for read in (parse_xml, refuse_document_types):
        with pytest.raises(UnsafeXmlError, match="“a” is no well-formed XML: line 2, "):
            read(b"<a>\n <b", name="a")
    assert parse_xml("<a>é</a>".encode("utf-16"), name="a").text == "é"
