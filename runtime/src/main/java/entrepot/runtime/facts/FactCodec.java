package entrepot.runtime.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.runtime.agents.AgentJson;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How facts are written down: a type's name, its version, and JSON with the record's own component
 * names. What was written once is readable for ever:
 *
 * <ul>
 *   <li>a type or version that this build does not know survives as {@link Fact.Unknown}, byte for
 *       byte;
 *   <li>when a record changes its shape its version grows by one, and an upcaster turns the old
 *       JSON into the new.
 * </ul>
 */
public final class FactCodec {

    /** A fact as the journal keeps it. */
    public record Written(String type, int version, byte[] payload) {}

    /**
     * Turns JSON of a version into JSON of the next one.
     *
     * @param from the version it reads
     */
    public record Upcaster(String type, int from, UnaryOperator<ObjectNode> change) {}

    private record Kind(String type, int version, Class<? extends Fact> record) {}

    private static final JsonMapper MAPPER = words().build();

    /** What this build writes. Names are for ever; a new shape is a new version. */
    private static final List<Kind> KINDS =
            List.of(
                    new Kind("session.created", 2, Fact.SessionCreated.class),
                    new Kind("session.changed", 1, Fact.SessionChanged.class),
                    new Kind("session.forked", 1, Fact.SessionForked.class),
                    new Kind("turn.started", 1, Fact.TurnStarted.class),
                    new Kind("input.steered", 1, Fact.InputSteered.class),
                    new Kind("input.ignored", 1, Fact.InputIgnored.class),
                    new Kind("model.started", 1, Fact.ModelCallStarted.class),
                    new Kind("model.answered", 1, Fact.ModelAnswered.class),
                    new Kind("model.failed", 1, Fact.ModelCallFailed.class),
                    new Kind("tool.started", 1, Fact.ToolStarted.class),
                    new Kind("tool.returned", 2, Fact.ToolReturned.class),
                    new Kind("tool.unknown", 1, Fact.ToolOutcomeUnknown.class),
                    new Kind("results.awaited", 1, Fact.ResultsAwaited.class),
                    new Kind("result.accepted", 1, Fact.ResultAccepted.class),
                    new Kind("approval.asked", 1, Fact.ApprovalAsked.class),
                    new Kind("approval.answered", 1, Fact.ApprovalAnswered.class),
                    new Kind("subagent.created", 1, Fact.SubagentCreated.class),
                    new Kind("subagent.input", 1, Fact.SubagentInputSent.class),
                    new Kind("subagent.interrupted", 1, Fact.SubagentInterrupted.class),
                    new Kind("subagent.closed", 1, Fact.SubagentClosed.class),
                    new Kind("subagent.resumed", 1, Fact.SubagentResumed.class),
                    new Kind("subagents.awaited", 1, Fact.SubagentsAwaited.class),
                    new Kind("subagent.reported", 1, Fact.SubagentReported.class),
                    new Kind("subagent.asked", 1, Fact.SubagentAsked.class),
                    new Kind("subagent.answered", 1, Fact.SubagentAnswered.class),
                    new Kind("environment.changed", 1, Fact.EnvironmentChanged.class),
                    new Kind("environment.reset", 1, Fact.EnvironmentReset.class),
                    new Kind("cancel.asked", 1, Fact.CancelAsked.class),
                    new Kind("turn.completed", 1, Fact.TurnCompleted.class),
                    new Kind("turn.failed", 1, Fact.TurnFailed.class),
                    new Kind("turn.cancelled", 1, Fact.TurnCancelled.class));

    private final Map<String, Kind> kindsByType =
            KINDS.stream().collect(Collectors.toMap(Kind::type, kind -> kind));
    private final Map<Class<?>, Kind> kindsByRecord =
            KINDS.stream().collect(Collectors.toMap(Kind::record, kind -> kind));
    private final List<Upcaster> upcasters;

    private static final List<Upcaster> UPCASTERS =
            List.of(
                    // Tool servers had a URL and no other transport; sessions had no settings.
                    new Upcaster(
                            "session.created",
                            1,
                            old -> {
                                AgentJson.upcast(old.path("agent"));
                                return old.set(
                                        "settings", MAPPER.valueToTree(SessionSettings.DEFAULT));
                            }),
                    // No tool was a command.
                    new Upcaster("tool.returned", 1, old -> old.putNull("exitCode")));

    /** The codec of this build. */
    public FactCodec() {
        this(UPCASTERS);
    }

    FactCodec(List<Upcaster> upcasters) {
        this.upcasters = List.copyOf(upcasters);
    }

