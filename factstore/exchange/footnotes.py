"""Footnotes in a Word document (ECMA-376-1:2016, 17.11), which python-docx does not support.

A document with footnotes has a part `/word/footnotes.xml`, in which two special notes draw the line above the others, and
settings that name these two. Notes are numbered by the places of their references in the text, whatever their ids.
"""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: The notes that are drawn as lines: between text and notes, and above a note continued from the page before.
_LINES = ((-1, "separator", "separator"), (0, "continuationSeparator", "continuationSeparator"))


class Footnotes:
    """The footnotes of one document; adds their part, styles and settings to it."""

    def __init__(self, document: Document) -> None:
        lines = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r><w:{sign}/></w:r></w:p></w:footnote>'
            for number, kind, sign in _LINES
        )
        root = parse_xml(f'<w:footnotes xmlns:w="{_W}" xmlns:r="{_R}">{lines}</w:footnotes>')
        name = PackURI("/word/footnotes.xml")
        self._part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, root, document.part.package)
        self._root = root
        self._count = 0
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        _name_lines(document)
        # Styles are set by id, since by name, each run would search all of them.
        self._text, self._reference = _make_styles(document)

    def add(self, paragraph: Paragraph) -> Paragraph:
        """Add a reference at the end of a paragraph. Returns the paragraph of its note, to be filled."""
        self._count += 1
        self._mark(paragraph, _element("w:footnoteReference", {"w:id": str(self._count)}))
        note = _element("w:footnote", {"w:id": str(self._count)})
        self._root.append(note)
        note.append(OxmlElement("w:p"))
        written = Paragraph(note[0], paragraph)
        written._p.style = self._text
        self._mark(written, OxmlElement("w:footnoteRef"))
        written.add_run(" ")
        return written

    def _mark(self, paragraph: Paragraph, mark: BaseOxmlElement) -> None:
        """Add a superscript number at the end of a paragraph."""
        run = paragraph.add_run()
        run._r.style = self._reference
        run._r.append(mark)

    def link(self, paragraph: Paragraph, url: str) -> None:
        """Add a link at the end of a note's paragraph; its text is the URL."""
        relation = self._part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("w:hyperlink", {"r:id": relation})
        run = paragraph.add_run(url)
        run.font.underline = True
        paragraph._p.append(link)
        link.append(run._r)


def _element(name: str, attributes: dict[str, str]) -> BaseOxmlElement:
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(attribute), value)
    return made


def _name_lines(document: Document) -> None:
    """Add the settings that name the notes drawn as lines (17.11.9), before `w:compat`, as the schema's sequence requires."""
    named = OxmlElement("w:footnotePr")
    for number, _, _ in _LINES:
        named.append(_element("w:footnote", {"w:id": str(number)}))
    settings = document.settings.element
    after = settings.find(qn("w:compat"))
    if after is None:
        settings.append(named)
    else:
        after.addprevious(named)


def _make_styles(document: Document) -> tuple[str, str]:
    """Add the styles of a note and of its number, under the names that Word uses. Returns their ids."""
    text = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(8)
    text.paragraph_format.space_after = Pt(0)
    reference = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.font.superscript = True
    return text.style_id, reference.style_id
