package entrepot.app.cli;

import entrepot.app.server.Checks;
import entrepot.app.server.Finding;
import entrepot.app.settings.SettingsInvalid;
import entrepot.app.settings.SettingsReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Checks everything that commonly goes wrong, with the settings that serve would have.",
            "Each line is ok, warn or fail, and says what would mend it. Exits 1 on any fail."
        })
final class DoctorCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec CommandSpec spec = CommandSpec.create();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        var findings = new ArrayList<Finding>(Checks.ofMachine());
        try {
            var settings = SettingsReader.read(SettingFlags.given(spec), terminal.environment());
            findings.add(Finding.ok("settings", "valid; data in " + settings.data()));
            findings.addAll(new Checks(settings, terminal.environment()).all());
        } catch (SettingsInvalid e) {
            String.valueOf(e.getMessage())
                    .lines()
                    .forEach(line -> findings.add(Finding.fail("settings", line, "")));
        }
        print(findings);
        return findings.stream().anyMatch(f -> f.state() == Finding.State.FAIL) ? 1 : 0;
    }

    private void print(List<Finding> findings) {
        for (var finding : findings) {
            terminal.print(
                    "%-5s %-12s %s"
                            .formatted(
                                    finding.state().name().toLowerCase(Locale.ROOT),
                                    finding.subject(),
                                    finding.saw()));
            if (!finding.remedy().isEmpty()) {
                terminal.print("%18s %s".formatted("→", finding.remedy()));
            }
        }
    }
}
