package entrepot.runtime.schedule;

import entrepot.identity.Ids;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;

/** This node among the others: its name of the moment, and how regularly it has been heard. */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Leases leases;
    private final Ids ids;
    private final InstantSource clock;
    private final ScheduleSettings settings;

    private volatile String node = "";
    private int beatsInTime;
    private long beatMillis;

    Membership(Leases leases, Ids ids, InstantSource clock, ScheduleSettings settings) {
        this.leases = leases;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    void join() {
        String name = ids.next("node_");
        leases.join(name, settings.ttlMillis());
        node = name;
        beatsInTime = 0;
        beatMillis = clock.millis();
    }

    String node() {
        return node;
    }

    /** Shows that this node lives. A node that was reaped meanwhile comes back as a new one. */
    void beat() {
        if (!leases.beat(node, settings.ttlMillis())) {
            LOG.warn("this node was taken for dead; what it held goes on elsewhere");
            join();
            return;
        }
        long now = clock.millis();
        beatsInTime = now - beatMillis <= 3 * settings.beatMillis() ? beatsInTime + 1 : 0;
        beatMillis = now;
    }

    void missed() {
        beatsInTime = 0;
    }

    boolean mayReap() {
        return beatsInTime >= settings.beatsBeforeReaping();
    }
}