    /** Teaches a mapper to write parts, usage, failures and agents. */
    public static JsonMapper.Builder words() {
        return AgentJson.words(JsonMapper.builder())
                .addMixIn(Part.class, PartWords.class)
                .addMixIn(Part.Text.class, TextWords.class)
                .addMixIn(StopReason.class, StopReasonWords.class)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .withConfigOverride(
                        Extras.class,
                        extras ->
                                extras.setInclude(
                                        JsonInclude.Value.construct(
                                                JsonInclude.Include.NON_EMPTY, null)))
                .addModule(
                        new SimpleModule()
                                .addSerializer(Extras.class, new ExtrasWriter())
                                .addDeserializer(Extras.class, new ExtrasReader()));
    }

    public Written write(Fact fact) {
        if (fact instanceof Fact.Unknown unknown) {
            return new Written(unknown.type(), unknown.version(), unknown.payload());
        }
        Kind kind = kindsByRecord.get(fact.getClass());
        if (kind == null) {
            throw new IllegalStateException(
                    fact.getClass() + " has no name in the journal: add it to FactCodec.KINDS");
        }
        return new Written(kind.type(), kind.version(), MAPPER.writeValueAsBytes(fact));
    }

    /**
     * @throws IllegalStateException when the payload is not what its type and version promise
     */
    public Fact read(Written written) {
        Kind kind = kindsByType.get(written.type());
        if (kind == null || written.version() > kind.version()) {
            return new Fact.Unknown(written.type(), written.version(), written.payload());
        }
        try {
            if (written.version() == kind.version()) {
                return MAPPER.readValue(written.payload(), kind.record());
            }
            return upcast(kind, written);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    "A fact of type "
                            + written.type()
                            + " and version "
                            + written.version()
                            + " cannot be read: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private Fact upcast(Kind kind, Written written) {
        ObjectNode json = (ObjectNode) MAPPER.readTree(written.payload());
        for (int version = written.version(); version < kind.version(); version++) {
            json = upcaster(kind.type(), version).change().apply(json);
        }
        return MAPPER.treeToValue(json, kind.record());
    }

    private Upcaster upcaster(String type, int from) {
        return upcasters.stream()
                .filter(upcaster -> upcaster.type().equals(type) && upcaster.from() == from)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "No upcaster reads version " + from + " of " + type));
    }

    /** Every type's name, in the order of {@link Fact}. */
    static Stream<String> types() {
        return KINDS.stream().map(Kind::type);
    }

    interface TextWords {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Logprob> logprobs();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Part.Text.class, name = "text"),
        @JsonSubTypes.Type(value = Part.Refusal.class, name = "refusal"),
        @JsonSubTypes.Type(value = Part.Image.class, name = "image"),
        @JsonSubTypes.Type(value = Part.File.class, name = "file"),
        @JsonSubTypes.Type(value = Part.Audio.class, name = "audio"),
        @JsonSubTypes.Type(value = Part.CachePoint.class, name = "cache_point"),
        @JsonSubTypes.Type(value = Part.Reasoning.class, name = "reasoning"),
        @JsonSubTypes.Type(value = Part.ToolCall.class, name = "tool_call"),
        @JsonSubTypes.Type(value = Part.ToolResult.class, name = "tool_result"),
        @JsonSubTypes.Type(value = Part.Unknown.class, name = "unknown")
    })
    private interface PartWords {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = StopReason.Known.class, name = "known"),
        @JsonSubTypes.Type(value = StopReason.Unknown.class, name = "unknown")
    })
    private interface StopReasonWords {}

    /** Nearly every part has no extras: they are left out, and none is what is read then. */
    private static final class ExtrasReader extends StdDeserializer<Extras> {

        ExtrasReader() {
            super(Extras.class);
        }

        @Override
        public Extras deserialize(JsonParser parser, DeserializationContext context) {
            ObjectNode json = context.readTree(parser).asObject();
            Map<String, JsonNode> members = new LinkedHashMap<>();
            json.path("members").forEachEntry(members::put);
            return new Extras(json.path("dialect").asString(), members);
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Extras.NONE;
        }

        @Override
        public Object getNullValue(DeserializationContext context) {
            return Extras.NONE;
        }
    }

    private static final class ExtrasWriter extends StdSerializer<Extras> {

        ExtrasWriter() {
            super(Extras.class);
        }

        @Override
        public boolean isEmpty(SerializationContext context, Extras extras) {
            return extras.isEmpty();
        }

        @Override
        public void serialize(Extras extras, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writeStringProperty("dialect", extras.dialect());
            json.writeObjectPropertyStart("members");
            extras.members().forEach((name, value) -> json.writePOJOProperty(name, value));
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
