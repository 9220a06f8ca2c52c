package entrepot.knowledge.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class ExtractorTest {

    private static final ExtractionLimits SMALL = new ExtractionLimits(64, 60_000, 20_000, 50, 1);

    private final Extractor extractor = new Extractor(SMALL);

    @AfterEach
    void close() {
        extractor.close();
    }

    private Extracted read(byte[] bytes, String name)
            throws ExtractionFailed, InterruptedException {
        return extractor.extract(bytes, ContentTypes.of(name, ""));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void textStaysAsItStandsInTheFile() throws Exception {
        String markdown = "# Leave\n\n**Twenty-eight** days a year.\n";
        assertThat(read(utf8(markdown), "leave.md").text()).isEqualTo(markdown);
        assertThat(read(new byte[] {'c', 'a', 'f', (byte) 0xE9}, "a.txt").text()).isEqualTo("café");
        assertThat(extractor.waiting()).as("no child is needed for it").isZero();
    }

    @Test
    void whatIsNotTextIsRefused() {
        assertThatThrownBy(() -> read(new byte[] {1, 0, 2}, "notes"))
                .hasMessageContaining("not text");
        assertThatThrownBy(() -> extractor.extract(utf8("x"), "image/png"))
                .hasMessageContaining("no reader for image/png");
    }

    @Test
    void aPageLosesItsFurniture() throws Exception {
        Extracted page =
                read(
                        utf8(
                                "<html><head><title>Opening hours</title><script>x()</script>"
                                        + "</head><body><nav>Home | Shop</nav><h2>Hours</h2>"
                                        + "<p>We open at <b>nine</b>.</p><ul><li>Not on Sundays"
                                        + "</li></ul><table><tr><td>Mon</td><td>9-17</td></tr>"
                                        + "</table></body></html>"),
                        "hours.html");
        assertThat(page.title()).isEqualTo("Opening hours");
        assertThat(page.text())
                .contains("## Hours")
                .contains("We open at nine.")
                .contains("- Not on Sundays")
                .contains("| Mon | 9-17 |")
                .doesNotContain("Home")
                .doesNotContain("x()");
    }

    @Test
    void aPdfHasPages() throws Exception {
        Extracted pdf = read(pdf("The gate opens at nine.", "It closes at five."), "gate.pdf");
        assertThat(pdf.text()).contains("The gate opens at nine.").contains("It closes at five.");
        assertThat(pdf.pages()).hasSize(2);
        assertThat(pdf.text().substring(pdf.pages().get(1))).startsWith("It closes");
    }

    @Test
    void aHugePdfIsCutAndSaysSo() throws Exception {
        var pages = new String[400];
        java.util.Arrays.fill(
                pages, "All work and no play makes for a dull page of text. ".repeat(2));
        Extracted pdf = read(pdf(pages), "huge.pdf");
        assertThat(pdf.cut()).isTrue();
        assertThat(pdf.text()).hasSize(SMALL.charsMax());
    }

    @Test
    void aDocumentHasHeadingsItemsAndRows() throws Exception {
        String word =
                "<w:document xmlns:w='w'><w:body>"
                        + "<w:p><w:pPr><w:pStyle w:val='H1'/></w:pPr><w:r><w:t>Travel</w:t></w:r>"
                        + "</w:p><w:p><w:r><w:t>Book by </w:t></w:r><w:r><w:t>train.</w:t></w:r>"
                        + "</w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Second class</w:t></w:r>"
                        + "</w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Berlin</w:t></w:r></w:p></w:tc>"
                        + "<w:tc><w:p><w:r><w:t>120</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
                        + "</w:body></w:document>";
        String styles =
                "<w:styles xmlns:w='w'><w:style w:styleId='H1'><w:name w:val='heading 1'/>"
                        + "</w:style></w:styles>";
        Extracted document =
                read(
                        zip(
                                Map.of(
                                        "word/document.xml",
                                        utf8(word),
                                        "word/styles.xml",
                                        utf8(styles),
                                        "docProps/core.xml",
                                        utf8("<c><title>Travel rules</title></c>"))),
                        "travel.docx");
        assertThat(document.title()).isEqualTo("Travel rules");
        assertThat(document.text())
                .contains("# Travel")
                .contains("Book by train.")
                .contains("- Second class")
                .contains("| Berlin | 120 |");
    }

    @Test
    void aWorkbookHasItsRowsUnderItsSheets() throws Exception {
        Extracted book =
                read(
                        zip(
                                Map.of(
                                        "xl/workbook.xml",
                                        utf8(
                                                "<workbook xmlns:r='r'><sheets><sheet name='Prices'"
                                                        + " r:id='rId1'/></sheets></workbook>"),
                                        "xl/_rels/workbook.xml.rels",
                                        utf8(
                                                "<Relationships><Relationship Id='rId1'"
                                                        + " Target='worksheets/sheet1.xml'/>"
                                                        + "</Relationships>"),
                                        "xl/sharedStrings.xml",
                                        utf8("<sst><si><t>Bolt</t></si></sst>"),
                                        "xl/worksheets/sheet1.xml",
                                        utf8(
                                                "<worksheet><sheetData><row><c t='s'><v>0</v></c>"
                                                        + "<c><v>1.10</v></c></row></sheetData>"
                                                        + "</worksheet>"))),
                        "prices.xlsx");
        assertThat(book.text()).contains("# Prices").contains("| Bolt | 1.10 |");
    }

    @Test
    void slidesComeInOrder() throws Exception {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("ppt/slides/slide10.xml", slide("The end"));
        parts.put("ppt/slides/slide2.xml", slide("The plan"));
        Extracted slides = read(zip(parts), "plan.pptx");
        assertThat(slides.text()).containsSubsequence("# Slide 2: The plan", "# Slide 10: The end");
        assertThat(slides.pages()).hasSize(2);
    }

    private static byte[] slide(String title) {
        return utf8("<p><txBody><p><r><t>" + title + "</t></r></p></txBody></p>");
    }

    @Test
    void aZipBombIsOneDocumentsError() throws Exception {
        byte[] bomb = zip(Map.of("word/document.xml", new byte[120 << 20]));
        assertThat(bomb.length).isLessThan(1 << 20);
        assertThatThrownBy(() -> read(bomb, "bomb.docx"))
                .isInstanceOfSatisfying(
                        ExtractionFailed.class, e -> assertThat(e.isLasting()).isTrue());
        assertThat(read(pdf("Still here."), "after.pdf").text()).contains("Still here.");
    }

    @Test
    void entitiesOfXmlAreNotExpanded() {
        String laughs =
                "<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
                        + "<d><body><p><t>&b;</t></p></body></d>";
        assertThatThrownBy(() -> read(zip(Map.of("word/document.xml", utf8(laughs))), "l.docx"))
                .isInstanceOf(ExtractionFailed.class);
    }

    @Test
    void whatIsDamagedSaysSo() {
        assertThatThrownBy(() -> read(utf8("no zip at all"), "a.docx"))
                .hasMessageContaining("not what its name says");
        assertThatThrownBy(() -> read(utf8("%PDF-1.7 cut off"), "a.pdf"))
                .hasMessageContaining("damaged");
    }

    @Test
    void aChildThatIsKilledIsReplaced() throws Exception {
        try (var child = new ChildProcess(SMALL)) {
            child.handle().destroyForcibly();
            child.handle().onExit().join();
            var request =
                    new entrepot.knowledge.extraction.child.Frames.Request(
                            entrepot.knowledge.extraction.child.Frames.Kind.PDF,
                            100,
                            new byte[1 << 20]);
            assertThatThrownBy(() -> child.parse(request))
                    .isInstanceOfSatisfying(
                            ExtractionFailed.class, e -> assertThat(e.isLasting()).isFalse());
            assertThat(child.isSpent()).isTrue();
        }
        assertThat(read(pdf("Another one reads."), "a.pdf").text()).contains("Another one reads.");
        assertThat(extractor.waiting()).isOne();
    }

    @Test
    void whatTakesTooLongIsEnded() {
        try (var impatient = new Extractor(new ExtractionLimits(64, 1, 1_000, 50, 1))) {
            assertThatThrownBy(() -> impatient.extract(pdf("Slow."), ContentTypes.PDF))
                    .isInstanceOfSatisfying(
                            ExtractionFailed.class, e -> assertThat(e.isLasting()).isTrue())
                    .hasMessageContaining("within");
            assertThat(impatient.waiting()).isZero();
        }
    }

    static byte[] pdf(String... pages) throws IOException {
        try (var document = new PDDocument()) {
            for (String words : pages) {
                var page = new PDPage();
                document.addPage(page);
                try (var content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.newLineAtOffset(50, 700);
                    content.showText(words);
                    content.endText();
                }
            }
            var out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    static byte[] zip(Map<String, byte[]> parts) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }
}
