package entrepot.http.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Stands in front of a new connection until its protocol is known. Vert.x tells HTTP/1.1 from
 * HTTP/2 by the first bytes and installs its decoder only then, so they are handed over one by one
 * until the decoder is there to be replaced, before it has read a whole line.
 *
 * <p>Also cuts off a connection that has not brought one whole head in time.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {

    private static final int PREFACE_BYTES = Http1xOrH2CHandler.HTTP_2_PREFACE.length();

    private final FrontDoor door;
    private int seen;
    private boolean known;
    private @Nullable ScheduledFuture<?> patience;

    FirstBytes(FrontDoor door) {
        this.door = door;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        FrontDoor.Rules rules = door.rules(ctx.channel());
        if (rules != null) {
            patience =
                    ctx.executor()
                            .schedule(
                                    () -> {
                                        if (!Visit.of(ctx.channel()).began()) {
                                            ctx.channel().unsafe().closeForcibly();
                                        }
                                    },
                                    rules.firstHead().toMillis(),
                                    TimeUnit.MILLISECONDS);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (patience != null) {
            patience.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (known || !(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(SslHandler.class) != null) {
            known = true;
        }
        while (!known && bytes.isReadable()) {
            ctx.fireChannelRead(bytes.readRetainedSlice(1));
            known = StrictDecoder.install(pipeline, config(ctx)) || ++seen >= PREFACE_BYTES;
        }
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
    }

    private Http1ServerConfig config(ChannelHandlerContext ctx) {
        FrontDoor.Rules rules = door.rules(ctx.channel());
        return rules == null ? new Http1ServerConfig() : rules.decoder();
    }
}
