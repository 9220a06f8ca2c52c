package entrepot.runtime.tools;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/** What a model has written, for tools of ours; whatever else it wrote is refused. */
public final class Arguments {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JsonNode json;

    private Arguments(JsonNode json) {
        this.json = json;
    }

    /** Said to the model in place of a result. */
    public static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        public Wrong(String message) {
            super(message);
        }
    }

    public static Arguments read(String text, String... known) throws Wrong {
        JsonNode json;
        try {
            json = JSON.readTree(text.isBlank() ? "{}" : text);
        } catch (JacksonException e) {
            throw new Wrong("The arguments must be a JSON object.");
        }
        if (!json.isObject()) {
            throw new Wrong("The arguments must be a JSON object.");
        }
        for (String name : json.propertyNames()) {
            if (!List.of(known).contains(name)) {
                throw new Wrong(
                        "There is no argument "
                                + name
                                + "; known are "
                                + String.join(", ", known)
                                + ".");
            }
        }
        return new Arguments(json);
    }

    public String text(String name) throws Wrong {
        String text = textIf(name);
        if (text == null) {
            throw new Wrong("The argument " + name + " is missing.");
        }
        return text;
    }

    public @Nullable String textIf(String name) throws Wrong {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new Wrong("The argument " + name + " must be a string.");
        }
        return value.stringValue();
    }

    public int number(String name, int ifAbsent, int min, int max) throws Wrong {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return ifAbsent;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < min
                || value.intValue() > max) {
            throw new Wrong(
                    "The argument "
                            + name
                            + " must be a whole number from "
                            + min
                            + " to "
                            + max
                            + ".");
        }
        return value.intValue();
    }
}
