package entrepot.http.engine;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.http.Exchange;
import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;

import io.netty.channel.DefaultEventLoop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Who carries the thread of a handler. */
@Timeout(120)
class CarrierTest {

    /** Answers by whom its thread is carried, which is the end of a virtual thread's name. */
    private record Named(boolean mayBlock, boolean leaves) implements Handler {

        @Override
        public void handle(Exchange exchange) {
            if (leaves) {
                Seat.leaveLoop();
            }
            byte[] who = Thread.currentThread().toString().getBytes(StandardCharsets.UTF_8);
            exchange.respond(200, Headers.NONE, who);
        }

        @Override
        public boolean mayBlock(String method, String path) {
            return mayBlock;
        }
    }

    private static String carrier(Handler handler, String body) throws Exception {
        try (var server = HttpServer.start(ServerSettings.loopback(0), handler);
                var wire = new Wire(server.port())) {
            return wire.post("/", body).reply().body();
        }
    }

    @Test
    void aHandlerThatNeverBlocksIsCarriedByItsLoop() throws Exception {
        assertThat(carrier(new Named(false, false), "")).contains("vert.x-eventloop");
    }

    @Test
    void aHandlerThatMayBlockIsNot() throws Exception {
        assertThat(carrier(new Named(true, false), "")).contains("ForkJoinPool");
    }

    @Test
    void aHandlerWithALargeBodyIsNot() throws Exception {
        assertThat(carrier(new Named(false, false), "x".repeat(70_000))).contains("ForkJoinPool");
    }

    @Test
    void aHandlerThatLeavesItsLoopIsCarriedByOthersFromThenOn() throws Exception {
        assertThat(carrier(new Named(false, true), "")).contains("ForkJoinPool");
    }

    @Test
    void othersCarryOnWhatALoopThatIsHeldUpDoesNot() throws Exception {
        var loop = new DefaultEventLoop();
        var free = new CountDownLatch(1);
        try {
            List<String> ran = new ArrayList<>();
            var carrier = new Carrier(loop, Runnable::run);
            loop.execute(() -> awaitUnchecked(free));
            carrier.execute(() -> ran.add(Thread.currentThread().getName()));
            carrier.rescue();
            assertThat(ran).as("it may have had no time yet").isEmpty();
            carrier.rescue();
            assertThat(ran).containsExactly(Thread.currentThread().getName());
            free.countDown();
            loop.submit(() -> {}).get(60, TimeUnit.SECONDS);
            assertThat(ran).as("once only").hasSize(1);
        } finally {
            free.countDown();
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void othersCarryOnWhenTheLoopHasEnded() throws Exception {
        var loop = new DefaultEventLoop();
        loop.submit(() -> {}).get(60, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        List<String> ran = new ArrayList<>();
        new Carrier(loop, Runnable::run).execute(() -> ran.add("ran"));
        assertThat(ran).containsExactly("ran");
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
