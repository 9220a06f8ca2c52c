package entrepot.knowledge.extraction.child;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

import java.io.IOException;

/** The text of a PDF, page by page. */
final class PdfText {

    private static final int PAGES_MAX = 5_000;

    private PdfText() {}

    static Parsed parse(byte[] bytes, int charsMax) throws IOException, Unreadable {
        try (PDDocument document =
                Loader.loadPDF(bytes, "", null, null, IOUtils.createMemoryOnlyStreamCache())) {
            var stripper = new PDFTextStripper();
            stripper.setSortByPosition(false);
            var out = new TextOut(charsMax);
            int pages = Math.min(PAGES_MAX, document.getNumberOfPages());
            for (int page = 1; page <= pages && !out.isFull(); page++) {
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                out.page();
                out.add(stripper.getText(document).strip()).add("\n\n");
            }
            String title = document.getDocumentInformation().getTitle();
            Parsed parsed = out.done(title == null ? "" : title);
            if (parsed.text().isBlank()) {
                throw new Unreadable("The PDF holds no text: its pages may be pictures.");
            }
            return parsed;
        } catch (InvalidPasswordException e) {
            throw new Unreadable("The PDF is locked with a password.");
        }
    }
}
