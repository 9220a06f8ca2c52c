package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.StopReason;
import entrepot.conversation.StopReason.Kind;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;

/** Meta's Llama: a {@code prompt} in the form of its generation, and {@code max_gen_len}. */
record LlamaBody() implements TextBody {

    static final String MAX = "max_gen_len";

    private static final String DIALECT = "bedrock.llama";
    private static final List<Template> FORMS =
            List.of(HeaderTemplate.LLAMA_3, HeaderTemplate.LLAMA_4, InstTemplate.LLAMA_2);
    private static final Settings SETTINGS = new Settings(MAX, "top_p", null, null);
    private static final Words WORDS =
            new Words(DIALECT).with(Kind.END, "stop").with(Kind.LENGTH, "length", "max_tokens");

    /** Whether a prompt is in the form of Llama 3 or 4. */
    static boolean isIn(String prompt) {
        return HeaderTemplate.LLAMA_3.isIn(prompt) || HeaderTemplate.LLAMA_4.isIn(prompt);
    }

    private static Template form(String model) {
        String id = model.toLowerCase(Locale.ROOT);
        if (id.contains("llama2") || id.contains("llama-2")) {
            return InstTemplate.LLAMA_2;
        }
        return id.contains("llama4") || id.contains("llama-4")
                ? HeaderTemplate.LLAMA_4
                : HeaderTemplate.LLAMA_3;
    }

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public Rules rules(String model) {
        Rules rules = form(model).rules();
        // The marks of any generation would be taken for marks.
        return rules.defusing(HeaderTemplate.LLAMA_3.rules().defused());
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
        return Prompts.read(body.requiredText("prompt"), "prompt", FORMS);
    }

    @Override
    public void converse(List<Turn> turns, String model, ObjectNode body) {
        body.put("prompt", form(model).write(turns));
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
                Words.text(answer.path("generation")),
                Words.text(answer.path("stop_reason")),
                Words.usage(
                        answer.path("prompt_token_count"), answer.path("generation_token_count")));
    }

    @Override
    public ObjectNode answer(String text, StopReason reason, Usage usage) {
        return Json.object()
                .put("generation", text)
                .put("prompt_token_count", usage.inputTokens())
                .put("generation_token_count", usage.outputTokens())
                .put("stop_reason", word(reason));
    }

    @Override
    public Said piece(ObjectNode chunk) {
        return said(chunk);
    }

    @Override
    public ObjectNode chunk(String text) {
        return Json.object()
                .put("generation", text)
                .putNull("prompt_token_count")
                .putNull("generation_token_count")
                .putNull("stop_reason");
    }

    @Override
    public ObjectNode last(StopReason reason, Usage usage) {
        return answer("", reason, usage);
    }
}
