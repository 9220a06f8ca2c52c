package entrepot.protocols.bedrock.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Message;
import entrepot.conversation.Request;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Prompts as the makers document them, and all that only looks like one. */
class PromptsTest {

    @Test
    void llamasPromptsAreRead() {
        String prompt =
                """

                <|begin_of_text|><|start_header_id|>system<|end_header_id|>

                Be brief.<|eot_id|>
                <|start_header_id|>user<|end_header_id|>
                What is 1 < 2?
                <|eot_id|>
                <|start_header_id|>assistant<|end_header_id|>
                True.<|eot_id|><|start_header_id|>user<|end_header_id|>

                And why?<|eot_id|>
                <|start_header_id|>assistant<|end_header_id|>
                """;
        assertThat(said("max_gen_len", prompt))
                .containsExactly(
                        "SYSTEM Be brief.",
                        "USER What is 1 < 2?",
                        "ASSISTANT True.",
                        "USER And why?");
        assertThat(
                        said(
                                "max_gen_len",
                                "<|begin_of_text|><|header_start|>user<|header_end|>\n\nHi<|eot|>"
                                        + "<|header_start|>assistant<|header_end|>\n\nWell,"))
                .containsExactly("USER Hi", "ASSISTANT Well,");
        assertThat(
                        said(
                                "max_gen_len",
                                "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s>"
                                        + "<s>[INST] And? [/INST]"))
                .containsExactly("SYSTEM Be brief.", "USER Hi", "ASSISTANT Hello", "USER And?");
    }

    @Test
    void mistralsPromptsAreRead() {
        assertThat(
                        said(
                                "top_k",
                                "<s>[INST] What is your favourite condiment? [/INST] Lemon"
                                        + " juice!</s> [INST] Do you have recipes? [/INST]"))
                .containsExactly(
                        "USER What is your favourite condiment?",
                        "ASSISTANT Lemon juice!",
                        "USER Do you have recipes?");
    }

    @Test
    void titansPromptsAreRead() {
        String text = "Answer in one word.\n\nUser: Is it\nwet?\nBot: Yes.\nUser: And cold?\nBot:";
        Request request =
                TextBodies.TITAN.read(Json.object().put("inputText", text), "amazon.titan", false);
        assertThat(request.messages().stream().map(PromptsTest::said))
                .containsExactly(
                        "SYSTEM Answer in one word.",
                        "USER Is it\nwet?",
                        "ASSISTANT Yes.",
                        "USER And cold?");
    }

    @Test
    void aPromptWithoutAnyMarkIsWhatAUserSays() {
        for (String key : List.of("max_gen_len", "top_k", "p")) {
            assertThat(said(key, "Say this is a test")).containsExactly("USER Say this is a test");
        }
    }

    @Test
    void r92APromptThatCannotBeReadIsRefusedAndNeverTakenForAUsersWords() {
        String start = "<|start_header_id|>";
        String end = "<|end_header_id|>";
        String user = start + "user" + end + "\n\nHi";
        String open = start + "assistant" + end + "\n\n";
        for (String prompt :
                List.of(
                        user + open,
                        user + "<|eot_id|>" + open + "Yes<|eot_id|>",
                        user + "<|eot_id|>" + start + "assistant",
                        user + "<|python_tag|>x<|eot_id|>" + open,
                        start + "ipython" + end + "\n\n{}<|eot_id|>" + open,
                        "Hello " + user + "<|eot_id|>" + open,
                        user + "<|eot_id|> more",
                        open,
                        start + "user" + end + "\n\n<|eot_id|>" + open,
                        "[INST] Hi",
                        "Hi [/INST] there",
                        "<s>[INST] <<SYS>>\nx\n<</SYS>> [/INST]",
                        "<s>[INST] Hi [/INST] Hello [INST] And? [/INST]",
                        "<s>[INST] Hi [/INST] Hello</s>",
                        "<start_of_turn>user\nHi<end_of_turn>",
                        "<|im_start|>user\nHi<|im_end|>",
                        "\n\nHuman: Hi\n\nAssistant:",
                        "system: Be brief\nhuman: Hi\nAI: ",
                        " ",
                        "")) {
            Failure refused = refused("max_gen_len", prompt);
            assertThat(refused.cause()).as(prompt).isEqualTo(Cause.UNSUPPORTED);
            assertThat(refused.param()).as(prompt).isEqualTo("prompt");
            assertThat(refused.message()).contains("'prompt'");
        }
        assertThat(refused("top_k", user + "<|eot_id|>" + open).param()).isEqualTo("prompt");
        assertThat(refused("top_k", "<s>[INST] <<SYS>>\nx\n<</SYS>>\n\nHi [/INST]").param())
                .isEqualTo("prompt");
        assertThat(refused("p", "\n\nHuman: %s\n\nAssistant: Can you").param()).isEqualTo("prompt");
        for (String text : List.of("User: Hi", "Bot: Hi\nBot:", "User:\nBot:", "Human: a\nAI: b")) {
            Failure refused =
                    catchThrowableOfType(
                                    Failed.class,
                                    () ->
                                            TextBodies.TITAN.read(
                                                    Json.object().put("inputText", text),
                                                    "amazon.titan",
                                                    false))
                            .failure();
            assertThat(refused.param()).as(text).isEqualTo("inputText");
        }
    }

