package entrepot.conversation;

import tools.jackson.databind.JsonNode;

/** Whether and which tool the model must use. */
public sealed interface ToolChoice {

    ToolChoice AUTO = new Auto();

    /** The model decides; also what holds when the caller said nothing. */
    record Auto() implements ToolChoice {}

    record None() implements ToolChoice {}

    /** Some tool, whichever. */
    record Required() implements ToolChoice {}

    record Named(String name) implements ToolChoice {}

    record Unknown(String dialect, JsonNode raw) implements ToolChoice {}
}
