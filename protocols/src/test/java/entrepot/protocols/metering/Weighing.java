package entrepot.protocols.metering;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Corpus.Exchange;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.Wire;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.bedrock.invoke.InvokeMeter;
import entrepot.protocols.bedrock.invoke.InvokeUsage;
import entrepot.protocols.google.embeddings.EmbedBodies.Method;
import entrepot.protocols.google.embeddings.GoogleEmbeddings;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.embeddings.OpenAiEmbeddings;
import entrepot.protocols.openai.images.OpenAiImages;
import entrepot.protocols.openai.responses.ResponsesDialect;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One recorded answer, weighed by every reader that the project has for its dialect.
 *
 * @param told what its supplier says
 * @param weighed by reader
 */
record Weighing(Exchange exchange, Told told, Map<String, Usage> weighed) {

    private static final String START = "\"message_start\"";

    /** Null for what is no answer of a model, or tells no usage. */
    static @Nullable Weighing of(Exchange exchange) throws InterruptedException {
        Row row = exchange.row();
        String path = row.path().replaceFirst("[?].*", "");
        String protocol = exchange.protocol();
        if (row.status() >= 400 || row.response().length == 0) {
            return null;
        }
        if (path.isEmpty()
                && !new String(row.response(), UTF_8).contains("\"choices\"")
                && protocol.contains("chat")) {
            return null; // a transcription
        }
        if (path.endsWith("/chat/completions") || protocol.matches("openai(-compat)?-chat")) {
            return conversation(exchange, new ChatDialect(), Weighing::chat);
        }
        if (path.endsWith("/responses") || (path.isEmpty() && protocol.contains("responses"))) {
            return conversation(exchange, new ResponsesDialect(), Weighing::responses);
        }
        if (protocol.equals("anthropic-messages")) {
            if (row.events().stream().filter(event -> event.contains(START)).count() > 1) {
                return null; // two answers of two calls, joined by the recorder
            }
            return conversation(exchange, new MessagesDialect(), Weighing::messages);
        }
        if (path.contains("enerateContent") || (path.isEmpty() && protocol.equals("gemini"))) {
            return conversation(exchange, new GeminiDialect(), Weighing::gemini);
        }
        return switch (protocol) {
            case "bedrock-converse", "bedrock-converse-stream" ->
                    conversation(exchange, new ConverseDialect(), Weighing::converse);
            case "bedrock-invoke" -> invoke(exchange);
            case "bedrock-invoke-stream" -> invokeStream(exchange);
            default -> other(exchange, path);
        };
    }

    private static @Nullable Weighing other(Exchange exchange, String path) {
        if (path.endsWith("/embeddings")) {
            return whole(exchange, new OpenAiEmbeddings(), "usage", Told::embeddings);
        }
        if (path.endsWith("/images/generations")) {
            JsonNode usage = json(exchange.row().response()).path("usage");
            Usage weighed = new OpenAiImages().usage(exchange.row().response());
            // Older models tell no tokens: their pictures are counted.
            Told told = usage.isObject() ? Told.images(usage) : new Told(0L, 0L, 0, 0);
            return new Weighing(exchange, told, Map.of("whole", weighed));
        }
        if (path.endsWith(":batchEmbedContents")) {
            return whole(
                    exchange, new GoogleEmbeddings(Method.BATCH), "usageMetadata", Told::gemini);
        }
        return null;
    }

    private static @Nullable Weighing whole(
            Exchange exchange,
            Wire wire,
            String member,
            java.util.function.Function<JsonNode, Told> told) {
        JsonNode usage = json(exchange.row().response()).path(member);
        Usage weighed = usage.isObject() ? wire.usage(exchange.row().response()) : null;
        return weighed == null
                ? null
                : new Weighing(exchange, told.apply(usage), Map.of("whole", weighed));
    }

    /** What the payloads of an answer say of its usage; null when they say nothing. */
    private interface Teller {
        @Nullable Told told(List<JsonNode> payloads);
    }

    private static @Nullable Weighing conversation(
            Exchange exchange, Dialect dialect, Teller teller) throws InterruptedException {
        Row row = exchange.row();
        List<Frame> frames = frames(row, dialect);
        var payloads = new ArrayList<JsonNode>();
        frames.forEach(frame -> payloads.add(json(frame.data())));
        Told told = teller.told(payloads);
        if (told == null) {
            return null;
        }
        var weighed = new LinkedHashMap<String, Usage>();
        if (isWhole(row)) {
            Usage usage = dialect.usage(row.response());
            weighed.put("passed on", usage == null ? Usage.NONE : usage);
            weighed.put("read", dialect.read(row.response()).usage());
        } else {
            if (!new String(row.response(), UTF_8).stripLeading().startsWith("[")) {
                Meter meter = dialect.meter(false);
                meter.chunk(row.events().isEmpty() ? row.response() : row.framed());
                meter.end();
                weighed.put("relayed", meter.usage());
            }
            weighed.put("read", read(dialect, frames));
        }
        return new Weighing(exchange, told, weighed);
    }

