package entrepot.runtime.faults;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.market.supply.BuiltInModel;
import entrepot.runtime.testing.Scripted;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A model that follows the plan in the user's last message, as {@link Point#SCRIPTS} tells. A
 * message is {@code name:plan}.
 */
final class PlannedAnswers implements BuiltInModel {

    static final String MODEL = "faults/planned-1";

    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public String note() {
        return "follows a plan";
    }

    @Override
    public void answer(Request request, EventSink sink) throws InterruptedException {
        Scripted script = scripted(request);
        List<Event> events =
                switch (script) {
                    case Scripted.Events answer -> answer.events();
                    case Scripted.Hangs hang -> hang.events();
                    case Scripted.Refuses refusal -> throw new Failed(refusal.failure());
                };
        for (Event event : events) {
            sink.accept(event);
        }
        if (script instanceof Scripted.Hangs) {
            new CountDownLatch(1).await();
        }
    }

    private Scripted scripted(Request request) {
        List<Message> messages = request.messages();
        int place = messages.size() - 1;
        int step = 0;
        while (place >= 0 && messages.get(place).role() != Message.Role.USER) {
            step += messages.get(place).role() == Message.Role.ASSISTANT ? 1 : 0;
            place--;
        }
        String text = place < 0 ? "" : messages.get(place).text();
        String plan = plan(text).replace("S", "");
        long answers =
                messages.stream().filter(each -> each.role() == Message.Role.ASSISTANT).count();
        String id = "c" + answers;
        if (step >= plan.length()) {
            return Scripted.says("That ", "is ", "all.");
        }
        return switch (plan.charAt(step)) {
            case 'L' -> Scripted.calls(call(id, Effects.LOOK));
            case 'K' -> Scripted.calls(call(id, Effects.BOOK));
            case 'C' -> Scripted.calls(call(id, Effects.CHANGE));
            case 'B' -> Scripted.calls(call(id, Effects.LOOK), call(id + "b", Effects.CHANGE));
            case 'A' -> Scripted.calls(call(id, "ask"));
            case 'M' -> Scripted.calls(call(id, "ask"), call(id + "m", Effects.CHANGE));
            case 'F' -> failsOnce(text, id);
            default -> Scripted.hangsAfter("Let me ", "think");
        };
    }

    private Scripted failsOnce(String text, String id) {
        if (failed.add(text)) {
            return new Scripted.Refuses(
                    Failure.of(Failure.Cause.UNREACHABLE, "the supplier is away"));
        }
        return Scripted.calls(call(id, Effects.LOOK));
    }

    static String plan(String text) {
        return text.substring(text.indexOf(':') + 1);
    }

    private static Part.ToolCall call(String id, String name) {
        return Scripted.call(id, name, "{}");
    }
}
