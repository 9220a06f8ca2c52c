package entrepot.app.cli;

import entrepot.app.server.Server;
import entrepot.app.settings.SettingsReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

@Command(
        name = "serve",
        sortOptions = false,
        description = {
            "Starts a server and runs until it is stopped.",
            "Every flag is also an ENTREPOT_* variable and a key of the settings file."
        })
final class ServeCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec CommandSpec spec = CommandSpec.create();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var settings = SettingsReader.read(SettingFlags.given(spec), terminal.environment());
        var server = Server.start(settings, terminal.environment());
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    terminal.say("Stopping: letting open calls finish.");
                                    server.close();
                                    stopped.countDown();
                                },
                                "stop"));
        server.firstKey()
                .ifPresent(key -> {
                    terminal.say("The first admin key, printed this once:");
                    terminal.say("");
                    terminal.say("  %s".formatted(key.reveal()));
                    terminal.say("");
                    terminal.say(
                            "It is also in %s, for commands on this machine."
                                    .formatted(settings.keyFile()));
                });
        terminal.say("Entrepot listens on %s".formatted(server.url()));
        terminal.say("  console   %s/console".formatted(server.url()));
        terminal.say("  base URL  %s/v1   (OpenAI SDKs: OPENAI_BASE_URL)".formatted(server.url()));
        terminal.say("  data      %s".formatted(settings.data()));
        stopped.await();
        return 0;
    }
}
