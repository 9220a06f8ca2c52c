package entrepot.protocols.bedrock.converse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What is sent for requests of other dialects, down to the byte where users were bitten. */
class ConverseFitTest {

    private static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String NEW_CLAUDE = "us.anthropic.claude-opus-4-8";
    private static final String NOVA = "us.amazon.nova-2-lite-v1:0";

    /** R26: tools reach Converse, whole. */
    @Test
    void toolsAreSent() {
        var schema = Json.object().put("type", "object");
        Request request =
                asked(CLAUDE, user("hi"))
                        .withTools(
                                List.of(
                                        new Tool.Function(
                                                "now", "The time.", schema, null, Extras.NONE)));
        assertThat(sent(request).toString())
                .isEqualTo(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}],"
                                + "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"now\","
                                + "\"description\":\"The time.\",\"inputSchema\":{\"json\":{"
                                + "\"type\":\"object\"}}}}]}}");
    }

    /** R27: an empty description is left out, an empty name is refused with its path. */
    @Test
    void emptyNamesAndDescriptions() {
        var described = new Tool.Function("a", "", null, null, Extras.NONE);
        JsonNode spec =
                sent(asked(CLAUDE, user("x")).withTools(List.of(described)))
                        .at("/toolConfig/tools/0/toolSpec");
        assertThat(spec.has("description")).isFalse();
        assertThat(spec.at("/inputSchema/json/type").stringValue()).isEqualTo("object");

        var nameless = new Tool.Function("", "d", null, null, Extras.NONE);
        Request request = asked(CLAUDE, user("x")).withTools(List.of(nameless));
        assertThat(ConverseLosses.of(request))
                .contains(ConverseLosses.TOOL_NAME.at("tools[0].name"));
        Failed failed = catchThrowableOfType(Failed.class, () -> sent(request));
        assertThat(failed.failure().param()).isEqualTo("tools[0].name");
    }

    /** R28: all results of a turn are one user's message, and the tools they name are defined. */
    @Test
    void resultsAreMergedAndToolsDefined() {
        JsonNode json =
                sent(
                        asked(
                                CLAUDE,
                                user("go"),
                                Message.of(Role.ASSISTANT, call("a"), call("b")),
                                Message.of(Role.TOOL, Part.ToolResult.text("a", "1")),
                                Message.of(Role.TOOL, Part.ToolResult.text("b", "2")),
                                user("and now?")));
        assertThat(json.path("messages").size()).isEqualTo(3);
        assertThat(json.at("/messages/2/content").toString())
                .isEqualTo(
                        "[{\"toolResult\":{\"toolUseId\":\"a\",\"content\":[{\"text\":\"1\"}]}},"
                                + "{\"toolResult\":{\"toolUseId\":\"b\",\"content\":[{\"text\":"
                                + "\"2\"}]}},{\"text\":\"and now?\"}]");
        assertThat(json.at("/toolConfig/tools/0/toolSpec/name").stringValue()).isEqualTo("look");
    }

    /** R29: a result with a nameless member goes as text, and an empty turn is left out. */
    @Test
    void namelessMembersAndEmptyTurns() {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":"
                        + "\"a\",\"content\":[{\"json\":{\"\":1}},{\"json\":{\"b\":1.10}}]}}]}]}";
        Request request = ConverseRequests.read(CLAUDE, false, body.getBytes(UTF_8));
        assertThat(
                        Json.read(ConverseRequests.write(request), Cause.INTERNAL)
                                .at("/messages/0/content/0/toolResult/content")
                                .toString())
                .isEqualTo("[{\"text\":\"{\\\"\\\":1}\"},{\"json\":{\"b\":1.10}}]");

        JsonNode json =
                sent(
                        asked(
                                CLAUDE,
                                user("a"),
                                new Message(Role.ASSISTANT, List.of(), null, Extras.NONE)));
        assertThat(json.path("messages").size()).isOne();
    }

    /** R34: a system message amid the conversation does not move, so the cached front holds. */
    @Test
    void systemMessagesStayWhereTheyStand() {
        JsonNode json =
                sent(
                        asked(
                                CLAUDE,
                                Message.text(Role.SYSTEM, "be brief"),
                                user("a"),
                                Message.text(Role.ASSISTANT, "b"),
                                Message.text(Role.SYSTEM, "late"),
                                user("c")));
        assertThat(json.path("system").toString()).isEqualTo("[{\"text\":\"be brief\"}]");
        assertThat(json.at("/messages/2/content").toString())
                .isEqualTo("[{\"text\":\"<system>\\nlate\\n</system>\"},{\"text\":\"c\"}]");
    }

    /** R35, R36: cache marks are mapped or left out for each model, named, in a copy. */
    @Test
    void cacheMarksAreMappedForEachModel() {
        Message marked =
                Message.of(Role.USER, new Part.Text("a", Extras.NONE), new Part.CachePoint("1h"));
        assertThat(sent(asked(CLAUDE, marked)).at("/messages/0/content/1").toString())
                .isEqualTo("{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}");
        assertThat(sent(asked(NOVA, marked)).at("/messages/0/content/1").toString())
                .isEqualTo("{\"cachePoint\":{\"type\":\"default\"}}");
        Request llama = asked("meta.llama3-1-70b-instruct-v1:0", marked);
        assertThat(sent(llama).at("/messages/0/content").size()).isOne();
        assertThat(ConverseLosses.of(llama))
                .containsExactly(ConverseLosses.CACHE_POINT.at("messages[0].parts[1]"));
        assertThat(llama.messages().getFirst()).isEqualTo(marked);
    }

    /** R37: a shape is asked for in Converse's own way, or refused. */
    @Test
    void shapesAreNativeOrRefused() {
        var schema =
                new OutputFormat.JsonSchema("s", null, Json.object().put("type", "object"), null);
        assertThat(sent(shaped(schema)).at("/outputConfig/textFormat").toString())
                .isEqualTo(
                        "{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":{\"schema\":"
                                + "\"{\\\"type\\\":\\\"object\\\"}\",\"name\":\"s\"}}}");
        assertThat(ConverseLosses.of(shaped(new OutputFormat.JsonObject())))
                .containsExactly(ConverseLosses.FORMAT.at("format"));
        assertThat(ConverseLosses.FORMAT.at("format").weight()).isEqualTo(Loss.Weight.MEANING);
    }

    @Test
    void effortIsSaidInEachMakersWords() {
        assertThat(fields(CLAUDE, "high", null).toString())
                .isEqualTo("{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":24576}}");
        assertThat(fields(NEW_CLAUDE, "xhigh", null).toString())
                .isEqualTo(
                        "{\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":"
                                + "\"xhigh\"}}");
        assertThat(fields(NEW_CLAUDE, null, 2000).at("/output_config/effort").stringValue())
                .isEqualTo("low");
        assertThat(fields(CLAUDE, "none", null).toString())
                .isEqualTo("{\"thinking\":{\"type\":\"disabled\"}}");
        assertThat(fields(NOVA, "max", null).toString())
                .isEqualTo(
                        "{\"reasoningConfig\":{\"type\":\"enabled\",\"maxReasoningEffort\":"
                                + "\"high\"}}");
        assertThat(fields("openai.gpt-oss-20b-1:0", "low", null).toString())
                .isEqualTo("{\"reasoning_effort\":\"low\"}");
        assertThat(fields("meta.llama3-1-70b-instruct-v1:0", "low", null).isMissingNode()).isTrue();
    }

    /** Claude gets its own proofs back, in its own form, and nobody else's. */
    @Test
    void onlyClaudesOwnProofsGoBack() {
        JsonNode content =
                sent(asked(
                                CLAUDE,
                                user("a"),
                                Message.of(
                                        Role.ASSISTANT,
                                        new Part.Reasoning("t", "anthropic:sig", Extras.NONE),
                                        new Part.Reasoning("", "anthropic:hid", Extras.NONE),
                                        new Part.Reasoning("", "openai:enc", Extras.NONE),
                                        new Part.Reasoning("bare", null, Extras.NONE),
                                        new Part.Text("b", Extras.NONE))))
                        .at("/messages/1/content");
        assertThat(content.toString())
                .isEqualTo(
                        "[{\"reasoningContent\":{\"reasoningText\":{\"text\":\"t\",\"signature\":"
                            + "\"sig\"}}},{\"reasoningContent\":{\"redactedContent\":\"aGlk\"}},"
                            + "{\"text\":\"b\"}]");
    }

    @Test
    void whatAModelWroteForArgumentsIsShownToItAsAnObject() {
        Message said =
                Message.of(
                        Role.ASSISTANT, new Part.ToolCall("call|1", "look", "{oops", Extras.NONE));
        JsonNode use = sent(asked(CLAUDE, user("a"), said)).at("/messages/1/content/0/toolUse");
        assertThat(use.path("input").toString()).isEqualTo("{\"arguments\":\"{oops\"}");
        assertThat(use.path("toolUseId").stringValue()).matches("tooluse_[0-9a-f]{24}");
    }

    @Test
    void toolsThatMayNotBeUsedAreLeftOut() {
        var tool = new Tool.Function("look", null, null, null, Extras.NONE);
        Request base = asked(CLAUDE, user("a")).withTools(List.of(tool));
        Request none =
                new Request(
                        base.model(),
                        base.messages(),
                        base.tools(),
                        new ToolChoice.None(),
                        base.sampling(),
                        base.format(),
                        false,
                        Extras.NONE);
        assertThat(sent(none).has("toolConfig")).isFalse();
    }

    private static JsonNode fields(
            String model, @Nullable String effort, @Nullable Integer budget) {
        Request base = asked(model, user("x"));
        var sampling =
                new Sampling(
                        null, null, null, null, List.of(), null, null, null, null, effort, budget);
        return sent(new Request(
                        model,
                        base.messages(),
                        List.of(),
                        ToolChoice.AUTO,
                        sampling,
                        OutputFormat.TEXT,
                        false,
                        Extras.NONE))
                .path("additionalModelRequestFields");
    }

    private static Request shaped(OutputFormat format) {
        return new Request(
                CLAUDE,
                List.of(user("x")),
                List.of(),
                ToolChoice.AUTO,
                Sampling.DEFAULT,
                format,
                false,
                Extras.NONE);
    }

    private static Part call(String id) {
        return new Part.ToolCall(id, "look", "", Extras.NONE);
    }

    private static Message user(String text) {
        return Message.text(Role.USER, text);
    }

    private static Request asked(String model, Message... messages) {
        return Request.of(model, List.of(messages));
    }

    private static JsonNode sent(Request request) {
        return Json.read(new ConverseDialect().write(request), Cause.INTERNAL);
    }
}
