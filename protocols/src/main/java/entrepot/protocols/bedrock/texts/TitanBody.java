package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.StopReason;
import entrepot.conversation.StopReason.Kind;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Amazon Titan Text: {@code inputText} and {@code textGenerationConfig}. */
record TitanBody() implements TextBody {

    private static final String DIALECT = "bedrock.titan";
    private static final String CONFIG = "textGenerationConfig";
    private static final Settings SETTINGS =
            new Settings("maxTokenCount", "topP", null, "stopSequences");
    private static final Words WORDS =
            new Words(DIALECT)
                    .with(Kind.END, "FINISHED", "FINISH")
                    .with(Kind.LENGTH, "LENGTH")
                    .with(Kind.STOP_SEQUENCE, "STOP_CRITERIA_MET")
                    .with(Kind.FILTER, "CONTENT_FILTERED");

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public Rules rules(String model) {
        return LineTemplate.TITAN.rules();
    }

    @Override
    public Settings settings() {
        return SETTINGS;
    }

    @Override
    public boolean counts() {
        return true;
    }

    @Override
    public List<Message> conversation(Members body) {
        return Prompts.read(
                body.requiredText("inputText"), "inputText", List.of(LineTemplate.TITAN));
    }

    @Override
    public void converse(List<Turn> turns, String model, ObjectNode body) {
        body.put("inputText", LineTemplate.TITAN.write(turns));
    }

    @Override
    public @Nullable Members sampled(Members body) {
        return body.object(CONFIG);
    }

    @Override
    public ObjectNode sampling(ObjectNode body) {
        return body.putObject(CONFIG);
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
        JsonNode result = answer.path("results").path(0);
        return new Said(
                Words.text(result.path("outputText")),
                Words.text(result.path("completionReason")),
                Words.usage(answer.path("inputTextTokenCount"), result.path("tokenCount")));
    }

    @Override
    public ObjectNode answer(String text, StopReason reason, Usage usage) {
        ObjectNode answer = Json.object().put("inputTextTokenCount", usage.inputTokens());
        answer.putArray("results")
                .addObject()
                .put("tokenCount", usage.outputTokens())
                .put("outputText", text)
                .put("completionReason", word(reason));
        return answer;
    }

    @Override
    public Said piece(ObjectNode chunk) {
        return new Said(
                Words.text(chunk.path("outputText")),
                Words.text(chunk.path("completionReason")),
                Words.usage(
                        chunk.path("inputTextTokenCount"),
                        chunk.path("totalOutputTextTokenCount")));
    }

    /** What a guardrail says instead has no reason. */
    @Override
    public boolean ends(ObjectNode chunk) {
        return chunk.path("totalOutputTextTokenCount").isNumber()
                || chunk.path("completionReason").isString();
    }

    @Override
    public ObjectNode chunk(String text) {
        return Json.object()
                .put("outputText", text)
                .put("index", 0)
                .putNull("totalOutputTextTokenCount")
                .putNull("completionReason")
                .putNull("inputTextTokenCount");
    }

    @Override
    public ObjectNode last(StopReason reason, Usage usage) {
        return Json.object()
                .put("outputText", "")
                .put("index", 0)
                .put("totalOutputTextTokenCount", usage.outputTokens())
                .put("completionReason", word(reason))
                .put("inputTextTokenCount", usage.inputTokens());
    }
}
