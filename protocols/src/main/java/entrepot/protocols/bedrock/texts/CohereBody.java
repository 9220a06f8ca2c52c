package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.StopReason;
import entrepot.conversation.StopReason.Kind;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/**
 * Cohere's Command: a {@code prompt}; the answer in generations. One that a user says alone is told
 * as it is, all else with the speakers before their lines.
 */
record CohereBody() implements TextBody {

    /** Members that no other body with a prompt has. */
    static final Set<String> OWN =
            Set.of(
                    "p",
                    "k",
                    "stop_sequences",
                    "num_generations",
                    "return_likelihoods",
                    "logit_bias",
                    "truncate");

    private static final String DIALECT = "bedrock.cohere";
    private static final Settings SETTINGS = new Settings("max_tokens", "p", "k", "stop_sequences");
    private static final Words WORDS = words(DIALECT);

    static Words words(String dialect) {
        return new Words(dialect)
                .with(Kind.END, "COMPLETE")
                .with(Kind.LENGTH, "MAX_TOKENS", "ERROR_LIMIT")
                .with(Kind.STOP_SEQUENCE, "STOP_SEQUENCE")
                .with(Kind.FILTER, "ERROR_TOXIC");
    }

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public Rules rules(String model) {
        // Alone it would be read as what it looks like.
        return LineTemplate.COHERE
                .rules()
                .defusing(text ->
                        Prompts.isMarked(text)
                                ? text.replace("<", "< ").replace("[", "[ ").replace(":", " :")
                                : text);
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
        // How it is told, which the operation says.
        body.take("stream");
        return Prompts.read(body.requiredText("prompt"), "prompt", List.of(LineTemplate.COHERE));
    }

    @Override
    public void converse(List<Turn> turns, String model, ObjectNode body) {
        boolean alone = turns.size() == 1 && turns.getFirst().role() == Role.USER;
        body.put("prompt", alone ? turns.getFirst().text() : LineTemplate.COHERE.write(turns));
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
        JsonNode first = answer.path("generations").path(0);
        return new Said(
                Words.text(first.path("text")),
                Words.text(first.path("finish_reason")),
                Usage.NONE);
    }

    @Override
    public ObjectNode answer(String text, StopReason reason, Usage usage) {
        ObjectNode answer = Json.object();
        answer.putArray("generations")
                .addObject()
                .put("finish_reason", word(reason))
                .put("text", text);
        return answer;
    }

    @Override
    public Said piece(ObjectNode chunk) {
        // Of several generations the first is the answer.
        boolean other = chunk.path("index").asInt(0) != 0;
        return new Said(
                other ? "" : Words.text(chunk.path("text")),
                chunk.path("is_finished").asBoolean(false)
                        ? chunk.path("finish_reason").asString("COMPLETE")
                        : null,
                Usage.NONE);
    }

    @Override
    public ObjectNode chunk(String text) {
        return Json.object().put("is_finished", false).put("text", text);
    }

    @Override
    public ObjectNode last(StopReason reason, Usage usage) {
        return Json.object().put("finish_reason", word(reason)).put("is_finished", true);
    }
}
