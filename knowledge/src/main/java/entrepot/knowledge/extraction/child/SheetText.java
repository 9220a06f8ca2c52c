package entrepot.knowledge.extraction.child;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * SpreadsheetML, ECMA-376 part 1, §18: a row of cells per line, under its sheet's name. Dates stay
 * the numbers that they are stored as.
 */
final class SheetText {

    private static final byte[] NOTHING = {};
    private static final int COLUMNS_MAX = 200;

    private final Map<String, byte[]> parts;
    private final TextOut out;

    SheetText(Map<String, byte[]> parts, TextOut out) {
        this.parts = parts;
        this.out = out;
    }

    void read() throws XMLStreamException {
        List<String> shared = shared();
        Map<String, String> targets =
                Xml.relationships(parts.getOrDefault("xl/_rels/workbook.xml.rels", NOTHING));
        var reader = Xml.reader(parts.getOrDefault("xl/workbook.xml", NOTHING));
        while (reader.hasNext() && !out.isFull()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT
                    && reader.getLocalName().equals("sheet")) {
                String target = targets.getOrDefault(Xml.attribute(reader, "id"), "");
                String name = target.startsWith("/") ? target.substring(1) : "xl/" + target;
                byte[] sheet = parts.getOrDefault(name, NOTHING);
                if (sheet.length > 0) {
                    out.page();
                    out.block("# " + Xml.attribute(reader, "name"));
                    rows(sheet, shared);
                }
            }
        }
    }

    /** Strings that cells refer to by number. */
    private List<String> shared() throws XMLStreamException {
        var strings = new ArrayList<String>();
        byte[] part = parts.getOrDefault("xl/sharedStrings.xml", NOTHING);
        if (part.length == 0) {
            return strings;
        }
        var words = new StringBuilder();
        var reader = Xml.reader(part);
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamReader.START_ELEMENT && reader.getLocalName().equals("t")) {
                words.append(reader.getElementText());
            } else if (event == XMLStreamReader.END_ELEMENT && reader.getLocalName().equals("si")) {
                strings.add(words.toString());
                words.setLength(0);
            }
        }
        return strings;
    }

    private void rows(byte[] sheet, List<String> shared) throws XMLStreamException {
        var reader = Xml.reader(sheet);
        List<String> cells = new ArrayList<>();
        String type = "";
        var value = new StringBuilder();
        while (reader.hasNext() && !out.isFull()) {
            int event = reader.next();
            String name = reader.hasName() ? reader.getLocalName() : "";
            if (event == XMLStreamReader.START_ELEMENT) {
                switch (name) {
                    case "row" -> cells.clear();
                    case "c" -> {
                        type = Xml.attribute(reader, "t");
                        value.setLength(0);
                    }
                    case "v", "t" -> value.append(reader.getElementText());
                    default -> {}
                }
            } else if (event == XMLStreamReader.END_ELEMENT) {
                if (name.equals("c") && cells.size() < COLUMNS_MAX) {
                    cells.add(cell(type, value.toString(), shared));
                } else if (name.equals("row") && cells.stream().anyMatch(c -> !c.isBlank())) {
                    out.line("| " + String.join(" | ", cells) + " |");
                }
            }
        }
    }

    private static String cell(String type, String value, List<String> shared) {
        if (!type.equals("s")) {
            return value.replaceAll("\\s+", " ").strip();
        }
        try {
            int index = Integer.parseInt(value.strip());
            return index >= 0 && index < shared.size()
                    ? shared.get(index).replaceAll("\\s+", " ").strip()
                    : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }
}