    private static Usage read(Dialect dialect, List<Frame> frames) throws InterruptedException {
        var last = new ArrayList<Usage>();
        StreamReader reader =
                dialect.reader(event -> {
                    if (event instanceof Event.UsageReported reported) {
                        last.add(reported.usage());
                    }
                });
        for (Frame frame : frames) {
            if (!reader.done()) {
                reader.frame(frame);
            }
        }
        reader.end();
        return last.isEmpty() ? Usage.NONE : last.getLast();
    }

    private static boolean isWhole(Row row) {
        return row.events().isEmpty()
                && new String(row.response(), UTF_8).stripLeading().startsWith("{");
    }

    private static List<Frame> frames(Row row, Dialect dialect) {
        var frames = new ArrayList<Frame>();
        if (isWhole(row)) {
            frames.add(Frame.of(row.response()));
        } else if (dialect instanceof ConverseDialect) {
            new EventFrames().push(row.response(), frames::add);
        } else if (new String(row.response(), UTF_8).stripLeading().startsWith("[")) {
            json(row.response()).forEach(chunk -> frames.add(Frame.of(Json.write(chunk))));
        } else {
            row.events().forEach(event -> frames.add(Frame.of(event.getBytes(UTF_8))));
        }
        return frames;
    }

    private static @Nullable Told chat(List<JsonNode> payloads) {
        JsonNode last = null;
        for (JsonNode payload : payloads) {
            JsonNode usual = payload.path("usage");
            JsonNode usage = usual.isObject() ? usual : payload.path("x_groq").path("usage");
            last = usage.isObject() ? usage : last;
        }
        return last == null ? null : Told.chat(last);
    }

    private static @Nullable Told responses(List<JsonNode> payloads) {
        JsonNode last = null;
        for (JsonNode payload : payloads) {
            JsonNode usage =
                    payload.has("response")
                            ? payload.path("response").path("usage")
                            : payload.path("usage");
            last = usage.isObject() ? usage : last;
        }
        return last == null ? null : Told.responses(last);
    }

    private static @Nullable Told messages(List<JsonNode> payloads) {
        var reports = new ArrayList<JsonNode>();
        for (JsonNode payload : payloads) {
            JsonNode started = payload.path("message").path("usage");
            JsonNode usage = started.isObject() ? started : payload.path("usage");
            if (usage.isObject()) {
                reports.add(usage);
            }
        }
        return reports.isEmpty() ? null : Told.messages(reports);
    }

    private static @Nullable Told gemini(List<JsonNode> payloads) {
        JsonNode last = null;
        for (JsonNode payload : payloads) {
            JsonNode usage = payload.path("usageMetadata");
            last = usage.isObject() ? usage : last;
        }
        return last == null ? null : Told.gemini(last);
    }

    private static @Nullable Told converse(List<JsonNode> payloads) {
        JsonNode last = null;
        for (JsonNode payload : payloads) {
            JsonNode usage = payload.path("usage");
            last = usage.isObject() ? usage : last;
        }
        return last == null ? null : Told.converse(last);
    }

    private static @Nullable Weighing invoke(Exchange exchange) {
        JsonNode body = json(exchange.row().response());
        Usage usage =
                body instanceof ObjectNode ? InvokeUsage.ofAnswer(exchange.row().response()) : null;
        JsonNode told = body.path("usage");
        if (usage == null || !told.isObject()) {
            return null;
        }
        Told expected =
                told.has("input_tokens")
                        ? Told.messages(List.of(told))
                        : told.has("inputTokens") ? Told.converse(told) : Told.chat(told);
        return new Weighing(exchange, expected, Map.of("whole", usage));
    }

    private static @Nullable Weighing invokeStream(Exchange exchange) {
        var frames = new ArrayList<Frame>();
        new EventFrames().push(exchange.row().response(), frames::add);
        JsonNode metrics = null;
        for (Frame frame : frames) {
            ObjectNode event = frame.kind() == Frame.Kind.EVENT ? InvokeChunks.event(frame) : null;
            if (event != null && event.path(InvokeChunks.METRICS).isObject()) {
                metrics = event.path(InvokeChunks.METRICS);
            }
        }
        var meter = new InvokeMeter();
        meter.chunk(exchange.row().response());
        return metrics == null
                ? null
                : new Weighing(exchange, Told.metrics(metrics), Map.of("relayed", meter.usage()));
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return Json.read(bytes, Cause.INTERNAL);
        } catch (Failed noJson) {
            return Json.object();
        }
    }
}
