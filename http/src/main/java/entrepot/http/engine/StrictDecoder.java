package entrepot.http.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;

import java.util.List;

/**
 * Refuses folded header lines (RFC 9112 §5.2), which the decoder below joins without a trace: one
 * server that joins them beside another that does not is how requests are smuggled.
 *
 * <p>While a head is being read, one call of {@code decode} consumes whole lines of that head and
 * nothing else, so its lines can be looked at where they lie.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";

    private boolean inHead = true;
    private boolean folded;

    private StrictDecoder(Http1ServerConfig config) {
        super(config);
    }

    /**
     * Takes the place of the decoder, with what that one has not used yet.
     *
     * @return whether there was one
     */
    static boolean install(ChannelPipeline pipeline, Http1ServerConfig config) {
        if (pipeline.get(NAME) == null) {
            return false;
        }
        pipeline.replace(NAME, NAME, new StrictDecoder(config));
        return true;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out)
            throws Exception {
        int from = bytes.readerIndex();
        super.decode(ctx, bytes, out);
        if (inHead) {
            folded |= folded(bytes, from, bytes.readerIndex());
        }
        for (Object message : out) {
            if (message instanceof HttpRequest request) {
                inHead = false;
                if (folded && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(
                            DecoderResult.failure(
                                    new IllegalArgumentException("a folded header line")));
                }
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                folded = false;
            }
        }
    }

    private static boolean folded(ByteBuf bytes, int from, int to) {
        int line = from;
        while (line < to) {
            byte first = bytes.getByte(line);
            if (first == ' ' || first == '\t') {
                return true;
            }
            int end = bytes.indexOf(line, to, (byte) '\n');
            if (end < 0) {
                return false;
            }
            line = end + 1;
        }
        return false;
    }
}
