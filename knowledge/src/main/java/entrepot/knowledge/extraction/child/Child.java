package entrepot.knowledge.extraction.child;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** The child process: parses what comes in, one document after another, until input ends. */
public final class Child {

    private Child() {}

    public static void main(String... arguments) throws IOException {
        // What a library prints must not get between the answers.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false));
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false));
        try (var in =
                        new DataInputStream(
                                new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
                var out =
                        new DataOutputStream(
                                new BufferedOutputStream(
                                        new FileOutputStream(FileDescriptor.out)))) {
            for (int first = in.read(); first >= 0; first = in.read()) {
                Frames.write(out, answer(Frames.readRequest(in, first)));
            }
        }
    }

    private static Frames.Answer answer(Frames.Request request) {
        try {
            return new Frames.Answer.Good(
                    switch (request.kind()) {
                        case PDF -> PdfText.parse(request.bytes(), request.charsMax());
                        case HTML -> HtmlText.parse(request.bytes(), request.charsMax());
                        case OFFICE -> OfficeText.parse(request.bytes(), request.charsMax());
                    });
        } catch (Unreadable e) {
            return new Frames.Answer.Bad(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return new Frames.Answer.Bad(
                    "The file is damaged or not what its name says: "
                            + e.getClass().getSimpleName()
                            + ": "
                            + e.getMessage());
        }
    }
}
