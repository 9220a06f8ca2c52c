package entrepot.knowledge.extract;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.knowledge.briefing.Briefing;
import entrepot.knowledge.embedding.E5;
import entrepot.knowledge.embedding.Embedder;
import entrepot.market.supply.BuiltInModel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * {@code entrepot/extract-1}: answers questions about documents in quotes. It lists files, reads
 * them, searches them and then writes, one step per request, as the history tells; no step depends
 * on anything else, so a session can be taken up anywhere and replayed with the same result.
 */
public final class Extract1 implements BuiltInModel {

    public static final String MODEL = "entrepot/extract-1";

    private final Embedder embedder;
    private final ToIntFunction<String> tokens;

    public Extract1(E5 embedder) {
        this(embedder, text -> embedder.tokenizer().count(text));
    }

    /**
     * @param tokens counts the tokens of a text, for usage
     */
    public Extract1(Embedder embedder, ToIntFunction<String> tokens) {
        this.embedder = embedder;
        this.tokens = tokens;
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public String note() {
        return "Built in, needs no key: extracts quotes from documents, does not generate; English";
    }

    @Override
    public void answer(Request request, EventSink sink) throws InterruptedException {
        Step step = new Planner(History.of(request.messages()), Offered.of(request)).next();
        String id = id(request);
        var delivery = new Delivery(sink, tokens, request.sampling().outputTokensMax());
        sink.accept(new Event.Started("ext_" + id, MODEL));
        StopReason reason =
                switch (step) {
                    case Step.Call call -> call(call, id, delivery);
                    case Step.Say say -> say(say, delivery);
                    case Step.Answer answer -> write(answer, delivery);
                };
        sink.accept(new Event.Finished(reason));
        sink.accept(new Event.UsageReported(delivery.usage(inputTokens(request))));
    }

    private static StopReason call(Step.Call call, String id, Delivery delivery)
            throws InterruptedException {
        for (int i = 0; i < call.uses().size(); i++) {
            Step.Use use = call.uses().get(i);
            delivery.call(
                    i,
                    new Part.ToolCall(
                            "call_" + id + "_" + i, use.tool(), use.arguments(), Extras.NONE));
        }
        return StopReason.TOOL_CALLS;
    }

    private static StopReason say(Step.Say say, Delivery delivery) throws InterruptedException {
        delivery.write(say.text());
        return delivery.end();
    }

    private StopReason write(Step.Answer answer, Delivery delivery) throws InterruptedException {
        new Briefing(embedder).write(answer.assignment(), delivery::write);
        return delivery.end();
    }

    private long inputTokens(Request request) {
        long count = 0;
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                count +=
                        switch (part) {
                            case Part.Text text -> tokens.applyAsInt(text.text());
                            case Part.ToolCall call ->
                                    tokens.applyAsInt(call.name() + " " + call.arguments());
                            case Part.ToolResult result -> resultTokens(result);
                            case Part.Refusal refusal -> tokens.applyAsInt(refusal.text());
                            case Part.Reasoning reasoning -> tokens.applyAsInt(reasoning.text());
                            case Part.Image ignored -> 0;
                            case Part.File ignored -> 0;
                            case Part.Audio ignored -> 0;
                            case Part.CachePoint ignored -> 0;
                            case Part.Unknown ignored -> 0;
                        };
            }
        }
        return count;
    }

    private long resultTokens(Part.ToolResult result) {
        long count = 0;
        for (Part part : result.content()) {
            if (part instanceof Part.Text text) {
                count += tokens.applyAsInt(text.text());
            }
        }
        return count;
    }

    /** From the request's words, so that the same request has the same ids, and no two steps do. */
    private static String id(Request request) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (Message message : request.messages()) {
                hash.update(message.role().name().getBytes(StandardCharsets.UTF_8));
                for (Part part : message.parts()) {
                    hash.update(part.toString().getBytes(StandardCharsets.UTF_8));
                }
            }
            return HexFormat.of().formatHex(hash.digest(), 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The names of the tools it knows, for whoever offers them. */
    public static List<String> tools() {
        return List.of(Offered.LIST_FILES, Offered.READ_FILE, Offered.SEARCH);
    }
}
