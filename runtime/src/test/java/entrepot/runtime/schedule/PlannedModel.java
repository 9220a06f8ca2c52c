package entrepot.runtime.schedule;

import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.runtime.testing.Scripted;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model that follows the plan in the user's last message: one letter for each step. L looks (may
 * run again), C changes (may not), B does both at once, A asks the application, M asks and changes,
 * U uses a tool that there is not, S makes a subagent that looks or changes, W waits for all there
 * are, K closes the last; after the plan it says a few words. Every so often it fails.
 */
final class PlannedModel {

    private static final Pattern MADE = Pattern.compile("subagent_id\":\"(sub_[^\"]+)\"");

    private final int failsEvery;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param failsEvery which call fails; 0 for none
     */
    PlannedModel(int failsEvery) {
        this.failsEvery = failsEvery;
    }

    Scripted answer(Request request) {
        if (failsEvery > 0 && calls.incrementAndGet() % failsEvery == 0) {
            Failure gone = Failure.of(Failure.Cause.UNREACHABLE, "the supplier is away");
            return calls.get() % 2 == 0
                    ? new Scripted.Refuses(gone)
                    : Scripted.breaksAfter("Well, I", gone);
        }
        List<Message> messages = request.messages();
        int step = 0;
        int place = messages.size() - 1;
        while (place >= 0 && messages.get(place).role() != Message.Role.USER) {
            step += messages.get(place).role() == Message.Role.ASSISTANT ? 1 : 0;
            place--;
        }
        String plan = place < 0 ? "" : messages.get(place).text().replaceAll("[^LCBAMUSWK]", "");
        long answers =
                messages.stream().filter(each -> each.role() == Message.Role.ASSISTANT).count();
        String id = "c" + answers;
        if (step >= plan.length()) {
            return Scripted.says("That ", "is ", "all.");
        }
        return switch (plan.charAt(step)) {
            case 'L' -> Scripted.calls(call(id, "look"));
            case 'C' -> Scripted.calls(call(id, "change"));
            case 'B' -> Scripted.calls(call(id, "look"), call(id + "b", "change"));
            case 'A' -> Scripted.calls(call(id, "ask"));
            case 'S' ->
                    Scripted.calls(
                            Scripted.call(
                                    id,
                                    "create_subagent",
                                    "{\"input\":\"do " + "LC".charAt((int) answers % 2) + "\"}"));
            case 'W' ->
                    Scripted.calls(
                            Scripted.call(
                                    id,
                                    "wait_for_subagents",
                                    "{\"subagent_ids\":[" + subagents(messages) + "]}"));
            case 'K' -> {
                String all = subagents(messages);
                String last = all.substring(all.lastIndexOf(',') + 1);
                yield Scripted.calls(
                        Scripted.call(id, "close_subagent", "{\"subagent_id\":" + last + "}"));
            }
            case 'M' -> Scripted.calls(call(id, "ask"), call(id + "m", "change"));
            default -> Scripted.calls(call(id, "nothing_like_it"));
        };
    }

    /** The ids that results have named, in quotes, apart by commas. */
    private static String subagents(List<Message> messages) {
        var ids = new LinkedHashSet<String>();
        for (Message message : messages) {
            Matcher made = MADE.matcher(message.toString());
            while (made.find()) {
                ids.add('"' + made.group(1) + '"');
            }
        }
        return ids.isEmpty() ? "\"none\"" : String.join(",", ids);
    }

    private static Part.ToolCall call(String id, String name) {
        return Scripted.call(id, name, "{}");
    }
}
