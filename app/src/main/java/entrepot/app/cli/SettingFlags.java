package entrepot.app.cli;

import entrepot.app.settings.Setting;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The settings as flags of a command. */
final class SettingFlags {

    private SettingFlags() {}

    /** Adds a flag for every setting but some, which the command decides itself. */
    static void addTo(CommandSpec command, Set<Setting> but) {
        for (var setting : Setting.values()) {
            if (setting.hasFlag() && !but.contains(setting)) {
                var standard = setting.standard();
                command.addOption(
                        OptionSpec.builder(setting.flag())
                                .paramLabel(setting.value())
                                .type(String.class)
                                .description(
                                        setting.words()
                                                + (standard == null || standard.isEmpty()
                                                        ? ""
                                                        : " (default " + standard + ")"))
                                .build());
            }
        }
    }

    /** What was given on the command line. */
    static Map<Setting, String> given(CommandSpec command) {
        var given = new EnumMap<Setting, String>(Setting.class);
        CommandLine.ParseResult parsed = command.commandLine().getParseResult();
        for (var setting : Setting.values()) {
            String value = parsed.matchedOptionValue(setting.flag(), null);
            if (value != null) {
                given.put(setting, value);
            }
        }
        return given;
    }
}
