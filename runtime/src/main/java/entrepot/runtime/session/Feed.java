package entrepot.runtime.session;

import java.time.Duration;
import java.util.List;

/** A session's stream from a place on, without gap and without repeat. One reader. */
public interface Feed extends AutoCloseable {

    /**
     * What comes next, in order; waits for it.
     *
     * @return empty when nothing came within the time
     */
    List<Entry> next(Duration wait) throws InterruptedException;

    @Override
    void close();
}
