package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

final class BlockRandomTest {

    private static final int BLOCK = 512;

    @Test
    void it_gives_what_its_source_gives_block_after_block() {
        var source = new SplittableRandom(7);
        var expected = new ArrayList<Long>();
        for (int block = 0; block < 3; block++) {
            byte[] bytes = new byte[BLOCK * Long.BYTES];
            source.nextBytes(bytes);
            var longs = ByteBuffer.wrap(bytes).asLongBuffer();
            while (longs.hasRemaining()) {
                expected.add(longs.get());
            }
        }
        var random = new BlockRandom(new SplittableRandom(7));
        assertThat(expected).allSatisfy(each -> assertThat(random.nextLong()).isEqualTo(each));
    }

    @Test
    void no_number_is_given_to_two_threads() throws InterruptedException {
        var random = new BlockRandom(new SplittableRandom(7));
        Set<Long> given = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < 10 * BLOCK; n++) {
                                    given.add(random.nextLong());
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(given).hasSize(8 * 10 * BLOCK);
    }
}
