package entrepot.knowledge.extraction.child;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** XML without document types: no entity is expanded and nothing is fetched. */
final class Xml {

    private static final XMLInputFactory FACTORY = factory();

    private Xml() {}

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    static XMLStreamReader reader(byte[] part) throws XMLStreamException {
        return FACTORY.createXMLStreamReader(new ByteArrayInputStream(part));
    }

    /** An attribute by its local name; empty when it is not there. */
    static String attribute(XMLStreamReader reader, String name) {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(name)) {
                return reader.getAttributeValue(i);
            }
        }
        return "";
    }

    /** Text of the first element of that name; empty when there is none. */
    static String first(byte[] part, String name) throws XMLStreamException {
        var reader = reader(part);
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT
                    && reader.getLocalName().equals(name)) {
                return reader.getElementText();
            }
        }
        return "";
    }

    /**
     * The targets of a part's relationships, by id (ECMA-376 part 2, §6.5).
     *
     * @param part of content type relationships
     */
    static Map<String, String> relationships(byte[] part) throws XMLStreamException {
        var targets = new HashMap<String, String>();
        var reader = reader(part);
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamReader.START_ELEMENT
                    && reader.getLocalName().equals("Relationship")) {
                targets.put(attribute(reader, "Id"), attribute(reader, "Target"));
            }
        }
        return targets;
    }
}
