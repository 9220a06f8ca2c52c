package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Responses that nobody waits for, and streams that are followed from any event on. */
class BackgroundTest {

    private static final String LONG =
            "{\"model\":\"small\",\"input\":\"long\",\"background\":true}";
    private static final String LONG_STREAM =
            "{\"model\":\"small\",\"input\":\"long\",\"background\":true,\"stream\":true}";

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void aBackgroundResponseIsQueuedFirstAndCompletedLater() {
        supplier.answer(ChatScripts.stream(3, 2, "Do", "ne"));
        try (var shop = shop()) {
            JsonNode queued = shop.ask(LONG);
            assertThat(queued.path("status").stringValue()).isEqualTo("queued");
            assertThat(queued.path("background").booleanValue()).isTrue();
            assertThat(queued.path("output")).isEmpty();

            JsonNode done = shop.until(id(queued), "completed");
            assertThat(text(done)).isEqualTo("Done");
            assertThat(done.path("created_at")).isEqualTo(queued.path("created_at"));
        }
    }

    @Test
    void itsEventsAreToldFromTheFirstAndAgainFromAnyOther() {
        supplier.answer(ChatScripts.stream(3, 2, "Do", "ne"));
        try (var shop = shop()) {
            List<JsonNode> events = Shop.events(shop.post("/v1/responses", LONG_STREAM).body());
            assertThat(types(events))
                    .startsWith("response.created", "response.queued", "response.in_progress")
                    .endsWith("response.completed");
            assertThat(numbers(events)).isEqualTo(upTo(events.size()));
            String id = events.getFirst().path("response").path("id").stringValue();

            String path = "/v1/responses/" + id + "?stream=true";
            assertThat(Shop.events(shop.get(path).body())).isEqualTo(events);
            assertThat(Shop.events(shop.get(path + "&starting_after=3").body()))
                    .isEqualTo(events.subList(4, events.size()));
            assertThat(shop.get(path + "&starting_after=x").statusCode()).isEqualTo(400);
            assertThat(Shop.json(shop.get("/v1/responses/" + id)))
                    .isEqualTo(events.getLast().path("response"));
        }
    }

