package entrepot.runtime.subagents;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The tools that a coordinator has. Each is done with the fact that tells of it, or not at all. */
public enum SubagentTool {
    CREATE_SUBAGENT(
            "Makes a subagent that works on a task by itself, beside you, with the same tools apart"
                + " from functions. Returns its id at once. You are told when it has ended; or wait"
                + " for it.",
            """
            {"type":"object","properties":{
             "input":{"type":"string","description":"The whole task: it sees nothing else."},
             "name":{"type":"string","description":"A short name for people."},
             "model":{"type":"string","description":"Another model than yours."},
             "reasoning_effort":{"type":"string",
              "enum":["none","minimal","low","medium","high","xhigh","max"]}},
             "required":["input"],"additionalProperties":false}
            """),
    SEND_SUBAGENT_INPUT(
            "Sends a message to an open subagent: it heeds it in its turn, or begins another.",
            """
            {"type":"object","properties":{
             "subagent_id":{"type":"string"},"input":{"type":"string"}},
             "required":["subagent_id","input"],"additionalProperties":false}
            """),
    WAIT_FOR_SUBAGENTS(
            "Waits until subagents have ended what they were told, and returns their last answers."
                    + " Waiting costs nothing.",
            """
            {"type":"object","properties":{
             "subagent_ids":{"type":"array","items":{"type":"string"},"minItems":1},
             "wait_for":{"type":"string","enum":["all","any"],
              "description":"all is the default"},
             "timeout_seconds":{"type":"integer","minimum":1,
              "description":"When to go on in any case; no limit when left out."}},
             "required":["subagent_ids"],"additionalProperties":false}
            """),
    INTERRUPT_SUBAGENT(
            "Cancels what a subagent is doing now. It stays open.",
            """
            {"type":"object","properties":{"subagent_id":{"type":"string"}},
             "required":["subagent_id"],"additionalProperties":false}
            """),
    RESUME_SUBAGENT(
            "Opens a closed subagent again, with all that it remembers.",
            """
            {"type":"object","properties":{
             "subagent_id":{"type":"string"},
             "input":{"type":"string","description":"What it is to do now."}},
             "required":["subagent_id"],"additionalProperties":false}
            """),
    CLOSE_SUBAGENT(
            "Cancels what a subagent is doing and closes it, so that another may be made.",
            """
            {"type":"object","properties":{"subagent_id":{"type":"string"}},
             "required":["subagent_id"],"additionalProperties":false}
            """);

    /** The label under which their uses are journalled and judged; no tool server can have it. */
    public static final String LABEL = "entrepot:subagents";

    private final String description;
    private final String parameters;

    SubagentTool(String description, String parameters) {
        this.description = description;
        this.parameters = parameters;
    }

    /** The name under which the model knows it. */
    public String toolName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the model is told of it. */
    public Tool.Function tool() {
        JsonNode schema = JsonMapper.shared().readTree(parameters);
        return new Tool.Function(toolName(), description, schema, null, Extras.NONE);
    }

    /** The tool of that name. */
    public static Optional<SubagentTool> of(String name) {
        return Arrays.stream(values()).filter(each -> each.toolName().equals(name)).findFirst();
    }
}
