package entrepot.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arrows of ARCHITECTURE.md, and of what never happens as much as bytecode shows. */
class ArchitectureTest {

    /** Each module with those it may know. */
    private static final Map<String, List<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("conversation", List.of()),
                    Map.entry("store", List.of()),
                    Map.entry("http", List.of()),
                    Map.entry("identity", List.of("store")),
                    Map.entry("protocols", List.of("conversation")),
                    Map.entry(
                            "market",
                            List.of("conversation", "store", "identity", "http", "protocols")),
                    Map.entry(
                            "knowledge",
                            List.of("conversation", "store", "identity", "http", "market")),
                    Map.entry(
                            "runtime",
                            List.of(
                                    "conversation",
                                    "store",
                                    "identity",
                                    "http",
                                    "protocols.mcp",
                                    "protocols.json",
                                    "market",
                                    "knowledge")),
                    Map.entry(
                            "gateway",
                            List.of(
                                    "conversation",
                                    "store",
                                    "identity",
                                    "http",
                                    "protocols",
                                    "market",
                                    "knowledge",
                                    "runtime")),
                    Map.entry(
                            "console",
                            List.of(
                                    "conversation",
                                    "store",
                                    "identity",
                                    "http",
                                    "market",
                                    "knowledge",
                                    "runtime")));

    private static JavaClasses product = new ClassFileImporter().importClasses();

    @BeforeAll
    static void readTheProduct() {
        product =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("testkit"))
                        .importPackages("entrepot");
        assertThat(product).hasSizeGreaterThan(60);
    }

    @TestFactory
    List<DynamicTest> modulesKnowOnlyThoseBelowThem() {
        var tests = new ArrayList<DynamicTest>();
        ARROWS.forEach((module, known) -> {
            var own = new ArrayList<String>();
            own.add("entrepot." + module + "..");
            known.forEach(each -> own.add("entrepot." + each + ".."));
            var rule =
                    classes()
                            .that()
                            .resideInAPackage("entrepot." + module + "..")
                            .should()
                            .onlyDependOnClassesThat(
                                    resideInAnyPackage(own.toArray(String[]::new))
                                            .or(describe("of others", ArchitectureTest::foreign)))
                            .allowEmptyShould(true);
            tests.add(DynamicTest.dynamicTest(module, () -> rule.check(product)));
        });
        return tests;
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("entrepot.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void mainCodeUsesNoFakes() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..testing..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..testing..")
                .check(product);
    }

    @Test
    void protocolsOpenNoSocketAndReadNoClock() {
        noClasses()
                .that()
                .resideInAPackage("entrepot.protocols..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "java.net..",
                                        "java.nio.channels..",
                                        "javax.net..",
                                        "java.util.concurrent..",
                                        "io.vertx..",
                                        "io.netty..")
                                .and(
                                        describe(
                                                "not a URI",
                                                c -> !c.getName().equals("java.net.URI")))
                                .or(named("java.time.InstantSource"))
                                .or(named("java.time.Clock")))
                .check(product);
    }

    @Test
    void oneDialectKnowsNoOther() {
        slices().matching("entrepot.protocols.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        resideInAPackage("entrepot.protocols.azure.."),
                        resideInAPackage("entrepot.protocols.openai.."))
                .ignoreDependency(
                        describe("any", type -> true),
                        resideInAPackage("entrepot.protocols.json.."))
                .check(product);
    }

    @Test
    void theMarketSeesNoHttpExchange() {
        noClasses()
                .that()
                .resideInAPackage("entrepot.market..")
                .should()
                .dependOnClassesThat(named("entrepot.http.Exchange"))
                .check(product);
    }

    @Test
    void onlyToolServersAreSpokenToInADialectByTheRuntime() {
        noClasses()
                .that()
                .resideInAPackage("entrepot.runtime..")
                .and()
                .resideOutsideOfPackage("entrepot.runtime.tools.mcp..")
                .should()
                .dependOnClassesThat(resideInAPackage("entrepot.protocols.."))
                .check(product);
    }

    /** Tool servers, and the token endpoints of their credentials, are no suppliers. */
    @Test
    void theRuntimeCallsNoSupplierButThroughTheMarket() {
        noClasses()
                .that()
                .resideInAPackage("entrepot.runtime..")
                .and()
                .resideOutsideOfPackages(
                        "entrepot.runtime.outside..",
                        "entrepot.runtime.tools.mcp..",
                        "entrepot.runtime.vaults..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "entrepot.market.supply..",
                                        "entrepot.market.routing..",
                                        "entrepot.market.catalog..",
                                        "java.net.http..")
                                .or(named("entrepot.http.HttpClient"))
                                .or(named("entrepot.http.engine.HttpClients"))
                                .or(named("entrepot.http.Outgoing")))
                .check(product);
    }

    @Test
    void gatewayConsoleAndCommandLineWriteNoSql() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "entrepot.gateway..", "entrepot.console..", "entrepot.app.cli..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("java.sql..")
                                .or(named("entrepot.store.Sql"))
                                .or(named("entrepot.store.Database")))
                .check(product);
    }

    @Test
    void theEnginesBelowShowOnlyInTheirModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entrepot.http..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."))
                .check(product);
        noClasses()
                .that()
                .resideOutsideOfPackage("entrepot.store..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.sqlite..", "org.postgresql..", "com.zaxxer.."))
                .check(product);
    }

    private static boolean foreign(JavaClass type) {
        return !type.getPackageName().equals("entrepot")
                && !type.getPackageName().startsWith("entrepot.");
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> named(String name) {
        return describe(name, type -> type.getName().equals(name));
    }
}
