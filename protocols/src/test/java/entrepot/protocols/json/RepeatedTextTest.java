package entrepot.protocols.json;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Event;
import entrepot.protocols.Frame;
import entrepot.protocols.anthropic.messages.MessagesStreamReader;
import entrepot.protocols.bedrock.converse.ConverseStreamReader;
import entrepot.protocols.openai.chat.ChatStreamReader;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Payloads that are known again mean what they mean when they are parsed. */
class RepeatedTextTest {

    private static final int SEEDS = 300;
    private static final int DELTAS = 40;

    /** Makes one payload say the same in bytes that no other has. */
    private static byte[] alone(byte[] payload, int number) {
        return (" ".repeat(1 + number) + new String(payload, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String piece(Seeds seeds) {
        return switch (seeds.upTo(6)) {
            case 0 -> "";
            case 1 -> seeds.pick(List.of("\"", "\\", "\n", "\u0001", "a\"b", "text\":\"x"));
            case 2 -> seeds.pick(List.of("ü", "日本", "\ud83d\ude00", "\u007f"));
            default -> seeds.word();
        };
    }

    private interface Reading {
        void read(byte[] payload) throws InterruptedException;
    }

    private static void compare(
            List<byte[]> payloads, Reading one, List<Event> told, Reading other, List<Event> also)
            throws InterruptedException {
        for (int i = 0; i < payloads.size(); i++) {
            one.read(payloads.get(i));
            other.read(alone(payloads.get(i), i));
        }
        assertThat(told).isEqualTo(also).isNotEmpty();
    }

    @Test
    void chat() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var payloads = new ArrayList<byte[]>();
                    for (int i = 0; i < DELTAS; i++) {
                        payloads.add(Json.write(chatChunk(seeds)));
                    }
                    var told = new ArrayList<Event>();
                    var also = new ArrayList<Event>();
                    compare(
                            payloads,
                            new ChatStreamReader(told::add)::data,
                            told,
                            new ChatStreamReader(also::add)::data,
                            also);
                });
    }

    private static ObjectNode chatChunk(Seeds seeds) {
        ObjectNode chunk = Json.object().put("id", "c1").put("model", "m");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        switch (seeds.upTo(12)) {
            case 0 -> delta.put("refusal", piece(seeds));
            case 1 -> delta.put("reasoning", piece(seeds)).put("content", piece(seeds));
            case 2 -> choice.putObject("message").put("content", piece(seeds));
            case 3 -> delta.putArray("content").addObject().put("type", "text").put("text", "t");
            default -> delta.put("content", piece(seeds));
        }
        if (seeds.oneIn(15)) {
            choice.put("index", 1);
        }
        if (seeds.oneIn(60)) {
            choice.put("finish_reason", "stop");
        }
        if (seeds.oneIn(4)) {
            chunk.put("system_fingerprint", seeds.word());
        }
        return seeds.oneIn(3) ? chunk : chunk.put("obfuscation", seeds.word());
    }

