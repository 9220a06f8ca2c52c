package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.gateway.KnownKeys;
import entrepot.testkit.ChatScripts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.anthropic.api.AnthropicApi;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Spring AI's models of two vendors as clients, unmodified, over a supplier of Chat. */
class SpringAiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whose interface the framework speaks to us. */
    enum Vendor {
        OPENAI,
        ANTHROPIC
    }

    record Question(String city) {}

    private final Stall stall = new Stall();

    @AfterEach
    void close() {
        stall.close();
    }

    @ParameterizedTest
    @EnumSource
    void chats(Vendor vendor) {
        stall.a.answer(ChatScripts.answer("Hi there", 10, 2));
        ChatResponse answer = model(vendor, "small").call(new Prompt("hello"));
        assertThat(answer.getResult().getOutput().getText()).isEqualTo("Hi there");
        assertThat(answer.getMetadata().getUsage().getPromptTokens()).isEqualTo(10);
        assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(2);
        assertThat(stall.a.last().text()).contains("\"one-at-a\"", "hello");
    }

    @ParameterizedTest
    @EnumSource
    void streams(Vendor vendor) {
        stall.a.answer(ChatScripts.stream(10, 2, "Hi ", "there"));
        List<ChatResponse> pieces =
                model(vendor, "small").stream(new Prompt("hello")).collectList().block(PATIENCE);
        assertThat(pieces).isNotNull();
        String text =
                pieces.stream()
                        .flatMap(piece -> piece.getResults().stream())
                        .map(piece -> piece.getOutput().getText())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining());
        assertThat(text).isEqualTo("Hi there");
    }

    @ParameterizedTest
    @EnumSource
    void callsATool(Vendor vendor) {
        stall.a.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Oslo\"}"));
        stall.a.answer(ChatScripts.answer("Sunny in Oslo", 20, 4));
        ToolCallback weather =
                FunctionToolCallback.builder(
                                "weather", (Question asked) -> "sunny in " + asked.city())
                        .description("The weather in a city")
                        .inputType(Question.class)
                        .build();
        ChatResponse told =
                model(vendor, "small", weather).call(new Prompt("How is the weather in Oslo?"));
        assertThat(told.getResult().getOutput().getText()).isEqualTo("Sunny in Oslo");
        assertThat(stall.a.requests()).hasSize(2);
        assertThat(stall.a.requests().getFirst().text()).contains("\"weather\"", "\"city\"");
        assertThat(stall.a.last().text()).contains("\"tool\"", "sunny in Oslo");
    }

    @ParameterizedTest
    @EnumSource
    void understandsThatThereIsNoSuchModel(Vendor vendor) {
        ChatModel model = model(vendor, "none");
        Prompt prompt = new Prompt("hello");
        assertThatThrownBy(() -> model.call(prompt))
                .isInstanceOf(NonTransientAiException.class)
                .hasMessageContaining("none");
    }

    private ChatModel model(Vendor vendor, String model, ToolCallback... tools) {
        return switch (vendor) {
            case OPENAI ->
                    OpenAiChatModel.builder()
                            .openAiApi(
                                    OpenAiApi.builder()
                                            .baseUrl(stall.served.url())
                                            .apiKey(KnownKeys.ALL)
                                            .build())
                            .defaultOptions(
                                    OpenAiChatOptions.builder()
                                            .model(model)
                                            .toolCallbacks(tools)
                                            .build())
                            .build();
            case ANTHROPIC ->
                    AnthropicChatModel.builder()
                            .anthropicApi(
                                    AnthropicApi.builder()
                                            .baseUrl(stall.served.url())
                                            .apiKey(KnownKeys.ALL)
                                            .build())
                            .defaultOptions(
                                    AnthropicChatOptions.builder()
                                            .model(model)
                                            .maxTokens(100)
                                            .toolCallbacks(tools)
                                            .build())
                            .build();
        };
    }
}
