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
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** InvokeModel as a supplier: each model in its maker's words. */
public final class InvokeDialect implements Dialect {

    /** The name of this interface in orders. */
    public static final String DIALECT = "bedrock.invoke";

    private static final Loss MAKER =
            new Loss("model", "only Anthropic's and Nova's bodies can be written: use Converse");

    private final MessagesDialect messages = new MessagesDialect();
    private final ConverseDialect converse = new ConverseDialect();

    @Override
    public String name() {
        return DIALECT;
    }

    private static boolean isAnthropic(Request request) {
        return BedrockModel.of(request.model()).maker() == Maker.ANTHROPIC;
    }

    private static boolean isNova(Request request) {
        return BedrockModel.of(request.model()).maker() == Maker.NOVA;
    }

    @Override
    public List<Loss> losses(Request request) {
        if (isAnthropic(request)) {
            return messages.losses(request);
        }
        return isNova(request) ? converse.losses(request) : List.of(MAKER);
    }

    @Override
    public byte[] write(Request request) {
        if (isAnthropic(request)) {
            return InvokeBodies.anthropic(request);
        }
        if (isNova(request)) {
            return InvokeBodies.nova(request);
        }
        throw new Failed(Failure.at(Cause.UNSUPPORTED, MAKER.what(), MAKER.path()));
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

    @Override
    public @Nullable Usage usage(byte[] body) {
        return InvokeUsage.ofAnswer(body);
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
