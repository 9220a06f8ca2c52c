package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.conversations.Conversation;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.ConversationUpdateParams;
import com.openai.models.conversations.items.ItemDeleteParams;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCompactParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputitems.InputItemListParams;
import com.openai.models.responses.inputtokens.InputTokenCountParams;

import entrepot.gateway.KnownKeys;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The stateful calls of the official Java client, unmodified, over a supplier of another dialect.
 */
class OfficialClientTest {

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;
    private OpenAIClient client;

    @BeforeEach
    void open() {
        shop = new Shop(folder, supplier);
        client = shop.sdk(KnownKeys.ALL);
    }

    @AfterEach
    void close() {
        client.close();
        shop.close();
        supplier.close();
    }

    @Test
    void createsContinuesRetrievesAndDeletes() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2)).answer(ChatScripts.answer("Sky", 3, 2));
        Response first = client.responses().create(params("Which?").build());
        first.validate();
        assertThat(text(first)).isEqualTo("Blue");
        Response second =
                client.responses().create(params("Why?").previousResponseId(first.id()).build());
        second.validate();
        assertThat(second.previousResponseId()).contains(first.id());

        Response retrieved = client.responses().retrieve(second.id());
        retrieved.validate();
        assertThat(retrieved).isEqualTo(second);
        var items =
                client.responses()
                        .inputItems()
                        .list(
                                InputItemListParams.builder()
                                        .responseId(second.id())
                                        .order(InputItemListParams.Order.ASC)
                                        .limit(2)
                                        .build());
        assertThat(items.autoPager()).hasSize(3).allSatisfy(item -> item.validate());

        client.responses().delete(second.id());
        assertThatThrownBy(() -> client.responses().retrieve(second.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.responses()
                                .create(params("x").previousResponseId(second.id()).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("not found");
    }

    @Test
    void streamsAndAddsUp() {
        supplier.answer(ChatScripts.stream(3, 2, "Hel", "lo"));
        var accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params("x").build())) {
            stream.stream()
                    .forEach(event -> {
                        event.validate();
                        accumulator.accumulate(event);
                    });
        }
        assertThat(text(accumulator.response())).isEqualTo("Hello");
        assertThat(client.responses().retrieve(accumulator.response().id()))
                .isEqualTo(accumulator.response());
    }

    @Test
    void followsABackgroundResponseFromWhereItLeftOff() {
        supplier.answer(ChatScripts.stream(3, 2, "one ", "two ", "three").pausingMillis(20));
        String id = null;
        long last = -1;
        var text = new StringBuilder();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params("x").background(true).build())) {
            var events = stream.stream().iterator();
            while (text.isEmpty()) {
                ResponseStreamEvent event = events.next();
                id = event.created().map(e -> e.response().id()).orElse(id);
                event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
                last++;
            }
        }
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses()
                        .retrieveStreaming(
                                ResponseRetrieveParams.builder()
                                        .responseId(id)
                                        .startingAfter(last)
                                        .build())) {
            List<ResponseStreamEvent> rest = stream.stream().toList();
            rest.forEach(event ->
                    event.outputTextDelta().ifPresent(delta -> text.append(delta.delta())));
            assertThat(rest.getLast().isCompleted()).isTrue();
        }
        assertThat(text).hasToString("one two three");
    }

    @Test
    void cancelsABackgroundResponse() throws Exception {
        supplier.answer(Script.silence());
        Response queued = client.responses().create(params("x").background(true).build());
        assertThat(queued.status()).contains(ResponseStatus.QUEUED);
        supplier.awaitRequests(1);

        Response cancelled = client.responses().cancel(queued.id());
        cancelled.validate();
        assertThat(cancelled.status()).contains(ResponseStatus.CANCELLED);
        supplier.awaitAborted(1);
    }

    @Test
    void talksWithinAConversation() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2));
        Conversation conversation =
                client.conversations()
                        .create(
                                ConversationCreateParams.builder()
                                        .metadata(
                                                ConversationCreateParams.Metadata.builder()
                                                        .putAdditionalProperty(
                                                                "topic", JsonValue.from("sky"))
                                                        .build())
                                        .build());
        conversation.validate();
        client.responses().create(params("Which?").conversation(conversation.id()).build());
        var items =
                client.conversations()
                        .items()
                        .list(
                                ItemListParams.builder()
                                        .conversationId(conversation.id())
                                        .limit(1)
                                        .build());
        var all = new ArrayList<String>();
        items.autoPager()
                .forEach(item -> {
                    item.validate();
                    all.add(item.asMessage().id());
                });
        assertThat(all).hasSize(2);
        assertThat(
                        client.conversations()
                                .items()
                                .delete(
                                        ItemDeleteParams.builder()
                                                .conversationId(conversation.id())
                                                .itemId(all.getFirst())
                                                .build())
                                .id())
                .isEqualTo(conversation.id());
        var updated =
                client.conversations()
                        .update(
                                ConversationUpdateParams.builder()
                                        .conversationId(conversation.id())
                                        .metadata(
                                                ConversationUpdateParams.Metadata.builder().build())
                                        .build());
        updated.validate();
        assertThat(client.conversations().delete(conversation.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.conversations().retrieve(conversation.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void countsAndCompacts() {
        supplier.answer(ChatScripts.stream(9, 4, "They met."));
        assertThat(
                        client.responses()
                                .inputTokens()
                                .count(
                                        InputTokenCountParams.builder()
                                                .model("small")
                                                .input("abcdefgh")
                                                .build())
                                .inputTokens())
                .isEqualTo(2);
        var compacted =
                client.responses()
                        .compact(
                                ResponseCompactParams.builder()
                                        .model("small")
                                        .input("Hello there")
                                        .build());
        assertThat(compacted.output()).hasSize(2);
        compacted.output().getLast().asCompaction().validate();
        compacted.usage().validate();
    }

    private static ResponseCreateParams.Builder params(String input) {
        return ResponseCreateParams.builder().model("small").input(input);
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(text -> text.text())
                .collect(Collectors.joining());
    }
}
