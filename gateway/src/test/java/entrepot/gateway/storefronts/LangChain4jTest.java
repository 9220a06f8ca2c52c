package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.testkit.ChatScripts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** LangChain4j's models of three vendors as clients, unmodified, over a supplier of Chat. */
class LangChain4jTest {

    private static final int PATIENCE_SECONDS = 20;

    /** Whose interface the framework speaks to us. */
    enum Vendor {
        OPENAI,
        ANTHROPIC,
        GOOGLE
    }

    private final Stall stall = new Stall();

    @AfterEach
    void close() {
        stall.close();
    }

    @ParameterizedTest
    @EnumSource
    void chats(Vendor vendor) {
        stall.a.answer(ChatScripts.answer("Hi there", 10, 2));
        ChatResponse answer = whole(vendor, "small").chat(UserMessage.from("hello"));
        assertThat(answer.aiMessage().text()).isEqualTo("Hi there");
        assertThat(answer.tokenUsage().inputTokenCount()).isEqualTo(10);
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(2);
        assertThat(stall.a.last().text()).contains("\"one-at-a\"", "hello");
    }

    @ParameterizedTest
    @EnumSource
    void streams(Vendor vendor) throws Exception {
        stall.a.answer(ChatScripts.stream(10, 2, "Hi ", "there"));
        var heard = new Heard();
        streaming(vendor).chat("hello", heard);
        ChatResponse whole = heard.whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(heard.pieces.toString()).isEqualTo("Hi there");
        assertThat(whole.aiMessage().text()).isEqualTo("Hi there");
        assertThat(whole.tokenUsage().totalTokenCount()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource
    void callsATool(Vendor vendor) {
        stall.a.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Oslo\"}"));
        stall.a.answer(ChatScripts.answer("Sunny in Oslo", 20, 4));
        ChatModel model = whole(vendor, "small");
        UserMessage question = UserMessage.from("How is the weather in Oslo?");
        ChatResponse asks =
                model.chat(
                        ChatRequest.builder()
                                .messages(question)
                                .toolSpecifications(tool())
                                .build());
        ToolExecutionRequest call = asks.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("weather");
        assertThat(Served.json(call.arguments())).hasToString("{\"city\":\"Oslo\"}");
        assertThat(stall.a.last().text()).contains("\"weather\"", "\"city\"");
        ChatResponse told =
                model.chat(
                        ChatRequest.builder()
                                .messages(
                                        question,
                                        asks.aiMessage(),
                                        ToolExecutionResultMessage.from(call, "21 degrees, sunny"))
                                .toolSpecifications(tool())
                                .build());
        assertThat(told.aiMessage().text()).isEqualTo("Sunny in Oslo");
        assertThat(stall.a.last().text()).contains("\"tool\"", "21 degrees, sunny");
    }

    @ParameterizedTest
    @EnumSource
    void understandsThatThereIsNoSuchModel(Vendor vendor) {
        ChatModel model = whole(vendor, "none");
        assertThatThrownBy(() -> model.chat("hello")).isInstanceOf(ModelNotFoundException.class);
    }

    private static ToolSpecification tool() {
        return ToolSpecification.builder()
                .name("weather")
                .description("The weather in a city")
                .parameters(
                        JsonObjectSchema.builder()
                                .addStringProperty("city")
                                .required("city")
                                .build())
                .build();
    }

    private ChatModel whole(Vendor vendor, String model) {
        return switch (vendor) {
            case OPENAI ->
                    OpenAiChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1")
                            .apiKey(KnownKeys.ALL)
                            .modelName(model)
                            .maxRetries(0)
                            .build();
            case ANTHROPIC ->
                    AnthropicChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1")
                            .apiKey(KnownKeys.ALL)
                            .modelName(model)
                            .maxRetries(0)
                            .build();
            case GOOGLE ->
                    GoogleAiGeminiChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1beta")
                            .apiKey(KnownKeys.ALL)
                            .modelName(model)
                            .maxRetries(0)
                            .build();
        };
    }

    private StreamingChatModel streaming(Vendor vendor) {
        return switch (vendor) {
            case OPENAI ->
                    OpenAiStreamingChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1")
                            .apiKey(KnownKeys.ALL)
                            .modelName("small")
                            .build();
            case ANTHROPIC ->
                    AnthropicStreamingChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1")
                            .apiKey(KnownKeys.ALL)
                            .modelName("small")
                            .build();
            case GOOGLE ->
                    GoogleAiGeminiStreamingChatModel.builder()
                            .baseUrl(stall.served.url() + "/v1beta")
                            .apiKey(KnownKeys.ALL)
                            .modelName("small")
                            .build();
        };
    }

    private static final class Heard implements StreamingChatResponseHandler {

        private final StringBuilder pieces = new StringBuilder();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.append(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }
    }
}
