package entrepot.market.bedrock;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Dialect;
import entrepot.protocols.Header;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamReader;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.bedrock.BedrockModel.Maker;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.bedrock.converse.ConverseAnswers;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.invoke.InvokeMeter;
import entrepot.protocols.bedrock.invoke.InvokeUsage;
import entrepot.protocols.bedrock.texts.TextBodies;
import entrepot.protocols.bedrock.texts.TextBody;
import entrepot.protocols.bedrock.texts.TextDialect;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** InvokeModel as a supplier: each model in its maker's words. */
public final class InvokeDialect implements Dialect {

    /** The name of this interface in orders. */
    public static final String DIALECT = "bedrock.invoke";

    private static final Loss MAKER =
            new Loss("model", "of this maker no body can be written: use Converse (api: converse)");

    private final MessagesDialect messages = new MessagesDialect();
    private final ConverseDialect converse = new ConverseDialect();

    @Override
    public String name() {
        return DIALECT;
    }

    /** What a model's maker speaks; null when nobody here does. */
    private @Nullable Dialect speaking(Request request) {
        TextBody text = TextBodies.of(request.model());
        if (text != null) {
            return new TextDialect(text);
        }
        return switch (BedrockModel.of(request.model()).maker()) {
            case ANTHROPIC -> messages;
            case NOVA -> converse;
            default -> null;
        };
    }

    private static boolean isChat(Request request) {
        return BedrockModel.of(request.model()).maker() == Maker.MISTRAL
                && TextBodies.of(request.model()) == null;
    }

    @Override
    public List<Loss> losses(Request request) {
        if (isChat(request)) {
            return MistralChat.losses(request);
        }
        Dialect maker = speaking(request);
        return maker == null ? List.of(MAKER) : maker.losses(request);
    }

    @Override
    public List<String> stops(Request request) {
        Dialect maker = isChat(request) ? null : speaking(request);
        return maker == null ? List.of() : maker.stops(request);
    }

    @Override
    public byte[] write(Request request) {
        if (isChat(request)) {
            return MistralChat.write(request);
        }
        Dialect maker = speaking(request);
        if (maker == null) {
            throw new Failed(Failure.at(Cause.UNSUPPORTED, MAKER.what(), MAKER.path()));
        }
        if (maker == messages) {
            return InvokeBodies.anthropic(request);
        }
        return maker == converse ? InvokeBodies.nova(request) : maker.write(request);
    }

    @Override
    public Answer read(byte[] body) {
        if (!(Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode answer)) {
            throw new Failed(
                    Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer is no JSON object."));
        }
        if (answer.path("type").asString("").equals("message")) {
            return messages.read(body);
        }
        if (answer.has("output")) {
            return ConverseAnswers.read(answer);
        }
        if (answer.path("choices").path(0).has("message")) {
            return MistralChat.read(answer);
        }
        TextBody text = TextBodies.ofAnswer(answer);
        if (text != null) {
            return new TextDialect(text).read(answer);
        }
        // Of another maker: it is passed on and only weighed.
        Usage usage = InvokeUsage.ofAnswer(answer);
        return new Answer(
                "",
                "",
                List.of(new Part.Unknown(DIALECT, answer)),
                StopReason.END,
                usage == null ? Usage.NONE : usage,
                Extras.NONE);
    }

    /** Bodies that count nothing are counted in headers. */
    @Override
    public Answer read(Header header, byte[] body) {
        Answer answer = read(body);
        Usage counted = answer.usage().equals(Usage.NONE) ? InvokeUsage.ofHeaders(header) : null;
        return counted == null
                ? answer
                : new Answer(
                        answer.answerId(),
                        answer.model(),
                        answer.parts(),
                        answer.stopReason(),
                        counted,
                        answer.extras());
    }

    @Override
    public @Nullable Usage usage(byte[] body) {
        return InvokeUsage.ofAnswer(body);
    }

    @Override
    public @Nullable Usage usage(Header header, byte[] body) {
        Usage told = usage(body);
        return told == null ? InvokeUsage.ofHeaders(header) : told;
    }

    @Override
    public StreamReader reader(EventSink sink) {
        return new InvokeStreamReader(sink);
    }

    @Override
    public Meter meter(boolean hideUsage) {
        return new InvokeMeter();
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return BedrockErrors.read(status, header, body);
    }

    @Override
    public byte[] broken(Failure failure) {
        return EventFrames.bytes(BedrockErrors.frame(failure));
    }
}
