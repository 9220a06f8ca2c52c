package entrepot.tidy;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.lang.model.type.TypeKind;

/** Calls that make code depend on when and where it runs, each with what to use in its place. */
final class CallRules {

    private static final String CLOCK = "take a java.time.InstantSource as an argument";
    private static final String RANDOM = "take a java.util.random.RandomGenerator as an argument";

    /** Banned whatever the arguments. */
    private static final Map<String, String> MEMBERS =
            Map.ofEntries(
                    Map.entry("System.currentTimeMillis", CLOCK),
                    Map.entry("Clock.systemUTC", CLOCK),
                    Map.entry("Clock.systemDefaultZone", CLOCK),
                    Map.entry("Clock.system", CLOCK),
                    Map.entry("InstantSource.system", CLOCK),
                    Map.entry("Math.random", RANDOM),
                    Map.entry("ThreadLocalRandom.current", RANDOM),
                    Map.entry("UUID.randomUUID", "take entrepot.identity.Ids as an argument"),
                    Map.entry("System.out", "log through slf4j, or print from entrepot.app.cli"),
                    Map.entry("System.err", "log through slf4j, or print from entrepot.app.cli"),
                    Map.entry(
                            "Thread.sleep",
                            "wait on what you wait for (a condition, a queue, a future)"));

    /** Banned when called without the clock that they could take. */
    private static final Set<String> NOW =
            Set.of(
                    "Instant.now",
                    "LocalDate.now",
                    "LocalDateTime.now",
                    "LocalTime.now",
                    "ZonedDateTime.now",
                    "OffsetDateTime.now",
                    "Year.now");

    private static final Set<String> TERMINAL = Set.of("System.out", "System.err");
    private static final Set<String> TIME = Set.of("InstantSource.system", "Clock.systemUTC");

    private CallRules() {}

    static List<Finding> check(JavaSource source) {
        if (!source.file().ships()) {
            return List.of();
        }
        var calls = new Calls(source);
        calls.scan(source.tree(), null);
        return calls.findings;
    }

    private static boolean allowed(SourceFile file, String member) {
        return (TERMINAL.contains(member) && file.path().startsWith("app/"))
                || (TIME.contains(member) && file.name().equals("Wiring.java"));
    }

    private static boolean holdsMoney(String packageName) {
        return packageName.startsWith("entrepot.market.ledger")
                || packageName.startsWith("entrepot.market.pricing");
    }

    private static final class Calls extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final JavaSource source;
        private final boolean money;
        private final List<Finding> findings = new ArrayList<>();

        Calls(JavaSource source) {
            this.source = source;
            this.money = holdsMoney(source.packageName());
        }

        @Override
        public @Nullable Void visitImport(ImportTree node, @Nullable Void unused) {
            if (node.isStatic()) {
                scan(node.getQualifiedIdentifier(), null);
            }
            return null;
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree node, @Nullable Void unused) {
            member(node, last(node.getExpression().toString()) + "." + node.getIdentifier());
            return super.visitMemberSelect(node, null);
        }

        @Override
        public @Nullable Void visitMemberReference(
                MemberReferenceTree node, @Nullable Void unused) {
            var name = last(node.getQualifierExpression().toString()) + "." + node.getName();
            member(node, name);
            if (NOW.contains(name)) {
                add("banned-call", node, name + ": " + CLOCK);
            }
            if (name.equals("Random.new")) {
                add("banned-call", node, "new Random: " + RANDOM);
            }
            return super.visitMemberReference(node, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(
                MethodInvocationTree node, @Nullable Void unused) {
            if (node.getArguments().isEmpty()
                    && node.getMethodSelect() instanceof MemberSelectTree select) {
                var name = last(select.getExpression().toString()) + "." + select.getIdentifier();
                if (NOW.contains(name)) {
                    add("banned-call", node, name + "(): " + CLOCK);
                }
            }
            return super.visitMethodInvocation(node, null);
        }

        @Override
        public @Nullable Void visitNewClass(NewClassTree node, @Nullable Void unused) {
            if (last(node.getIdentifier().toString()).equals("Random")) {
                add("banned-call", node, "new Random: " + RANDOM);
            }
            return super.visitNewClass(node, null);
        }

        @Override
        public @Nullable Void visitPrimitiveType(PrimitiveTypeTree node, @Nullable Void unused) {
            var kind = node.getPrimitiveTypeKind();
            if (money && (kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT)) {
                add("inexact-money", node, "money is exact: use BigDecimal or Money");
            }
            return super.visitPrimitiveType(node, null);
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree node, @Nullable Void unused) {
            var kind = node.getKind();
            if (money && (kind == Tree.Kind.DOUBLE_LITERAL || kind == Tree.Kind.FLOAT_LITERAL)) {
                add("inexact-money", node, "money is exact: use BigDecimal or Money");
            }
            return super.visitLiteral(node, null);
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree node, @Nullable Void unused) {
            if (money && Set.of("Double", "Float").contains(node.getName().toString())) {
                add("inexact-money", node, "money is exact: use BigDecimal or Money");
            }
            return super.visitIdentifier(node, null);
        }

        private void member(Tree node, String name) {
            var instead = MEMBERS.get(name);
            if (instead != null && !allowed(source.file(), name)) {
                add("banned-call", node, name + ": " + instead);
            }
        }

        private void add(String rule, Tree node, String message) {
            findings.add(new Finding(rule, source.file().path(), source.firstLine(node), message));
        }

        private static String last(String qualified) {
            return qualified.substring(qualified.lastIndexOf('.') + 1);
        }
    }
}
