package entrepot.protocols;

import entrepot.conversation.Extras;
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

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Something that a request may need of a supplier's dialect. Whether a dialect carries it is not
 * written down but tried: a request with nothing else in it is put to the dialect's own losses.
 */
public enum Capability {
    SYSTEM("a system prompt", said(Message.text(Role.SYSTEM, "Be brief."))),
    LATER_SYSTEM(
            "a system message amid the conversation",
            then(
                    Message.text(Role.ASSISTANT, "Hello."),
                    Message.text(Role.SYSTEM, "Be brief."),
                    Message.text(Role.USER, "And now?"))),
    IMAGE_BYTES(
            "an image by its bytes",
            asking(new Part.Image(null, "aGk=", "image/png", null, Extras.NONE))),
    IMAGE_ADDRESS(
            "an image by its address",
            asking(new Part.Image("https://example.org/a.png", null, null, null, Extras.NONE))),
    PDF(
            "a PDF by its bytes",
            asking(new Part.File(null, null, "JVBERi0=", "application/pdf", "a.pdf", Extras.NONE))),
    FILE_ADDRESS(
            "a file by its address",
            asking(
                    new Part.File(
                            null,
                            "https://example.org/a.pdf",
                            null,
                            "application/pdf",
                            null,
                            Extras.NONE))),
    FILE_ID(
            "a file by its id",
            asking(new Part.File("file-1", null, null, null, null, Extras.NONE))),
    AUDIO("audio", asking(new Part.Audio("UklGRg==", "wav", Extras.NONE))),
    TOOLS("functions", request -> request.withTools(List.of(function()))),
    TOOL_RESULTS("calls and their results, several in a turn", Capability::calls),
    FAILED_RESULT("a result that says that the tool failed", Capability::failed),
    TOOL_REQUIRED("some tool must be used", choosing(new ToolChoice.Required())),
    TOOL_NAMED("a certain tool must be used", choosing(new ToolChoice.Named("look_up"))),
    TOOL_NONE("no tool may be used", choosing(new ToolChoice.None())),
    PARALLEL_OFF(
            "one call at a time",
            request -> sampling(request.withTools(List.of(function())), parallelOff())),
    JSON_SCHEMA("an answer of a JSON Schema", shaped(schema())),
    JSON_OBJECT("an answer of any JSON object", shaped(new OutputFormat.JsonObject())),
    EFFORT(
            "reasoning by effort",
            request -> sampling(request, Sampling.DEFAULT.withReasoningEffort("high"))),
    BUDGET("reasoning by tokens", request -> sampling(request, budget())),
    REASONING_ANTHROPIC("Anthropic's signed reasoning, replayed", signed(Seals.ANTHROPIC)),
    REASONING_OPENAI("OpenAI's encrypted reasoning, replayed", signed(Seals.OPENAI)),
    REASONING_GOOGLE("Google's signed reasoning, replayed", signed(Seals.GOOGLE)),
    CACHE_MARK("a mark for the cache", asking(new Part.CachePoint(null))),
    TOP_K("top_k", request -> sampling(request, topK())),
    SEED("a seed", request -> sampling(request, seed())),
    PENALTIES("penalties", request -> sampling(request, penalties())),
    STOP("stop sequences", request -> sampling(request, stop())),
    LOGPROBS(
            "log probabilities of tokens",
            request -> sampling(request, Sampling.DEFAULT.withTopLogprobs(3)));

    private final String words;

    /** Functions without state, which the checker cannot see. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final UnaryOperator<Request> need;

    Capability(String words, UnaryOperator<Request> need) {
        this.words = words;
        this.need = need;
    }

    /** How a dialect takes it. */
    public enum How {
        /** As it is. */
        CARRIED,
        /** Left out or told otherwise, and named; the answer means the same. */
        NAMED,
        /** Refused, unless the caller allows the loss. */
        REFUSED
    }

    /** What it is, in words. */
    public String words() {
        return words;
    }

    /**
     * How a dialect takes it.
     *
     * @param model the supplier's own name: what a dialect carries may depend on it
     */
    public How how(Dialect dialect, String model) {
        Request request = need.apply(Request.of(model, List.of(Message.text(Role.USER, "Hello."))));
        List<Loss> losses = dialect.losses(bounded(request));
        if (losses.stream().anyMatch(loss -> loss.weight() == Loss.Weight.MEANING)) {
            return How.REFUSED;
        }
        return losses.isEmpty() ? How.CARRIED : How.NAMED;
    }

