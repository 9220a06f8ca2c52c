package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.bedrock.texts.Rules.Systems;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Cohere's Command R: a {@code message}, what was said before it, and a preamble. Tools and
 * documents are told in ways of its own, and only go from such a body to such a model.
 */
record CohereChat() implements TextBody {

    private static final String DIALECT = "bedrock.cohere_chat";
    private static final String MESSAGE = "message";
    private static final String HISTORY = "chat_history";
    private static final Rules RULES = new Rules(Systems.FIRST, false, false, false, text -> text);
    private static final Settings SETTINGS =
            new Settings(
                    "max_tokens",
                    "p",
                    "k",
                    "stop_sequences",
                    "seed",
                    "frequency_penalty",
                    "presence_penalty");
    private static final Words WORDS = CohereBody.words(DIALECT);

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public Rules rules(String model) {
        return RULES;
    }

    @Override
    public Settings settings() {
        return SETTINGS;
    }

    @Override
    public boolean counts() {
        return false;
    }

    @Override
    public List<Message> conversation(Members body) {
        var messages = new ArrayList<Message>();
        body.take("stream");
        String preamble = body.text("preamble");
        if (preamble != null && !preamble.isEmpty()) {
            messages.add(Message.text(Role.SYSTEM, preamble));
        }
        ArrayNode history = body.list(HISTORY);
        for (int i = 0; history != null && i < history.size(); i++) {
            String path = HISTORY + "[" + i + "]";
            Members turn = Members.strict(history.get(i), path);
            Role role =
                    switch (turn.requiredText("role")) {
                        case "USER" -> Role.USER;
                        case "CHATBOT" -> Role.ASSISTANT;
                        case "SYSTEM" -> Role.SYSTEM;
                        default -> throw turn.wrong("role", "it is USER, CHATBOT or SYSTEM.");
                    };
            Message plain = Message.text(role, turn.requiredText(MESSAGE));
            messages.add(new Message(role, plain.parts(), null, turn.extras(DIALECT)));
        }
        String message = body.requiredText(MESSAGE);
        if (message.isEmpty()) {
            throw body.wrong(MESSAGE, "it is empty.");
        }
        messages.add(Message.text(Role.USER, message));
        return messages;
    }

    @Override
    public void converse(List<Turn> turns, String model, ObjectNode body) {
        int last = turns.size() - 1;
        var history = body.arrayNode();
        for (int i = 0; i < last; i++) {
            Turn turn = turns.get(i);
            if (i == 0 && turn.role() == Role.SYSTEM) {
                body.put("preamble", turn.text());
            } else {
                history.addObject()
                        .put("role", turn.role() == Role.ASSISTANT ? "CHATBOT" : "USER")
                        .put(MESSAGE, turn.text());
            }
        }
        if (!history.isEmpty()) {
            body.set(HISTORY, history);
        }
        body.put(MESSAGE, turns.get(last).text());
    }

    @Override
    public StopReason reason(String word) {
        return WORDS.reason(word);
    }

    @Override
    public String word(StopReason reason) {
        return WORDS.word(reason);
    }

    @Override
    public Said said(ObjectNode answer) {
        return new Said(
                Words.text(answer.path("text")),
                Words.text(answer.path("finish_reason")),
                Usage.NONE);
    }

    @Override
    public ObjectNode answer(String text, StopReason reason, Usage usage) {
        return Json.object().put("text", text).put("finish_reason", word(reason));
    }

    @Override
    public Said piece(ObjectNode chunk) {
        JsonNode text = chunk.path("text");
        boolean finished = chunk.path("is_finished").asBoolean(false);
        String word = chunk.path("finish_reason").asString("COMPLETE");
        return new Said(text.asString(""), finished ? word : null, Usage.NONE);
    }

    @Override
    public ObjectNode chunk(String text) {
        return Json.object()
                .put("text", text)
                .put("is_finished", false)
                .put("event_type", "text-generation");
    }

    @Override
    public ObjectNode last(StopReason reason, Usage usage) {
        return Json.object()
                .put("finish_reason", word(reason))
                .put("is_finished", true)
                .put("event_type", "stream-end");
    }
}
