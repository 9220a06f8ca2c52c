package entrepot.protocols.openai.responses.items;

import entrepot.conversation.Extras;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How something was said that the canonical record says in one way only.
 *
 * <p>The extras of a message hold the members of its item. On the model's side, where one message
 * is several items, a part holds them: a call and a piece of reasoning are an item each; the first
 * text of an item holds those of the item under {@code item} (its name and its form) and {@code
 * item.…} (all else).
 */
public final class Form {

    /** The name of this dialect, in extras and orders. */
    public static final String DIALECT = "openai.responses";

    /** The member of extras under which forms stand. */
    public static final String FORM = "form";

    /** What names and shapes the item that begins with a part. */
    public static final String ITEM = "item";

    /** The tools that a supplier offers by itself and an answer can do without. */
    public static final String HOSTED_TOOLS = "hosted_tools";

    /** The message was the request's {@code instructions}. */
    public static final String INSTRUCTIONS = "instructions";

    /** The message was the request's {@code input}, a text. */
    public static final String INPUT = "input";

    /** The item had no type: it is the short form of a message. */
    public static final String UNTYPED = "untyped";

    /** The content was a list, though a text would have done. */
    public static final String LIST = "list";

    /** The content was the empty text. */
    public static final String EMPTY_TEXT = "empty_text";

    /** The content was the empty list. */
    public static final String EMPTY_LIST = "empty_list";

    /** Reasoning came without a summary. */
    public static final String NO_SUMMARY = "no_summary";

    /** A file's bytes came without a name. */
    public static final String NO_FILENAME = "no_filename";

    /** The format of the answer was said to be text, as it is anyway. */
    public static final String TEXT_FORMAT = "text_format";

    /** A function did not say whether it is strict. */
    public static final String NO_STRICT = "no_strict";

    /** A function did not say what it takes. */
    public static final String NO_PARAMETERS = "no_parameters";

    private Form() {}

    public static Extras extras(Map<String, JsonNode> rest, String... forms) {
        if (rest.isEmpty() && forms.length == 0) {
            return Extras.NONE;
        }
        var members = new LinkedHashMap<>(rest);
        if (forms.length > 0) {
            members.put(FORM, node(forms));
        }
        return new Extras(DIALECT, members);
    }

    public static ObjectNode node(String... forms) {
        ObjectNode form = Json.object();
        for (String name : forms) {
            form.put(name, true);
        }
        return form;
    }

    public static boolean has(Extras extras, String form) {
        JsonNode forms = Residue.of(extras, DIALECT, FORM);
        return forms != null && forms.path(form).asBoolean(false);
    }

    /** Extras that begin an item: what the part has, and what the item has. */
    public static Extras begin(Extras part, Map<String, JsonNode> item, ObjectNode form) {
        var members = new LinkedHashMap<String, JsonNode>(part.members());
        ObjectNode named = Json.object();
        item.forEach((name, value) -> {
            if (name.equals("id") || name.equals("status")) {
                named.set(name, value);
            } else {
                members.put(ITEM + "." + name, value);
            }
        });
        if (!form.isEmpty()) {
            named.set(FORM, form);
        }
        members.put(ITEM, named);
        return new Extras(DIALECT, members);
    }

    public static boolean begins(Extras extras) {
        return Residue.of(extras, DIALECT, ITEM) != null;
    }

    /** The extras of the item that begins with a part. */
    public static Extras ofItem(Extras part) {
        var members = new LinkedHashMap<String, JsonNode>();
        own(part)
                .forEach((name, value) -> {
                    if (name.startsWith(ITEM + ".")) {
                        members.put(name.substring(ITEM.length() + 1), value);
                    } else if (name.equals(ITEM) && value instanceof ObjectNode named) {
                        named.properties().forEach(m -> members.put(m.getKey(), m.getValue()));
                    }
                });
        return members.isEmpty() ? Extras.NONE : new Extras(DIALECT, members);
    }

    /** The extras of a part alone. */
    public static Extras ofPart(Extras part) {
        var members = new LinkedHashMap<String, JsonNode>();
        own(part)
                .forEach((name, value) -> {
                    if (!name.equals(ITEM) && !name.startsWith(ITEM + ".")) {
                        members.put(name, value);
                    }
                });
        return members.isEmpty() ? Extras.NONE : new Extras(DIALECT, members);
    }

    /** Fills members back, but for the forms. */
    public static ObjectNode fill(ObjectNode node, Extras extras) {
        Residue.fill(node, extras, DIALECT);
        node.remove(FORM);
        return node;
    }

    public static @Nullable String text(Extras extras, String name) {
        JsonNode node = Residue.of(extras, DIALECT, name);
        return node != null && node.isString() ? node.stringValue() : null;
    }

    private static Map<String, JsonNode> own(Extras extras) {
        return extras.dialect().equals(DIALECT) ? extras.members() : Map.of();
    }
}
