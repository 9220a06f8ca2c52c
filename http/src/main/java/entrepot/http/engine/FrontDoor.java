package entrepot.http.engine;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The transport below, with one addition: it meets every accepted connection before anybody else
 * does. That is the only place from which a port can be closed while its connections stay, and from
 * which a connection's first bytes can be read by {@link StrictDecoder}.
 */
final class FrontDoor implements Transport {

    private final Transport below;
    private final Map<Integer, Channel> listeners = new ConcurrentHashMap<>();
    private final Map<Integer, Rules> rules = new ConcurrentHashMap<>();

    private FrontDoor(Transport below) {
        this.below = below;
    }

    /** Over epoll where there is one. */
    static FrontDoor open() {
        Transport epoll = Transport.EPOLL;
        return new FrontDoor(epoll != null && epoll.available() ? epoll : Transport.NIO);
    }

    /** What a port asks of a connection before it has said anything. */
    record Rules(Http1ServerConfig decoder, Duration firstHead) {}

    void rules(int port, Rules asked) {
        rules.put(port, asked);
    }

    /** Null for the moment between binding a port and naming its rules. */
    @Nullable Rules rules(Channel accepted) {
        return rules.get(port(accepted.parent()));
    }

    boolean listens(int port) {
        return listeners.containsKey(port);
    }

    /** Stops accepting and waits until the port is closed. */
    void stopListening(int port) {
        rules.remove(port);
        Channel listener = listeners.remove(port);
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
    }

    private static int port(Channel listener) {
        return listener.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    @Override
    public String name() {
        return below.name();
    }

    @Override
    public boolean available() {
        return below.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return below.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new Guarded(below.implementation());
    }

    @ChannelHandler.Sharable
    private final class Doorkeeper extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            listeners.put(port(ctx.channel()), ctx.channel());
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            ((Channel) accepted).pipeline().addLast(new FirstBytes(FrontDoor.this));
            ctx.fireChannelRead(accepted);
        }
    }

    private final class Guarded implements io.vertx.core.spi.transport.Transport {

        private final io.vertx.core.spi.transport.Transport inner;

        private Guarded(io.vertx.core.spi.transport.Transport inner) {
            this.inner = inner;
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            inner.configure(config, domainSocket, bootstrap);
            bootstrap.handler(new Doorkeeper());
        }

        @Override
        public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
            inner.configure(config, domainSocket, bootstrap);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            inner.configure(channel, options);
        }

        @Override
        public boolean supportsDomainSockets() {
            return inner.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return inner.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return inner.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return inner.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return inner.convert(address);
        }

        @Override
        public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
            return inner.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return inner.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(
                int type, int threads, ThreadFactory factory, int ioRatio) {
            return inner.eventLoopGroup(type, threads, factory, ioRatio);
        }

        @Override
        @SuppressWarnings("deprecation")
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return inner.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
            return inner.datagramChannelFactory();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return inner.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return inner.serverChannelFactory(domainSocket);
        }
    }
}
