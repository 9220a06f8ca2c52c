package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class ChatEnvelopeTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void knowsWhatRoutingAndMoneyNeed() {
        var envelope =
                scan(
                        """
                        {"stream":true,"n":3,"max_tokens":9,"max_completion_tokens":7,
                        "stream_options":{"include_usage":true},"model":"a/b",%s}\
                        """
                                .formatted(MESSAGES));
        assertThat(envelope.model()).isEqualTo("a/b");
        assertThat(envelope.stream()).isTrue();
        assertThat(envelope.usageAsked()).isTrue();
        assertThat(envelope.choices()).isEqualTo(3);
        assertThat(envelope.outputTokensMax()).isEqualTo(7);
    }

    @Test
    void takesAbsentAndNullForTheDefaults() {
        var envelope =
                scan(
                        "{\"model\":\"m\",\"n\":null,\"stream\":null,\"stream_options\":null,"
                                + "\"max_tokens\":null,"
                                + MESSAGES
                                + "}");
        assertThat(envelope.stream()).isFalse();
        assertThat(envelope.usageAsked()).isFalse();
        assertThat(envelope.choices()).isEqualTo(1);
        assertThat(envelope.outputTokensMax()).isNull();
    }

    @Test
    void theSameModelGivesTheSameBytes() {
        byte[] body = ("{ \"model\" : \"m\" , " + MESSAGES + " }\r\n").getBytes(UTF_8);
        assertThat(ChatEnvelope.scan(body).splice("m", true)).isSameAs(body);
    }

    @Test
    void changesOnlyTheModelAroundCharactersOfAnyWidth() {
        String before = " {\"user\":\"é漢😀\\ud83d\\ude00\",\n\t\"model\" :\t";
        String after = ",\"x\":{\"model\":\"inner ü\"}, \"n\" : 1.0e0,".replace("1.0e0", "1");
        var envelope = scan(before + "\"gé\\u0041\\\"\"" + after + MESSAGES + "} ");
        assertThat(envelope.model()).isEqualTo("géA\"");
        assertThat(text(envelope.splice("新/\"m\\", true)))
                .isEqualTo(before + "\"新/\\\"m\\\\\"" + after + MESSAGES + "} ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{MSG,\"stream\":true}",
                "{\"model\":\"else\",MSG,\"stream\":true}",
                "{\"model\" : null, MSG,\"stream\":true}",
                "{\"stream_options\":{\"include_usage\":true},\"stream\":true,MSG}"
            })
    void theAddressMayNameTheModel(String form) {
        byte[] body = form.replace("MSG", MESSAGES).getBytes(UTF_8);
        var envelope = ChatEnvelope.scan(body, "dep/1");
        assertThat(envelope.model()).isEqualTo("dep/1");
        var sent = Json.read(envelope.splice("up", true), Cause.INVALID_REQUEST);
        assertThat(sent.path("model").stringValue()).isEqualTo("up");
        assertThat(sent.path("stream_options").path("include_usage").booleanValue()).isTrue();
        assertThat(sent.path("messages").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%s\"model\":\"m\",\"stream\":true,MSG}",
                "{\"stream_options\":null,\"model\":\"m\",\"stream\":true,MSG}",
                "{\"stream_options\" : { } ,\"model\":\"m\",\"stream\":true,MSG}",
                "{\"model\":\"m\",\"stream\":true,MSG,\"stream_options\":{\"include_usage\":null}}",
                "{\"model\":\"m\",\"stream\":true,MSG,\"stream_options\":{\"include_usage\" : false"
                        + " , \"x\":1}}",
                "{\"model\":\"m\",\"stream_options\":"
                        + " {\"include_obfuscation\":false,\"y\":{}},\"stream\":true,MSG}"
            })
    void asksAStreamForItsUsageWhereverTheOptionsStand(String shape) {
        String body = shape.replace("%s", "").replace("MSG", MESSAGES);
        var envelope = scan(body);
        assertThat(envelope.usageAsked()).isFalse();
        for (String model : new String[] {"m", "quite another ø"}) {
            var tree = Json.read(body, Cause.INTERNAL).asObject();
            tree.put("model", model);
            if (!tree.path("stream_options").isObject()) {
                tree.putObject("stream_options");
            }
            tree.withObject("stream_options").put("include_usage", true);
            assertThat(Json.read(envelope.splice(model, true), Cause.INTERNAL)).isEqualTo(tree);
            assertThat(ChatEnvelope.scan(envelope.splice(model, true)).usageAsked()).isTrue();
        }
        assertThat(text(envelope.splice("m", false))).isEqualTo(body);
    }

    @Test
    void doesNotAskForUsageWhereThereIsNoStream() {
        String body = "{\"model\":\"m\",\"stream\":false," + MESSAGES + "}";
        assertThat(text(scan(body).splice("m", true))).isEqualTo(body);
    }

    @Test
    void refusesWhatIsNotJsonAndSaysWhere() {
        Failure failure =
                refused(
                        "{\"model\":\"m\",\n \"messages\":[{\"role\":\"user\","
                                + "\"content\":x}]}");
        assertThat(failure.message())
                .contains("line 2, column 39")
                .contains("'messages[0].content'")
                .doesNotContain("x}");
        assertThat(failure.param()).isEqualTo("messages[0].content");
        assertThat(failure.code()).isEqualTo("invalid_json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nil",
                "[]",
                "\"model\"",
                "{\"model\":\"m\",MSG",
                "{\"model\":\"m\",MSG}}",
                "{\"model\":\"m\",MSG} {}",
                "{\"model\":\"m\",MSG} x",
                "{\"model\":\"m\",MSG,}",
                "{\"model\":\"m\",MSG,\"a\":01}",
                "{\"model\":\"m\",MSG,\"a\":\"\\x\"}",
                "{\"model\":\"m\",MSG,\"a\":\"\t\"}",
                "{\"model\":\"m\",MSG,\"a\":NaN}",
                "{\"model\":\"m\",MSG,\"a\":[1 2]}",
                "{'model':'m',MSG}",
                "{\"model\":\"m\",MSG /* */}",
            })
    void refusesEveryBodyThatIsNotOneJsonObject(String shape) {
        assertThat(refused(shape.replace("MSG", MESSAGES)).message()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model|{MSG}",
                "model|{\"model\":null,MSG}",
                "model|{\"model\":7,MSG}",
                "model|{\"model\":\"\",MSG}",
                "model|{\"model\":\"a\",\"model\":\"b\",MSG}",
                "model|{\"model\":\"a\",MSG,\"mod\\u0065l\":\"b\"}",
                "messages|{\"model\":\"a\"}",
                "messages|{\"model\":\"a\",\"messages\":\"hi\"}",
                "messages|{\"model\":\"a\",MSG,MSG}",
                "stream|{\"model\":\"a\",\"stream\":\"true\",MSG}",
                "stream|{\"model\":\"a\",\"stream\":true,\"stream\":false,MSG}",
                "stream_options|{\"model\":\"a\",\"stream_options\":[],MSG}",
                "stream_options.include_usage|"
                        + "{\"model\":\"a\",\"stream_options\":{\"include_usage\":1},MSG}",
                "stream_options.include_usage|{\"model\":\"a\",\"stream_options\":"
                        + "{\"include_usage\":true,\"include_usage\":false},MSG}",
                "n|{\"model\":\"a\",\"n\":\"2\",MSG}",
                "n|{\"model\":\"a\",\"n\":0,MSG}",
                "n|{\"model\":\"a\",\"n\":99999999999,MSG}",
                "max_tokens|{\"model\":\"a\",\"max_tokens\":1.5,MSG}",
                "max_completion_tokens|{\"model\":\"a\",\"max_completion_tokens\":-1,MSG}",
            })
    void r92RefusesWhatItCannotReadAndNamesTheMember(String row) {
        String param = row.substring(0, row.indexOf('|'));
        String body = row.substring(row.indexOf('|') + 1).replace("MSG", MESSAGES);
        assertThat(refused(body).param()).isEqualTo(param);
    }

    @Test
    void refusesOtherEncodingsClearly() {
        String body = "{\"model\":\"m\"," + MESSAGES + "}";
        assertThat(refused("\ufeff" + body).message()).contains("byte order mark");
        assertThat(refused(body.getBytes(StandardCharsets.UTF_16LE)).message()).contains("UTF-16");
        assertThat(refused(body.getBytes(StandardCharsets.UTF_16)).message()).contains("UTF-16");
        assertThat(refused("{\"model\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)).message())
                .contains("UTF-8");
    }

    @Test
    void refusesADepthThatOnlyAnAttackerNeeds() {
        String deep = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        assertThat(refused("{\"model\":\"m\",\"a\":" + deep + "," + MESSAGES + "}").message())
                .contains("depth");
    }

    private static ChatEnvelope scan(String body) {
        return ChatEnvelope.scan(body.getBytes(UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static Failure refused(String body) {
        return refused(body.getBytes(UTF_8));
    }

    private static Failure refused(byte[] body) {
        Failed failed = catchThrowableOfType(Failed.class, () -> ChatEnvelope.scan(body));
        assertThat(failed).as("refusal of %s", new String(body, UTF_8)).isNotNull();
        assertThat(failed.failure().cause()).isEqualTo(Cause.INVALID_REQUEST);
        return failed.failure();
    }
}
