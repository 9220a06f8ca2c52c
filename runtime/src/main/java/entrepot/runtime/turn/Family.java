package entrepot.runtime.turn;

import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session's subagents, as its own journal tells of them.
 *
 * @param members in the order in which they were made
 * @param asking questions for approval that are open in the tree
 */
public record Family(Map<String, Member> members, List<Asking> asking) {

    static final Family NONE = new Family(Map.of(), List.of());

    public Family {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        asking = List.copyOf(asking);
    }

    /**
     * A subagent.
     *
     * @param open whether it takes input
     * @param sent how many inputs it was given
     * @param last how its last turn ended; null before that
     */
    public record Member(
            String id, @Nullable String name, boolean open, long sent, Fact.@Nullable Report last) {

        /** Whether it has not ended all that it was told. */
        public boolean isWorking() {
            return open && sent > (last == null ? 0 : last.inputs());
        }
    }

    /**
     * A call of a subagent that waits for somebody's word.
     *
     * @param path the subagents from the root's own down to the one that asks
     */
    public record Asking(List<String> path, Fact.ApprovalAsked question) {
        public Asking {
            path = List.copyOf(path);
        }

        boolean isOf(String subagentId) {
            return path.contains(subagentId);
        }
    }

    public Optional<Member> find(String id) {
        return Optional.ofNullable(members.get(id));
    }

    public List<Member> open() {
        return members.values().stream().filter(Member::open).toList();
    }

    Family next(Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentCreated made ->
                    with(new Member(made.subagentId(), made.name(), true, 1, null));
            case Fact.SubagentInputSent sent ->
                    change(sent.subagentId(), old -> member(old, old.open(), old.sent() + 1));
            case Fact.SubagentResumed resumed ->
                    change(resumed.subagentId(), old -> member(old, true, old.sent()));
            case Fact.SubagentClosed closed ->
                    change(closed.subagentId(), old -> member(old, false, old.sent()))
                            .without(closed.subagentId());
            case Fact.SubagentReported reported ->
                    change(
                                    reported.subagentId(),
                                    old ->
                                            new Member(
                                                    old.id(),
                                                    old.name(),
                                                    old.open(),
                                                    old.sent(),
                                                    reported.report()))
                            .without(reported.subagentId());
            case Fact.SubagentAsked asked -> {
                List<Asking> more = new ArrayList<>(asking);
                more.add(new Asking(asked.path(), asked.question()));
                yield new Family(members, more);
            }
            case Fact.SubagentAnswered answered ->
                    new Family(
                            members,
                            asking.stream()
                                    .filter(each ->
                                            !each.question()
                                                    .approvalId()
                                                    .equals(answered.approvalId()))
                                    .toList());
            case Fact.SubagentInterrupted _, Fact.SubagentsAwaited _ -> this;
        };
    }

    private static Member member(Member old, boolean open, long sent) {
        return new Member(old.id(), old.name(), open, sent, old.last());
    }

    private Family change(String id, java.util.function.UnaryOperator<Member> change) {
        Member member = members.get(id);
        return member == null ? this : with(change.apply(member));
    }

    private Family with(Member member) {
        Map<String, Member> more = new LinkedHashMap<>(members);
        more.put(member.id(), member);
        return new Family(more, asking);
    }

    private Family without(String asker) {
        return new Family(members, asking.stream().filter(each -> !each.isOf(asker)).toList());
    }

    /** Whether a wait for subagents is over. */
    boolean isOver(Call.Wait wait, long nowMillis) {
        Long until = wait.untilMillis();
        if (until != null && until <= nowMillis) {
            return true;
        }
        long working =
                wait.subagentIds().stream()
                        .filter(id -> find(id).filter(Member::isWorking).isPresent())
                        .count();
        return wait.any() ? working < wait.subagentIds().size() : working == 0;
    }
}
