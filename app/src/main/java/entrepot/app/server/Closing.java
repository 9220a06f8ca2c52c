package entrepot.app.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes things although some of them fail at it: the others must be closed too. */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    static void quietly(AutoCloseable thing) {
        try {
            thing.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("{} did not close well", thing.getClass().getSimpleName(), e);
        }
    }
}
