package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

@Command(
        name = "sources",
        description = "Lists, reads and searches sources of company data.",
        synopsisSubcommandLabel = "(list | show | sync | search | forget)")
final class SourcesCommand {

    private static final String PATH = "/admin/v1/sources";
    private static final long LOOK_MILLIS = 300;
    private static final int LINE_CHARS_MAX = 78;
    private static final int DOCUMENTS_SHOWN = 100;

    private final Terminal terminal;

    SourcesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The sources that are set up, and how far they are read.")
    int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table =
                    new Table("SOURCE", "KIND", "STATE", "DOCUMENTS", "PASSAGES", "ERRORS", "READ");
            for (var each : api.get(PATH).path("data")) {
                table.row(
                        each.path("id").asString(""),
                        each.path("kind").asString(""),
                        state(each.path("progress")),
                        each.path("documents").asString("0"),
                        each.path("passages").asString("0"),
                        each.path("errors").asString("0"),
                        when(each.path("synced_at")));
            }
            if (table.isEmpty()) {
                terminal.say("No sources. Set some up under 'sources:' in entrepot.yaml.");
            } else {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "A source, what is wrong with it, and its documents.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SOURCE", description = "its name in the settings") String id,
            @Option(
                            names = "--after",
                            paramLabel = "DOCUMENT",
                            description = "go on after this one")
                    @Nullable String after)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var source = api.get(path(id));
            var progress = source.path("progress");
            terminal.say(
                    "%s (%s), read every %s s, for %s, label %s: %s"
                            .formatted(
                                    id,
                                    source.path("kind").asString(""),
                                    source.path("every_seconds").asString(""),
                                    source.path("access").asString(""),
                                    source.path("label").asString(""),
                                    line(progress)));
            told(progress);
            var query =
                    "?limit="
                            + DOCUMENTS_SHOWN
                            + (after == null ? "" : "&after=" + SessionsCommand.encoded(after));
            var page = api.get(path(id) + "/documents" + query);
            var table = new Table("DOCUMENT", "REVISION", "PASSAGES", "ACCESS", "ERROR");
            for (var each : page.path("data")) {
                table.row(
                        each.path("id").asString(""),
                        cut(each.path("revision").asString(""), 12),
                        each.path("passages").asString("0"),
                        each.path("access").asString(""),
                        each.path("error").asString(""));
            }
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
            if (page.path("has_more").asBoolean(false)) {
                var last = page.path("data").get(page.path("data").size() - 1);
                terminal.say("There are more: --after " + last.path("id").asString(""));
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "sync",
            description = "Reads a source now and shows how far it is.")
    int sync(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SOURCE", description = "its name in the settings") String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var last = passed(api, id);
            told(last);
            terminal.say(id + ": " + line(last));
            return last.path("state").asString("").equals("done") ? 0 : 1;
        }
    }

    /** Waits until a pass that began after now is over. */
    private JsonNode passed(Api api, String id) throws ApiFailed, InterruptedException {
        // A pass under way may have listed already: it does not count.
        var before = settled(api, id);
        api.post(path(id) + "/sync", JsonNodeFactory.instance.objectNode());
        var now = before;
        while (passes(now) == passes(before) || isUnderWay(now)) {
            show(now);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            now = api.get(path(id));
        }
        show(now);
        endLine();
        return now.path("progress");
    }

    private JsonNode settled(Api api, String id) throws ApiFailed, InterruptedException {
        var now = api.get(path(id));
        while (isUnderWay(now)) {
            show(now);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            now = api.get(path(id));
        }
        return now;
    }

    private static boolean isUnderWay(JsonNode source) {
        return List.of("listing", "reading")
                .contains(source.path("progress").path("state").asString(""));
    }

    private static long passes(JsonNode source) {
        return source.path("passes").asLong(0);
    }

    private void show(JsonNode source) {
        if (terminal.live()) {
            var words = cut(line(source.path("progress")), LINE_CHARS_MAX);
            terminal.err().printf("\r  %-" + LINE_CHARS_MAX + "s", words);
            terminal.err().flush();
        }
    }

    private void endLine() {
        if (terminal.live()) {
            terminal.err().printf("\r%-" + (LINE_CHARS_MAX + 2) + "s\r", "");
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "search",
            description = "Finds passages that the key's principal may read.")
    int search(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "QUESTION", description = "a question or words")
                    List<String> words,
            @Option(names = "--source", paramLabel = "SOURCE", description = "only these")
                    @Nullable List<String> sources,
            @Option(
                            names = "--limit",
                            paramLabel = "COUNT",
                            defaultValue = "5",
                            description = "passages to show; default 5")
                    int limit)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var body =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("query", String.join(" ", words))
                            .put("limit", limit);
            if (sources != null) {
                var named = body.putArray("sources");
                sources.forEach(named::add);
            }
            var answer = api.post("/v1/knowledge/search", body);
            if (answer.path("weak").asBoolean(false)) {
                terminal.say("Nothing found that answers this; the nearest:");
            }
            for (var hit : answer.path("data")) {
                terminal.print(place(hit));
                terminal.print("  " + hit.path("text").asString("").replace("\n", "\n  "));
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "forget",
            description = "Takes all that was read from a source away, once it is not set up.")
    int forget(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SOURCE", description = "the name it had") String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            api.delete(path(id));
            terminal.say("Nothing of %s is kept any more.".formatted(id));
            return 0;
        }
    }

    /** Such as {@code handbook/leave.md:12 (Leave) @1a2b3c}. */
    private static String place(JsonNode hit) {
        var page = hit.path("page");
        var heading = hit.path("heading").asString("");
        return "%s/%s:%s%s%s @%s"
                .formatted(
                        hit.path("source").asString(""),
                        hit.path("document").asString(""),
                        hit.path("line").asString(""),
                        page.isNumber() ? " page " + page.asInt() : "",
                        heading.isEmpty() ? "" : " (" + heading + ")",
                        cut(hit.path("revision").asString(""), 12));
    }

    private void told(JsonNode progress) {
        for (var warning : progress.path("warnings")) {
            terminal.say("! " + warning.asString(""));
        }
    }

    private static String state(JsonNode progress) {
        var state = progress.path("state").asString("");
        return state.equals("reading")
                ? progress.path("read").asString("") + "/" + progress.path("to_read").asString("")
                : state;
    }

    private static String line(JsonNode progress) {
        return switch (progress.path("state").asString("")) {
            case "new" -> "not read yet";
            case "listing" -> "listing, " + progress.path("found").asString("0") + " found";
            case "reading" ->
                    "reading %s of %s: %s"
                            .formatted(
                                    progress.path("read").asString("0"),
                                    progress.path("to_read").asString("0"),
                                    progress.path("current").asString(""));
            case "failed" -> "failed: " + progress.path("error").asString("");
            default ->
                    "%s found, %s read, %s unchanged, %s skipped, %s gone, %s failed"
                            .formatted(
                                    progress.path("found").asString("0"),
                                    progress.path("read").asString("0"),
                                    progress.path("unchanged").asString("0"),
                                    progress.path("skipped").asString("0"),
                                    progress.path("removed").asString("0"),
                                    progress.path("failed").asString("0"));
        };
    }

    private static String when(JsonNode seconds) {
        return seconds.isNumber() ? Instant.ofEpochSecond(seconds.asLong()).toString() : "never";
    }

    private static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax);
    }

    private static String path(String id) {
        return PATH + "/" + SessionsCommand.encoded(id);
    }

    /** The groups that access lists name. */
    @Command(
            name = "groups",
            description = "Lists groups, which access lists name, and who is in them.",
            synopsisSubcommandLabel = "(list | add | remove)")
    static final class Groups {

        private static final String PATH = "/admin/v1/groups";

        private final Terminal terminal;

        Groups(Terminal terminal) {
            this.terminal = terminal;
        }

        @Command(
                mixinStandardHelpOptions = true,
                name = "list",
                description = "The tenant's groups and their members.")
        int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
            try (var api = server.connect(terminal.environment())) {
                var table = new Table("GROUP", "MEMBERS");
                for (var each : api.get(PATH).path("data")) {
                    var members = new ArrayList<String>();
                    each.path("members").forEach(member -> members.add(member.asString("")));
                    table.row(each.path("id").asString(""), String.join(", ", members));
                }
                if (table.isEmpty()) {
                    terminal.say("No groups. Make one with: entrepot groups add GROUP WHO");
                } else {
                    table.printTo(terminal);
                }
                return 0;
            }
        }

        @Command(
                mixinStandardHelpOptions = true,
                name = "add",
                description = "Puts a principal into a group, which is made by it.")
        int add(
                @Mixin ServerOptions server,
                @Parameters(paramLabel = "GROUP", description = "its name") String group,
                @Parameters(paramLabel = "WHO", description = "a principal, as keys name it")
                        String principal)
                throws ApiFailed, InterruptedException {
            try (var api = server.connect(terminal.environment())) {
                api.put(path(group, principal));
                terminal.say("%s is in the group %s.".formatted(principal, group));
                return 0;
            }
        }

        @Command(
                mixinStandardHelpOptions = true,
                name = "remove",
                description = "Takes a principal out of a group.")
        int remove(
                @Mixin ServerOptions server,
                @Parameters(paramLabel = "GROUP", description = "its name") String group,
                @Parameters(paramLabel = "WHO", description = "a principal") String principal)
                throws ApiFailed, InterruptedException {
            try (var api = server.connect(terminal.environment())) {
                api.delete(path(group, principal));
                terminal.say("%s is not in the group %s.".formatted(principal, group));
                return 0;
            }
        }

        private static String path(String group, String principal) {
            return PATH
                    + "/"
                    + SessionsCommand.encoded(group)
                    + "/members/"
                    + SessionsCommand.encoded(principal);
        }
    }
}
