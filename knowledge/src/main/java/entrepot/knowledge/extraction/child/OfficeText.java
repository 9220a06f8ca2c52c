package entrepot.knowledge.extraction.child;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The text of Office Open XML: documents and presentations; workbooks by {@link SheetText}. */
final class OfficeText {

    private static final byte[] NOTHING = {};
    private static final Pattern SLIDE = Pattern.compile("ppt/slides/slide(\\d{1,6})\\.xml");
    private static final Pattern PARTS =
            Pattern.compile(
                    "docProps/core\\.xml|word/(document|styles|footnotes)\\.xml"
                            + "|ppt/(slides|notesSlides)/[^/]+\\.xml"
                            + "|xl/(workbook|sharedStrings|styles)\\.xml|xl/worksheets/[^/]+\\.xml"
                            + "|xl/_rels/workbook\\.xml\\.rels");
    private static final Pattern HEADING = Pattern.compile("(?i)heading ?([1-6])|title");

    private OfficeText() {}

    static Parsed parse(byte[] zip, int charsMax) throws IOException, Unreadable {
        Map<String, byte[]> parts = ZipParts.read(zip, name -> PARTS.matcher(name).matches());
        var out = new TextOut(charsMax);
        try {
            if (parts.containsKey("word/document.xml")) {
                word(parts, out);
            } else if (parts.containsKey("xl/workbook.xml")) {
                new SheetText(parts, out).read();
            } else {
                slides(parts, out);
            }
            byte[] core = parts.getOrDefault("docProps/core.xml", NOTHING);
            Parsed parsed = out.done(core.length == 0 ? "" : Xml.first(core, "title"));
            if (parsed.text().isBlank()) {
                throw new Unreadable("The file holds no text of a document, slides or sheets.");
            }
            return parsed;
        } catch (XMLStreamException e) {
            throw new Unreadable("A part of the file is not XML: " + e.getMessage());
        }
    }

    /** WordprocessingML, ECMA-376 part 1, §17: paragraphs of runs, styles that are headings. */
    private static void word(Map<String, byte[]> parts, TextOut out) throws XMLStreamException {
        Map<String, Integer> headings = headings(parts.getOrDefault("word/styles.xml", NOTHING));
        paragraphs(parts.getOrDefault("word/document.xml", NOTHING), headings, out);
        byte[] notes = parts.getOrDefault("word/footnotes.xml", NOTHING);
        if (notes.length > 0) {
            paragraphs(notes, headings, out);
        }
    }

    private static Map<String, Integer> headings(byte[] styles) throws XMLStreamException {
        var levels = new java.util.HashMap<String, Integer>();
        if (styles.length == 0) {
            return levels;
        }
        var reader = Xml.reader(styles);
        String style = "";
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT) {
                if (reader.getLocalName().equals("style")) {
                    style = Xml.attribute(reader, "styleId");
                } else if (reader.getLocalName().equals("name")) {
                    var matcher = HEADING.matcher(Xml.attribute(reader, "val"));
                    if (matcher.matches()) {
                        String level = matcher.group(1);
                        levels.put(style, level == null ? 1 : Integer.parseInt(level));
                    }
                }
            }
        }
        return levels;
    }

    private static void paragraphs(byte[] part, Map<String, Integer> headings, TextOut out)
            throws XMLStreamException {
        var reader = Xml.reader(part);
        var words = new StringBuilder();
        List<String> cells = new ArrayList<>();
        int level = 0;
        boolean item = false;
        int tables = 0;
        while (reader.hasNext() && !out.isFull()) {
            int event = reader.next();
            String name = reader.hasName() ? reader.getLocalName() : "";
            if (event == XMLStreamReader.START_ELEMENT) {
                switch (name) {
                    case "t" -> words.append(reader.getElementText());
                    case "tab" -> words.append('\t');
                    case "br", "cr" -> words.append('\n');
                    case "pStyle" -> level = headings.getOrDefault(Xml.attribute(reader, "val"), 0);
                    case "numPr" -> item = true;
                    case "tbl" -> tables++;
                    case "tr" -> cells.clear();
                    default -> {}
                }
            } else if (event == XMLStreamReader.END_ELEMENT) {
                if (name.equals("p") && tables == 0) {
                    paragraph(words.toString(), level, item, out);
                    words.setLength(0);
                    level = 0;
                    item = false;
                } else if (name.equals("p")) {
                    words.append(' ');
                } else if (name.equals("tc")) {
                    cells.add(words.toString().strip());
                    words.setLength(0);
                } else if (name.equals("tr")) {
                    out.line("| " + String.join(" | ", cells) + " |");
                } else if (name.equals("tbl")) {
                    tables--;
                }
            }
        }
    }

    private static void paragraph(String words, int level, boolean item, TextOut out) {
        if (words.isBlank()) {
            return;
        }
        if (level > 0) {
            out.block("#".repeat(level) + " " + words.strip());
        } else if (item) {
            out.line("- " + words.strip());
        } else {
            out.block(words);
        }
    }

    /** PresentationML, ECMA-376 part 1, §19: a page per slide, in the order of their numbers. */
    private static void slides(Map<String, byte[]> parts, TextOut out) throws XMLStreamException {
        var numbers = new java.util.TreeMap<Integer, byte[]>();
        parts.forEach((name, part) -> {
            var matcher = SLIDE.matcher(name);
            if (matcher.matches()) {
                numbers.put(Integer.parseInt(matcher.group(1)), part);
            }
        });
        for (Map.Entry<Integer, byte[]> slide : numbers.entrySet()) {
            out.page();
            slide(slide.getKey(), slide.getValue(), out);
            byte[] notes =
                    parts.getOrDefault(
                            "ppt/notesSlides/notesSlide" + slide.getKey() + ".xml", NOTHING);
            if (notes.length > 0) {
                lines(notes).forEach(out::line);
            }
        }
    }

    private static void slide(int number, byte[] part, TextOut out) throws XMLStreamException {
        List<String> lines = lines(part);
        if (!lines.isEmpty()) {
            out.block("# Slide " + number + ": " + lines.getFirst());
            lines.subList(1, lines.size()).forEach(out::block);
        }
    }

    private static List<String> lines(byte[] part) throws XMLStreamException {
        var lines = new ArrayList<String>();
        var words = new StringBuilder();
        var reader = Xml.reader(part);
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamReader.START_ELEMENT && reader.getLocalName().equals("t")) {
                words.append(reader.getElementText());
            } else if (event == XMLStreamReader.END_ELEMENT && reader.getLocalName().equals("p")) {
                if (!words.toString().isBlank()) {
                    lines.add(words.toString().strip());
                }
                words.setLength(0);
            }
        }
        return lines;
    }
}
