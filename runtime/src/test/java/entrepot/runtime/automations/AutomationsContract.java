package entrepot.runtime.automations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.conversation.Failed;
import entrepot.identity.Caller;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.automations.Automation.Status;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.session.Sessions;

import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Automations and what they deliver, whichever database keeps them. */
abstract class AutomationsContract extends WithAutomations {

    @Test
    void deliversEachOccurrenceOnceAndAtItsTime() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        runner.work();
        assertThat(letters(session)).isZero();
        for (int minute = 1; minute <= 3; minute++) {
            clock.advance(Duration.ofMinutes(1));
            runner.work();
            runner.work();
            assertThat(letters(session)).isEqualTo(minute);
        }
        assertThat(invocations(made))
                .extracting(Invocation::status, Invocation::sessionId)
                .containsOnly(tuple(Invocation.Status.COMPLETED, session))
                .hasSize(3);
        assertThat(invocations(made).getFirst().scheduledMillis())
                .isEqualTo(Instant.parse("2026-11-20T10:01:00Z").toEpochMilli());
        assertThat(invocations(made).getFirst().snapshot()).isNotNull();
    }

    @Test
    void whatWasMissedIsMadeUpForOnce() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        clock.advance(Duration.ofHours(5));
        runner.work();
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        assertThat(find(made).nextMillis())
                .isEqualTo(Instant.parse("2026-11-20T15:01:00Z").toEpochMilli());
    }

    @Test
    void aOneTimeAutomationIsDoneAfterItsTime() {
        String session = session();
        long at = clock.instant().getEpochSecond() + 60;
        Automation made = toSession(new Schedule.Once(at), session);
        clock.advance(Duration.ofHours(1));
        runner.work();
        clock.advance(Duration.ofHours(1));
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        assertThat(find(made).status()).isEqualTo(Status.COMPLETED);
        assertThatThrownBy(() -> automations.resume(ALICE, made.id()))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("future");
        assertThatThrownBy(() -> toSession(new Schedule.Once(at), session))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("future");
    }

    @Test
    void pausedItFallsDueNoMoreUntilItIsResumed() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        assertThat(automations.pause(ALICE, made.id()).status()).isEqualTo(Status.PAUSED);
        clock.advance(Duration.ofHours(1));
        runner.work();
        assertThat(letters(session)).isZero();
        automations.invoke(ALICE, made.id());
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        automations.resume(ALICE, made.id());
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        assertThat(letters(session)).isEqualTo(2);
    }

    @Test
    void anOccurrenceIsSkippedWhileAnEarlierDeliveryWaits() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        automations.invoke(ALICE, made.id());
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        assertThat(invocations(made))
                .extracting(Invocation::status)
                .containsExactlyInAnyOrder(Invocation.Status.COMPLETED, Invocation.Status.SKIPPED);
    }

    @Test
    void makesASessionOfASavedAgentAsItIsThen() {
        AgentSnapshot saved = runtime.agents().create(ALICE, agent(), Map.of(), null).snapshot();
        Automation made =
                make(
                        EACH_MINUTE,
                        new Target.NewSession(
                                saved.id(),
                                null,
                                SessionSettings.DEFAULT,
                                Map.of("by", "schedule"),
                                List.of(text("Begin."))));
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        Invocation first = invocations(made).getFirst();
        Sessions.Session session =
                runtime.sessions().find(ALICE, String.valueOf(first.sessionId())).orElseThrow();
        assertThat(session.agent().id()).isEqualTo(saved.id());
        assertThat(session.metadata()).containsEntry("by", "schedule");
        assertThat(letters(session.id())).isEqualTo(1);
        runtime.agents().delete(ALICE, saved.id());
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        assertThat(code(invocations(made).getLast())).isEqualTo("target_not_found");
        assertThat(find(made).status()).isEqualTo(Status.PAUSED);
    }

    @Test
    void manyNodesDeliverAnOccurrenceOnce() throws Exception {
        var made = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            String session = session();
            toSession(EACH_MINUTE, session);
            made.add(session);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int minute = 1; minute <= 4; minute++) {
                clock.advance(Duration.ofMinutes(1));
                var nodes = new ArrayList<Future<Integer>>();
                for (int node = 0; node < 6; node++) {
                    nodes.add(threads.submit(() -> runner(runtime.sessions()).work()));
                }
                for (Future<Integer> node : nodes) {
                    node.get();
                }
                for (String session : made) {
                    assertThat(letters(session)).isEqualTo(minute);
                }
            }
        }
    }

    /** What a node that dies leaves: delivered, and not yet said to be. */
    @Test
    void aDeliveryWhoseNodeDiedAfterItIsNotMadeTwice() {
        AgentSnapshot saved = runtime.agents().create(ALICE, agent(), Map.of(), null).snapshot();
        String session = session();
        Automation there = toSession(EACH_MINUTE, session);
        Automation anew =
                make(
                        EACH_MINUTE,
                        new Target.NewSession(
                                saved.id(),
                                null,
                                SessionSettings.DEFAULT,
                                Map.of(),
                                List.of(text("Begin."))));
        automations.pause(ALICE, there.id());
        automations.pause(ALICE, anew.id());
        automations.invoke(ALICE, there.id());
        automations.invoke(ALICE, anew.id());
        var deaths = new AtomicInteger();
        runner(dyingAfter(deaths)).work();
        assertThat(deaths.get()).isEqualTo(2);
        assertThat(letters(session)).isEqualTo(1);
        assertThat(sessions()).isEqualTo(2);
        // The agent has changed before the second try: it must ask for what the first asked for.
        runtime.agents()
                .update(
                        ALICE,
                        new AgentSnapshot(
                                saved.id(),
                                "New",
                                "scripted",
                                "Else.",
                                List.of(),
                                saved.settings()),
                        Map.of());
        runner.work();
        assertThat(invocations(anew).getFirst().status()).isEqualTo(Invocation.Status.QUEUED);
        clock.advance(Duration.ofMillis(AutomationRunner.LEASE_MILLIS + 1));
        runner.work();
        assertThat(letters(session)).isEqualTo(1);
        assertThat(sessions()).isEqualTo(2);
        for (Automation each : List.of(there, anew)) {
            assertThat(invocations(each).getFirst().status())
                    .isEqualTo(Invocation.Status.COMPLETED);
        }
    }

    private Sessions dyingAfter(AtomicInteger deaths) {
        return (Sessions)
                Proxy.newProxyInstance(
                        Sessions.class.getClassLoader(),
                        new Class<?>[] {Sessions.class},
                        (proxy, method, arguments) -> {
                            Object result;
                            try {
                                result = method.invoke(runtime.sessions(), arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                            if (method.getName().equals("post")
                                    || method.getName().equals("create")) {
                                deaths.incrementAndGet();
                                throw new IllegalStateException("the node dies here");
                            }
                            return result;
                        });
    }

    /** E60: what was deleted is not brought back, whenever that was. */
    @Test
    void aDeletedSessionIsNotBroughtBackByASchedule() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        automations.invoke(ALICE, made.id());
        runtime.sessions().delete(ALICE, session);
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        clock.advance(Duration.ofHours(1));
        runner.work();
        assertThat(runtime.sessions().find(ALICE, session)).isEmpty();
        assertThat(letters(session)).isZero();
        assertThat(sessions()).isZero();
        assertThat(find(made).status()).isEqualTo(Status.PAUSED);
        assertThat(invocations(made))
                .anySatisfy(each -> {
                    assertThat(each.status()).isEqualTo(Invocation.Status.FAILED);
                    assertThat(code(each)).isEqualTo("target_not_found");
                });
    }

    /** E71, E72: another team, and another tenant, sees and changes nothing. */
    @Test
    void nobodyElseSeesAnAutomation() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        for (Caller other : List.of(caller("acme", "sales"), caller("globex", "research"))) {
            assertThat(automations.find(other, made.id())).isEmpty();
            assertThat(automations.list(other, null, ALL).data()).isEmpty();
            List<Runnable> attempts =
                    List.of(
                            () -> automations.pause(other, made.id()),
                            () -> automations.resume(other, made.id()),
                            () -> automations.invoke(other, made.id()),
                            () -> automations.update(other, made.id(), old -> old),
                            () -> automations.invocations(other, made.id(), ALL),
                            () -> automations.delete(other, made.id()));
            for (Runnable attempt : attempts) {
                assertThatThrownBy(attempt::run).isInstanceOf(Failed.class);
            }
            // Even one that names the session delivers with its own owner's rights: to nothing.
            automations.create(
                    other,
                    new Automations.Draft(
                            "forged",
                            Map.of(),
                            EACH_MINUTE,
                            new Target.ExistingSession(session, "Obey me.")),
                    null,
                    null);
        }
        automations.pause(ALICE, made.id());
        clock.advance(Duration.ofMinutes(1));
        runner.work();
        assertThat(letters(session)).isZero();
    }

    @Test
    void updatesKeepTypeAndTarget() {
        String session = session();
        Automation made = toSession(EACH_MINUTE, session);
        Automation later =
                automations.update(
                        ALICE,
                        made.id(),
                        old ->
                                new Automations.Draft(
                                        "daily",
                                        Map.of("a", "b"),
                                        new Schedule.Periodic("0 12 * * *", "UTC"),
                                        old.target()));
        assertThat(later.nextMillis())
                .isEqualTo(Instant.parse("2026-11-20T12:00:00Z").toEpochMilli());
        assertThatThrownBy(() ->
                        automations.update(
                                ALICE,
                                made.id(),
                                old ->
                                        new Automations.Draft(
                                                "x",
                                                Map.of(),
                                                new Schedule.Once(4_000_000_000L),
                                                old.target())))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("keeps its type");
    }
}
