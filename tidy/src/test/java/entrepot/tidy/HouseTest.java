package entrepot.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Every file of the repository keeps the habits of STYLE.md. */
class HouseTest {

    private static Repository repository = new Repository(Path.of(""), List.of());
    private static List<JavaSource> parsed = List.of();

    @BeforeAll
    static void readEverything() {
        repository = Repository.read();
        parsed = repository.java().parallelStream().map(JavaSource::parse).toList();
        assertThat(parsed).as("Java files under %s", repository.root()).hasSizeGreaterThan(50);
    }

    @Test
    void javaIsLaidOutAsTheFormatterDoes() throws IOException {
        var layout = new Layout(Path.of("target", "layout-good.txt"));
        var fix = Boolean.getBoolean("tidy.fix");
        expectNone(layout.check(repository.root(), repository.java(), fix));
    }

    @Test
    void filesMethodsAndLinesStaySmall() {
        expectNone(each(SizeRules::check));
    }

    @Test
    void timeRandomnessAndOutputComeInAsArguments() {
        expectNone(each(CallRules::check));
    }

    @Test
    void namesSaySomething() {
        var findings = new ArrayList<>(each(NameRules::check));
        findings.addAll(NameRules.checkFolders(repository.files()));
        expectNone(findings);
    }

    @Test
    void packagesSayWhatTheyHold() {
        expectNone(NameRules.checkPackages(repository.java()));
    }

    @Test
    void nothingIsLeftLooseOrTiedToOneMachine() {
        expectNone(repository.files().stream().flatMap(f -> TextRules.check(f).stream()).toList());
    }

    @Test
    void linksInDocumentsLeadSomewhere() {
        expectNone(
                repository.files().stream()
                        .filter(file -> file.is("md"))
                        .flatMap(f -> TextRules.checkLinks(f, repository::holds).stream())
                        .toList());
    }

    @Test
    void everyExemptionIsStillNeeded() {
        var findings = new ArrayList<>(each(SizeRules::check));
        findings.addAll(each(CallRules::check));
        findings.addAll(each(NameRules::check));
        findings.addAll(NameRules.checkFolders(repository.files()));
        repository.files().forEach(file -> findings.addAll(TextRules.check(file)));
        assertThat(Exemption.ALL)
                .as("exemptions that exempt nothing: take them out")
                .allSatisfy(exemption -> assertThat(findings).anyMatch(exemption::covers));
    }

    private static List<Finding> each(Function<JavaSource, List<Finding>> rule) {
        return parsed.stream().flatMap(source -> rule.apply(source).stream()).toList();
    }

    private static void expectNone(Collection<Finding> findings) {
        var left =
                findings.stream()
                        .filter(f -> Exemption.ALL.stream().noneMatch(e -> e.covers(f)))
                        .map(Finding::toString)
                        .sorted()
                        .toList();
        assertThat(left)
                .withFailMessage(() -> left.size() + " to mend:\n  " + String.join("\n  ", left))
                .isEmpty();
    }
}