    /** With a limit of output, which some dialects demand: its absence is no loss of this need. */
    private static Request bounded(Request request) {
        return sampling(request, request.sampling().withOutputTokensMax(1000));
    }

    private static UnaryOperator<Request> said(Message first) {
        return request -> {
            var messages = new ArrayList<Message>();
            messages.add(first);
            messages.addAll(request.messages());
            return with(request, messages);
        };
    }

    private static UnaryOperator<Request> then(Message... more) {
        return request -> {
            var messages = new ArrayList<>(request.messages());
            messages.addAll(List.of(more));
            return with(request, messages);
        };
    }

    private static UnaryOperator<Request> asking(Part part) {
        return request ->
                with(
                        request,
                        List.of(Message.of(Role.USER, new Part.Text("Look:", Extras.NONE), part)));
    }

    private static UnaryOperator<Request> choosing(ToolChoice choice) {
        return request ->
                new Request(
                        request.model(),
                        request.messages(),
                        List.of(function()),
                        choice,
                        request.sampling(),
                        request.format(),
                        request.stream(),
                        request.extras());
    }

    private static UnaryOperator<Request> shaped(OutputFormat format) {
        return request ->
                new Request(
                        request.model(),
                        request.messages(),
                        request.tools(),
                        request.toolChoice(),
                        request.sampling(),
                        format,
                        request.stream(),
                        request.extras());
    }

    private static UnaryOperator<Request> signed(String origin) {
        return then(
                Message.of(
                        Role.ASSISTANT,
                        new Part.Reasoning("Hm.", Seals.seal(origin, "c2ln"), Extras.NONE),
                        new Part.Text("Hello.", Extras.NONE)),
                Message.text(Role.USER, "And now?"));
    }

    private static Request calls(Request request) {
        return answered(request, false);
    }

    private static Request failed(Request request) {
        return answered(request, true);
    }

    private static Request answered(Request request, boolean failed) {
        Part[] results =
                failed
                        ? new Part[] {result("call_1", true)}
                        : new Part[] {result("call_1", false), result("call_2", false)};
        Part[] calls =
                failed ? new Part[] {call("call_1")} : new Part[] {call("call_1"), call("call_2")};
        return then(Message.of(Role.ASSISTANT, calls), Message.of(Role.TOOL, results))
                .apply(request.withTools(List.of(function())));
    }

    private static Part call(String callId) {
        return new Part.ToolCall(callId, "look_up", "{}", Extras.NONE);
    }

    private static Part result(String callId, boolean failed) {
        return new Part.ToolResult(
                callId, List.of(new Part.Text("blue", Extras.NONE)), failed, Extras.NONE);
    }

    private static Tool function() {
        return new Tool.Function(
                "look_up",
                "Looks something up.",
                Json.object().put("type", "object").set("properties", Json.object()),
                null,
                Extras.NONE);
    }

    private static OutputFormat schema() {
        return new OutputFormat.JsonSchema(
                "answer",
                null,
                Json.object()
                        .put("type", "object")
                        .put("additionalProperties", false)
                        .set("properties", Json.object()),
                true);
    }

    private static Sampling parallelOff() {
        return sampling(null, null, null, false, null);
    }

    private static Sampling budget() {
        return sampling(null, null, null, null, 2048);
    }

    private static Sampling topK() {
        return sampling(40, null, null, null, null);
    }

    private static Sampling seed() {
        return sampling(null, 7L, null, null, null);
    }

    private static Sampling penalties() {
        return sampling(null, null, new BigDecimal("0.5"), null, null);
    }

    private static Sampling stop() {
        return new Sampling(
                null, null, null, null, List.of("END"), null, null, null, null, null, null);
    }

    private static Sampling sampling(
            @Nullable Integer topK,
            @Nullable Long seed,
            @Nullable BigDecimal penalty,
            @Nullable Boolean parallel,
            @Nullable Integer budget) {
        return new Sampling(
                null, null, null, topK, List.of(), seed, penalty, penalty, parallel, null, budget);
    }

    private static Request sampling(Request request, Sampling sampling) {
        return new Request(
                request.model(),
                request.messages(),
                request.tools(),
                request.toolChoice(),
                sampling,
                request.format(),
                request.stream(),
                request.extras());
    }

    private static Request with(Request request, List<Message> messages) {
        return new Request(
                request.model(),
                messages,
                request.tools(),
                request.toolChoice(),
                request.sampling(),
                request.format(),
                request.stream(),
                request.extras());
    }
}