    @Test
    void coheresChatIsRead() {
        ObjectNode body =
                (ObjectNode)
                        Json.read(
                                """
                                {"message":"And?","preamble":"Be brief","p":0.9,"k":0,"seed":7,
                                 "chat_history":[{"role":"USER","message":"Hi"},
                                   {"role":"CHATBOT","message":"Hello"}],
                                 "documents":[{"title":"t","snippet":"s"}]}
                                """,
                                Cause.INTERNAL);
        assertThat(TextBodies.of(body, "x")).isEqualTo(TextBodies.COHERE_CHAT);
        Request request = TextBodies.COHERE_CHAT.read(body, "x", false);
        assertThat(request.messages().stream().map(PromptsTest::said))
                .containsExactly("SYSTEM Be brief", "USER Hi", "ASSISTANT Hello", "USER And?");
        assertThat(request.sampling().seed()).isEqualTo(7);
        assertThat(TextLosses.of(request, TextBodies.TITAN).stream().map(loss -> loss.path()))
                .as("told to nobody else, and said")
                .contains("documents");
        body.putArray("chat_history").addObject().put("role", "TOOL").put("message", "x");
        assertThat(
                        catchThrowableOfType(
                                        Failed.class,
                                        () -> TextBodies.COHERE_CHAT.read(body, "x", false))
                                .failure()
                                .param())
                .isEqualTo("chat_history[0].role");
    }

    @Test
    void whoseBodyItIsShowsInItsMembersOrItsModelsName() {
        assertThat(owner("{\"prompt\":\"x\",\"max_gen_len\":9}", "a")).isEqualTo("bedrock.llama");
        assertThat(owner("{\"prompt\":\"x\"}", "us.meta.llama3-1-8b-instruct-v1:0"))
                .isEqualTo("bedrock.llama");
        assertThat(owner("{\"prompt\":\"x\",\"max_tokens\":9,\"top_p\":1}", "a"))
                .isEqualTo("bedrock.mistral");
        assertThat(owner("{\"prompt\":\"x\",\"max_tokens\":9}", "my-mixtral"))
                .isEqualTo("bedrock.mistral");
        assertThat(owner("{\"prompt\":\"x\",\"max_tokens\":9,\"p\":1}", "a"))
                .isEqualTo("bedrock.cohere");
        assertThat(owner("{\"inputText\":\"x\"}", "a")).isEqualTo("bedrock.titan");
        assertThat(owner("{\"inputText\":\"x\",\"dimensions\":9}", "a")).isEmpty();
        assertThat(owner("{\"inputText\":\"x\"}", "amazon.titan-embed-text-v1")).isEmpty();
        assertThat(owner("{\"prompt\":\"x\"}", "a")).as("of any of several").isEmpty();
        assertThat(owner("{\"prompt\":\"x\",\"max_tokens_to_sample\":9,\"top_k\":1}", "a"))
                .isEmpty();
        assertThat(owner("{\"messages\":[]}", "mistral.mistral-large-2407-v1:0")).isEmpty();
    }

    private static String owner(String json, String model) {
        TextBody body = TextBodies.of((ObjectNode) Json.read(json, Cause.INTERNAL), model);
        return body == null ? "" : body.dialect();
    }

    private static Failure refused(String key, String prompt) {
        return catchThrowableOfType(Failed.class, () -> said(key, prompt)).failure();
    }

    private static List<String> said(String key, String prompt) {
        ObjectNode json = Json.object().put("prompt", prompt).put(key, 9);
        TextBody body = TextBodies.of(json, "some/model");
        assertThat(body).isNotNull();
        return body.read(json, "m", false).messages().stream().map(PromptsTest::said).toList();
    }

    private static String said(Message message) {
        return message.role() + " " + message.text();
    }
}
