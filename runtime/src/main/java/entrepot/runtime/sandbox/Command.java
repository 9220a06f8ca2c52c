package entrepot.runtime.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is to be run.
 *
 * @param program with its arguments, as it is found inside
 * @param input what it reads
 * @param network whether it has the node's network
 * @param captureBytesMax kept of its output
 * @param headOnly whether that is its beginning, or its beginning and its end
 * @param told gets the output as it comes
 */
public record Command(
        List<String> program,
        byte[] input,
        boolean network,
        Bounds bounds,
        int captureBytesMax,
        boolean headOnly,
        Consumer<String> told) {

    /** How a shell's command gets what nobody else of this node shall read. */
    private static final String SHELL =
            "IFS= read -r -d '' command; IFS= read -r -d '' folder; set -- \"$command\""
                    + " \"$folder\"; while IFS= read -r -d '' pair; do export \"$pair\"; done; exec"
                    + " </dev/null; cd -- \"$2\" || exit 126; exec /bin/bash -c \"$1\"";

    public Command {
        program = List.copyOf(program);
    }

    /** A shell's command with variables, in a folder of the workspace. */
    public static Command command(
            String command,
            String folder,
            Map<String, String> variables,
            boolean network,
            Bounds bounds,
            int captureBytesMax) {
        var input = new StringBuilder(command).append('\0').append(folder).append('\0');
        variables.forEach(
                (name, value) -> input.append(name).append('=').append(value).append('\0'));
        return new Command(
                List.of("/bin/bash", "--norc", "--noprofile", "-c", SHELL, "bash"),
                input.toString().getBytes(StandardCharsets.UTF_8),
                network,
                bounds,
                captureBytesMax,
                false,
                text -> {});
    }

    /** The same, with somebody who gets the output as it comes. */
    public Command telling(Consumer<String> to) {
        return new Command(program, input, network, bounds, captureBytesMax, headOnly, to);
    }

    /** A script of our own, with arguments, that reads what it is given. */
    public static Command script(
            String script,
            List<String> arguments,
            byte[] input,
            Bounds bounds,
            int captureBytesMax) {
        var program = new ArrayList<>(List.of("/bin/bash", "-c", script, "bash"));
        program.addAll(arguments);
        return new Command(program, input, false, bounds, captureBytesMax, true, text -> {});
    }
}
