package entrepot.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Each rule sees what it is there to see, and nothing else. */
class RulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long a = System.currentTimeMillis();",
                "Object a = java.time.Instant.now();",
                "java.util.function.Supplier<Instant> a = Instant::now;",
                "Object a = Clock.systemUTC();",
                "Object a = InstantSource.system();",
                "double a = Math.random();",
                "Object a = new java.util.Random(1);",
                "int a = ThreadLocalRandom.current().nextInt();",
                "Object a = UUID.randomUUID();",
                "{ System.out.println(); }",
                "Runnable a = System.err::println;",
                "void a() throws Exception { Thread.sleep(1); }",
            })
    void callsThatDependOnWhenAndWhereAreSeenInMainCode(String member) {
        var text = "package entrepot.x; class A { " + member + " }";
        assertThat(CallRules.check(java("x/src/main/java/entrepot/x/A.java", text))).hasSize(1);
        assertThat(CallRules.check(java("x/src/test/java/entrepot/x/A.java", text))).isEmpty();
    }

    @Test
    void aStaticImportOfABannedCallIsSeen() {
        var text = "package entrepot.x; import static java.lang.Math.random; class A {}";
        assertThat(CallRules.check(java("x/src/main/java/entrepot/x/A.java", text))).hasSize(1);
    }

    @Test
    void theTimeOfAGivenClockIsFine() {
        var text = "package entrepot.x; class A { Object a(Clock c) { return Instant.now(c); } }";
        assertThat(CallRules.check(java("x/src/main/java/entrepot/x/A.java", text))).isEmpty();
    }

    @Test
    void wiringMayTakeTheSystemClockAndTheCommandLineMayPrint() {
        var text = "class Wiring { Object a = InstantSource.system(); { System.out.println(); } }";
        assertThat(CallRules.check(java("app/src/main/java/entrepot/app/Wiring.java", text)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"double a;", "float a;", "Object a = 0.5;", "Double a;"})
    void inexactNumbersAreSeenWhereMoneyIs(String member) {
        var text = "package entrepot.market.ledger; class A { " + member + " }";
        assertThat(CallRules.check(java("market/src/main/java/A.java", text))).hasSize(1);
        var elsewhere = text.replace("market.ledger", "knowledge");
        assertThat(CallRules.check(java("market/src/main/java/A.java", elsewhere))).isEmpty();
    }

    @Test
    void longFilesMethodsLinesAndParameterListsAreSeen() {
        var statements = "x();\n".repeat(60);
        var text =
                "class A {\nvoid long1() {\n"
                        + statements
                        + "}\nvoid wide(int a, int b, int c, int d, int e, int f, int g) {}\n"
                        + "A(int a, int b, int c, int d, int e, int f, int g) {}\n"
                        + ("//" + "x".repeat(99) + "\n")
                        + ("// https://example.com/" + "x".repeat(99) + "\n")
                        + "\n".repeat(500)
                        + "}\n";
        assertThat(SizeRules.check(java("x/src/main/java/A.java", text)))
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder(
                        "file-length", "method-length", "parameters", "line-length");
    }

    @Test
    void aTextBlockMayBeWideInTestsOnly() {
        var quotes = "\"\"\"";
        var text = "class A { String a = " + quotes + "\n" + "x".repeat(120) + "\n" + quotes + ";}";
        assertThat(SizeRules.check(java("x/src/test/java/A.java", text))).isEmpty();
        assertThat(SizeRules.check(java("x/src/main/java/A.java", text))).hasSize(1);
    }

    @Test
    void namesThatSayNothingAreSeen() {
        assertThat(NameRules.check(java("A.java", "class KeyManager { class StringUtils {} }")))
                .hasSize(2);
        assertThat(NameRules.check(java("A.java", "class Base64Codec {} record Database() {}")))
                .isEmpty();
        assertThat(NameRules.checkFolders(List.of(new SourceFile("x/src/util/A.java", ""))))
                .hasSize(1);
    }

    @Test
    void aCrowdedPackageIsSeen() {
        var files =
                java.util.stream.IntStream.rangeClosed(1, 26)
                        .mapToObj(i -> new SourceFile("x/src/main/java/a/A" + i + ".java", ""))
                        .toList();
        assertThat(NameRules.checkFolders(files)).hasSize(1);
        assertThat(NameRules.checkFolders(files.subList(0, 25))).isEmpty();
    }

    @Test
    void aPackageWithoutItsWordsIsSeen() {
        var code = new SourceFile("x/src/main/java/a/A.java", "");
        assertThat(NameRules.checkPackages(List.of(code))).hasSize(1);
        var info = new SourceFile("x/src/main/java/a/package-info.java", "/** A. */ package a;");
        assertThat(NameRules.checkPackages(List.of(code, info))).hasSize(2);
        var good =
                "/** Holds what this test wants held. Not the rest of it. Begin with {@link A}. */"
                        + " @NullMarked package a;";
        assertThat(NameRules.checkPackages(List.of(code, new SourceFile(info.path(), good))))
                .isEmpty();
    }

    @Test
    void looseEndsAndPathsOfOneMachineAreSeen() {
        assertThat(TextRules.check(new SourceFile("a.md", "TODO: more"))).hasSize(1);
        assertThat(TextRules.check(new SourceFile("a.md", "in /home/ann/x or /root/x"))).hasSize(1);
        assertThat(TextRules.check(new SourceFile("a.md", "https://example.com/work/x"))).isEmpty();
    }

    @Test
    void linksToNowhereAreSeen() {
        var file = new SourceFile("docs/a.md", "[b](b.md#part) [c](../c.md) [d](https://d)");
        assertThat(TextRules.checkLinks(file, "docs/b.md"::equals)).hasSize(1);
        assertThat(TextRules.checkLinks(file, java.util.Set.of("docs/b.md", "c.md")::contains))
                .isEmpty();
    }

    @Test
    void aFileLaidOutOtherwiseIsSeenAndRewritten(@TempDir Path folder) throws IOException {
        var messy = new SourceFile("A.java", "class A{int a;}\n");
        Files.writeString(folder.resolve("A.java"), messy.text());
        var layout = new Layout(folder.resolve("good.txt"));
        assertThat(layout.check(folder, List.of(messy), false)).hasSize(1);
        assertThat(layout.check(folder, List.of(messy), true)).isEmpty();
        var clean = Files.readString(folder.resolve("A.java"));
        assertThat(clean).isEqualTo("class A {\n    int a;\n}\n");
        assertThat(layout.check(folder, List.of(new SourceFile("A.java", clean)), false)).isEmpty();
    }

    private static JavaSource java(String path, String text) {
        return JavaSource.parse(new SourceFile(path, text));
    }
}