    @Test
    void whoeverComesBackIsToldWhatIsStillToCome() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "one ", "two ", "three").pausingMillis(40));
        try (var shop = shop()) {
            String id = id(shop.ask(LONG));
            // While it is made, and to its end.
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body());
            assertThat(types(events)).endsWith("response.completed");
            assertThat(deltas(events)).isEqualTo("one two three");
        }
    }

    @Test
    void aCancelledResponseStaysCancelledAndItsSupplierIsLeft() throws Exception {
        supplier.answer(
                Script.stream()
                        .send(
                                "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,"
                                        + "\"delta\":{\"content\":\"Hi\"}}]}\n\n")
                        .hang());
        try (var shop = shop()) {
            String id = id(shop.ask(LONG));
            shop.until(id, "in_progress");
            supplier.awaitRequests(1);

            JsonNode cancelled = Shop.json(shop.post("/v1/responses/" + id + "/cancel", ""));
            assertThat(cancelled.path("status").stringValue()).isEqualTo("cancelled");
            supplier.awaitAborted(1);

            var again = shop.post("/v1/responses/" + id + "/cancel", "");
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(Shop.json(again)).isEqualTo(cancelled);
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body());
            assertThat(types(events)).endsWith("response.cancelled");
            assertThat(numbers(events)).isEqualTo(upTo(events.size()));
        }
    }

    @Test
    void onlyBackgroundResponsesAreCancelled() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2));
        try (var shop = shop()) {
            String id = id(shop.ask("{\"model\":\"small\",\"input\":\"hello\"}"));
            assertThat(shop.post("/v1/responses/" + id + "/cancel", "").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aResponseThatCannotBeBoughtHasFailedAndSaysWhy() {
        supplier.always(ChatScripts.error(400, "invalid_request_error", "bad", "No good."));
        try (var shop = shop()) {
            String id = id(shop.ask(LONG));
            JsonNode failed = shop.until(id, "failed");
            assertThat(failed.path("error").path("message").stringValue()).contains("No good.");
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body());
            assertThat(types(events)).endsWith("error", "response.failed");
            assertThat(numbers(events)).isEqualTo(upTo(events.size()));
        }
    }

    @Test
    void whatWasBoughtWhenTheProcessWasKilledHasFailedAfterItsRestart() throws Exception {
        supplier.answer(Script.silence());
        var killed = shop();
        String id = id(killed.ask(LONG));
        supplier.awaitRequests(1);
        killed.kill();

        try (var shop = new Shop(folder, supplier, ResponsesSettings.DEFAULT, "b")) {
            JsonNode failed = shop.until(id, "failed");
            assertThat(failed.path("error").path("code").stringValue()).isEqualTo("server_error");
            assertThat(failed.path("error").path("message").stringValue())
                    .contains("stopped before this response was finished");
            assertThat(supplier.requests()).hasSize(1);
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body());
            assertThat(types(events))
                    .containsExactly(
                            "response.created",
                            "response.queued",
                            "response.in_progress",
                            "response.failed");
        }
    }

    @Test
    void whatWaitedWhenTheProcessWasKilledIsMadeAfterItsRestart() throws Exception {
        supplier.answer(Script.silence());
        var one = settings(1);
        var killed = new Shop(folder, supplier, one, "a");
        killed.ask(LONG);
        supplier.awaitRequests(1);
        String waiting =
                id(
                        killed.ask(
                                "{\"model\":\"small\",\"input\":\"patient\",\"background\":true,"
                                        + "\"instructions\":\"Be brief\"}"));
        assertThat(Shop.json(killed.get("/v1/responses/" + waiting)).path("status").stringValue())
                .isEqualTo("queued");
        killed.kill();

        supplier.answer(ChatScripts.stream(3, 2, "Fine"));
        try (var shop = new Shop(folder, supplier, one, "b")) {
            assertThat(text(shop.until(waiting, "completed"))).isEqualTo("Fine");
            assertThat(supplier.last().text()).contains("patient").contains("Be brief");
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + waiting + "?stream=true").body());
            assertThat(numbers(events)).isEqualTo(upTo(events.size()));
        }
    }

    @Test
    void whatACallerAllowedToBeLostIsRememberedAfterARestart() throws Exception {
        supplier.answer(Script.silence());
        var one = settings(1);
        var killed = new Shop(folder, supplier, one, "a");
        killed.ask(LONG);
        supplier.awaitRequests(1);
        String body =
                "{\"model\":\"small\",\"input\":\"patient\",\"background\":true,"
                        + "\"tools\":[{\"type\":\"local_shell\"}]}";
        String refused = id(killed.ask(body));
        String reported =
                id(
                        Shop.json(
                                killed.send(
                                        killed.request("POST", "/v1/responses", body)
                                                .header("x-entrepot-losses", "report")
                                                .build())));
        killed.kill();

        supplier.always(ChatScripts.stream(3, 2, "Fine"));
        try (var shop = new Shop(folder, supplier, one, "b")) {
            assertThat(text(shop.until(reported, "completed"))).isEqualTo("Fine");
            JsonNode failed = shop.until(refused, "failed");
            assertThat(failed.path("error").path("message").stringValue()).contains("tools[0]");
        }
    }

    @Test
    void whatACallerWishesHoldsForWhatIsMadeLaterAndAfterARestart() throws Exception {
        supplier.answer(Script.silence());
        var one = settings(1);
        var killed = new Shop(folder, supplier, one, "a");
        killed.ask(LONG);
        supplier.awaitRequests(1);
        String patient = "{\"model\":\"small\",\"input\":\"x\",\"background\":true,\"entrepot\":";
        String booked = id(killed.ask(patient + "{\"project\":\"p1\"}}"));
        String nowhere = id(killed.ask(patient + "{\"route\":{\"only\":[\"nowhere\"]}}}"));
        killed.kill();

        supplier.always(ChatScripts.stream(3, 2, "Fine"));
        try (var shop = new Shop(folder, supplier, one, "b")) {
            shop.until(booked, "completed");
            assertThat(shop.ledger.all()).extracting(receipt -> receipt.project()).contains("p1");
            JsonNode failed = shop.until(nowhere, "failed");
            assertThat(failed.path("error").path("message").stringValue()).contains("only");
            assertThat(supplier.last().text()).doesNotContain("p1").doesNotContain("entrepot");
        }
    }

    @Test
    void whatIsMadeAtOnceIsBookedOnTheProjectItsCallerNames() {
        supplier.always(ChatScripts.answer("Fine", 3, 2));
        try (var shop = shop()) {
            shop.ask("{\"model\":\"small\",\"input\":\"x\",\"entrepot\":{\"project\":\"p2\"}}");
            assertThat(shop.ledger.all())
                    .singleElement()
                    .satisfies(receipt -> assertThat(receipt.project()).isEqualTo("p2"));
        }
    }

    @Test
    void aNodeThatStopsGivesBackWhatHasNotBegun() throws Exception {
        supplier.answer(Script.silence());
        var one = settings(1);
        String begun;
        String waiting;
        try (var shop = new Shop(folder, supplier, one, "a")) {
            begun = id(shop.ask(LONG));
            supplier.awaitRequests(1);
            waiting = id(shop.ask(LONG));
        }
        supplier.answer(ChatScripts.stream(3, 2, "Fine"));
        try (var shop = new Shop(folder, supplier, one, "b")) {
            assertThat(text(shop.until(waiting, "completed"))).isEqualTo("Fine");
            shop.until(begun, "failed");
        }
    }

    @Test
    void aStoredStreamThatItsCallerLeavesSaysHowFarItCame() throws Exception {
        supplier.answer(
                Script.stream()
                        .send(
                                "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,"
                                        + "\"delta\":{\"content\":\"Hi\"}}]}\n\n")
                        .hang());
        try (var shop = shop()) {
            var request =
                    shop.request(
                                    "POST",
                                    "/v1/responses",
                                    "{\"model\":\"small\",\"input\":\"x\",\"stream\":true}")
                            .build();
            String id;
            try (var lines = shop.lines(request)) {
                String first =
                        lines.stream()
                                .filter(l -> l.startsWith("data: "))
                                .findFirst()
                                .orElseThrow();
                id = Shop.json(first.substring(6)).path("response").path("id").stringValue();
            }
            supplier.awaitAborted(1);
            shop.until(id, "cancelled");
            List<JsonNode> events =
                    Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body());
            assertThat(types(events))
                    .contains("response.created", "response.output_text.delta")
                    .endsWith("response.cancelled");
        }
    }

    @Test
    void aStoredStreamIsToldAgainAsItWas() {
        supplier.answer(ChatScripts.stream(3, 2, "Hel", "lo"));
        try (var shop = shop()) {
            List<JsonNode> events =
                    Shop.events(
                            shop.post(
                                            "/v1/responses",
                                            "{\"model\":\"small\",\"input\":\"x\",\"stream\":true}")
                                    .body());
            String id = events.getFirst().path("response").path("id").stringValue();
            assertThat(Shop.events(shop.get("/v1/responses/" + id + "?stream=true").body()))
                    .isEqualTo(events);
            assertThat(Shop.json(shop.get("/v1/responses/" + id)))
                    .isEqualTo(events.getLast().path("response"));
        }
    }

    @Test
    void aResponseWithoutEventsCannotBeFollowed() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2));
        try (var shop = shop()) {
            String id = id(shop.ask("{\"model\":\"small\",\"input\":\"hello\"}"));
            var refused = shop.get("/v1/responses/" + id + "?stream=true");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Shop.json(refused).path("error").path("param").stringValue())
                    .isEqualTo("stream");
        }
    }

    @Test
    void whatIsStillBeingMadeCannotBeContinued() {
        supplier.answer(Script.silence());
        try (var shop = shop()) {
            String id = id(shop.ask(LONG));
            var refused =
                    shop.post(
                            "/v1/responses",
                            "{\"model\":\"small\",\"input\":\"x\",\"previous_response_id\":\""
                                    + id
                                    + "\"}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Shop.json(refused).path("error").path("code").stringValue())
                    .isEqualTo("previous_response_in_progress");
        }
    }

    private Shop shop() {
        return new Shop(folder, supplier);
    }

    private static ResponsesSettings settings(int backgroundMax) {
        return new ResponsesSettings(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                backgroundMax,
                Duration.ofSeconds(15),
                Duration.ofSeconds(20),
                Duration.ofMinutes(60));
    }

    private static String id(JsonNode node) {
        return node.path("id").asString("");
    }

    private static String text(JsonNode response) {
        return response.path("output").path(0).path("content").path(0).path("text").asString("");
    }

    private static String deltas(List<JsonNode> events) {
        var text = new StringBuilder();
        events.stream()
                .filter(e -> e.path("type").asString("").equals("response.output_text.delta"))
                .forEach(e -> text.append(e.path("delta").asString("")));
        return text.toString();
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asString("")).toList();
    }

    private static List<Long> numbers(List<JsonNode> events) {
        return events.stream().map(event -> event.path("sequence_number").asLong(-1)).toList();
    }

    private static List<Long> upTo(int count) {
        return LongStream.range(0, count).boxed().toList();
    }
}
