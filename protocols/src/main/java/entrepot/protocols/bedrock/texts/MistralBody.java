package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.StopReason;
import entrepot.conversation.StopReason.Kind;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Mistral's text completion: a {@code prompt} with {@code [INST]}; the answer in outputs. */
record MistralBody() implements TextBody {

    /** Members that no other body with a prompt has. */
    static final Set<String> OWN = Set.of("stop", "top_k");

    private static final String DIALECT = "bedrock.mistral";
    private static final Pattern PROMPTED =
            Pattern.compile("mistral-7b|mixtral|mistral-large-2402|mistral-small-2402");
    private static final Settings SETTINGS = new Settings("max_tokens", "top_p", "top_k", "stop");
    private static final Words WORDS =
            new Words(DIALECT).with(Kind.END, "stop").with(Kind.LENGTH, "length", "model_length");

    /** Whether a model takes prompts; the later ones take messages. */
    static boolean prompts(String id) {
        return PROMPTED.matcher(id).find();
    }

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public Rules rules(String model) {
        return InstTemplate.MISTRAL.rules();
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
        return Prompts.read(body.requiredText("prompt"), "prompt", List.of(InstTemplate.MISTRAL));
    }

    @Override
    public void converse(List<Turn> turns, String model, ObjectNode body) {
        body.put("prompt", InstTemplate.MISTRAL.write(turns));
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
        JsonNode output = answer.path("outputs").path(0);
        return new Said(
                Words.text(output.path("text")),
                Words.text(output.path("stop_reason")),
                Usage.NONE);
    }

    @Override
    public ObjectNode answer(String text, StopReason reason, Usage usage) {
        ObjectNode answer = Json.object();
        answer.putArray("outputs").addObject().put("text", text).put("stop_reason", word(reason));
        return answer;
    }

    @Override
    public Said piece(ObjectNode chunk) {
        return said(chunk);
    }

    @Override
    public ObjectNode chunk(String text) {
        ObjectNode chunk = Json.object();
        chunk.putArray("outputs").addObject().put("text", text).putNull("stop_reason");
        return chunk;
    }

    @Override
    public ObjectNode last(StopReason reason, Usage usage) {
        return answer("", reason, usage);
    }
}
