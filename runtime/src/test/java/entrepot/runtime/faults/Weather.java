package entrepot.runtime.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What happens to the database while workers live and die: after every so many scenarios a
 * connection loses an answer, all connections are cut, the server crashes or is stopped.
 */
final class Weather implements Runnable {

    private static final int EVERY_SCENARIOS = 4;
    private static final int KINDS = 10;
    private static final int LOOK_MILLIS = 20;
    private static final int SPREAD_MILLIS = 400;

    private final Server server;
    private final Wire wire;
    private final Tally tally;
    private volatile boolean over;

    Weather(Server server, Wire wire, Tally tally) {
        this.server = server;
        this.wire = wire;
        this.tally = tally;
    }

    void end() {
        over = true;
    }

    @Override
    public void run() {
        var random = new Random(tally.seed());
        int next = tally.count("held") + EVERY_SCENARIOS;
        try {
            while (!over) {
                if (tally.count("held") >= next) {
                    next = tally.count("held") + EVERY_SCENARIOS;
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(SPREAD_MILLIS));
                    strike(random.nextInt(KINDS));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | IOException | RuntimeException e) {
            tally.broken("the database could not be disturbed: " + e);
        }
    }

    private void strike(int kind) throws SQLException, IOException, InterruptedException {
        switch (kind) {
            case 0 -> {
                server.restart();
                tally.add("database.restarts");
            }
            case 1 -> {
                server.crash();
                tally.add("database.crashes");
            }
            case 2, 3 -> {
                server.cut();
                tally.add("connections.cut");
            }
            default -> {
                wire.loseAnAnswer();
                tally.add("answers.lost");
            }
        }
    }
}
