package entrepot.identity;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Takes from its source a block at a time, because a secure source costs about as much for 8 bytes
 * as for some hundred. Every number is given out once. For many threads; asks its source from one
 * at a time.
 */
public final class BlockRandom implements RandomGenerator {

    private static final int BLOCK_BYTES = 4096;

    private final RandomGenerator source;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);

    public BlockRandom(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public synchronized long nextLong() {
        if (!block.hasRemaining()) {
            source.nextBytes(block.array());
            block.clear();
        }
        return block.getLong();
    }
}
