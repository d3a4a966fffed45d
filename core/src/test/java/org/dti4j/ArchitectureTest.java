package org.dti4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import org.bytedeco.javacpp.PointerScope;

/** Which way the arrows between the rooms of core may point (ARCHITECTURE.md). */
@AnalyzeClasses(packages = "org.dti4j", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("org.dti4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule DATA_PROMPTS_METHOD_AND_METRICS_KNOW_NOTHING_NATIVE = noClasses()
            .that()
            .resideInAnyPackage("org.dti4j.data..", "org.dti4j.prompt..", "org.dti4j.method..", "org.dti4j.metric..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule ONLY_TENSOR_OPENS_NATIVE_SCOPES = noClasses()
            .that()
            .resideOutsideOfPackage("org.dti4j.tensor..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(PointerScope.class);

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NEITHER_ADAPTERS_NOR_TRAINING = noClasses()
            .that()
            .resideInAPackage("org.dti4j.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.dti4j.lora..", "org.dti4j.train..");

    @ArchTest
    static final ArchRule TRAINING_KNOWS_NO_METRICS = noClasses()
            .that()
            .resideInAPackage("org.dti4j.train..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dti4j.metric..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_BASELINES = noClasses()
            .that()
            .resideOutsideOfPackage("org.dti4j.baseline..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dti4j.baseline..");

    @ArchTest
    static final ArchRule CORE_READS_NO_YAML =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.snakeyaml..", "..yaml..");

    @ArchTest
    static final ArchRule CORE_DEPENDS_ON_NO_OTHER_MODULE = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.dti4j..")
                    .and(not(JavaClass.Predicates.resideInAnyPackage(
                            "org.dti4j.file..",
                            "org.dti4j.hub..",
                            "org.dti4j.data..",
                            "org.dti4j.prompt..",
                            "org.dti4j.method..",
                            "org.dti4j.tensor..",
                            "org.dti4j.distribute..",
                            "org.dti4j.model..",
                            "org.dti4j.engine..",
                            "org.dti4j.lora..",
                            "org.dti4j.checkpoint..",
                            "org.dti4j.train..",
                            "org.dti4j.score..",
                            "org.dti4j.run..",
                            "org.dti4j.metric..",
                            "org.dti4j.baseline..",
                            "org.dti4j.problem..",
                            "org.dti4j.progress.."))));

    @ArchTest
    static final ArchRule CORE_DOES_NOT_PRINT = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule CORE_NEITHER_EXITS_NOR_READS_ENVIRONMENT_OR_CLOCK = noClasses()
            .should()
            .callMethodWhere(target(owner(JavaClass.Predicates.type(System.class)))
                    .and(target(name("exit")
                            .or(name("getenv"))
                            .or(name("currentTimeMillis"))
                            .or(name("nanoTime")))))
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");
}
