package entrepot.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One scripted answer: a head, then steps in order. Immutable; each method gives a copy with more.
 *
 * @param headers lines such as {@code content-type: text/plain}, sent as written
 * @param chunked whether the body is framed in chunks (one per {@code Send}) or by its length
 */
public record Script(int status, List<String> headers, boolean chunked, List<Step> steps) {

    public Script {
        headers = List.copyOf(headers);
        steps = List.copyOf(steps);
    }

    /** What the supplier does next. */
    public sealed interface Step {

        record Send(byte[] bytes) implements Step {}

        /** Waits, watching whether the client leaves. */
        record Pause(long millis) implements Step {}

        /** Says nothing more until the client leaves or the supplier closes. */
        record Hang() implements Step {}

        /** Breaks the connection. */
        record Cut() implements Step {}
    }

    /** A whole JSON body with its length. */
    public static Script json(int status, String body) {
        return new Script(status, List.of("content-type: application/json"), false, List.of())
                .send(body);
    }

    /** The head of an event stream. */
    public static Script stream() {
        return new Script(200, List.of("content-type: text/event-stream"), true, List.of());
    }

    /** An event stream with one chunk per event: {@code data: …} and an empty line. */
    public static Script events(String... data) {
        var script = stream();
        for (var each : data) {
            script = script.send("data: " + each + "\n\n");
        }
        return script;
    }

    /** Takes the request and never answers. */
    public static Script silence() {
        return new Script(200, List.of(), false, List.of(new Step.Hang()));
    }

    /** Takes the request and breaks the connection without an answer. */
    public static Script hangUp() {
        return new Script(200, List.of(), false, List.of(new Step.Cut()));
    }

    public Script header(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new Script(status, more, chunked, steps);
    }

    public Script send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public Script send(byte[] bytes) {
        return then(new Step.Send(bytes.clone()));
    }

    public Script pause(long millis) {
        return then(new Step.Pause(millis));
    }

    public Script hang() {
        return then(new Step.Hang());
    }

    public Script cut() {
        return then(new Step.Cut());
    }

    /** The same answer with a pause before each piece of its body. */
    public Script pausingMillis(long millis) {
        var slow = new ArrayList<Step>();
        for (var step : steps) {
            if (step instanceof Step.Send) {
                slow.add(new Step.Pause(millis));
            }
            slow.add(step);
        }
        return new Script(status, headers, chunked, slow);
    }

    /** The same answer, broken off after so many bytes of its body. */
    public Script cutAfterBytes(int count) {
        var kept = new ArrayList<Step>();
        int left = count;
        for (var step : steps) {
            if (step instanceof Step.Send send) {
                var bytes = Arrays.copyOf(send.bytes(), Math.min(left, send.bytes().length));
                left -= bytes.length;
                kept.add(new Step.Send(bytes));
                if (left == 0) {
                    break;
                }
            } else {
                kept.add(step);
            }
        }
        kept.add(new Step.Cut());
        var declared = chunked ? this : header("content-length", Integer.toString(bodyBytes()));
        return new Script(status, declared.headers, chunked, kept);
    }

    int bodyBytes() {
        return steps.stream().mapToInt(s -> s instanceof Step.Send d ? d.bytes().length : 0).sum();
    }

    private Script then(Step step) {
        var more = new ArrayList<>(steps);
        more.add(step);
        return new Script(status, headers, chunked, more);
    }
}