    @Test
    void messages() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var payloads = new ArrayList<byte[]>();
                    ObjectNode start = Json.object().put("type", "message_start");
                    start.putObject("message").put("id", "m1").put("model", "m");
                    payloads.add(Json.write(start));
                    for (int i = 0; i < DELTAS; i++) {
                        payloads.add(Json.write(messageEvent(seeds)));
                    }
                    var told = new ArrayList<Event>();
                    var also = new ArrayList<Event>();
                    var one = new MessagesStreamReader(told::add);
                    var other = new MessagesStreamReader(also::add);
                    compare(
                            payloads,
                            payload -> one.frame(Frame.of(payload)),
                            told,
                            payload -> other.frame(Frame.of(payload)),
                            also);
                });
    }

    private static ObjectNode messageEvent(Seeds seeds) {
        int index = seeds.oneIn(8) ? 1 : 0;
        ObjectNode event = Json.object();
        if (seeds.oneIn(15)) {
            return event.put("type", "content_block_stop").put("index", index);
        }
        if (seeds.oneIn(60)) {
            return event.put("type", "message_stop");
        }
        event.put("type", "content_block_delta").put("index", index);
        ObjectNode delta = event.putObject("delta");
        switch (seeds.upTo(9)) {
            case 0 -> delta.put("type", "thinking_delta").put("thinking", piece(seeds));
            case 1 -> delta.put("type", "strange_delta").put("text", piece(seeds));
            default -> delta.put("type", "text_delta").put("text", piece(seeds));
        }
        return event;
    }

    @Test
    void converse() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var names = new ArrayList<String>();
                    var payloads = new ArrayList<byte[]>();
                    for (int i = 0; i < DELTAS; i++) {
                        ObjectNode event =
                                Json.object().put("contentBlockIndex", seeds.oneIn(9) ? 1 : 0);
                        if (seeds.oneIn(15)) {
                            names.add("contentBlockStop");
                        } else {
                            names.add(seeds.oneIn(30) ? "somethingNew" : "contentBlockDelta");
                            ObjectNode delta = event.putObject("delta");
                            if (seeds.oneIn(9)) {
                                delta.putObject("reasoningContent").put("text", piece(seeds));
                            } else {
                                delta.put("text", piece(seeds));
                            }
                        }
                        payloads.add(Json.write(event.put("p", seeds.word())));
                    }
                    var told = new ArrayList<Event>();
                    var also = new ArrayList<Event>();
                    var one = new ConverseStreamReader(told::add);
                    var other = new ConverseStreamReader(also::add);
                    for (int i = 0; i < DELTAS; i++) {
                        one.frame(Frame.of(names.get(i), payloads.get(i)));
                        other.frame(Frame.of(names.get(i), alone(payloads.get(i), i)));
                    }
                    assertThat(told).isEqualTo(also).isNotEmpty();
                });
    }

    @Test
    void aPayloadLikeTheOneBeforeIsKnownAgain() {
        var repeated = new RepeatedText("content", "obfuscation");
        assertThat(repeated.text(bytes("{\"content\":\"a\"}"))).isNull();
        parsed(repeated, bytes("{\"content\":\"a\",\"obfuscation\":\"xyz\",\"n\":1}"), "a");
        assertThat(repeated.text(bytes("{\"content\":\"bc\",\"obfuscation\":\"\",\"n\":1}")))
                .isEqualTo("bc");
        assertThat(repeated.text(bytes("{\"content\":\"\",\"obfuscation\":\"q\",\"n\":1}")))
                .isEmpty();
        for (String other :
                List.of(
                        "{\"content\":\"b\",\"obfuscation\":\"\",\"n\":2}",
                        "{\"content\":\"b\",\"obfuscation\":\"\",\"n\":1",
                        "{\"content\":\"b\",\"obfuscation\":\"\",\"n\":1} ",
                        "{\"content\":\"b\\n\",\"obfuscation\":\"\",\"n\":1}",
                        "{\"content\":\"b\n\",\"obfuscation\":\"\",\"n\":1}",
                        "{\"content\":\"b\",\"obfuscation\":\"\\\"\",\"n\":1}",
                        "{\"content\":\"b\",\"n\":1}",
                        "{\"content\":\"b",
                        "")) {
            assertThat(repeated.text(bytes(other))).as(other).isNull();
        }
        parsed(repeated, bytes("{\"content\":\"a\",\"x\":{\"content\":\"a\"}}"), "a");
        assertThat(repeated.text(bytes("{\"content\":\"b\",\"x\":{\"content\":\"a\"}}"))).isNull();
        parsed(repeated, bytes("{\"content\":\"a\"}"), "other");
        assertThat(repeated.text(bytes("{\"content\":\"b\"}"))).isNull();
    }

    private static void parsed(RepeatedText repeated, byte[] payload, String text) {
        repeated.parsing();
        repeated.said(new Event.TextDelta(0, text));
        repeated.parsed(payload, true);
    }

    @Test
    void aFormIsWrittenAsTheObjectIs() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    String text = piece(seeds) + piece(seeds) + seeds.text(3);
                    ObjectNode object = Json.object().put("id", piece(seeds));
                    TextForm form = TextForm.of(object.deepCopy().put("content", TextForm.TEXT));
                    if (TextForm.canHold(text)) {
                        assertThat(form.with(text))
                                .isEqualTo(Json.write(object.put("content", text)));
                    } else {
                        assertThat(text)
                                .matches(any -> any.chars().anyMatch(letter -> letter >= 0xd800));
                    }
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
