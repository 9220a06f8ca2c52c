package entrepot.gateway.agents;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.runtime.session.Sessions.Input;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Reads what is sent to a session: messages, cancellations and results of functions. */
public final class InputRequests {

    private static final int EVENTS_MAX = 16_384;
    private static final int MESSAGES_MAX = 1_024;
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private InputRequests() {}

    /** The body of a POST of events, in order; nothing is taken if one of them is wrong. */
    static List<Input> events(Fields body) {
        List<JsonNode> events = body.requiredList("events");
        body.end();
        if (events.size() > EVENTS_MAX) {
            throw Refusals.value("events", "it must have at most " + EVENTS_MAX + " events.");
        }
        var inputs = new ArrayList<Input>(events.size());
        for (int i = 0; i < events.size(); i++) {
            event(Fields.of("events[" + i + "]", events.get(i)), inputs);
        }
        return inputs;
    }

    /**
     * The {@code input} of a new session: a string, or messages.
     *
     * @param input null when there is none
     */
    public static List<List<Part>> initial(String path, @Nullable JsonNode input) {
        if (input == null) {
            return List.of();
        }
        if (input.isString()) {
            if (input.stringValue().isEmpty()) {
                throw Refusals.value(path, "it must not be empty.");
            }
            return List.of(List.of(text(input.stringValue())));
        }
        if (!input.isArray()) {
            throw Refusals.wrongType(path, "a string or an array of messages", Fields.kind(input));
        }
        return messages(path, Fields.list(path, input));
    }

    private static void event(Fields event, List<Input> inputs) {
        String type = event.requiredText("type");
        switch (type) {
            case "agent.session.input.message" -> {
                var messages = messages(event.at("input"), event.requiredList("input"));
                messages.forEach(parts -> inputs.add(new Input.Message(parts)));
            }
            case "agent.session.input.cancel" -> inputs.add(new Input.Cancel());
            case "agent.session.input.tool_result" -> inputs.add(result(event));
            case "agent.session.input.computer_use_approval_request_result" ->
                    throw Refusals.unsupported(
                            event.at("type"), "Computer use", "Its requests never come up.");
            default ->
                    throw Refusals.value(
                            event.at("type"),
                            "it must be agent.session.input.message, agent.session.input.cancel"
                                    + " or agent.session.input.tool_result.");
        }
        event.end();
    }

    private static Input result(Fields event) {
        JsonNode output = event.get("output");
        String turnId = event.requiredText("turn_id");
        String callId = event.requiredText("call_id");
        boolean success = event.requiredFlag("success");
        String error = event.text("error");
        if (callId.startsWith(ApprovalJson.PREFIX)) {
            return success
                    ? ApprovalJson.answer(callId, event.at("output"), output)
                    : new Input.Approval(callId, false, error, false);
        }
        return new Input.ToolResult(
                turnId,
                callId,
                success,
                output == null ? List.of() : output(event.at("output"), output),
                error);
    }

    private static List<Part> output(String path, JsonNode output) {
        if (output.isString()) {
            return List.of(text(output.stringValue()));
        }
        if (!output.isArray()) {
            throw Refusals.wrongType(
                    path, "a string or an array of content parts", Fields.kind(output));
        }
        return content(path, Fields.list(path, output));
    }

    private static List<List<Part>> messages(String path, List<JsonNode> given) {
        if (given.isEmpty()) {
            throw Refusals.value(path, "it must have at least one message.");
        }
        if (given.size() > MESSAGES_MAX) {
            throw Refusals.value(path, "it must have at most " + MESSAGES_MAX + " messages.");
        }
        var messages = new ArrayList<List<Part>>(given.size());
        for (int i = 0; i < given.size(); i++) {
            Fields message = Fields.of(path + "[" + i + "]", given.get(i));
            message.required("role");
            message.oneOf("role", "user");
            message.oneOf("type", "message");
            List<Part> parts = content(message.at("content"), message.requiredList("content"));
            if (parts.isEmpty()) {
                throw Refusals.value(message.at("content"), "it must have at least one part.");
            }
            message.end();
            messages.add(parts);
        }
        return messages;
    }

    private static List<Part> content(String path, List<JsonNode> given) {
        var parts = new ArrayList<Part>(given.size());
        for (int i = 0; i < given.size(); i++) {
            Fields part = Fields.of(path + "[" + i + "]", given.get(i));
            String type = part.requiredText("type");
            switch (type) {
                case "input_text" -> parts.add(text(part.requiredText("text")));
                case "input_image" -> parts.add(image(part));
                default ->
                        throw Refusals.value(
                                part.at("type"), "it must be input_text or input_image.");
            }
            part.end();
        }
        return parts;
    }

    private static Part.Image image(Fields part) {
        String url = part.requiredText("image_url");
        if (!url.startsWith(DATA)) {
            return new Part.Image(url, null, null, null, Extras.NONE);
        }
        int mark = url.indexOf(BASE64);
        if (mark < 0) {
            throw Refusals.value(
                    part.at("image_url"),
                    "a data URL must be 'data:MEDIA_TYPE;base64,' and the image in base64.");
        }
        return new Part.Image(
                null,
                url.substring(mark + BASE64.length()),
                url.substring(DATA.length(), mark),
                null,
                Extras.NONE);
    }

    private static Part.Text text(String text) {
        return new Part.Text(text, Extras.NONE);
    }
}
