package dev.holdfast.config.load;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML: elements and attributes are the same to it. Without document types and entities of its own, so that a file
 * can neither read another one nor blow itself up. The namespace is free, but one.
 */
final class XmlSource {
    private final String label;
    private final Problems problems;
    private final boolean foreign;
    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable String namespace;

    /** An element whose end was not seen yet. */
    private static final class Open {
        final String name;
        final String where;
        final boolean ignored;
        final StringBuilder text = new StringBuilder();
        final List<SourceNode> children = new ArrayList<>();

        Open(String name, String where, boolean ignored) {
            this.name = name;
            this.where = where;
            this.ignored = ignored;
        }
    }

    private XmlSource(String label, Problems problems, boolean foreign) {
        this.label = label;
        this.problems = problems;
        this.foreign = foreign;
    }

    static SourceTree read(String text, String label, Problems problems) {
        return new XmlSource(label, problems, false).read(text);
    }

    /** In another format: there an element may have text together with attributes, which is left out. */
    static SourceTree readForeign(String text, String label, Problems problems) {
        return new XmlSource(label, problems, true).read(text);
    }

    private SourceTree read(String text) {
        open.push(new Open("", SourceText.at(label, 1, 1), false));
        boolean whole = true;
        try {
            // not the class path's: their limits and defaults differ
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            factory.setXMLResolver((publicId, systemId, base, ns) -> {
                throw new XMLStreamException("external entities are not allowed");
            });
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
            while (whole && reader.hasNext()) {
                whole = take(next(reader), reader);
            }
        } catch (XMLStreamException e) {
            problems.add(where(e.getLocation()), "", null, "not well-formed XML: " + reason(e), "", null);
            whole = false;
        }
        while (open.size() > 1) {
            abandon(open.pop());
        }
        return new SourceTree(node(open.pop(), false), whole, false);
    }

    /** The JDK's parser fails at some mistakes: it has no text, for example, for what is wrong in a DOCTYPE. */
    private static int next(XMLStreamReader reader) throws XMLStreamException {
        try {
            return reader.next();
        } catch (RuntimeException e) {
            throw new XMLStreamException("the parser failed at it: " + e, reader.getLocation(), e);
        }
    }

    /** False to stop. */
    private boolean take(int event, XMLStreamReader reader) {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                if (open.size() > SourceTree.DEEPEST) {
                    problems.add(
                            where(reader.getLocation()), reader.getLocalName(), null, SourceTree.TOO_DEEP, "", null);
                    return false;
                }
                start(reader);
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                top().text.append(reader.getText());
            case XMLStreamConstants.END_ELEMENT -> end();
            case XMLStreamConstants.DTD -> {
                problems.add(where(reader.getLocation()), "", null, "a DOCTYPE is not allowed", "no DOCTYPE", null);
                return false;
            }
            default -> {
                // comments, processing instructions and the document's ends mean nothing here
            }
        }
        return true;
    }

    private void start(XMLStreamReader reader) {
        String name = reader.getLocalName();
        String where = where(reader.getLocation());
        String uri = reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
        if (namespace == null) {
            namespace = uri;
        }
        boolean foreign = !namespace.equals(uri);
        if (foreign) {
            problems.add(where, name, uri, "an element of another namespace", "the namespace of the root", null);
        }
        Open element = new Open(name, where, foreign);
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String attributeUri = reader.getAttributeNamespace(i);
            if (attributeUri == null || attributeUri.isEmpty()) {
                String value = reader.getAttributeValue(i).strip();
                element.children.add(SourceNode.text(reader.getAttributeLocalName(i), where, value));
            } else if (!attributeUri.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
                    && !attributeUri.equals(XMLConstants.XML_NS_URI)) {
                String attribute = reader.getAttributeLocalName(i);
                problems.add(where, attribute, attributeUri, "an attribute of another namespace", "none", null);
            }
        }
        open.push(element);
    }

    private void end() {
        Open element = open.pop();
        if (!element.ignored) {
            top().children.add(node(element, true));
        }
    }

    private SourceNode node(Open element, boolean textMatters) {
        String text = element.text.toString().strip();
        if (element.children.isEmpty() && textMatters) {
            return SourceNode.text(element.name, element.where, text);
        }
        if (!text.isEmpty() && !foreign) {
            problems.add(
                    element.where,
                    element.name,
                    text,
                    "text between elements, or together with attributes",
                    "either text or elements",
                    null);
        }
        return group(element);
    }

    /** An element that was cut off: what it has in it still counts, that it has nothing does not. */
    private void abandon(Open element) {
        if (!element.ignored) {
            boolean nothing = element.children.isEmpty();
            top().children.add(nothing ? SourceNode.unfinished(element.name, element.where) : group(element));
        }
    }

    private static SourceNode group(Open element) {
        SourceNode group = SourceNode.group(element.name, element.where);
        element.children.forEach(group::add);
        return group;
    }

    private Open top() {
        return open.element();
    }

    private String where(@Nullable Location location) {
        return location == null || location.getLineNumber() < 1
                ? label
                : SourceText.at(label, location.getLineNumber(), Math.max(1, location.getColumnNumber()));
    }

    /** Without the place, which the parser writes in front. */
    private static String reason(XMLStreamException e) {
        String message = String.valueOf(e.getMessage());
        int at = message.indexOf("Message: ");
        return (at < 0 ? message : message.substring(at + "Message: ".length())).strip();
    }
}
